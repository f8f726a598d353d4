"""The pictures in docs/ show what there is: a desktop and a phone. REWRITE=1 takes them anew."""

import os

import pytest
from playwright.async_api import Page

from hub.site import ROOT
from tests.browser.conftest import Council
from tests.browser.street import service_id

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.browser]

FOLDER = ROOT / "docs" / "pictures"
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
NAMES = ("widget", "widget-service", "find-help")
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


async def _reach(council: Council, page: Page, name: str) -> None:
    if name == "find-help":
        await page.goto(f"{council.hub}/find-help?text=playgroup&near=ZZ99")
        return
    await page.goto(f"{council.website}/plain?text=playgroup&near=ZZ99")
    await page.get_by_role("heading", name="23 services found").wait_for()
    if name == "widget-service":
        link = page.get_by_role("link", name="Invented Playgroup 1", exact=True)
        assert await link.get_attribute("href") == (
            f"{council.hub}/find-help/services/{service_id(1)}?authority=sample"
        )
        await link.click()
        await page.get_by_text("Last checked").wait_for()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES)
async def test_each_picture_is_there_and_what_it_shows_can_be_reached(
    council: Council, name: str, size: str
) -> None:
    kept = FOLDER / f"{name}-{size}.png"
    async with council.visitor(SIZES[size]) as page:
        await _reach(council, page, name)
        await page.evaluate("scrollTo(0, 0)")
        taken = await page.screenshot()
    if os.environ.get("REWRITE"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(taken)

    assert taken.startswith(_SIGNATURE)
    assert kept.read_bytes().startswith(_SIGNATURE)
