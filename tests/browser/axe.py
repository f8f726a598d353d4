"""axe-core on a page, shadow roots included: every rule of WCAG 2.2 AA, and good practice."""

import json
from typing import Any

from playwright.async_api import Page

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def faults(page: Page, axe: str, within: str = "html") -> list[tuple[str, Any]]:
    """What axe finds wrong: each rule with the places where."""
    only = json.dumps({"runOnly": {"type": "tag", "values": _TAGS}, "resultTypes": ["violations"]})
    await page.evaluate(axe)
    found = await page.evaluate(f"axe.run({json.dumps(within)}, {only})")
    assert found["passes"], "it looked at something"
    return [
        (fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found["violations"]
    ]
