"""The lines of the page about drafts are pasted into a shell beside a running hub."""

import re

import pytest

from hub.site import ROOT
from tests.hub.conftest import Hub
from tests.journeys.pages import WRITTEN, documents, paste

pytestmark = pytest.mark.journey

PAGE = ROOT / "docs" / "journeys" / "a-draft-over-two-days.md"


def test_a_draft_is_begun_resumed_sent_and_its_date_of_birth_put_right(one_process: Hub) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    lines = "\n".join(blocks)
    assert (len(blocks), lines.count(WRITTEN)) == (3, 1)

    printed = paste(lines.replace(WRITTEN, one_process.url), one_process)

    begun, resumed, grown, receipt, corrected, log = documents(printed)
    assert "/need" in begun["missing"]
    assert resumed["content"] == {"children": [{"given_name": "Zebedee"}]}
    assert grown["complete"]
    assert (receipt["status"], corrected["version"]) == ("submitted", 2)
    assert [line["after"] for line in log["changes"]] == [{"date_of_birth": "2015-03-12"}]
