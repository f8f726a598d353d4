"""One hub in separate processes for all fault tests, and a school that works on it."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from shared.db import Database
from tests.faults.partner import Partner
from tests.faults.proof import referrals
from tests.faults.running import RunningHub, running
from tests.faults.school import School
from tests.faults.victims import Scene
from tests.live import a_site

PROVING = bool(os.environ.get("PROVE"))
"""`make prove`: the full counts."""


@pytest.fixture(scope="module")
def hub() -> Iterator[RunningHub]:
    """Real processes; a test leaves all of them running."""
    with a_site() as site, running(site) as started:
        yield started


@pytest.fixture
async def school(hub: RunningHub) -> AsyncIterator[School]:
    """A school that has sent nothing yet."""
    partner = Partner(hub.site, "school")
    yield School(partner)
    await partner.close()


@pytest.fixture
async def scene(hub: RunningHub, school: School) -> AsyncIterator[Scene]:
    """The hub, the school, and a look into the database."""
    opened = Database.open(hub.postgres.url("referral"), connections=1)
    yield Scene(hub, school, opened)
    await opened.close()


@pytest.fixture
def before(hub: RunningHub) -> set[str]:
    """The referrals that earlier tests left."""
    return referrals(hub)
