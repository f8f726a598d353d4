"""The authorities that a hub serves: their files are checked before anything starts."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hub.site import Site
from hub.trouble import Trouble
from shared.authority import Authorities, Authority, Faulty
from shared.authority.sources import Setting, Source
from shared.settings import SHIPPED, authority_files

_WHOM = f"files, or some of: {', '.join(sorted(file.stem for file in SHIPPED.glob('*.yaml')))}"
_SERVING = "serving"
"""The file in var/ that names them, one a line."""


def served(files: Iterable[Path]) -> Authorities:
    """What the files say. Raises Trouble, with every fault and its line, and for no file at all."""
    try:
        if found := Authorities.load(files):
            return found
        raise Trouble(f"A hub serves at least one authority. HUB_AUTHORITIES names {_WHOM}.")
    except OSError as error:
        raise Trouble(f"{error.filename} cannot be read. Name {_WHOM}.") from None
    except Faulty as faulty:
        raise Trouble(f"These settings cannot be used:\n{faulty}") from None


def remember(site: Site) -> None:
    """Whom the hub serves that starts here: commands in other terminals need not be told again."""
    (site.var / _SERVING).write_text("\n".join(map(str, site.authorities)))


def running(site: Site) -> Authorities:
    """Whom the hub that runs here serves, or served last; before its first start, whom it would."""
    try:
        lines = (site.var / _SERVING).read_text().splitlines()
    except FileNotFoundError:
        return served(site.authorities)
    return served(map(Path, lines))


def check(file: Path) -> Authority:
    """The settings in one file. Raises Trouble, with the list of what must be repaired."""
    (authority,) = served([file]).values()
    return authority


def named(name: str) -> Authority:
    """The settings of that name, or in that file. Raises Trouble."""
    return check(*authority_files(name))


@dataclass(frozen=True)
class Part:
    """A part of the settings that has a source: where it stands, and what it says."""

    place: str
    said: str
    source: Source


def parts(setting: Any, place: str = "") -> Iterator[Part]:
    """Every part of the settings with a source, in the order of the file."""
    if isinstance(setting, Setting):
        if source := getattr(setting, "source", None):
            yield Part(place, _said(setting), source)
        for name, field in type(setting).model_fields.items():
            yield from parts(getattr(setting, name), f"{place}.{field.alias or name}".lstrip("."))
    elif isinstance(setting, dict):
        for code, item in setting.items():
            yield from parts(item, f"{place}.{code}")
    elif isinstance(setting, tuple):
        for number, item in enumerate(setting, start=1):
            yield from parts(item, f"{place}.{number}")


def _said(setting: Setting) -> str:
    """The plain values of a part, without those of its own parts."""
    told = []
    for name in type(setting).model_fields:
        value = getattr(setting, name)
        if value in (None, (), {}) or isinstance(value, (Setting, dict)):
            continue
        if isinstance(value, tuple):
            if isinstance(value[0], Setting):
                continue
            value = ", ".join(map(str, value))
        told.append(f"{name.replace('_', ' ')}: {_plain(value)}")
    return "\n".join(told) or "nothing"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def show(authority: Authority, console: Console) -> None:
    """Print the settings for a person, each figure beside its source."""
    console.print(f"[bold]{authority.name}[/] ({authority.id})")
    console.print(f"The way after the decision: {' → '.join(authority.way)}\n")
    table = Table(box=None, padding=(0, 2, 1, 0))
    for column, share in (("setting", 2), ("says", 3), ("because", 4)):
        table.add_column(column, overflow="fold", ratio=share)
    kinds: Counter[str] = Counter()
    for part in parts(authority):
        kinds[part.source.kind] += 1
        because = Text(str(part.source), style="yellow" if part.source.sample else "")
        table.add_row(part.place, part.said, because)
    console.print(table)
    told = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
    console.print(f"{kinds.total()} sources: {told}. Whatever says sample must be set before use.")
