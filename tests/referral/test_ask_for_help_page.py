"""The page for families: nothing is needed but a browser, and nothing that is typed is lost."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from services.referral.routes.forms import read
from shared.ids import is_reference
from tests.referral.asking import AT, PAGE, Family, fields, reference_on
from tests.referral.conftest import Partner, Service

pytestmark = pytest.mark.asyncio

URGENT = "He hits me and I am scared of him."


@pytest.fixture
async def desk(service: Service, front_door: Partner) -> Partner:
    """The sample's front door, of which the service has heard."""
    await service.known(front_door)
    return front_door


@pytest.fixture
async def family(service: Service, desk: Partner) -> Family:
    return Family(service)


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, *tags: str) -> Iterator[dict[str, str | None]]:
        """The attributes of those of these tags."""
        yield from (attributes for tag, attributes in self.found if tag in tags)


async def test_one_chooses_a_council_and_finds_its_name_colours_and_telephone(
    family: Family,
) -> None:
    choice = (await family.get(PAGE)).text
    form = (await family.get(f"{PAGE}/sample")).text
    colours = await family.get(f"{PAGE}/sample/page.css")

    assert 'href="/ask-for-help/sample"' in choice
    assert '<a href="/find-help">' in choice, "there are services to go to as well"
    assert '<a href="/find-help?authority=sample">' in form
    assert "Sampleton Early Help" in form
    assert "01632 960001" in form
    assert "01632 960002" not in form, "at this hour the front door itself answers"
    assert colours.headers["content-type"] == "text/css; charset=utf-8"
    assert "#1d5c4b" in colours.text


async def test_a_family_sends_it_and_reads_its_reference_and_who_answers_now(
    service: Service, desk: Partner, family: Family
) -> None:
    answer = await family.send()

    assert answer.status_code == 200
    reference = reference_on(answer.text)
    assert is_reference(reference)
    assert "01632 960001" in answer.text
    assert "Thursday 5 March, 10:30" in answer.text, "by when the front door has decided"
    assert await service.rows("select reference from referral") == [reference]
    assert 'class="emergency"' not in answer.text


async def test_no_page_is_kept_or_says_where_one_came_from_or_fetches_anything_elsewhere(
    family: Family,
) -> None:
    pages = [
        await family.get(PAGE),
        await family.get(f"{PAGE}/sample"),
        await family.get(f"{PAGE}/sample/page.css"),
        await family.send(),
        await family.send(fields(help="")),
        await family.get(f"{PAGE}/nowhere"),
    ]

    for page in pages:
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in page.headers
        elements = Elements(page.text)
        assert not list(elements.of("script", "img", "iframe"))
        for element in elements.of("link", "form"):
            assert str(element.get("href") or element.get("action")).startswith(PAGE)
        assert "style=" not in page.text
        assert " on" not in [name[:3] for e in elements.found for name in e[1]]
    policy = pages[1].headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "form-action 'self'" in policy


async def test_what_is_wrong_is_said_above_and_beside_its_field_and_all_else_is_kept(
    service: Service, family: Family
) -> None:
    typed = fields(
        asker__given_name="",
        children__0__born_or_due__year="16",
        household__0__given_name="Bob <b>&",
        contact__do_not_contact="Never after six.",
        address__postcode="ZZ99 9ZZ",
    )

    answer = await family.send(typed | {"groups": ["health", "other"]})

    assert answer.status_code == 422
    page = answer.text
    assert "<title>Error: " in page
    elements = Elements(page)
    ids = {element.get("id") for _, element in elements.found}
    faults = re.findall(r'<li><a href="#([^"]+)">', page)
    assert faults == [
        "asker.given_name",
        "children.0.born_or_due",
        "household.0.family_name",
        "household.0.relationship",
        "address.lines",
    ]
    assert {*faults} <= ids
    values = {e.get("name"): e.get("value") for e in elements.of("input")}
    for name, said in typed.items():
        if name not in ("help", "contact.do_not_contact", "asker.kind", "website"):
            assert values[name] == said, name
    assert "Bob &lt;b&gt;&amp;" in page
    assert "Never after six.</textarea>" in page
    ticked = {e["value"] for e in elements.of("input") if "checked" in e}
    assert ticked == {"parent", "health", "other"}
    assert await service.rows("select count(*) from referral") == [0]


async def test_an_empty_form_is_told_all_that_it_needs_in_the_order_of_the_page(
    family: Family,
) -> None:
    page = (await family.send({"asker.kind": ""})).text

    assert re.findall(r'<li><a href="#([^"]+)">', page) == [
        "asker.kind",
        "asker.given_name",
        "asker.family_name",
        "contact.telephone",
        "help",
        "children",
    ]


async def test_the_form_that_was_refused_is_taken_when_it_is_put_right(
    service: Service, family: Family
) -> None:
    refused = await family.send(fields(help=""))
    [stamp] = [e["value"] for e in Elements(refused.text).of("input") if e.get("name") == "stamp"]

    assert (await family.send(stamp=stamp)).status_code == 200
    assert await service.rows("select count(*) from referral") == [1]


async def test_every_field_has_a_label_and_every_hint_is_there(family: Family) -> None:
    page = (await family.send(fields(help="", more="household"))).text
    elements = Elements(page)
    labelled = {element["for"] for element in elements.of("label")}
    ids = [element["id"] for _, element in elements.found if "id" in element]

    seen = [e for e in elements.of("input", "textarea") if e.get("type") != "hidden"]

    assert len(seen) > 30
    assert {element["id"] for element in seen} == labelled
    assert len(set(ids)) == len(ids)
    for _, element in elements.found:
        for name in ("aria-describedby", "aria-labelledby"):
            assert set((element.get(name) or "").split()) <= {*ids}


async def test_another_child_is_added_without_a_script_and_nothing_is_sent_or_lost(
    service: Service, family: Family
) -> None:
    page = await family.send(fields(more="children"))
    more = await family.send(fields(more="household"))

    assert page.status_code == 200
    assert 'name="children.1.given_name"' in page.text
    assert "Error" not in page.text
    assert 'value="Florentina"' in page.text
    assert 'name="household.0.relationship"' in more.text
    assert await service.rows("select count(*) from referral") == [0]


async def test_urgent_words_bring_the_emergency_advice_first_and_the_front_door_at_once(
    service: Service, desk: Partner, family: Family
) -> None:
    taken = (await family.send(fields(help=URGENT))).text
    refused = (await family.send(fields(help=URGENT, asker__given_name=""))).text
    more = (await family.send(fields(help=URGENT, more="children"))).text
    ticked = (await family.send(fields(danger="yes"))).text

    for page in (taken, refused, more, ticked):
        main = page.partition("<main")[2]
        assert main.index("call 999 now") < main.index("<h1>")
        assert main.index('class="emergency"') < main.index("01632 960001") < main.index("<h1>")
    assert await service.rows("select urgency from referral") == ["urgent", "urgent"]
    first = (await service.rows("select id from referral order by id"))[0]
    history = (await desk.get(f"/{first}/history")).json()["entries"]
    assert "Somebody is hurt or threatened now" in history[0]["words"]["note"]


async def test_what_is_not_urgent_is_sent_without_alarm(service: Service, family: Family) -> None:
    assert 'role="alert"' not in (await family.send()).text
    assert await service.rows("select urgency from referral") == ["routine"]


ROBOTS: dict[str, dict[str, Any]] = {
    "a field that nobody sees": {"website": "https://robot.example"},
    "too fast": {"age": timedelta(seconds=1)},
    "too late": {"age": timedelta(hours=30)},
}


@pytest.mark.parametrize("what", ROBOTS)
async def test_a_person_who_looks_like_a_robot_has_only_to_send_it_again(
    service: Service, family: Family, what: str
) -> None:
    how = dict(ROBOTS[what])
    age = how.pop("age", timedelta(minutes=5))
    assert isinstance(age, timedelta)

    answer = await family.send(fields(), stamp=family.stamp(age), **how)

    assert answer.status_code == 422
    assert 'value="Florentina"' in answer.text
    assert "robot.example" not in answer.text
    assert await service.rows("select count(*) from referral") == [0]
    [stamp] = [e["value"] for e in Elements(answer.text).of("input") if e.get("name") == "stamp"]
    service.at(AT + timedelta(seconds=20))
    assert (await family.send(stamp=stamp)).status_code == 200


async def test_a_form_that_was_sent_is_answered_alike_and_other_words_want_a_new_one(
    service: Service, family: Family
) -> None:
    stamp = family.stamp()
    first = await family.send(stamp=stamp)

    again = await family.send(stamp=stamp)
    other = await family.send(fields(help="Something else."), stamp=stamp)

    assert reference_on(again.text) == reference_on(first.text)
    assert other.status_code == 422
    assert "sent already" in other.text
    assert stamp not in other.text
    assert await service.rows("select count(*) from referral") == [1]


async def test_a_council_that_takes_no_forms_shows_its_telephones_instead(
    service: Service, family: Family
) -> None:
    assert (await family.get(f"{PAGE}/sample")).status_code == 200
    council = service.desk.authorities["sample"]
    closed = council.requests_for_help.model_copy(update={"open": False})
    council.__dict__["requests_for_help"] = closed

    page, sent = await family.get(f"{PAGE}/sample"), await family.send()

    assert (page.status_code, sent.status_code) == (200, 409)
    for answer in (page, sent):
        assert "<form" not in answer.text
        assert "01632 960001" in answer.text
    assert 'href="/ask-for-help/sample"' not in (await family.get(PAGE)).text
    assert await service.rows("select count(*) from referral") == [0]


async def test_a_council_that_is_not_here_leads_to_those_that_are(family: Family) -> None:
    sent = await family.send(to="nowhere")

    for answer in (await family.get(f"{PAGE}/nowhere"), sent):
        assert answer.status_code == 404
        assert 'href="/ask-for-help/sample"' in answer.text


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"{}", b"a=b", b"&" * 5000, b"children.0.school=" + b"x" * 300]
)
async def test_a_body_that_is_no_form_says_nothing(family: Family, body: bytes) -> None:
    typed = read(body)

    assert typed.said == {}
    assert typed.document()["asker"] == {}
