"""What the change log must not tell: an address that was open before it had to be hidden."""

import pytest

from tests.builders import a_child, a_submission, an_address
from tests.referral.amendments import Json, changes, child_of, correct
from tests.referral.conftest import Partner

HOME = an_address(lines=["7 Openly Told Road"], confidential=False)
MISTYPED = an_address(lines=["7 Openly Told Raod"], confidential=False)


@pytest.mark.parametrize("first", [HOME, MISTYPED], ids=["as it was", "mistyped"])
async def test_an_address_that_becomes_confidential_is_hidden_in_the_log_too(
    school: Partner, front_door: Partner, first: Json
) -> None:
    receipt = await school.refer(a_submission(a_child(addresses=[first])))
    child = await child_of(school, receipt)
    hidden = HOME | {"confidential": True}
    assert (await correct(front_door, receipt, child, {"addresses": [hidden]})).is_success

    for reader in (front_door, school):
        (told,) = await changes(reader, receipt)
        assert told["before"]["addresses"] == told["after"]["addresses"] == [{"confidential": True}]


async def test_it_is_hidden_in_the_lines_before_and_after_too(
    school: Partner, front_door: Partner
) -> None:
    receipt = await school.refer(a_submission(a_child(addresses=[MISTYPED])))
    child = await child_of(school, receipt)
    elsewhere = an_address(lines=["2 Nowhere Lane"], confidential=False)
    for version, now in enumerate(([HOME], [HOME | {"confidential": True}], [elsewhere]), start=1):
        assert (await correct(front_door, receipt, child, {"addresses": now}, version)).is_success

    told = [
        (line["before"]["addresses"], line["after"]["addresses"])
        for line in await changes(school, receipt)
    ]
    mark = [{"confidential": True}]
    assert told == [(mark, mark), (mark, mark), (mark, [elsewhere])]


async def test_where_nobody_hides_the_log_tells_every_address(school: Partner) -> None:
    receipt = await school.refer(a_submission(a_child(addresses=[MISTYPED])))
    assert (
        await correct(school, receipt, await child_of(school, receipt), {"addresses": [HOME]})
    ).is_success

    (told,) = await changes(school, receipt)

    assert (told["before"]["addresses"], told["after"]["addresses"]) == ([MISTYPED], [HOME])
