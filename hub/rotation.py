"""`hub keys rotate`: new keys with overlap, while the hub runs."""

from hub.site import SERVICES, Site
from hub.trouble import Trouble
from shared import keys


def rotate(site: Site, which: str) -> str:
    """Renew one key; the answer says what that means."""
    match which:
        case "tokens":
            keys.rotate_signing(site.keys / "tokens.json")
            return "New access tokens are signed with a new key; the last one still verifies."
        case "internal":
            public = site.keys / "internal.public.json"
            keys.rotate_signing(site.keys / "internal.json", public)
            return "The door signs with a new key; services know it already."
        case "checkpoints":
            keys.rotate_notes(site.keys / "checkpoints.json")
            return (
                "Checkpoints are signed with a new key; earlier ones stay good. Give the witnesses "
                "the new public key: GET /api/v1/audit/key"
            )
        case _ if which in SERVICES:
            keys.rotate_fields(site.keys / f"{which}.fields.json")
            return f"{which} seals with a new key from now on; older rows stay readable."
    known = ", ".join(("tokens", "internal", "checkpoints", *SERVICES))
    raise Trouble(f"There is no key called {which}. There is: {known}.")
