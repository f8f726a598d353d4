"""The pages ask the search what anybody asks it, by the same parameters."""

from collections.abc import Sequence
from typing import Any

import httpx2
from starlette.types import ASGIApp

from services.directory.domain.shapes import Json

SEARCH = "/api/v1/directory/search"
RELATED = "/api/v1/directory/services/{id}/related"
_TOLD = ("not-a-postcode", "postcode-unknown")


class Unplaced(Exception):
    """The search does not know where that is: `slug` says why."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class Misasked(Exception):
    """The search takes no such question."""


class Finding:
    """The search of this very service, asked without a socket."""

    def __init__(self, app: ASGIApp) -> None:
        transport = httpx2.ASGITransport(app)
        self._http = httpx2.AsyncClient(transport=transport, base_url="http://directory")

    async def search(self, asked: Sequence[tuple[str, str]]) -> Json:
        """What fits. Raises Unplaced, or Misasked."""
        answer = await self._http.get(SEARCH, params=httpx2.QueryParams(list(asked)))
        if answer.status_code == 200:
            return dict(answer.json())
        slug = str(answer.json().get("type", "")).rpartition("/")[2]
        if slug in _TOLD:
            raise Unplaced(slug)
        if answer.status_code < 500:
            raise Misasked(slug)
        raise ConnectionError(slug)

    async def related(self, id_: str) -> list[Any]:
        """What is like a service; nothing where nobody can say."""
        answer = await self._http.get(RELATED.format(id=id_))
        return list(answer.json()["services"]) if answer.status_code == 200 else []
