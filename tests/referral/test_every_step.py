"""Every step in every status by everybody, against the live service.

What the hand-written way lists succeeds, everything else is refused with its reason and changes
nothing; and what `GET …/actions` told beforehand is what happens.
"""

from typing import Any

from sqlalchemy import text

from services.referral.tables.referrals import ReferralRow
from shared.auth import Role
from shared.rows import table_of
from tests.figures import Figures
from tests.referral.conftest import Partner, Service
from tests.referral.the_way import AGAIN, NOUNS, STATUSES, THE_WAY, Key, may
from tests.referral.town import WAYS, Json, Town

_COLUMNS = ", ".join(column.name for column in table_of(ReferralRow).columns)
_KEEP = (
    "create table kept_referral as select * from referral",
    "create table kept_index as select * from child_index",
    "create table kept_history as select * from history",
)
_UNDO = (
    f"update referral set ({_COLUMNS}) = (select {_COLUMNS} from kept_referral where id = :id)"  # noqa: S608 -- our own columns
    " where id = :id",
    "delete from history where referral_id = :id and id not in (select id from kept_history)",
    "update child_index c set is_open = k.is_open, overridden = k.overridden from kept_index k"
    " where c.referral_id = :id and k.referral_id = :id and k.blind_index = c.blind_index",
)
_ALL_OF_IT = """
    select (select r::text from referral r where id = :id),
    (select array_agg(h::text order by h.id) from history h where referral_id = :id),
    (select array_agg(c::text order by blind_index) from child_index c where referral_id = :id),
    (select count(*) from outbox)
"""


async def _state(service: Service, referral: Json) -> Any:
    """Everything that a step could change, to the byte."""
    return await service.rows(_ALL_OF_IT, id=referral["id"])


async def _undo(service: Service, referral: Json) -> None:
    """As it was before the step, so that the next one finds the same."""
    async with service.db.transaction() as connection:
        for statement in _UNDO:
            await connection.execute(text(statement), {"id": referral["id"]})


async def _told(by: Partner, referral: Json) -> tuple[set[str], dict[str, str]]:
    """What can be done now, and what cannot yet with what is missing; nothing when not seen.

    What the table lists for the worker's role is one or the other, unless it does not concern it.
    """
    answer = await by.get(f"/{referral['id']}/actions")
    if answer.status_code != 200:
        assert answer.status_code in (403, 404)
        return set(), {}
    told = answer.json()
    if "status" not in told:
        assert referral["status"] in ("closed", "withdrawn"), "whose work is over sees no more"
        return set(), {}
    now = {one["action"] for one in told["actions"]}
    not_yet = {one["action"]: one["missing"] for one in told["not_yet"]}
    assert {one["if_match"] for one in told["actions"]} <= {f'"{referral["version"]}"'}
    (role,) = by.caller.roles
    listed = {action for status, action, who in THE_WAY if (status, who) == (told["status"], role)}
    assert now | not_yet.keys() == listed
    return now, not_yet


async def _everything_by(town: Town, role: str, referral: Json) -> set[Key]:
    """One worker tries every step; those that succeeded."""
    by, status = town.worker(role, referral), referral["status"]
    now, not_yet = await _told(by, referral)
    done: set[Key] = set()
    for action in NOUNS:
        key = (status, action, role)
        said = f"{role} in {status}: {action}"
        answer = await town.step(referral, action, by)
        body = answer.json()
        assert (answer.status_code == 200) is (action in now), f"{said}: {answer.text}"
        if answer.status_code == 200:
            after = THE_WAY[key] if THE_WAY[key] != AGAIN else referral["resumes_to"]
            assert (body["status"], body["version"]) == (after, referral["version"] + 1), said
            await _undo(town.service, referral)
            done.add(key)
        else:
            assert answer.status_code in (403, 404, 409), f"{said}: {answer.text}"
            assert role in may(action) or answer.status_code == 403, said
            assert not_yet.get(action, "") in body["detail"], said
            assert body["detail"], said
    return done


async def test_what_is_listed_succeeds_and_everything_else_is_refused_and_changes_nothing(
    service: Service, figures: Figures
) -> None:
    town = await Town.of(service)
    places = [await town.at(place) for place in WAYS]
    assert {referral["status"] for referral in places} == set(STATUSES)
    await service.run(*_KEEP)
    done: set[Key] = set()
    tried = succeeding = 0

    for referral in places:
        before = await _state(service, referral)
        for role in Role:
            succeeded = await _everything_by(town, role, referral)
            ((*rows, announced),) = await _state(service, referral)
            assert rows == list(before[0][:-1]), f"{role} in {referral['status']}"
            assert announced == before[0][-1] + len(succeeded), f"{role} in {referral['status']}"
            before = [(*rows, announced)]
            done |= succeeded
            tried, succeeding = tried + len(NOUNS), succeeding + len(succeeded)

    assert done == set(THE_WAY), "every step of the way has succeeded"
    figures("Every step", tried=tried, taken=succeeding, refused=tried - succeeding)
