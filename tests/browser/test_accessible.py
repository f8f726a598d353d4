"""axe-core finds nothing: on the pages, and in the widget on websites of three kinds."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page

from tests.browser.axe import faults
from tests.browser.conftest import DESKTOP, PHONE, Council
from tests.browser.street import service_id

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.browser]

WEBSITES = ("plain", "hostile", "strict")
WIDGET = "early-help-directory"
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
PAGES = {
    "/find-help": 200,
    "/find-help?text=playgroup&near=ZZ99&cost=free": 200,
    "/find-help?text=playgruop&page=2": 200,
    "/find-help?text=zebra&near=ZZ99": 200,
    "/find-help?near=nonsense": 400,
    "/find-help?text=broken": 503,
    f"/find-help/services/{service_id(1)}": 200,
    f"/find-help/services/{service_id(2)}": 200,
    "/find-help/services/nothing": 404,
    "/widget": 200,
}


async def _found(page: Page) -> None:
    await page.get_by_label("What do you need help with?").fill("playgroup")
    await page.get_by_role("button", name="Search").click()
    await page.get_by_role("heading", name="services found").wait_for()
    await page.get_by_text("More filters").click()


async def _opened(page: Page) -> None:
    await _found(page)
    await page.get_by_role("link", name="Invented Playgroup 1", exact=True).click()
    await page.get_by_text("Last checked").wait_for()


async def _misplaced(page: Page) -> None:
    await page.get_by_label("Where are you?").fill("nonsense")
    await page.get_by_role("button", name="Search").click()
    await page.get_by_text("This is not a postcode").wait_for()


async def _failed(page: Page) -> None:
    await page.get_by_label("What do you need help with?").fill("broken")
    await page.get_by_role("button", name="Search").click()
    await page.get_by_role("alert").wait_for()


async def _nothing(page: Page) -> None:
    await page.get_by_label("What do you need help with?").fill("zebra")
    await page.get_by_role("button", name="Search").click()
    await page.get_by_role("heading", name="No service fits").wait_for()


async def _untouched(page: Page) -> None:
    await page.get_by_role("button", name="Search").wait_for()


STATES: dict[str, Callable[[Page], Awaitable[None]]] = {
    "untouched": _untouched,
    "found": _found,
    "opened": _opened,
    "misplaced": _misplaced,
    "failed": _failed,
    "nothing": _nothing,
}


@SIZES
@pytest.mark.parametrize("website", WEBSITES)
async def test_nothing_is_wrong_with_the_widget(
    council: Council, axe: str, website: str, size: tuple[int, int]
) -> None:
    async with council.visitor(size) as page:
        for state, reach in STATES.items():
            await page.goto(f"{council.website}/{website}")
            await reach(page)

            # A hostile website is wrong itself: there only the widget is looked at.
            within = WIDGET if website == "hostile" else "html"
            assert await faults(page, axe, within) == [], state


@pytest.mark.parametrize("website", WEBSITES)
async def test_a_fault_inside_the_shadow_root_is_found(
    council: Council, axe: str, website: str
) -> None:
    async with council.visitor() as page:
        await page.goto(f"{council.website}/{website}")
        await _found(page)
        await page.evaluate(
            """() => {
                const inside = document.querySelector("early-help-directory").shadowRoot;
                const button = document.createElement("button");
                const words = document.createElement("p");
                words.textContent = "Words that nobody can read";
                words.style.color = "#ccc";
                inside.querySelector(".all").append(button, document.createElement("img"), words);
            }"""
        )

        found = dict(await faults(page, axe, WIDGET))

        assert found.keys() >= {"button-name", "image-alt", "color-contrast"}
        assert all(target[0][0] == WIDGET for target in found["image-alt"])


@SIZES
async def test_nothing_is_wrong_with_the_form_for_what_is_wrong(
    council: Council, axe: str, size: tuple[int, int]
) -> None:
    """Without a script: what must be put right takes the focus, and then it is thanked."""
    async with council.visitor(size) as page:
        await page.goto(f"{council.hub}/find-help/services/{service_id(3)}#problem")
        await page.get_by_label("In your own words").fill("Invented words")
        await _reported(page)
        assert await page.locator(":focus").get_attribute("class") == "problem"
        found, widths = [await faults(page, axe)], [await _wide(page)]
        await page.get_by_role("link", name="Choose what is wrong").click()
        assert await page.get_by_label("In your own words").input_value() == "Invented words"
        await page.get_by_label("Nobody answers").check()
        await _reported(page)
        await page.get_by_role("heading", name="Thank you").wait_for()
        found, widths = [*found, await faults(page, axe)], [*widths, await _wide(page)]

    assert found == [[], []]
    assert widths == [size[0]] * 2


async def _reported(page: Page) -> None:
    async with page.expect_navigation():
        await page.get_by_role("button", name="Report it").click()


async def _wide(page: Page) -> int:
    return int(await page.evaluate("document.documentElement.scrollWidth"))


@SIZES
@pytest.mark.parametrize("address", PAGES)
async def test_nothing_is_wrong_with_a_page(
    council: Council, axe: str, address: str, size: tuple[int, int]
) -> None:
    async with council.visitor(size) as page:
        answer = await page.goto(council.hub + address)

        assert answer is not None
        assert answer.status == PAGES[address]
        assert await faults(page, axe) == []


async def test_a_fault_on_a_page_is_found(council: Council, axe: str) -> None:
    async with council.visitor() as page:
        await page.goto(f"{council.hub}/find-help")
        await page.evaluate("document.querySelector('label').remove()")

        assert "label" in dict(await faults(page, axe))


@pytest.mark.parametrize("website", WEBSITES)
async def test_nothing_is_cut_off_on_320_pixels_which_is_400_percent(
    council: Council, website: str
) -> None:
    async with council.visitor(PHONE) as page:
        await page.goto(f"{council.website}/{website}")
        for reach in (_found, _opened):
            await page.reload()
            await reach(page)

            wider = await page.evaluate(
                """() => {
                    const element = document.querySelector("early-help-directory");
                    const all = element.shadowRoot.querySelector(".all");
                    return [all.scrollWidth - all.clientWidth,
                            all.clientWidth - element.parentElement.clientWidth];
                }"""
            )

            # What a hostile website makes of its own width is not the widget's.
            within = await page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
            assert max(wider) <= 0
            assert within or website == "hostile"


@pytest.mark.parametrize("address", PAGES)
async def test_no_page_scrolls_sideways_on_320_pixels(council: Council, address: str) -> None:
    async with council.visitor(PHONE) as page:
        await page.goto(council.hub + address)

        assert await page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


async def test_what_is_chosen_and_focused_is_seen_in_forced_colours(council: Council) -> None:
    async with council.visitor(forced_colors="active") as page:
        await page.goto(f"{council.website}/plain")
        search = page.get_by_role("button", name="Search")
        await search.wait_for()
        await page.keyboard.press("Tab")
        drawn = "e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).borderTopStyle]"

        field = page.get_by_label("What do you need help with?")

        assert await field.evaluate("e => e.getRootNode().activeElement === e")
        assert (await field.evaluate(drawn))[0] == "solid"
        assert (await search.evaluate(drawn))[1] == "solid"


async def test_nothing_moves_for_whoever_wants_no_motion(council: Council) -> None:
    async with council.visitor(reduced_motion="reduce") as page:
        await page.goto(f"{council.website}/plain")
        await _opened(page)

        assert await page.evaluate("document.getAnimations().length") == 0
