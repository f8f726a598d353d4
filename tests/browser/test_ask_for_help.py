"""A family asks for help in a real browser: by keyboard, on a phone, and axe-core finds nothing."""

import pytest
from playwright.async_api import Page

from tests.browser.axe import faults
from tests.browser.conftest import DESKTOP, PHONE, Council
from tests.rules.canary_asking import a_stamp

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.browser]

PAGE = "/ask-for-help/sample"
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


async def _wide(page: Page) -> int:
    return int(await page.evaluate("document.documentElement.scrollWidth"))


async def _opened(council: Council, page: Page) -> None:
    """The form, as if it had been given out a minute ago."""
    await page.goto(f"{council.hub}{PAGE}")
    stamp = a_stamp(council.inside.site.keys)
    await page.locator('[name="stamp"]').evaluate("(at, stamp) => { at.value = stamp }", stamp)


async def _sent(page: Page) -> None:
    async with page.expect_navigation():
        await page.get_by_role("button", name="Send").last.click()


@SIZES
async def test_axe_finds_nothing_wherever_a_family_comes(
    council: Council, axe: str, size: tuple[int, int]
) -> None:
    await (await council.inside.join("front_door")).worker("w", "front_door_worker")
    await council.inside.settled()
    found, widths = {}, []
    async with council.visitor(size) as page:
        await page.goto(f"{council.hub}/ask-for-help")
        found["choice"] = await faults(page, axe)
        await _opened(council, page)
        found["form"], widths = await faults(page, axe), [await _wide(page)]
        await page.get_by_label("What do you need help with?").fill("He hits me.")
        await _sent(page)
        found["refused"] = await faults(page, axe)
        widths.append(await _wide(page))
        await _filled_in(page)
        await _sent(page)
        found["taken"] = await faults(page, axe)
        widths.append(await _wide(page))
        assert await page.get_by_role("heading", name="We have your request").is_visible()

    assert found == {where: [] for where in found}
    assert widths == [size[0]] * 3
    assert [said for said in council.complaints if "422" not in said] == []


async def _filled_in(page: Page) -> None:
    await page.get_by_label("a parent", exact=True).check()
    await page.get_by_label("Your first name").fill("Florentina")
    await page.get_by_label("Your last name").fill("Madeupname")
    await page.get_by_label("Telephone number").fill("01632 960011")
    child = page.get_by_role("group", name="Child 1")
    await child.get_by_label("First name").fill("Testchild")
    await child.get_by_label("Last name").fill("Madeupname")
    for part, said in (("Day", "29"), ("Month", "2"), ("Year", "2016")):
        await child.get_by_label(part).fill(said)


async def test_the_whole_form_is_sent_by_keyboard_alone(council: Council) -> None:
    """Enter sends the form, and never adds a child instead."""
    async with council.visitor() as page:
        await _opened(council, page)
        seen: list[str] = []
        while (at := str(await page.evaluate("document.activeElement.id"))) != "send":
            seen.append(at)
            await page.keyboard.press("Tab")
            assert len(seen) < 60, seen
        assert "website" not in seen, "what is there for robots is not met"
        first = [name for name in seen if name.startswith(("asker", "contact", "help"))]
        assert first[0] == "asker.kind.parent"
        assert first[-1] == "help"

        await page.focus('[id="asker.family_name"]')
        async with page.expect_navigation():
            await page.keyboard.press("Enter")

        assert await page.get_by_role("heading", name="It has not been sent yet").is_visible()
        assert "faults" in str(await page.evaluate("document.activeElement.className"))


async def test_another_row_is_where_the_hand_already_is(council: Council) -> None:
    async with council.visitor(java_script_enabled=False) as page:
        await page.goto(f"{council.hub}{PAGE}")
        async with page.expect_navigation():
            await page.get_by_role("button", name="Add another child").click()
        assert await page.get_by_role("group", name="Child 2").is_visible()
        async with page.expect_navigation():
            await page.get_by_role("button", name="Add somebody who lives there").click()
        focused = page.locator(":focus")
        assert await focused.get_attribute("id") == "household.0.given_name"
