"""Where somebody goes on from the widget: to asking for help, to saying what is wrong, and back."""

import json

import pytest
from playwright.async_api import Page, Route

from tests.browser.conftest import PHONE, Council
from tests.browser.street import service_id

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.browser]

ASK = "Ask for help for your family"
FIRST = "Invented Playgroup 1"


async def opened(council: Council, page: Page, website: str) -> None:
    """A service, from the list."""
    await page.goto(f"{council.website}/{website}")
    await page.get_by_label("What do you need help with?").fill("playgroup")
    await page.get_by_role("button", name="Search").click()
    await page.get_by_role("link", name=FIRST, exact=True).click()
    await page.get_by_text("Last checked").wait_for()


async def test_whoever_looks_for_help_comes_to_the_form_and_back_to_the_search(
    council: Council,
) -> None:
    async with council.visitor() as page:
        await page.goto(f"{council.website}/strict")
        await page.get_by_role("link", name=ASK).click()
        await page.wait_for_url(f"{council.hub}/ask-for-help/sample")

        await page.get_by_role("link", name="Find help near you").click()
        await page.wait_for_url(f"{council.hub}/find-help?authority=sample")

        await page.get_by_role("link", name=ASK).click()
        await page.wait_for_url(f"{council.hub}/ask-for-help/sample")


async def test_where_the_council_takes_no_requests_the_widget_offers_none(
    council: Council,
) -> None:
    async def shut(route: Route) -> None:
        answer = await route.fetch()
        told = await answer.json()
        assert told["ask_for_help"] == "/ask-for-help/sample"
        await route.fulfill(response=answer, body=json.dumps(told | {"ask_for_help": None}))

    async with council.visitor() as page:
        await page.route("**/widget/v1/settings*", shut)
        async with page.expect_response("**/widget/v1/settings*"):
            await page.goto(f"{council.website}/plain")
        await page.wait_for_load_state("networkidle")

        assert await page.get_by_role("link", name=ASK).count() == 0


async def test_what_is_wrong_with_a_service_is_said_on_its_own_page(council: Council) -> None:
    async with council.visitor() as page:
        await opened(council, page, "strict")
        async with page.context.expect_page() as apart:
            await page.get_by_role("link", name="Is something wrong here?").click()
        form = await apart.value

        await form.wait_for_url(
            f"{council.hub}/find-help/services/{service_id(1)}?authority=sample#problem"
        )
        await form.get_by_label("It is listed twice").check()


@pytest.mark.parametrize("website", ["plain", "hostile", "strict"])
async def test_the_devices_own_way_back_closes_a_service_and_leaves_the_websites_history_alone(
    council: Council, website: str
) -> None:
    """Escape is on a keyboard what Back is on a telephone: the browser asks whoever watches."""
    async with council.visitor(PHONE) as page:
        await page.goto(f"{council.website}/{website}")
        pages = await page.evaluate("history.length")
        await opened(council, page, website)
        await page.keyboard.press("Escape")

        await page.get_by_role("link", name=FIRST, exact=True).wait_for()
        assert await page.get_by_text("Last checked").count() == 0 or not (
            await page.get_by_text("Last checked").is_visible()
        )
        assert await page.get_by_role("link", name=FIRST, exact=True).evaluate(
            "e => e.getRootNode().activeElement === e"
        )
        assert await page.evaluate("history.length") - pages <= 1
        assert await page.evaluate("history.state") is None
