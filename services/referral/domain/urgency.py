"""Words that sound urgent: whoever writes them is told at once what to do in an emergency.

A list with reasons and no score. It never says that something is *not* urgent.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from importlib.resources import files

_FILE = files("services.referral.domain") / "urgent_words.json"
REASONS: list[dict[str, object]] = json.loads(_FILE.read_text())["reasons"]


def _plain(text: str) -> str:
    """Small letters and single blanks; an apostrophe is nothing, so that `can't` is `cant`."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    joined = re.sub("['`\u2018\u2019\u02bc]", "", apart)
    return " ".join(re.findall(r"[^\W_]+", joined))


def _sought(reason: dict[str, object]) -> tuple[str, re.Pattern[str]]:
    words = reason["words"]
    assert isinstance(words, list)  # noqa: S101 -- our own file
    ways = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words)
    return str(reason["because"]), re.compile(rf"\b(?:{ways})\b")


_SOUGHT = [_sought(reason) for reason in REASONS]


def sounds_urgent(texts: Iterable[str | None]) -> list[str]:
    """Why what was written sounds urgent; nothing where no such word stands in it."""
    said = " . ".join(_plain(text) for text in texts if text)
    return [because for because, words in _SOUGHT if words.search(said)]
