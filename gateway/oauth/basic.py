"""client_secret_basic (RFC 6749, section 2.3.1), for clients that can do no better."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from authlib.oauth2.rfc6749 import InvalidClientError

from gateway.oauth.client import OAuthClient
from gateway.oauth.request import OAuthRequest


def credentials(header: str) -> tuple[str, str] | None:
    """client_id and secret, each form-encoded before base64; None when this is something else."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, secret = base64.b64decode(encoded.strip(), validate=True).partition(b":")
        decoded = tuple(
            unquote_to_bytes(part.replace(b"+", b" ")).decode("utf-8") for part in (name, secret)
        )
    except (binascii.Error, ValueError) as error:
        raise InvalidClientError(description="The Basic credentials cannot be decoded") from error
    return (decoded[0], decoded[1]) if colon else None


def client_secret_basic(
    query_client: Callable[[str], OAuthClient | None], request: OAuthRequest
) -> OAuthClient | None:
    """The client whose secret this is; None leaves the refusal to Authlib's core."""
    given = credentials(request.headers.get("authorization", ""))
    if given is None:
        return None
    client_id, secret = given
    if request.form.get("client_id", client_id) != client_id or "\0" in client_id:
        raise InvalidClientError(description="client_id and Basic credentials differ")
    client = query_client(client_id)
    kept = client.row.secret_sha256 if client else None
    digest = hashlib.sha256(secret.encode()).digest()
    return client if hmac.compare_digest(kept or b"", digest) else None
