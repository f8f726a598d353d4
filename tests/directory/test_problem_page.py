"""What is wrong with a service is said on its page, without a script and without a name."""

from typing import Any

import pytest

from services.directory.domain.queues import OF_ONE_SERVICE, ReportedProblem
from services.directory.routes.callers import MOST_WORDS
from tests.directory.builders import a_service, an_id, entry
from tests.directory.keepers import Offer, an_offer
from tests.directory.served import Directory
from tests.rules.overheard import overhearing

QUEUE = "/api/v1/directory/reported-problems"
WORDS = "Wanda Madeup no longer answers the telephone"
Json = dict[str, Any]


async def say(directory: Directory, service: Json, asked: str = "", **said: str) -> Any:
    """Send the form as a browser does."""
    form = {"problem": "no_answer", "words": "", "website": ""} | said
    path = f"/find-help/problems/{service['id']}{asked}"
    return await directory.ask(path, "POST", data=form)


async def waiting(offer: Offer) -> list[Json]:
    """What waits for the editor."""
    return list((await offer.editor.must("GET", QUEUE))["problems"])


async def test_the_page_of_a_service_asks_what_is_wrong_and_leads_to_an_editor(
    directory: Directory,
) -> None:
    offer = await an_offer(directory)
    page = (await directory.ask(f"/find-help/services/{offer.service['id']}")).text
    assert f'<form method="post" action="/find-help/problems/{offer.service["id"]}"' in page
    assert all(f'name="problem" value="{kind}"' in page for kind in ReportedProblem)

    thanks = await say(directory, offer.service, problem="closed_down", words=f"\r\n{WORDS}")

    assert thanks.status_code == 200
    assert "Thank you for telling us" in thanks.text
    assert "Wanda" not in thanks.text
    assert thanks.headers["cache-control"] == "private, no-cache"
    (one,) = await waiting(offer)
    assert (one["problem"], one["words"]) == ("closed_down", WORDS)


async def test_what_is_left_out_or_too_long_is_told_beside_its_field_and_nothing_typed_is_lost(
    directory: Directory,
) -> None:
    offer = await an_offer(directory)
    long = "<b>" + "x" * MOST_WORDS

    answers = [
        await say(directory, offer.service, problem="", words="It is <b>shut</b>"),
        await say(directory, offer.service, problem="dull"),
        await say(directory, offer.service, words=long),
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert all('role="alert" tabindex="-1" autofocus' in answer.text for answer in answers)
    assert '<a href="#what">Choose what is wrong</a>' in answers[0].text
    assert "It is &lt;b&gt;shut&lt;/b&gt;</textarea>" in answers[0].text
    assert '<a href="#words">Write at most 2000 characters</a>' in answers[2].text
    assert 'value="no_answer" checked' in answers[2].text
    assert all(answer.headers["cache-control"] == "private, no-cache" for answer in answers)
    assert await waiting(offer) == []


async def test_who_fills_in_what_people_do_not_see_is_taken_for_a_robot(
    directory: Directory,
) -> None:
    offer = await an_offer(directory)

    answer = await say(directory, offer.service, website="https://madeup.example/")

    assert answer.status_code == 422
    assert "it is there for robots alone" in answer.text
    assert await waiting(offer) == []


async def test_an_impatient_finger_reports_once_and_another_family_is_heard(
    directory: Directory,
) -> None:
    offer = await an_offer(directory)

    answers = [await say(directory, offer.service, words=words) for words in ("A", "A", "B")]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert [one["words"] for one in await waiting(offer)] == ["A", "B"]


async def test_who_comes_when_others_have_said_it_reads_whom_to_telephone(
    directory: Directory,
) -> None:
    offer = await an_offer(directory)
    answers = [
        await say(directory, offer.service, words=f"{number}")
        for number in range(OF_ONE_SERVICE + 1)
    ]

    assert [answer.status_code for answer in answers] == [200] * OF_ONE_SERVICE + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert "Others have reported this" in answers[-1].text
    assert 'href="tel:01632' in answers[-1].text


@pytest.mark.parametrize("which", ["unknown", "draft", "nothing"])
async def test_of_what_is_not_listed_nothing_is_reported(directory: Directory, which: str) -> None:
    service = a_service()
    if which == "draft":
        await directory.save(entry("service", service, stage="draft"))
    told = {"id": "nothing"} if which == "nothing" else service

    answer = await say(directory, told)

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


async def test_nothing_of_a_report_stands_in_the_log(directory: Directory) -> None:
    offer = await an_offer(directory)
    with overhearing() as said:
        await say(directory, offer.service, words=WORDS)
        await say(directory, offer.service, problem="dull", words=WORDS)
        await say(directory, {"id": an_id()}, words=WORDS)

    assert said.getvalue().count('"answered"') == 3
    assert "Wanda" not in said.getvalue()
    assert "no_answer" not in said.getvalue()


async def test_a_form_in_a_frame_stays_in_its_frame(directory: Directory) -> None:
    offer = await an_offer(directory)
    framed = "?framed=yes&authority=sample"

    page = await directory.ask(f"/find-help/services/{offer.service['id']}{framed}")
    thanks = await say(directory, offer.service, framed)

    action = f"/find-help/problems/{offer.service['id']}?authority=sample&amp;framed=yes"
    assert f'action="{action}"' in page.text
    for answer in (page, thanks):
        policy = answer.headers["content-security-policy"]
        assert policy.endswith("frame-ancestors https://www.sampleton.example")
