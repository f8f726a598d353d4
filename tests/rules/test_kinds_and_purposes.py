"""Each kind of agency sees for each purpose what the agreements permit it, and nothing hangs on the
rest: families that differ only in what a reader may not see are the same to it, byte for byte."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from hub.postgres import PostgresServer
from tests.hub_fixture import open_hub
from tests.rules import crawled
from tests.rules import sharing_table as sharing
from tests.rules.crawled import Crawl

pytestmark = pytest.mark.asyncio(loop_scope="module")
READERS = [(kind, purpose) for kind in sharing.KINDS for purpose in sharing.PURPOSES]
EARLY_HELP = "early_help"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crawl(
    postgres: PostgresServer, templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Crawl]:
    """Everybody, before anybody has looked."""
    async with open_hub(postgres, templates, tmp_path_factory.mktemp("var")) as hub:
        yield await crawled.begin(hub)


async def sees(crawl: Crawl, kind: str, purpose: str) -> set[str]:
    """The categories by which the reader's look differs from its look at the base family."""
    same = await crawl.look(kind, purpose, crawl.base)
    return {
        category
        for category, family in crawl.apart.items()
        if await crawl.look(kind, purpose, family) != same
    }


@pytest.mark.parametrize(("kind", "purpose"), READERS)
async def test_a_look_differs_by_what_is_permitted_and_by_nothing_else(
    crawl: Crawl, kind: str, purpose: str
) -> None:
    assert await sees(crawl, kind, purpose) == sharing.TABLE[kind, purpose]
