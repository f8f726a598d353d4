"""Published texts and data that are not part of this repository, for the tests marked real_data."""

import os
from pathlib import Path

import pytest

from hub.site import ROOT


def real_data() -> Path:
    """The folder that HUB_REAL_DATA names, beside this checkout unless it is set.

    Where there is none the test is left out; on CI it fails, so that no proof is lost unseen.
    """
    folder = Path(os.environ.get("HUB_REAL_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        said = f"HUB_REAL_DATA names {folder}, and there is no such folder"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    return folder


def seed(number: int) -> str:
    """The text of a published strategy, by its number in the settings' sources."""
    (file,) = (real_data().parent / "seeds").glob(f"{number:03}_*.txt")
    return file.read_text()
