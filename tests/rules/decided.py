"""Asking until it is decided: on a busy machine that may take longer than a reader waits."""

from collections.abc import Awaitable, Callable

import httpx2

_TRIES = 5


async def decided(ask: Callable[[], Awaitable[httpx2.Response]]) -> httpx2.Response:
    """What could not be decided in time (503) tells nothing of anybody: it is asked again."""
    for _ in range(_TRIES):
        answer = await ask()
        if answer.status_code != httpx2.codes.SERVICE_UNAVAILABLE:
            break
    return answer
