"""A service as a family reads it, of its document in the feed: bare words, and no markup of others.

The page shows it and the widget shows it; neither has rules of its own about what is said.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from services.directory.domain import telling
from services.directory.domain.cleaning import words as bare
from services.directory.domain.over import current
from services.directory.domain.shapes import Json
from services.directory.domain.words import Words

_MARKUP = re.compile(r"<[a-zA-Z/!?]")
_ITEM = re.compile(r"<li\b[^>]*>", re.IGNORECASE)
_BREAK = re.compile(r"</?(?:p|br|ul|ol|li|h[1-6])\b[^>]*>", re.IGNORECASE)
_CALLABLE = re.compile(r"\+?[0-9][0-9 ()-]{5,20}")
_BULLET = "\u2022\u2022"


@dataclass(frozen=True)
class Line:
    """Words, and where they lead."""

    text: str
    href: str | None = None


@dataclass(frozen=True)
class Fact:
    """What is said under one label."""

    label: str
    lines: list[Line]


@dataclass(frozen=True)
class Block:
    """A paragraph, or the items of a list."""

    text: str = ""
    items: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Leaflet:
    """All that is told of a service."""

    id: str
    name: str
    by: str | None
    paused: bool
    alert: str | None
    blocks: list[Block]
    facts: list[Fact]


def leaflet(service: Json, words: Words, today: date) -> Leaflet:
    """What a service's document says, in the order in which families ask, without what is over."""
    service = current(service, today)
    return Leaflet(
        id=service["id"],
        name=plain(service["name"]),
        by=plain(service.get("organization", {}).get("name", "")) or None,
        paused=service["status"] in ("inactive", "temporarily closed"),
        alert=plain(service.get("alert", "")) or None,
        blocks=blocks(service.get("description", "")),
        facts=[fact for fact in _facts(service, words, today) if fact.lines],
    )


def plain(text: str) -> str:
    """On one line, without markup."""
    return " ".join(bare(text).split())


def blocks(text: str) -> list[Block]:
    """A description's paragraphs and lists."""
    if _MARKUP.search(text):
        parts = _BREAK.sub("\n", _ITEM.sub(f"\n{_BULLET}", text)).split("\n")
        lines = [html.unescape(re.sub(r"<[^>]*>", "", part)) for part in parts]
    else:
        lines = text.split("\n")
    found: list[Block] = []
    for line in (" ".join(line.split(" ")).strip() for line in lines):
        if line.startswith(_BULLET) and (item := line.removeprefix(_BULLET).strip()):
            if not (found and found[-1].items):
                found.append(Block())
            found[-1].items.append(item)
        elif line and not line.startswith(_BULLET):
            found.append(Block(line))
    return found


def _facts(service: Json, words: Words, today: date) -> Iterator[Fact]:
    yield _fact(words("ages"), telling.ages(service, words))
    yield _fact(words("who_for"), service.get("eligibility_description"))
    yield _fact(words("when"), *telling.times(service.get("schedules", []), words, today))
    at = service.get("service_at_locations", [])
    yield from (_place(one, words, today, several=len(at) > 1) for one in at)
    yield _fact(words("covers"), *(one.get("name") for one in service.get("service_areas", ())))
    yield _fact(words("price"), *telling.costs(service, words))
    yield Fact(words("contact"), list(_contacts(service)))
    yield _fact(words("how_to_apply"), service.get("application_process"))
    yield _fact(words("wait"), service.get("wait_time"))
    spoken = (one.get("name") or one.get("note") for one in service.get("languages", ()))
    yield _fact(words("languages"), *spoken)
    yield _fact(words("interpreting"), service.get("interpretation_services"))
    yield _fact(words("bring"), *(d.get("document") for d in service.get("required_documents", ())))
    yield _fact(words("topics"), *_topics(service))
    if checked := service.get("assured_date"):
        yield _fact(words("checked"), telling.day(checked, words))


def _fact(label: str, *said: str | None) -> Fact:
    lines = dict.fromkeys(plain(one) for one in said if one)
    return Fact(label, [Line(line) for line in lines if line])


def _topics(service: Json) -> Iterator[str | None]:
    for one in service.get("attributes", ()):
        yield one.get("taxonomy_term", {}).get("name") or one.get("label")


def _place(at: Json, words: Words, today: date, *, several: bool) -> Fact:
    """One place: its address, when it is there, whom to call, and how to come in."""
    location = at.get("location", {})
    name = plain(location.get("name", ""))
    lines = [Line(address) for address in addresses(location)]
    if name and not several and not any(line.text.startswith(name) for line in lines):
        lines.insert(0, Line(name))
    lines += _fact("", at.get("description")).lines
    for told in (at.get("schedules", []), location.get("schedules", [])):
        lines += [Line(line) for line in telling.times(told, words, today)]
    lines += [*_phones(at.get("phones", ())), *_phones(location.get("phones", ()))]
    lines += _fact("", location.get("transportation"), *_accessible(location)).lines
    return Fact(f"{words('where')}: {name}" if several and name else words("where"), lines)


def addresses(location: Json) -> Iterator[str]:
    """Each on one line; one to which only letters are sent says nothing of where it is."""
    parts = ("attention", "address_1", "address_2", "city", "region", "state_province")
    for one in location.get("addresses", ()):
        if one.get("address_type") != "postal":
            said = (plain(one.get(part, "")) for part in (*parts, "postal_code"))
            if line := ", ".join(dict.fromkeys(part for part in said if part)):
                yield line


def _accessible(location: Json) -> Iterator[str]:
    for one in location.get("accessibility", ()):
        said = (one.get("description") or one.get("accessibility"), one.get("details"))
        yield ": ".join(part for part in said if part)


def _contacts(service: Json) -> Iterator[Line]:
    yield from _phones(service.get("phones", ()))
    for one in service.get("contacts", ()):
        who = (one.get("name"), one.get("title"), one.get("department"))
        if named := plain(", ".join(part for part in who if part)):
            yield Line(named)
        yield from _phones(one.get("phones", ()))
        yield from _email(one.get("email"))
    yield from _email(service.get("email"))
    organization = service.get("organization", {})
    if not service.get("phones") and not service.get("contacts"):
        yield from _phones(organization.get("phones", ()))
    addresses = [service.get("url"), *(u.get("url") for u in service.get("additional_urls", ()))]
    for address in dict.fromkeys(addresses or [organization.get("website")]):
        if address:
            yield Line(address.removeprefix("https://").removeprefix("http://"), address)


def _phones(phones: Iterable[Json]) -> Iterator[Line]:
    for one in phones:
        said = plain(one["number"])
        called = f"tel:{re.sub('[^0-9+]', '', said)}" if _CALLABLE.fullmatch(said) else None
        told = plain(one.get("description", ""))
        yield Line(f"{said} ({told})" if told else said, called)


def _email(address: str | None) -> Iterator[Line]:
    if address:
        yield Line(address, f"mailto:{address}")
