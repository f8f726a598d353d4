"""Each hour the log says, signed, what it is; of several processes one does."""

import asyncio
from datetime import timedelta

from services.consent.actions.witnessing import checkpoints, sign_when_due
from tests.consent.conftest import NOW, Kept

HOUR = timedelta(hours=1)


async def test_a_checkpoint_is_signed_once_an_hour_also_of_a_log_that_has_not_grown(
    kept: Kept,
) -> None:
    minutes = (0, 1, 59, 60, 61, 119, 120)

    signed = [await sign_when_due(kept.log, NOW + timedelta(minutes=one), HOUR) for one in minutes]

    assert [one for one, did in zip(minutes, signed, strict=True) if did] == [0, 60, 120]
    assert len(await checkpoints(kept.log, before=None, limit=10)) == 3


async def test_of_ten_processes_that_look_at_the_same_time_one_signs(kept: Kept) -> None:
    signed = await asyncio.gather(*(sign_when_due(kept.log, NOW, HOUR) for _ in range(10)))

    assert signed.count(True) == 1


async def test_what_somebody_else_has_put_there_does_not_keep_the_log_from_signing(
    kept: Kept,
) -> None:
    await kept.checkpoint()
    assert not await sign_when_due(kept.log, NOW, HOUR)
    kept.behind("insert into audit_checkpoint values (uuidv7(), 0, 'made up')")

    assert await sign_when_due(kept.log, NOW, HOUR)
