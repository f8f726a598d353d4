"""A family's form as browsers send it: what was typed, and the document that it means.

A field is called by its place in the document, `children.0.given_name`, so that a refusal finds it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

_MOST_FIELDS = 600
_MOST_ROWS = 19
_TEXTS = (
    "asker.kind",
    "asker.given_name",
    "asker.family_name",
    "asker.relationship",
    "contact.telephone",
    "contact.email",
    "contact.contact_safely",
    "contact.do_not_contact",
    "help",
    "address.postcode",
)
_FREE = ("contact.contact_safely", "contact.do_not_contact", "help")
_TICKED = ("asker.interpreter_needed", "danger", "address.confidential")
_LINES = "address.lines"
_BORN = "asker.date_of_birth"
_PARTS = ("day", "month", "year")
ROWS: Mapping[str, tuple[str, ...]] = {
    "children": ("given_name", "family_name", "school", *(f"born_or_due.{p}" for p in _PARTS)),
    "household": ("given_name", "family_name", "relationship", "safe_to_contact"),
}
"""What may be there several times, and its fields."""
NOT_FOR_PEOPLE = "website"
"""A field that people do not see: whoever fills it in is a robot."""
NO_DATE = "no date"

Row = dict[str, str]


@dataclass
class Typed:
    """What was typed, as it is shown again."""

    said: dict[str, str] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=lambda: {"children": [], "household": []})
    stamp: str = ""
    more: str = ""
    """Of what another row is wanted, instead of sending."""
    robot: bool = False

    def document(self) -> dict[str, Any]:
        """What was said, without what was left empty."""
        found: dict[str, Any] = {"asker": {}, "contact": {}}
        for name in _TEXTS:
            if said := self.said.get(name):
                _put(found, name, said)
        for name in _TICKED:
            if name in self.said:
                _put(found, name, True)
        if born := _date(self.said, f"{_BORN}."):
            _put(found, _BORN, born)
        if lines := self.said.get(_LINES):
            _put(found, _LINES, [line.strip() for line in lines.splitlines() if line.strip()])
        if set(found.get("address", {})) == {"confidential"}:
            del found["address"]  # of an address that is not told there is nothing to keep secret
        found["groups"] = self.groups
        found["children"] = [_child(row) for row in self.rows["children"]]
        found["household"] = [_other(row) for row in self.rows["household"]]
        return found

    def texts(self) -> Iterator[str]:
        """What was typed in free words."""
        yield from (self.said.get(name, "") for name in _FREE)

    def another(self) -> None:
        """One more empty row of what is wanted, beside the child that is always asked for."""
        rows = self.rows.get(self.more)
        if self.more == "children" and not rows:
            self.rows["children"].append({})
        if rows is not None and len(rows) < _MOST_ROWS:
            rows.append({})


def read(body: bytes) -> Typed:
    """What a browser has sent; a body that is no form says nothing."""
    try:
        sent = parse_qs(body.decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        sent = {}
    one = {name: values[0].strip() for name, values in sent.items() if values[0].strip()}
    born = [f"{_BORN}.{part}" for part in _PARTS]
    known = (*_TEXTS, *_TICKED, _LINES, *born)
    return Typed(
        said={name: one[name] for name in known if name in one},
        groups=sent.get("groups", []),
        rows={noun: list(_rows(one, noun)) for noun in ROWS},
        stamp=one.get("stamp", ""),
        more=one.get("more", ""),
        robot=NOT_FOR_PEOPLE in one,
    )


def _rows(one: Mapping[str, str], noun: str) -> Iterator[Row]:
    """The rows in which something stands, in their order."""
    for place in range(_MOST_ROWS):
        names = {name: f"{noun}.{place}.{name}" for name in ROWS[noun]}
        row = {name: one[at] for name, at in names.items() if at in one}
        if row:
            yield row


def _child(row: Row) -> dict[str, Any]:
    born = _date(row, "born_or_due.")
    plain = {name: said for name, said in row.items() if "." not in name}
    return plain | ({"born_or_due": born} if born else {})


def _other(row: Row) -> dict[str, Any]:
    return row | {"safe_to_contact": "safe_to_contact" in row}


def _date(said: Mapping[str, str], prefix: str) -> str | None:
    """A day of three parts; what is none is refused as a date later."""
    parts = [said.get(f"{prefix}{part}", "") for part in _PARTS]
    if not any(parts):
        return None
    day, month, year = parts
    if not all(part.isascii() and part.isdigit() for part in parts) or len(year) != 4:
        return NO_DATE
    return f"{year}-{month:0>2}-{day:0>2}"


def _put(found: dict[str, Any], name: str, said: Any) -> None:
    """Set what `name` leads to."""
    *above, last = name.split(".")
    for step in above:
        found = found.setdefault(step, {})
    found[last] = said
