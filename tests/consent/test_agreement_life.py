"""Versions of an agreement in their time: superseded, told of, stopped, and decided by again."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.consent.actions.reviewing import tell_reviews
from services.consent.domain.agreements import Agreement, Published, months_after
from services.consent.domain.deciding import decide
from services.consent.domain.policies import Policies, compiled
from tests.consent.builders import a_caller, a_clause, a_person, an_agreement
from tests.consent.served import Service, Town, in_date

TODAY = datetime.now(UTC).date()
REVIEW = TODAY + timedelta(400)
"""Of the agreements here; the principles are reviewed later."""


async def _founded(service: Service, **changed: Any) -> Town:
    town = await Town.founded(service, a_clause())
    await _published(town, **changed)
    return town


async def _published(town: Town, *clauses: Any, **changed: Any) -> None:
    said = in_date(an_agreement(*clauses), **{"review": REVIEW} | changed)
    await town.publish(said)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


async def _told(service: Service, *, since: int = 0) -> list[tuple[Any, set[UUID]]]:
    """What was announced of reviews, and to whom, without the first `since`."""
    found = await service.rows(
        "select data, concerns from outbox where type like '%review_due_soon%' order by number"
    )
    return [(said, set(hear)) for said, hear in found][since:]


async def _tell(service: Service, day: date) -> int:
    assert service.app is not None
    return await tell_reviews(service.app.state.desk, _noon(day))


async def test_a_version_is_superseded_when_the_next_one_is_published(service: Service) -> None:
    town = await Town.founded(service, a_clause())
    of = "select number, superseded_at, published_at from agreement_version join agreement"
    wanted = f"{of} on agreement.id = agreement_id where name = 'early-help' order by number"
    assert [one[:2] for one in await service.rows(wanted)] == [(1, None)]

    for _ in range(2):
        await _published(town)

    first, second, third = await service.rows(wanted)
    assert (first[1], second[1], third[1]) == (second[2], third[2], None)
    assert first[1] < second[1]


async def test_three_months_before_its_review_the_councils_lead_is_told_once(
    service: Service,
) -> None:
    """R28."""
    town = await _founded(service)
    near = months_after(REVIEW, -3)
    await _tell(service, near - timedelta(1))  # the principles are reviewed before: they are told
    before = len(await _told(service))

    days = [near - timedelta(1), near, near + timedelta(1), REVIEW]
    counts = [await _tell(service, day) for day in days]

    assert counts == [0, 1, 0, 0]
    [(said, hear)] = await _told(service, since=before)
    assert hear == {town.council.agency_id}
    assert said.keys() == {"authority", "record_id", "detail_url", "agreement", "review_due"}
    assert (said["agreement"], said["review_due"]) == ("early-help@2", str(REVIEW))


async def test_the_next_version_and_a_clause_that_is_reviewed_sooner_are_told_anew(
    service: Service,
) -> None:
    """R28."""
    town = await _founded(service)
    day = months_after(REVIEW, -3)
    await _tell(service, day)
    before, sooner = len(await _told(service)), REVIEW - timedelta(30)
    assert await _tell(service, day) == 0

    await _published(town, a_clause(review=str(sooner)))

    assert [await _tell(service, day) for _ in range(2)] == [1, 0]
    [(said, _)] = await _told(service, since=before)
    assert (said["agreement"], said["review_due"]) == ("early-help@3", str(sooner))


async def test_three_months_after_its_review_an_agreement_releases_nothing_any_more(
    service: Service,
) -> None:
    """R28."""
    town = await _founded(service, review=TODAY + timedelta(60))
    await town.sign(town.school, "early-help", number=2)
    last = months_after(TODAY + timedelta(60), 3) - timedelta(1)
    works = {"works_with": True}
    assert await town.school.sees(town.child) == {"needs.level"}

    service.at(_noon(last))
    assert await town.school.sees(town.child, relationship=works) == {"needs.level"}
    service.at(_noon(last + timedelta(1)))
    assert await town.school.sees(town.child, relationship=works) == set()


async def _again(service: Service, policy_hash: str) -> Policies:
    """The policies of a hash, compiled from what is kept of them."""
    [keys] = await service.rows("select versions from policy_set where hash = :h", h=policy_hash)
    rows = await service.rows(
        "select version.document, number, version.published_at, hash"
        " from agreement_version as version join agreement on agreement.id = agreement_id"
        " where name || '@' || number = any(:keys) order by name",
        keys=keys,
    )
    return compiled(
        [
            Published(
                agreement=Agreement.model_validate(document),
                version=number,
                published_at=at,
                hash=hash_,
            )
            for document, number, at, hash_ in rows
        ]
    )


async def test_a_decision_is_made_again_by_the_policies_that_its_leaf_names(
    service: Service,
) -> None:
    """R30."""
    town = await Town.founded(service, a_clause())
    both = ["needs.level", "plan"]
    then = await town.school.disclosed(town.child, categories=both)
    await _published(town, a_clause(categories=["plan"]))
    await town.sign(town.school, "early-help", number=2)
    now = await town.school.disclosed(town.child, categories=both)
    asked = a_caller(agency=town.school.agency_id, now=datetime.now(UTC))

    for made in (then, now):
        [leaf] = [one for one in await service.leaves() if one["index"] == made["audit_index"]]
        policies = await _again(service, leaf["policy_hash"])
        found = decide(policies, asked, {town.child: a_person()}, both)
        permitted = [code for code, one in found[town.child].items() if one.permitted]
        assert policies.hash == leaf["policy_hash"] == made["policy_hash"]
        assert permitted == made["permitted"][0]["categories"]
    assert then["permitted"][0]["categories"] == ["needs.level"]
    assert now["permitted"][0]["categories"] == ["plan"]
