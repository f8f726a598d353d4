"""Background work that goes on: supervised loops of a service."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

log = structlog.get_logger()
_PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0)
"""Seconds between a loop's failure and its next start; the last one stays."""

Work = Callable[[], Awaitable[object]]


async def forever(name: str, work: Work) -> None:
    """Run `work` again and again. A failure is logged by its kind (never its text) and retried."""
    failures = 0
    while True:
        try:
            await work()
            failures = 0
        except Exception as error:  # the loop must outlive whatever happened; it is logged
            log.warning("task failed", task=name, fault=type(error).__name__)
            await asyncio.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])
            failures += 1


@asynccontextmanager
async def running(tasks: dict[str, Work]) -> AsyncIterator[None]:
    """Every named loop, from here until the block ends."""
    started = [asyncio.create_task(forever(name, work), name=name) for name, work in tasks.items()]
    try:
        yield
    finally:
        for task in started:
            task.cancel()
        await asyncio.gather(*started, return_exceptions=True)


async def every(seconds: float, work: Work) -> None:
    """One turn of a clock: do `work`, then wait."""
    await work()
    await asyncio.sleep(seconds)
