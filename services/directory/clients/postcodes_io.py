"""A postcodes.io of the council's own, asked over HTTP."""

from typing import Any
from urllib.parse import quote

import httpx2

from services.directory.domain.postcodes import Away, Located

_CODES = ("admin_district", "admin_county", "admin_ward")


class PostcodesIo:
    """Answers where postcodes, their first parts and places are."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    async def postcode(self, code: str) -> Located | None:
        """Where a full postcode is."""
        found = await self._asked(f"/postcodes/{quote(code)}")
        return _located(found, "postcode") if found else None

    async def outward(self, code: str) -> Located | None:
        """The middle of a postcode's first part."""
        found = await self._asked(f"/outcodes/{quote(code)}")
        return _located(found, "outcode") if found else None

    async def place(self, name: str) -> Located | None:
        """A town or village by its name."""
        found = await self._asked(f"/places?q={quote(name)}&limit=20")
        exact = [one for one in found or () if str(one.get("name_1", "")).lower() == name.lower()]
        return _located(exact[0], "name_1") if exact else None

    async def _asked(self, path: str) -> Any:
        """What it answers; nothing where it knows nothing. Raises Away."""
        try:
            answer = await self._http.get(path)
            if answer.status_code == 404:
                return None
            return answer.raise_for_status().json()["result"]
        except (httpx2.HTTPError, ValueError, LookupError, TypeError) as error:
            raise Away from error


def _located(found: Any, named: str) -> Located | None:
    if found.get("latitude") is None or found.get("longitude") is None:
        return None
    codes = found.get("codes") or {}
    areas = tuple(codes[name] for name in _CODES if codes.get(name))
    return Located(str(found[named]), float(found["latitude"]), float(found["longitude"]), areas)
