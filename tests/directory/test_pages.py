"""The pages at /find-help: what they say, to whom, and what they never say."""

import json
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from hub.site import AUTHORITY
from tests.directory.builders import a_location, a_service, an_id, an_organization, at, entry
from tests.directory.served import HUB, Directory, served

Json = dict[str, Any]


async def get(directory: Directory, path: str, **told: Any) -> Any:
    """A page, as a browser asks for it."""
    return await directory.ask(f"/find-help{path}", **told)


def json_ld(text: str) -> Json:
    """What the page tells search engines."""
    (said,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return dict(json.loads(said))


def a_full_service() -> tuple[Json, list[Any]]:
    """A service with all that schema.org has words for, and what is saved for it."""
    trust, hall = an_organization(website="https://madeup.example/"), a_location()
    hall |= {"latitude": 53.8, "longitude": -1.55}
    weekly = {
        "id": an_id(),
        "freq": "WEEKLY",
        "byday": "MO",
        "opens_at": "09:30",
        "closes_at": "12:00",
    }
    service = a_service(
        organization_id=trust["id"],
        description="<p>Tea &amp; toys</p></script><script>alert(1)</script>",
        minimum_age=0,
        maximum_age=5,
        service_areas=[{"id": an_id(), "name": "All of Sampleton"}],
        cost_options=[{"id": an_id(), "option": "A session", "amount": 3.5, "currency": "gbp"}],
        service_at_locations=[at(hall, schedules=[weekly])],
    )
    kinds = (("organization", trust), ("location", hall), ("service", service))
    return service, [entry(kind, content) for kind, content in kinds]


async def test_search_engines_are_told_what_the_page_tells(directory: Directory) -> None:
    service, entries = a_full_service()
    await directory.save(*entries)

    answer = await get(directory, f"/services/{service['id']}")
    said = json_ld(answer.text)

    assert answer.status_code == 200
    assert said["@context"] == "https://schema.org"
    assert said["@type"] == "Service"
    assert said["url"] == f"{HUB}/find-help/services/{service['id']}"
    assert f'<link rel="canonical" href="{said["url"]}">' in answer.text
    assert said["name"] == "Invented Playgroup"
    assert said["description"] == "Tea & toys"
    assert said["provider"]["name"] == "Madeup Trust"
    assert said["areaServed"] == ["All of Sampleton"]
    assert said["audience"] == {
        "@type": "PeopleAudience",
        "suggestedMinAge": 0,
        "suggestedMaxAge": 5,
    }
    assert said["offers"][0]["price"] == 3.5
    place = said["availableChannel"][0]["serviceLocation"]
    assert place["address"]["postalCode"] == "ZZ1 1AA"
    assert place["geo"]["latitude"] == 53.8
    (hours,) = place["openingHoursSpecification"]
    assert hours["dayOfWeek"] == ["https://schema.org/Monday"]
    assert "robots" not in answer.text


async def test_what_a_provider_writes_ends_no_data_block_and_begins_no_script(
    directory: Directory,
) -> None:
    service = a_service(
        name="A </script><script>alert(1)</script> <b>name</b>",
        description="Plain words: </script><script>alert(2)</script> 1 < 2",
        email="x@madeup.example",
    )
    await directory.save(entry("service", service))

    text = (await get(directory, f"/services/{service['id']}")).text

    assert text.count("<script") == text.count("</script>") == 1
    assert "alert(" not in text.replace(json.dumps(json_ld(text)), "")


async def test_a_withheld_place_is_nowhere_on_the_page(directory: Directory) -> None:
    shown, hidden = a_location(name="Open Hall"), a_location(name="Secret Refuge")
    service = a_service(service_at_locations=[at(shown), at(hidden)])
    await directory.save(
        entry("location", shown),
        entry("location", hidden, audience="confidential"),
        entry("service", service),
    )

    answers = [
        await get(directory, f"/services/{service['id']}"),
        await directory.ask(f"/widget/v1/services/{service['id']}"),
    ]

    for answer in answers:
        assert "Open Hall" in answer.text
        assert "Secret Refuge" not in answer.text


@pytest.mark.parametrize("which", ["nothing", "unknown", "draft", "gone"])
async def test_what_is_not_listed_has_a_page_that_says_whom_to_telephone(
    directory: Directory, which: str
) -> None:
    service = a_service()
    if which == "draft":
        await directory.save(entry("service", service, stage="draft"))
    if which == "gone":
        await directory.save(entry("service", service))
        assert (await get(directory, f"/services/{service['id']}")).status_code == 200
        await directory.save(entry("service", service, stage="withdrawn"))
    name = which if which == "nothing" else service["id"]

    answer = await get(directory, f"/services/{name}")

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert 'href="tel:01632' in answer.text


async def test_a_service_that_does_not_run_says_so(directory: Directory) -> None:
    service = a_service(status="temporarily closed")
    await directory.save(entry("service", service))

    assert "not running at the moment" in (await get(directory, f"/services/{service['id']}")).text


async def test_the_page_wears_the_councils_brand(directory: Directory) -> None:
    text = (await get(directory, "")).text
    style = (await get(directory, "/brand.css")).text

    assert "Sampleton Early Help" in text
    assert 'href="tel:01632960001"' in text or 'href="tel:01632960002"' in text
    assert "--brand: #1d5c4b; --brand-text: #ffffff" in style


async def test_nothing_runs_and_nobody_else_frames_it(directory: Directory) -> None:
    answer = await get(directory, "")
    policy = answer.headers["content-security-policy"]

    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert policy.endswith("frame-ancestors 'none'")
    assert "style=" not in answer.text
    assert "set-cookie" not in answer.headers


async def test_a_framed_page_names_exactly_the_websites_that_may_frame_it(
    directory: Directory,
) -> None:
    policy = (await get(directory, "?framed=yes")).headers["content-security-policy"]

    assert policy.endswith("frame-ancestors https://www.sampleton.example")
    assert "script-src 'self'; " in policy


async def test_what_is_found_is_for_nobody_to_keep_and_the_first_page_for_search_engines(
    directory: Directory,
) -> None:
    first, asked = await get(directory, ""), await get(directory, "?near=nonsense!")

    assert first.headers["cache-control"] == "public, max-age=60"
    assert "noindex" not in first.text
    assert asked.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("said", ["authority=nobody", "lang=cy", "lang=xx", "framed=no", "wrong=1"])
async def test_an_address_with_a_mistake_is_a_page_all_the_same(
    directory: Directory, said: str
) -> None:
    answer = await get(directory, f"?{said}")

    assert answer.status_code == 200
    assert '<html lang="en">' in answer.text
    assert said not in answer.text


async def test_whoever_looks_for_help_finds_that_the_family_can_ask_itself(
    directory: Directory, key_folder: Path, databases: Callable[[str], str], tmp_path: Path
) -> None:
    service = a_service()
    await directory.save(entry("service", service))
    way = 'href="/ask-for-help/sample"'
    for path in ("", "?text=zebra", f"/services/{service['id']}"):
        text = (await get(directory, path)).text
        assert text.count(way) == 1
        assert "you need no account" in text
    framed = (await get(directory, "?framed=yes")).text
    assert f'{way} target="_blank" rel="noopener"' in framed
    told = (await directory.ask("/widget/v1/settings")).json()
    assert told["ask_for_help"] == "/ask-for-help/sample"

    shut = tmp_path / "shut.yaml"
    shut.write_text(AUTHORITY.read_text().replace("{ open: true,", "{ open: false,"))
    async with served(databases("directory"), key_folder, authority_files=(shut,)) as other:
        assert (await get(other, "")).text.count("/ask-for-help") == 0
        assert (await other.ask("/widget/v1/settings")).json()["ask_for_help"] is None


@pytest.mark.parametrize("path", ["/", "/?text=zebra", "/services/{id}/"])
async def test_a_slash_too_many_leads_to_the_same_page(directory: Directory, path: str) -> None:
    service = a_service()
    await directory.save(entry("service", service))
    path = path.format(id=service["id"])

    answer = await get(directory, path)

    assert answer.status_code == 200
    assert answer.text == (await get(directory, path.replace("/?", "?").rstrip("/"))).text


async def test_more_than_can_be_sent_is_answered_with_a_page(directory: Directory) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100_000

    answer = await get(directory, "", method="POST", content=endless())

    assert answer.status_code == 413
    assert 'href="tel:01632' in answer.text
