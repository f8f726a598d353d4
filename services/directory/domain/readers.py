"""How one value of Open Referral is read: what it becomes, or why it is refused.

A reader takes whatever a source wrote and answers the value in the standard's own form. It raises
Unreadable with words for the person who looks after the source.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from services.directory.domain.outlines import NotGeoJson, is_geojson
from services.directory.domain.outlines import read as read_geojson

Reader = Callable[[Any], Any]
R = TypeVar("R", bound=Reader)
DESCRIBED: dict[Reader, dict[str, Any]] = {}
"""The JSON schema of what each reader answers."""
LOCAL = ZoneInfo("Europe/London")
"""Where an instant without an offset was written down."""
OLDEST = 130
"""Years; above it a number is no age."""
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::\d+)?", re.IGNORECASE)
_BYDAY = re.compile(r"[+-]?\d{0,2}(?:MO|TU|WE|TH|FR|SA|SU)")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::(\d{2}))?(?:\.\d+)?\s*([ap]m)?", re.IGNORECASE)
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class Unreadable(Exception):
    """A value that cannot be what its field asks for."""


def answers(**schema: Any) -> Callable[[R], R]:
    """Describe what a reader answers."""

    def described(reader: R) -> R:
        DESCRIBED[reader] = schema
        return reader

    return described


@answers(type="string")
def text(value: Any) -> str:
    """Words, as they stand."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Unreadable("is not text")
    return fit(str(value)).strip()


def fit(said: str) -> str:
    """What can be stored and sent: no zero, and no half of a letter."""
    return said.replace("\x00", "").encode(errors="replace").decode()


@answers(type="string", format="uuid")
def uuid(value: Any) -> str:
    """An id."""
    try:
        return str(UUID(text(value)))
    except ValueError:
        raise Unreadable("is not a UUID") from None


@answers(type="string", format="uri")
def uri(value: Any) -> str:
    """An address on the web; one without `http://` gets it. Nothing that a browser would run."""
    said = text(value)
    if _HOST.fullmatch(said.partition("/")[0]):
        said = f"http://{said}"
    try:
        parts = urlsplit(said)
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        raise Unreadable("is not an address on the web") from None
    if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(host):
        raise Unreadable("is not an address on the web")
    return quote(said, safe="%/:=&?~#+!$,;'@()*[]-._")


@answers(type="string")
def extent(value: Any) -> str:
    """An area as GeoJSON, or its name or code."""
    said = text(value)
    if is_geojson(said):
        try:
            read_geojson(said)
        except NotGeoJson:
            raise Unreadable("is no GeoJSON in degrees") from None
    return said


@answers(type="string", format="email")
def email(value: Any) -> str:
    """An e-mail address."""
    said = text(value).removeprefix("mailto:")
    if not _EMAIL.fullmatch(said):
        raise Unreadable("is not an e-mail address")
    return said


@answers(type="string", format="date")
def day(value: Any) -> str:
    """A date: `2026-03-01`, and the British 1/3/2026."""
    said = text(value)
    british = _BRITISH.fullmatch(said)
    try:
        if british:
            at, month, year = map(int, british.groups())
            return date(year, month, at).isoformat()
        return date.fromisoformat(said[:10]).isoformat()
    except ValueError:
        raise Unreadable("is not a date") from None


@answers(type="string", format="date-time")
def instant(value: Any) -> str:
    """A moment with its offset; where none is written it was the local time."""
    try:
        at = datetime.fromisoformat(text(value))
    except ValueError:
        raise Unreadable("is not a moment") from None
    return (at if at.tzinfo else at.replace(tzinfo=LOCAL)).isoformat()


@answers(type="string")
def clock(value: Any) -> str:
    """A time of day: 10:00, 10:00:00 and 10am are the same."""
    found = _CLOCK.fullmatch(text(value))
    if not found:
        raise Unreadable("is not a time of day")
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    half = (found.group(4) or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute, second).isoformat()
    except ValueError:
        raise Unreadable("is not a time of day") from None


@answers(type="number")
def number(value: Any) -> int | float:
    """A number; a whole one stays whole."""
    try:
        found = float(value if isinstance(value, int | float) else text(value).lstrip("£$ "))
    except (ValueError, OverflowError):
        raise Unreadable("is not a number") from None
    if isinstance(value, bool) or not abs(found) < 1e12:
        raise Unreadable("is not a number")
    return int(found) if found.is_integer() else found


def between(lowest: float, highest: float, what: str) -> Reader:
    """A number within bounds."""

    @answers(type="number", minimum=lowest, maximum=highest)
    def read(value: Any) -> int | float:
        found = number(value)
        if not lowest <= found <= highest:
            raise Unreadable(f"is not {what}")
        return found

    return read


@answers(type="integer")
def whole(value: Any) -> int:
    """A number without a fraction."""
    found = number(value)
    if not isinstance(found, int):
        raise Unreadable("is not a whole number")
    return found


@answers(type="boolean")
def truth(value: Any) -> bool:
    """Yes or no."""
    said = str(value).strip().lower()
    if said in ("true", "yes", "y", "1"):
        return True
    if said in ("false", "no", "n", "0"):
        return False
    raise Unreadable("is neither yes nor no")


def one_of(*words: str) -> Reader:
    """One of the standard's own words; however it is written large or small."""
    known = {word.lower(): word for word in words}

    @answers(type="string", enum=list(words))
    def read(value: Any) -> str:
        said = text(value).lower().replace("_", " ")
        if said not in known:
            raise Unreadable(f"is none of {', '.join(words)}")
        return known[said]

    return read


@answers(type="string")
def weekdays(value: Any) -> str:
    """Days of RFC 5545: `MO,WE`, also `1MO`, the first Monday."""
    parts = [part.strip().upper() for part in text(value).split(",") if part.strip()]
    if not parts or not all(_BYDAY.fullmatch(part) for part in parts):
        raise Unreadable("names no days as MO,TU")
    return ",".join(parts)


age = between(0, OLDEST, "an age")
latitude = between(-90, 90, "a latitude")
longitude = between(-180, 180, "a longitude")
