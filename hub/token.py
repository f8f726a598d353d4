"""An access token for a client whose key lies here, fetched as any partner's system fetches it."""

from time import time
from uuid import uuid4

import httpx2
from joserfc import jwt

from hub.client_files import ClientFile, signing_key
from hub.trouble import Trouble

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME = 60
"""Seconds an assertion is good for; it is used once, at once."""


def fetch(client: ClientFile, hub: str, scope: str | None = None) -> str:
    """An access token, good for five minutes."""
    form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
    secret = client.client_secret
    if not secret:
        form |= {"client_assertion_type": ASSERTION, "client_assertion": _assertion(client, hub)}
    try:
        answer = httpx2.post(
            f"{hub}/oauth/token", data=form, auth=(client.client_id, secret) if secret else None
        )
    except httpx2.TransportError as error:
        raise Trouble(f"No hub answers at {hub}. Start it in another terminal: make up") from error
    if answer.status_code != 200:
        raise Trouble(
            f"The hub gave {client.client_id} no token ({answer.status_code}): {answer.text}"
        )
    return str(answer.json()["access_token"])


def _assertion(client: ClientFile, hub: str) -> str:
    """RFC 7523: the client names itself, the hub and a number that is used once."""
    key, now = signing_key(client), int(time())
    claims = {
        "iss": client.client_id,
        "sub": client.client_id,
        "aud": hub,
        "jti": str(uuid4()),
        "iat": now,
        "exp": now + LIFETIME,
    }
    alg = str(client.alg)
    return jwt.encode({"alg": alg, "kid": key.kid}, claims, key, algorithms=[alg])
