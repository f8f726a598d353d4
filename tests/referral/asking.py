"""What invented families say when they ask for help themselves, as JSON and as a form."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from services.referral.actions import asking
from shared.auth import Caller
from tests.referral.conftest import Partner, Service

REQUESTS, PAGE = "/api/v1/requests-for-help", "/ask-for-help"
FORMS = f"{REQUESTS}/forms"
AT = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
"""A Wednesday morning: the sample's front door answers its telephone."""
Json = dict[str, Any]


def a_request(**given: Any) -> Json:
    """A mother asks."""
    return {
        "asker": {"kind": "parent", "given_name": "Florentina", "family_name": "Madeupname"},
        "contact": {
            "telephone": "01632 960011",
            "contact_safely": "Text me first.",
            "do_not_contact": "Never after six.",
        },
        "help": "My son does not sleep and I am very tired.",
        "groups": ["emotional_wellbeing"],
        "children": [
            {"given_name": "Testchild", "family_name": "Madeupname", "born_or_due": "2016-02-29"}
        ],
        "household": [
            {"given_name": "Bob", "family_name": "Madeupname", "relationship": "stepfather"}
        ],
        "address": {"lines": ["1 Nowhere Lane"], "postcode": "ZZ99 9ZZ"},
    } | given


def fields(**given: str) -> dict[str, str]:
    """The same as a browser sends it; dots in names are written as two underscores."""
    typed = {
        "asker.kind": "parent",
        "asker.given_name": "Florentina",
        "asker.family_name": "Madeupname",
        "contact.telephone": "01632 960011",
        "help": "My son does not sleep and I am very tired.",
        "children.0.given_name": "Testchild",
        "children.0.family_name": "Madeupname",
        "children.0.born_or_due.day": "29",
        "children.0.born_or_due.month": "2",
        "children.0.born_or_due.year": "2016",
        "website": "",
    }
    return typed | {name.replace("__", "."): said for name, said in given.items()}


class Family:
    """Somebody without a token, behind the door: it brings the internal token of nobody."""

    def __init__(self, service: Service, authority: str = "sample") -> None:
        self.service, self.authority = service, authority
        self._nobody = Partner(service.http, Caller.anonymous, service.signing, None)
        service.at(AT)

    def stamp(self, age: timedelta = timedelta(minutes=5), authority: str | None = None) -> str:
        """Of a form that was given out so long ago."""
        desk = self.service.desk
        council = desk.authorities[authority or self.authority]
        return asking.give_out(desk, council, AT - age)

    async def ask(self, said: Json | None = None, **given: Any) -> httpx2.Response:
        """Ask as JSON."""
        body = {"authority": self.authority, "stamp": self.stamp()} | (said or a_request()) | given
        return await self._nobody.ask("POST", REQUESTS, json=body)

    async def get(self, path: str) -> httpx2.Response:
        """Look at a page, or ask for a form."""
        return await self._nobody.ask("GET", path)

    async def send(
        self, typed: dict[str, Any] | None = None, to: str | None = None, **given: Any
    ) -> httpx2.Response:
        """Send the page's form, `to` the family's own council where none is named."""
        data = {"stamp": self.stamp()} | (typed or fields()) | given
        return await self._nobody.ask("POST", f"{PAGE}/{to or self.authority}", data=data)


def reference_on(page: str) -> str:
    """The reference that the last page names."""
    found = re.search(r'class="reference">([0-9A-Z-]+)<', page)
    assert found, page
    return found[1]
