"""The agreements to try a hub with: made up, one pair for each authority that it serves.

`deploy/agreements` holds what all of them say, and beside it, clause by clause, where an
authority's own strategy asks for something else.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import yaml

from hub import agreements
from hub.sample import Party
from hub.site import ROOT
from hub.trouble import Trouble
from services.consent.actions import agreeing
from services.consent.actions.desk import Desk
from services.consent.domain.agreeing import Standing
from services.consent.domain.agreements import Agreement
from services.consent.store import agreements as store
from shared.auth import AgencyKind, Caller, Role
from shared.authority import Authority

FOLDER = ROOT / "deploy" / "agreements"
NAMES = ("principles", "early-help")
"""Tier 1 before tier 2: without principles nothing else is published."""
BEGAN = timedelta(days=30)
"""So long before the hub's first start a sample agreement has begun."""
FIRST = 1
"""The version that is published here; later ones are the information governance lead's own."""
REVIEWED, ENDS = timedelta(days=365), timedelta(days=730)
"""So long after the hub's first start it is reviewed, and ends: a hub can be tried in any year."""


def of(council: Authority, today: date) -> tuple[Agreement, ...]:
    """What `council` could agree with its partners, principles first, beginning before `today`."""
    first = _said("principles")
    second = first | _said("early-help")
    clauses = _clauses(second.pop("clauses"), second.pop("usual"), _own(council.id))
    return tuple(
        _dated({**said, "title": said["title"].format(council=council.name)}, council, today)
        for said in (first, second | {"clauses": clauses})
    )


def named(name: str, council: Authority, today: date) -> Agreement:
    """One of them. Raises Trouble that names those there are."""
    found = {one.id: one for one in of(council, today)}
    if name not in found:
        raise Trouble(f"There is no sample called {name}. There is: {', '.join(found)}.")
    return found[name]


def _dated(said: Mapping[str, Any], council: Authority, today: date) -> Agreement:
    dates = {"start": today - BEGAN, "review": today + REVIEWED}
    if said["tier"] > 1:
        dates["end"] = today + ENDS
    contact = said["contact"].format(council=council.name)
    return Agreement.model_validate({**said, "contact": contact, **dates})


@cache
def _said(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text())
    return read


def _own(authority: str) -> Mapping[str, Any]:
    """What its strategy asks for otherwise; nothing where it is silent."""
    there = (FOLDER / f"{authority}.yaml").exists()
    clauses: Mapping[str, Any] = _said(authority)["clauses"] if there else {}
    return clauses


def _clauses(
    every: Mapping[str, Any], usual: Mapping[str, Any], own: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Each clause with what is usual; an own one changes what it names, null leaves one out."""
    return [
        {**usual, **every.get(name, {}), **(own.get(name) or {}), "id": name}
        for name in {**every, **own}
        if own.get(name, ...) is not None
    ]


async def create(desk: Desk, parties: Sequence[Party], now: datetime) -> None:
    """Publish what is missing of each authority's agreements, and let its sample partners sign.

    Whatever somebody has done since is left as it is: a later version, a suspension, a leaving.
    """
    for council in desk.authorities.values():
        own = [one for one in parties if one.agency.authority == council.id]
        answers = [one for one in own if one.partner.kind is AgencyKind.COUNCIL]
        lead = answers[0].acting(Role.INFORMATION_GOVERNANCE_LEAD)
        signing = [one.acting(Role.AGENCY_ADMINISTRATOR) for one in own]
        for standing in await _published(desk, council, lead, now):
            await _signed(desk, standing, signing, now)


async def _published(desk: Desk, council: Authority, lead: Caller, now: datetime) -> list[Standing]:
    """As they stand; also one whose launcher was killed before the publication is published."""
    there = {one.draft.id: one for one in await agreeing.listed(desk, by=lead, after=None)}
    missing = [
        said
        for said in of(council, now.date())
        if (found := there.get(said.id)) is None
        or (found.published is None and found.version == FIRST)
    ]
    for said in missing:
        await agreements.publish(desk, said, by=lead, now=now)
    return await agreeing.listed(desk, by=lead, after=None)


async def _signed(desk: Desk, standing: Standing, signing: Sequence[Caller], now: datetime) -> None:
    """The first version, by whoever has not signed it yet; who has left it since had signed it."""
    version = standing.published
    if standing.draft.id not in NAMES or version is None or standing.suspended_at:
        return
    if version.version > FIRST:
        return
    async with desk.db.reading() as connection:
        unsigned = [
            caller
            for caller in signing
            if not await store.is_signed(connection, standing, FIRST, caller.acting()[0])
        ]
    for caller in unsigned:
        await agreements.sign(desk, version, by=caller, now=now)
