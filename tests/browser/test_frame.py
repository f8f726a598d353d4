"""The pages in a frame: on the council's own website alone, and as high as what is in it."""

import pytest
from playwright.async_api import Page

from tests.browser.conftest import PHONE, Council

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.browser]


async def _height(page: Page) -> int:
    return int(await page.evaluate("document.querySelector('iframe').clientHeight"))


async def test_the_frame_grows_with_what_is_found(council: Council) -> None:
    async with council.visitor(PHONE) as page:
        await page.goto(f"{council.website}/frame")
        inside = page.frame_locator("iframe")
        await inside.get_by_label("What do you need help with?").fill("playgroup")
        await page.wait_for_function("document.querySelector('iframe').clientHeight > 600")
        before = await _height(page)

        await inside.get_by_role("button", name="Search", exact=True).click()

        await inside.get_by_role("heading", name="23 services found").wait_for()
        await page.wait_for_function(
            f"document.querySelector('iframe').clientHeight > {before + 1000}"
        )
        wanted = await page.frames[1].evaluate("document.documentElement.scrollHeight")
        assert abs(await _height(page) - wanted) <= 2
        assert await inside.get_by_role("banner").count() == 0
        assert council.complaints == []


async def test_it_stays_framed_from_page_to_page(council: Council) -> None:
    async with council.visitor() as page:
        await page.goto(f"{council.website}/frame")
        inside = page.frame_locator("iframe")
        await inside.get_by_label("What do you need help with?").fill("playgroup")
        await inside.get_by_role("button", name="Search", exact=True).click()
        await inside.get_by_role("link", name="Invented Playgroup 1", exact=True).click()
        await inside.get_by_text("Last checked").wait_for()

        assert "framed=yes" in page.frames[1].url
        outside = inside.get_by_role("link", name="madeup.example/play (opens a new tab)")
        assert await outside.get_attribute("target") == "_blank"


async def test_another_website_is_refused(council: Council) -> None:
    other = council.website.replace("localhost", "127.0.0.1")
    async with council.visitor() as page:
        await page.goto(f"{other}/frame")
        await page.wait_for_load_state("networkidle")

        assert await page.frame_locator("iframe").get_by_role("button").count() == 0
        assert any("frame-ancestors" in said for said in council.complaints)


async def test_a_message_of_somebody_else_changes_no_height(council: Council) -> None:
    async with council.visitor() as page:
        await page.goto(f"{council.website}/frame")
        await page.wait_for_function("document.querySelector('iframe').clientHeight > 400")
        before = await _height(page)

        await page.evaluate(
            """() => window.postMessage(
                { from: "early-help-directory", version: 1, height: 9999 }, "*")"""
        )
        await page.evaluate("new Promise(done => setTimeout(done))")

        assert await _height(page) == before
