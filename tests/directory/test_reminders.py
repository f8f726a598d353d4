"""Whoever looks after an entry hears, once, when nobody has said in time that it is right."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from services.directory.actions.desk import Desk
from services.directory.actions.reminding import tell_lapsed
from services.directory.domain.assurance import months_before
from shared.authority import Authorities
from shared.settings import SHIPPED
from tests.directory.announced import rows, told
from tests.directory.builders import a_service, entry, uuid
from tests.directory.keepers import an_offer
from tests.directory.served import Directory

NOW = datetime.now(UTC) + timedelta(days=100)
"""A day to come: by it lapses what the service's own clock does not tell today."""
LATE = datetime.now(UTC) + timedelta(days=220)
LAPSED = "assurance_lapsed"
MONTHS = {date(2027, 3, 31): date(2026, 9, 30), date(2027, 1, 15): date(2026, 7, 15)}


def _desk(directory: Directory) -> Desk:
    return Desk(directory.db, directory.cipher, Authorities.load([SHIPPED / "sample.yaml"]))


@pytest.mark.parametrize("day", MONTHS)
def test_months_are_those_of_the_calendar(day: date) -> None:
    assert months_before(day, 6) == MONTHS[day]


async def test_an_entry_lapses_after_its_authoritys_months_and_not_a_day_before(
    directory: Directory,
) -> None:
    last = months_before(NOW.date(), 6)
    before = last - timedelta(days=1)
    old, good = (a_service(assured_date=day.isoformat()) for day in (before, last))
    never = a_service()
    await directory.save(*(entry("service", one) for one in (old, good, never)))

    assert await tell_lapsed(_desk(directory), NOW) == 1

    assert [one for one in await told(directory) if one[0] == LAPSED] == [(LAPSED, uuid(old))]
    said = (await rows(directory))[-1].data
    assert said["assured_date"] == before.isoformat()
    assert await tell_lapsed(_desk(directory), NOW + timedelta(days=1)) == 1
    assert await tell_lapsed(_desk(directory), LATE) == 1
    lapsed = [id_ for word, id_ in await told(directory) if word == LAPSED]
    assert lapsed == [uuid(old), uuid(good), uuid(never)]


async def test_it_is_told_once_and_again_only_after_it_was_assured_and_has_lapsed_again(
    directory: Directory,
) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    offer = await an_offer(directory, assured_date=yesterday.isoformat())
    desk = _desk(directory)
    assert await tell_lapsed(desk, LATE) == 1
    assert await tell_lapsed(desk, LATE) == 0

    await offer.provider.must("POST", f"{offer.path}/assurance", 1)

    assert await tell_lapsed(desk, datetime.now(UTC)) == 0
    assert await tell_lapsed(desk, LATE) == 1
    assert await tell_lapsed(desk, LATE) == 0


HIDDEN: tuple[Mapping[str, object], ...] = (
    {"stage": "draft"},
    {"stage": "withdrawn"},
    {"audience": "internal"},
    {"shown_until": date(2026, 1, 1)},
)


@pytest.mark.parametrize("standing", HIDDEN)
async def test_nobody_is_reminded_of_what_nobody_reads(
    directory: Directory, standing: Mapping[str, object]
) -> None:
    hidden, shown = (a_service(assured_date="2025-01-01") for _ in range(2))
    await directory.save(entry("service", hidden, **standing), entry("service", shown))

    await tell_lapsed(_desk(directory), NOW)

    assert [id_ for word, id_ in await told(directory) if word == LAPSED] == [uuid(shown)]
