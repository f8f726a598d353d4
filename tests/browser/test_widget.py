"""What the widget does on a website, and what it never does."""

import json
import re

import pytest
from playwright.async_api import Page, Request, Route

from tests.browser.conftest import Council

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.browser]

PHONE_NUMBER = re.compile(r"01632 96000[12]")
"""The front door's, or at night the emergency duty team's."""
INSIDE = "document.querySelector('early-help-directory').shadowRoot"


async def search(page: Page, text: str) -> None:
    """Type it and send it."""
    await page.get_by_label("What do you need help with?").fill(text)
    await page.get_by_role("button", name="Search").click()


async def colours(page: Page) -> tuple[str, bool]:
    """Of the button, and whether the website's were refused."""
    button = page.get_by_role("button", name="Search")
    await button.wait_for()
    await page.wait_for_load_state("networkidle")
    painted = await button.evaluate("e => getComputedStyle(e).backgroundColor")
    refused = await page.evaluate(f"!!{INSIDE}.querySelector('.plain')")
    return str(painted), bool(refused)


async def test_it_asks_only_the_hub_keeps_nothing_and_tells_no_address_what_is_sought(
    council: Council,
) -> None:
    async with council.visitor() as page:
        asked: list[Request] = []
        page.on("request", lambda one: asked.append(one))
        await page.goto(f"{council.website}/strict")
        await page.get_by_label("Where are you?").fill("ZZ99")
        await search(page, "playgroup")
        await page.get_by_role("link", name="Invented Playgroup 1", exact=True).click()
        await page.get_by_text("Last checked").wait_for()

        foreign = {one.url for one in asked if not one.url.startswith(council.website)}
        assert any(one.endswith("/api/v1/directory/search") for one in foreign)
        assert all(one.startswith(f"{council.hub}/") for one in foreign)
        assert not any("playgroup" in one.url or "ZZ99" in one.url for one in asked)
        assert council.search.methods[-1] == "POST"
        assert not any(
            "cookie" in headers for headers in [await one.all_headers() for one in asked]
        )
        assert await page.context.cookies() == []
        assert await page.evaluate("localStorage.length + sessionStorage.length") == 0
        assert await page.evaluate("indexedDB.databases().then(found => found.length)") == 0
        assert council.complaints == []


async def test_what_providers_write_is_text_and_never_markup(council: Council) -> None:
    async def evil(route: Route) -> None:
        answer = await route.fetch()
        told = json.dumps(await answer.json()).replace("Madeup", "<img src=x onerror=alert(1)>")
        await route.fulfill(response=answer, body=told.replace("https://madeup", "javascript://"))

    async with council.visitor() as page:
        await page.route("**/api/v1/directory/search", evil)
        await page.route("**/widget/v1/services/*", evil)
        await page.goto(f"{council.website}/plain")
        await search(page, "playgroup")
        await page.get_by_text("<img src=x").first.wait_for()
        await page.get_by_role("link", name="Invented Playgroup 1", exact=True).click()
        await page.get_by_text("Last checked").wait_for()

        assert await page.evaluate(f"{INSIDE}.querySelectorAll('img, script, iframe').length") == 0
        assert await page.evaluate(f"{INSIDE}.querySelectorAll('[href^=javascript]').length") == 0
        assert await page.evaluate(f"{INSIDE}.querySelectorAll('dd a').length") > 0


async def test_without_scripts_there_is_a_form_and_a_link(council: Council) -> None:
    async with council.visitor(java_script_enabled=False) as page:
        await page.goto(f"{council.website}/strict")
        await page.get_by_label("What do you need?").fill("playgroup")
        assert await page.get_by_role("link", name="Find help").is_visible()

        await page.get_by_role("button", name="Search").click()

        await page.get_by_role("heading", name="23 services found").wait_for()


async def test_a_newer_question_ends_the_older(council: Council) -> None:
    async with council.visitor() as page:
        ended: list[str] = []
        page.on("requestfailed", lambda one: ended.append(str(one.failure)))
        await page.goto(f"{council.website}/plain")
        await search(page, "slow")
        await page.get_by_role("status").get_by_text("Searching").wait_for()

        await search(page, "playgroup")

        await page.get_by_role("heading", name="23 services found").wait_for()
        assert ended == ["net::ERR_ABORTED"]
        assert await page.get_by_role("alert").count() == 0


async def test_an_element_that_is_taken_out_asks_no_more(council: Council) -> None:
    async with council.visitor() as page:
        await page.goto(f"{council.website}/plain")
        await search(page, "slow")
        async with page.expect_event("requestfailed"):
            await page.evaluate("document.querySelector('early-help-directory').remove()")


async def test_who_waits_too_long_is_told_whom_to_telephone(council: Council) -> None:
    async with council.visitor() as page:
        await page.clock.install()
        async with page.expect_response("**/widget/v1/settings*"):
            await page.goto(f"{council.website}/strict")
        await search(page, "slow")
        await page.get_by_role("status").get_by_text("Searching").wait_for()

        await page.clock.fast_forward(10_500)

        told = page.get_by_role("alert")
        await told.get_by_text("Sorry, that took too long").wait_for()
        call = told.get_by_role("link", name=PHONE_NUMBER)
        number = str(await call.text_content())
        assert await call.get_attribute("href") == f"tel:{number.replace(' ', '')}"


async def test_a_fault_is_told_with_the_telephone_and_can_be_tried_again(council: Council) -> None:
    async with council.visitor() as page:
        await page.goto(f"{council.website}/plain")
        await search(page, "broken")
        told = page.get_by_role("alert")
        await told.get_by_role("link", name=PHONE_NUMBER).wait_for()

        await page.get_by_label("What do you need help with?").fill("playgroup")
        await told.get_by_role("button", name="Try again").click()

        await page.get_by_role("heading", name="23 services found").wait_for()
        assert await told.count() == 0


async def test_what_is_refused_is_told_as_such_and_not_as_a_fault(council: Council) -> None:
    async with council.visitor() as page:
        await page.goto(f"{council.website}/plain?view=nothing")
        await search(page, "playgroup")

        told = page.get_by_role("alert")
        await told.get_by_text("We cannot search for that").wait_for()

        await told.get_by_role("link", name=PHONE_NUMBER).wait_for()
        assert await told.get_by_role("button").count() == 0
        assert "does not answer" not in str(await told.text_content())


async def test_where_the_hub_is_away_the_website_knows_the_telephone(council: Council) -> None:
    async with council.visitor() as page:
        await page.route("**/api/**", lambda route: route.abort())
        await page.route("**/settings*", lambda route: route.abort())
        await page.goto(f"{council.website}/plain?phone=01632 960555")
        await search(page, "playgroup")

        await page.get_by_role("alert").get_by_role("link", name="01632 960555").wait_for()


async def test_it_starts_with_what_the_website_asks_for(council: Council) -> None:
    async with council.visitor() as page:
        said = "text=playgroup&near=ZZ99&cost=free&view=all&heading-level=3"
        await page.goto(f"{council.website}/plain?{said}")
        await page.get_by_role("heading", name="12 services found near ZZ99", level=4).wait_for()

        asked = council.search.asked[-1]

        wanted = {"text": "playgroup", "near": "ZZ99", "cost": "free", "view": "all"}
        assert wanted.items() <= asked.items()
        await page.get_by_text("More filters").click()
        await page.get_by_label("Cost").select_option("")
        await page.get_by_role("button", name="Search").click()
        await page.get_by_role("heading", name="23 services found").wait_for()
        assert "cost" not in council.search.asked[-1]
        assert council.search.asked[-1]["view"] == "all"


async def test_typing_help_is_labelled(council: Council) -> None:
    async with council.visitor() as page:
        await page.goto(f"{council.website}/plain")
        await search(page, "playgruop")

        await page.get_by_text("Showing results for playgroup").wait_for()


async def test_the_councils_colours_are_worn_and_the_websites_go_first(council: Council) -> None:
    async with council.visitor() as page:
        await page.goto(f"{council.website}/plain")
        assert await colours(page) == ("rgb(29, 92, 75)", False)

        await page.goto(f"{council.website}/plain?style=--ehd-brand: %23702082")

        assert await colours(page) == ("rgb(112, 32, 130)", False)


@pytest.mark.parametrize(
    "unreadable",
    [
        "--ehd-brand: %23eeeeee",
        "--ehd-link: %23dddddd",
        "--ehd-text: %23999999; --ehd-background: %23aaaaaa",
        "--ehd-background: transparent",
    ],
)
async def test_colours_that_nobody_can_read_are_not_worn(council: Council, unreadable: str) -> None:
    async with council.visitor() as page:
        await page.goto(f"{council.website}/plain?style={unreadable}")

        assert await colours(page) == ("rgb(29, 79, 145)", True)
        assert any("contrast" in said for said in council.complaints)


async def test_a_language_that_nobody_has_approved_stays_off(council: Council) -> None:
    async with council.visitor() as page:
        await page.goto(f"{council.website}/plain?lang=cy")

        await page.get_by_role("button", name="Search").wait_for()

        assert await page.evaluate(f"{INSIDE}.querySelector('.all').lang") == "en"


async def test_a_language_that_is_offered_is_spoken(council: Council) -> None:
    async def offered(route: Route) -> None:
        answer = await route.fetch()
        told = await answer.json() | {"languages": {"en": "English", "cy": "Cymraeg"}}
        await route.fulfill(response=answer, json=told)

    async def words(route: Route) -> None:
        await route.fulfill(
            json={"search": "Chwilio"}, headers={"Access-Control-Allow-Origin": "*"}
        )

    async with council.visitor() as page:
        await page.route("**/widget/v1/settings*", offered)
        await page.route("**/widget/v1/words/cy.json*", words)
        await page.goto(f"{council.website}/plain?lang=cy")

        await page.get_by_role("button", name="Chwilio").wait_for()

        assert await page.evaluate(f"{INSIDE}.querySelector('.all').lang") == "cy"
        assert await page.get_by_label("Where are you?").is_visible()
