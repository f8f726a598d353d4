"""Whose pages these are: the council's name, colours and telephones, from its settings."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request

from services.directory.domain.words import Words
from services.directory.routes.pages.catalogues import catalogues
from shared.authority.authorities import Authorities
from shared.authority.hours import Telephone
from shared.authority.settings import Authority

_KEPT = ("authority", "framed", "lang")


@dataclass(frozen=True)
class Council:
    """The council that a page speaks for, and how the reader asked for it."""

    authority: Authority
    words: Words
    framed: bool = False
    kept: dict[str, str] = field(default_factory=dict)
    """What every link of the page carries on: whose it is, its language, whether it is framed."""

    @property
    def telephone(self) -> Telephone:
        """Whom to call: where advice is given, or else who answers at this hour."""
        return self.authority.enquiries or self.authority.answers_now(datetime.now(UTC))

    @property
    def frames(self) -> list[str]:
        """The websites that may show the pages inside theirs: exactly these hosts."""
        websites = self.authority.websites
        return list(websites.origins) if websites else []

    @property
    def ask_for_help(self) -> str | None:
        """Where a family asks this council for help itself, if its settings let it."""
        taken = self.authority.requests_for_help.open
        return f"/ask-for-help/{self.authority.id}" if taken else None

    def link(self, path: str, **asked: str) -> str:
        """An address of the pages with what is carried on."""
        query = urlencode(self.kept | asked)
        return f"{path}?{query}" if query else path


async def council(request: Request) -> Council:
    """The council that is named, or the hub's first; a name that is unknown is not heeded."""
    served: Authorities = request.app.state.authorities
    asked = request.query_params
    named = asked.get("authority", "")
    words = catalogues().spoken(asked.get("lang"))
    kept = {name: asked[name] for name in _KEPT if name in asked}
    if named not in served:
        kept.pop("authority", None)
    if words.code != asked.get("lang"):
        kept.pop("lang", None)
    framed = asked.get("framed") == "yes"
    if not framed:
        kept.pop("framed", None)
    authority = served[named] if named in served else next(iter(served.values()))
    return Council(authority, words, framed, kept)


ForCouncil = Annotated[Council, Depends(council)]
