"""What was measured of the search, as tables."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

from benchmarks.table import percentile, show, spread

INDEX, INSIDE, CONSTANT, ENGINE = "index", "in the process", "constant", "Tantivy, words alone"
HUB, PEER, ROWS = "hub", "Datasette", "bare rows"
UNCOUNTED = "Datasette, nothing counted"
ALL = "all"
LIMIT_MS, TIMES_CONSTANT, TIMES_AHEAD = 20.0, 3, 5


class Found(NamedTuple):
    """Milliseconds, round by round; lines a second; bytes of an answer."""

    times: dict[tuple[str, str], list[list[float]]]
    """By kind and candidate."""
    loads: dict[str, list[dict[str, list[float]]]]
    lines: dict[str, list[float]]
    sizes: Mapping[str, int]


def report(found: Found) -> None:
    """All of it; ratios are made inside each round."""
    _in_turn(found)
    _under_load(found)
    _lines(found)


def _in_turn(found: Found) -> None:
    rows: list[list[object]] = []
    for kind, size in found.sizes.items():
        hub = found.times[kind, HUB]
        for name in (ENGINE, INDEX, INSIDE, CONSTANT, HUB, PEER, UNCOUNTED):
            if (kind, name) not in found.times:
                continue
            own = found.times[kind, name]
            p50, p99 = (_median(own, share) for share in (0.5, 0.99))
            to_it = _ratios(hub, own) if name is not HUB else ""
            bytes_ = f"{size:,}" if name is HUB else ""
            rows.append([kind, name, p50, p99, to_it, bytes_])
    show(
        f"One question after the other (aims: the hub at most {TIMES_CONSTANT} times the constant, "
        f"at least {TIMES_AHEAD} times as quick as Datasette)",
        ["", "", "p50 ms", "p99 ms", "hub's p50 to it", "bytes"],
        rows,
    )


def _under_load(found: Found) -> None:
    rows: list[list[object]] = []
    for kind in (ALL, *found.sizes):
        of = {name: [_of(one, kind) for one in rounds] for name, rounds in found.loads.items()}
        hub, constant = of[HUB], of[CONSTANT]
        p50, p95, p99 = (_median(hub, share) for share in (0.5, 0.95, 0.99))
        beside = [_median(constant, share) for share in (0.5, 0.95)]
        rows.append([kind, p50, p95, p99, p95 / LIMIT_MS, *beside, _ratios(hub, constant)])
    show(
        f"20 readers, 100 questions a second in all (aims: p95 under {LIMIT_MS:.0f} ms, p50 at "
        f"most {TIMES_CONSTANT} times the constant's)",
        [
            *("", "p50 ms", "p95 ms", "p99 ms", "p95 of the limit"),
            *("constant p50", "constant p95", "ratio of p50"),
        ],
        rows,
    )


def _of(times: Mapping[str, list[float]], kind: str) -> list[float]:
    return [one for some in times.values() for one in some] if kind == ALL else times[kind]


def _lines(found: Found) -> None:
    limit = found.lines[ROWS]
    rows: list[list[object]] = []
    for name, rates in found.lines.items():
        ratios = [rate / bare for rate, bare in zip(rates, limit, strict=True)]
        rows.append([name, round(median(rates)), spread(ratios)])
    show("All services as lines", ["", "rows a second", "of the bare rows"], rows)


def _median(rounds: Sequence[Sequence[float]], share: float) -> float:
    return median(percentile(times, share) for times in rounds)


def _ratios(some: Sequence[Sequence[float]], others: Sequence[Sequence[float]]) -> str:
    return spread([median(one) / median(other) for one, other in zip(some, others, strict=True)])
