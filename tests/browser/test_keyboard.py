"""A family's way by keyboard alone: search, filter, open, go back, turn the page."""

import pytest
from playwright.async_api import Page

from tests.browser.conftest import PHONE, Council

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.browser]

FOCUSED = """() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.labels?.[0]?.innerText ?? at?.innerText ?? at?.tagName;
}"""
IN_VIEW = """() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const { top, bottom } = at.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
}"""


async def tab_to(page: Page, words: str, key: str = "Tab", most: int = 40) -> None:
    """Go on with the key until these words have the focus, which must be in view."""
    for _ in range(most):
        await page.keyboard.press(key)
        if await page.evaluate(FOCUSED) == words:
            assert await page.evaluate(IN_VIEW), "the focus is in view"
            return
    raise AssertionError(f"{words} was never reached")


async def searched_from_20_miles(page: Page) -> None:
    """Fill the form in and send it; what was found is told without taking the focus."""
    await tab_to(page, "What do you need help with?")
    await page.keyboard.type("playgroup")
    await tab_to(page, "Where are you?")
    await page.keyboard.type("ZZ99")
    await tab_to(page, "How far can you travel?")
    await page.keyboard.type("Up to 20")
    await tab_to(page, "Search")
    await page.keyboard.press("Enter")
    await page.get_by_role("status").get_by_text("23 services found near ZZ99").wait_for()
    assert await page.evaluate(FOCUSED) == "Search", "the focus stays where it was"


@pytest.mark.parametrize("website", ["plain", "hostile", "strict"])
async def test_the_whole_way_in_the_widget(council: Council, website: str) -> None:
    async with council.visitor(PHONE) as page:
        await page.goto(f"{council.website}/{website}")
        await page.get_by_role("button", name="Search").wait_for()
        said = page.get_by_role("status")

        await searched_from_20_miles(page)
        assert council.search.asked[-1]["within_metres"] == 32187

        await tab_to(page, "More filters", "Shift+Tab")
        await page.keyboard.press("Enter")
        await tab_to(page, "Parenting (12)")
        await page.keyboard.press("Space")
        await page.keyboard.press("Enter")
        await said.get_by_text("12 services found").wait_for()
        assert await page.evaluate(FOCUSED) == "Parenting (12)", "the filter is new and holds it"

        await tab_to(page, "Invented Playgroup 2")
        await page.keyboard.press("Enter")
        await page.get_by_text("Last checked").wait_for()
        assert await page.evaluate(FOCUSED) == "Invented Playgroup 2", (
            "the title of what was opened"
        )
        await tab_to(page, "Back to what we found", "Shift+Tab")
        await page.keyboard.press("Enter")
        assert await page.evaluate(FOCUSED) == "Invented Playgroup 2", "the link that was followed"
        await page.get_by_role("link", name="Invented Playgroup 2", exact=True).wait_for()

        await tab_to(page, "Next page")
        await page.keyboard.press("Enter")
        await page.get_by_text("Page 2 of 2").wait_for()
        assert await page.evaluate(FOCUSED) == "12 services found near ZZ99", "the list's beginning"
        assert await page.evaluate(IN_VIEW)
        assert council.complaints == []


async def test_whoever_types_no_postcode_is_brought_back_to_it(council: Council) -> None:
    async with council.visitor() as page:
        await page.goto(f"{council.website}/strict")
        await page.get_by_role("button", name="Search").wait_for()
        await tab_to(page, "Where are you?")
        await page.keyboard.type("nonsense")
        await page.keyboard.press("Enter")
        await page.get_by_text("This is not a postcode").wait_for()

        field = page.get_by_label("Where are you?")

        assert await page.evaluate(FOCUSED) == "Where are you?"
        assert await field.get_attribute("aria-invalid") == "true"
        described = str(await field.get_attribute("aria-describedby"))
        assert "near-error" in described.split()

        await field.fill("ZZ99")
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="23 services found").wait_for()
        assert await field.get_attribute("aria-invalid") is None


async def test_the_whole_way_on_the_page_without_a_script(council: Council) -> None:
    async with council.visitor(PHONE, java_script_enabled=False) as page:
        await page.goto(f"{council.hub}/find-help")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")  # past the header
        await page.get_by_label("What do you need help with?").focus()
        await page.keyboard.type("playgroup")
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="23 services found").wait_for()
        assert "text=playgroup" in page.url

        await page.get_by_text("More filters").press("Enter")
        await page.get_by_label("Parenting").press("Space")
        await page.get_by_role("button", name="Search", exact=True).press("Enter")
        await page.get_by_role("heading", name="12 services found").wait_for()
        await page.get_by_role("link", name="Next page").press("Enter")
        await page.get_by_text("Page 2 of 2").wait_for()
        link = page.get_by_role("article").get_by_role("link").first
        name = str(await link.text_content())
        await link.press("Enter")

        await page.get_by_role("heading", name=name, level=1, exact=True).wait_for()
        await page.get_by_text("9:30am to midday").wait_for()
        await page.go_back()
        await page.get_by_text("Page 2 of 2").wait_for()


async def test_what_is_searched_privately_stands_in_no_address(council: Council) -> None:
    async with council.visitor(java_script_enabled=False) as page:
        await page.goto(f"{council.hub}/find-help")
        await page.get_by_label("What do you need help with?").fill("playgroup")
        await page.get_by_role("button", name="Search without leaving it").click()
        await page.get_by_role("heading", name="23 services found").wait_for()
        assert page.url == f"{council.hub}/find-help"

        await page.get_by_role("button", name="Next page").click()

        await page.get_by_text("Page 2 of 3").wait_for()
        assert page.url == f"{council.hub}/find-help"
