"""When the published bank holidays have ended, nothing that a family needs may fail."""

from datetime import datetime, timedelta

from services.referral.actions.clocks import escalate_unseen, look_at_clocks
from shared.calendar import bank_holidays
from tests.builders import a_submission
from tests.referral.conftest import Partner, Service

LAST = max(bank_holidays()).year
AFTER = datetime.fromisoformat(f"{LAST + 1}-03-07T10:00:00+00:00")


async def test_a_referral_is_taken_acknowledged_and_listed(
    school: Partner, front_door: Partner, service: Service
) -> None:
    service.at(datetime.fromisoformat(f"{LAST}-12-29T15:10:00+00:00"))
    receipt = await school.refer()
    service.at(AFTER)

    assert (await front_door.step(receipt, "acknowledgement", 1)).status_code == 200
    (listed,) = (await front_door.get("")).json()["referrals"]
    assert {clock["clock"]: clock["state"] for clock in listed["clocks"]}["decide"] == "overdue"
    assert (await front_door.get("/export")).status_code == 200


async def test_an_urgent_one_is_told_whom_to_call_and_escalates(
    school: Partner, service: Service
) -> None:
    service.at(AFTER)
    receipt = await school.refer(a_submission(safeguarding={"immediate_danger": True}))

    assert receipt["emergency"]["telephone"]["number"]
    assert await escalate_unseen(service.desk, AFTER + timedelta(hours=2)) == 1
    assert await look_at_clocks(service.desk, AFTER + timedelta(days=90)) > 0
