"""What a provider has written, made fit for other people's pages: no script, no style."""

import html
import re

import nh3

from services.directory.domain.shapes import Json

TAGS = {
    "p",
    "br",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "b",
    "i",
    "a",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
}
"""All that a description may be marked up with."""
_MARKUP = re.compile(r"<[a-zA-Z/!?]")


def shown(text: str) -> str:
    """The text, its markup cut down to what is harmless; plain text stays as it was written."""
    if not _MARKUP.search(text):
        return text
    return nh3.clean(
        text,
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )


def words(text: str) -> str:
    """The bare words, for the search."""
    if not _MARKUP.search(text):
        return text
    return html.unescape(
        nh3.clean(text.replace("<", " <"), tags=set(), clean_content_tags={"script", "style"})
    )


def every_text(node: Json) -> Json:
    """An object with each of its texts made fit."""
    return {name: _fit(value) for name, value in node.items()}


def _fit(value: object) -> object:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, dict):
        return every_text(value)
    if isinstance(value, list):
        return [_fit(one) for one in value]
    return value
