"""What a family says is read by those who may, and stands nowhere else: not one canary sings."""

import logging as stdlib
import subprocess
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import structlog
from prometheus_client import generate_latest

from hub.kafka import KafkaNode
from hub.postgres import INSTALLED, SUPERUSER, PostgresServer
from hub.site import SERVICES
from tests.hub_fixture import REFERRALS, open_hub
from tests.rules import canary_asking, canary_directory, canary_sharing, canary_way, scripted_day
from tests.rules.canaries import (
    CANARIES,
    CHILD,
    CONFIDENTIAL,
    FORMS,
    IN_A_DRAFT,
    IN_A_REQUEST,
    IN_AN_AGREEMENT,
    IN_THE_DIRECTORY,
    IN_THE_SUBMISSION,
    NEED,
    ON_THE_WAY,
    SAID_LATER,
    WORKER,
    singing,
)
from tests.rules.canary_way import NAMED_TO, READ_BY, UNTIL_IT_IS_HEARD
from tests.rules.overheard import announced_by, on_topics_of, overhearing
from tests.rules.scripted_day import DRAFTS, Day

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(
    scope="module", params=["in one process", pytest.param("kafka", marks=pytest.mark.kafka)]
)
def broker(request: pytest.FixtureRequest) -> KafkaNode | None:
    """A real broker, or none."""
    if request.param != "kafka":
        return None
    node: KafkaNode = request.getfixturevalue("kafka")
    return node


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def day(
    postgres: PostgresServer,
    templates: dict[str, str],
    broker: KafkaNode | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Day]:
    """The scripted day, over."""
    bootstrap = broker.bootstrap if broker else None
    folder = tmp_path_factory.mktemp("var")
    with overhearing() as said:
        async with open_hub(postgres, templates, folder, bootstrap) as hub:
            day = await scripted_day.begin(hub)
            await scripted_day.what_goes_well(day)
            await canary_way.go(day)
            await canary_sharing.go(day)
            await canary_asking.go(day)
            await canary_directory.go(day)
            await scripted_day.mistakes(day)
            await scripted_day.faults(day)
            day.said = said.getvalue()
            yield day


@pytest.mark.parametrize("word", CANARIES)
async def test_a_canary_is_heard_in_every_encoding(word: str) -> None:
    for form in FORMS[word]:
        assert word in singing(f"… {form} …")
    assert word in singing(f"\\x{('a line of ' + word + ' and more').encode().hex()}")


async def test_those_who_may_read_find_every_canary(day: Day) -> None:
    looks = {"front door": "", "school": ""}
    for system, who in ((day.front_door, "front door"), (day.school, "school")):
        for answer in day.answers:
            asked = answer.request
            token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
            if token in system.tokens and asked.method == "GET" and answer.status_code == 200:
                looks[who] += answer.text

    whole, own = singing(looks["front door"]), singing(looks["school"])

    not_for_the_school = {*ON_THE_WAY} - READ_BY["school"]
    not_said_to_it = {ON_THE_WAY[what] for what in not_for_the_school}
    hidden = {*CONFIDENTIAL} | not_said_to_it

    assert {*IN_A_REQUEST} <= {*whole}
    whole = [word for word in whole if word not in IN_A_REQUEST]
    assert set(whole) >= {*IN_THE_SUBMISSION, *SAID_LATER, *ON_THE_WAY.values()} - {*CONFIDENTIAL}
    assert not {*whole} & {*CONFIDENTIAL}, "sealed is sealed, at the front door too"
    assert set(own) == {*whole, *IN_A_DRAFT, *WORKER.values()} - hidden
    assert not {*whole} & {*IN_A_DRAFT}


async def test_a_family_that_asks_itself_reads_its_own_words_while_it_writes_and_never_again(
    day: Day,
) -> None:
    form, *pages, taken, receipt = day.asked
    assert {page.status_code for page in pages} == {200, 422}
    assert (taken.status_code, receipt.status_code) == (200, 201)

    assert {*IN_A_REQUEST} - {*singing("".join(page.text for page in pages))} == set()
    for page in (form, taken, receipt):
        assert singing(f"{page.request.url}{page.headers}{page.text}") == []


@pytest.mark.parametrize("who", READ_BY)
async def test_on_the_whole_way_everybody_reads_the_words_that_are_theirs(
    day: Day, who: str
) -> None:
    heard = singing(day.seen[who])

    read = {what for what, word in ON_THE_WAY.items() if word in heard}
    assert read | UNTIL_IT_IS_HEARD.get(who, set()) == READ_BY[who]
    assert {CHILD["given_name"], NEED["reason"], *CONFIDENTIAL} & {*heard} == NAMED_TO[who]


@pytest.mark.parametrize("who", canary_sharing.READ_BY)
async def test_of_what_is_said_about_sharing_everybody_reads_the_words_that_are_theirs(
    day: Day, who: str
) -> None:
    heard = {*singing(day.shared[who])}
    agreed = {*IN_AN_AGREEMENT.values()} if who in canary_sharing.PARTIES else set()

    read = {what for what, word in canary_sharing.SAID.items() if word in heard}

    assert read == canary_sharing.READ_BY[who]
    assert heard == {canary_sharing.SAID[what] for what in read} | agreed


@pytest.mark.parametrize("who", canary_directory.READ_BY)
async def test_of_the_directory_everybody_reads_the_words_that_are_theirs(
    day: Day, who: str
) -> None:
    heard = {*singing(day.directory[who])}

    read = {what for what, word in IN_THE_DIRECTORY.items() if word in heard}

    assert read == canary_directory.READ_BY[who]
    assert heard == {IN_THE_DIRECTORY[what] for what in read}


async def test_no_worklist_count_or_export_holds_a_canary(day: Day) -> None:
    said = "".join(answer.text for answer in day.lists)
    assert {answer.status_code for answer in day.lists} == {200}
    assert all(status in said for status in ("stepped_across", "on_hold", "reference"))

    assert singing(said) == []


async def test_what_is_told_of_a_draft_that_is_begun_repeats_nothing_of_it(day: Day) -> None:
    begun = [
        answer
        for answer in day.answers
        if (answer.request.method, answer.request.url.path) == ("POST", DRAFTS)
    ]
    assert {answer.status_code for answer in begun} == {201, 422, 500}
    assert any('"detail"' in answer.text for answer in begun if answer.status_code == 201)

    assert [word for answer in begun for word in singing(answer.text)] == []


async def test_no_refusal_repeats_what_was_sent(day: Day) -> None:
    refusals = [answer for answer in day.answers if answer.status_code >= 400]
    assert len(refusals) > 800
    assert {answer.status_code for answer in refusals} >= {400, 401, 403, 404, 405, 409, 422, 500}

    sung = {
        (answer.request.method, str(answer.request.url), answer.status_code, word)
        for answer in refusals
        for word in singing(f"{answer.headers}\n{answer.text}")
    }

    assert sung == set()


async def test_no_log_line_holds_a_canary(day: Day) -> None:
    assert day.said.count('"answered"') > 1000
    assert '"fault"' in day.said

    assert singing(day.said) == []


async def test_what_is_not_listed_is_withheld_and_of_an_exception_its_kind_alone_is_said() -> None:
    with overhearing() as said:
        structlog.get_logger().info("referral taken", reason="a-code", family="Zanzibarina")
        error = ValueError("Quillfeatherby is not a date")
        stdlib.getLogger("asyncio").error("Task exception was never retrieved", exc_info=error)

    assert '"reason": "a-code"' in said.getvalue()
    assert '"family": "(withheld)"' in said.getvalue()
    assert "ValueError" in said.getvalue()
    assert singing(said.getvalue()) == []


async def test_no_metric_holds_a_canary(day: Day) -> None:
    metrics = generate_latest().decode()
    assert 'route="/api/v1/referrals/{referral_id}"' in metrics

    assert singing(metrics) == []


async def test_no_event_holds_a_canary(day: Day, broker: KafkaNode | None) -> None:
    announced = await announced_by(day.hub)
    kinds = ("submitted", "decided", "withdrawn", "worker_registered", "override_declared")
    for kind in kinds:
        assert f".{kind}.v1" in announced
    if broker:
        on_topics = await on_topics_of(broker)
        page = await day.ask(day.front_door, "GET", REFERRALS)
        for referral in page.json()["referrals"]:
            assert referral["id"] in on_topics
        announced += on_topics

    assert singing(announced) == []


def _dumped(server: PostgresServer, database: str) -> str:
    """A whole database as pg_dump writes it."""
    where = ["--host", str(server.socket_folder), "--username", SUPERUSER, database]
    done = subprocess.run(
        [INSTALLED / "bin" / "pg_dump", *where], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize("service", SERVICES)
async def test_no_dump_of_a_database_holds_a_canary(
    day: Day, postgres: PostgresServer, service: str
) -> None:
    database = day.hub.databases[service]
    in_the_open = sorted(IN_AN_AGREEMENT.values()) if service == "consent" else []
    assert singing(_dumped(postgres, database)) == in_the_open

    postgres.sql(
        "create table planted as select 'Zazzlepip' as open, 'Dr Wobblethorpe'::bytea as raw",
        database,
    )
    planted = singing(_dumped(postgres, database))
    postgres.sql("drop table planted", database)

    assert planted == sorted(["Dr Wobblethorpe", "Zazzlepip", *in_the_open])


async def test_the_log_of_postgresql_holds_no_canary(day: Day, postgres: PostgresServer) -> None:
    log = postgres.log.read_text()
    assert 'violates check constraint "never"' in log
    assert "violates unique constraint" in log

    assert singing(log) == []
