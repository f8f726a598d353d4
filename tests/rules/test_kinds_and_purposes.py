"""Each kind of agency sees for each purpose what the agreements permit it, and nothing hangs on the
rest: families that differ only in what a reader may not see are the same to it, byte for byte."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from prometheus_client import generate_latest

from hub.kafka import KafkaNode
from hub.postgres import PostgresServer
from tests.hub_fixture import open_hub
from tests.rules import crawled
from tests.rules import sharing_table as sharing
from tests.rules.crawled import LOOKS, Crawl
from tests.rules.overheard import announced_by, on_topics_of, overhearing
from tests.rules.varied import heard, words_of

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.kafka]
READERS = [(kind, purpose) for kind in sharing.KINDS for purpose in sharing.PURPOSES]
EARLY_HELP = "early_help"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crawl(
    postgres: PostgresServer,
    templates: dict[str, str],
    kafka: KafkaNode,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Crawl]:
    """Everybody, before anybody has looked."""
    folder: Path = tmp_path_factory.mktemp("var")
    async with open_hub(postgres, templates, folder, kafka.bootstrap) as hub:
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


@pytest.mark.parametrize(("kind", "purpose"), READERS)
async def test_everything_that_can_be_read_tells_the_words_that_are_permitted_and_no_others(
    crawl: Crawl, kind: str, purpose: str
) -> None:
    told = await crawl.everything(kind, purpose, crawl.other)

    permitted = sharing.TABLE[kind, purpose]
    assert heard(crawl.other, told) == permitted & crawl.other.words.keys()
    for family in crawl.families:
        assert heard(family, told) <= permitted


@pytest.mark.parametrize("kind", sharing.KINDS)
@pytest.mark.parametrize("path", LOOKS[1:])
async def test_the_other_looks_do_not_hang_on_what_is_hidden_either(
    crawl: Crawl, kind: str, path: str
) -> None:
    hidden = crawl.apart.keys() - sharing.TABLE[kind, EARLY_HELP]
    same = await crawl.look(kind, EARLY_HELP, crawl.base, path)

    assert hidden
    for category in hidden:
        assert await crawl.look(kind, EARLY_HELP, crawl.apart[category], path) == same


@pytest.mark.parametrize(("kind", "purpose"), READERS)
async def test_whoever_looks_again_sees_the_same(crawl: Crawl, kind: str, purpose: str) -> None:
    for path in LOOKS:
        once = await crawl.look(kind, purpose, crawl.other, path)
        assert await crawl.look(kind, purpose, crawl.other, path) == once


async def test_with_consent_more_is_seen_and_never_less_and_without_it_what_was_seen_before(
    crawl: Crawl,
) -> None:
    given = [one for family in crawl.families for one in await crawled.agree(crawl, family)]
    agreed = {kind: await sees(crawl, kind, EARLY_HELP) for kind in sharing.KINDS}
    await crawled.withdraw(crawl, given)
    withdrawn = {kind: await sees(crawl, kind, EARLY_HELP) for kind in sharing.KINDS}

    before = {kind: sharing.TABLE[kind, EARLY_HELP] for kind in sharing.KINDS}
    assert agreed == {kind: before[kind] | sharing.WITH_CONSENT[kind] for kind in sharing.KINDS}
    assert withdrawn == before


async def test_neither_log_nor_metric_nor_event_holds_a_word_of_any_family(
    crawl: Crawl, kafka: KafkaNode
) -> None:
    with overhearing() as said:
        for kind in sharing.KINDS:
            await crawl.everything(kind, EARLY_HELP, crawl.other)
    beside = {
        "the log": said.getvalue(),
        "metrics": generate_latest().decode(),
        "what is announced": await announced_by(crawl.hub),
        "Kafka": await on_topics_of(kafka),
    }
    assert beside["the log"].count('"answered"') > len(sharing.KINDS) * len(crawl.paths)
    assert 'route="/api/v1/referrals/{referral_id}"' in beside["metrics"]
    for family in crawl.families:
        assert family.receipt["id"] in beside["what is announced"]
        assert family.receipt["id"] in beside["Kafka"]

    words = {word for family in crawl.families for word in words_of(family)}
    for where, text in beside.items():
        assert {word for word in words if word in text} == set(), where
