"""What fuzzing leaves behind is not looked through again."""

from collections.abc import Iterator

import pytest

from shared import tuning


@pytest.fixture(scope="module", autouse=True)
def put_away() -> Iterator[None]:
    """Fuzzers keep their cases to the end: with more than a gigabyte of them a full collection of
    memory took two seconds, and whoever waited for a hub in this process was told to come again.
    """
    yield
    tuning.settle()
