"""Importing where postcodes and places are; then everything is found where it really is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pyproj import Transformer

from services.directory.actions.showing import show_everything_anew
from services.directory.domain.gazetteers import Place, Postcode, Refused, Row, rows
from services.directory.store import places as store
from shared.db import Database

_AT_ONCE = 5_000
_REMEMBERED = 1_000
"""Refusals that are told; a national file has many that are no settlement."""


@dataclass
class Placed:
    """What an import of places found."""

    postcodes: int = 0
    places: int = 0
    relisted: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def _to_degrees() -> Callable[[float, float], tuple[float, float]]:
    """From the British grid; good to a few metres without the Ordnance Survey's own correction."""
    transformer = Transformer.from_crs("EPSG:27700", "EPSG:4326")

    def degrees(east: float, north: float) -> tuple[float, float]:
        latitude, longitude = transformer.transform(east, north)
        return round(float(latitude), 6), round(float(longitude), 6)

    return degrees


async def bring(
    db: Database, paths: Sequence[Path], progress: Callable[[int], None] = lambda done: None
) -> Placed:
    """Import files, and the CSV files of folders, row by row."""
    found, degrees = Placed(), _to_degrees()
    for file in _files(paths):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for batch in _batches(rows(lines, degrees)):
                await _keep(db, batch, found, file.name)
                progress(found.postcodes + found.places)
    found.relisted = await show_everything_anew(db)
    return found


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.glob("*.csv")) if path.is_dir() else [path]


def _batches(some: Iterable[Row]) -> Iterator[list[Row]]:
    each = iter(some)
    while batch := list(islice(each, _AT_ONCE)):
        yield batch


async def _keep(db: Database, batch: list[Row], found: Placed, file: str) -> None:
    """Of one postcode that stands there twice the last counts."""
    codes = {row.code: row._asdict() for row in batch if isinstance(row, Postcode)}
    named = {row.id: row._asdict() for row in batch if isinstance(row, Place)}
    async with db.transaction() as connection:
        if codes:
            await store.keep_postcodes(connection, list(codes.values()))
        if named:
            await store.keep_places(connection, list(named.values()))
    found.postcodes += len(codes)
    found.places += len(named)
    refused = [row for row in batch if isinstance(row, Refused)]
    room = _REMEMBERED - len(found.refused)
    found.refused += [(f"{file} line {row.line}", row.reason) for row in refused[: max(0, room)]]
