"""One request to an OAuth endpoint: parameters from the body alone, each of them once."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload, OAuth2Request
from starlette.requests import ClientDisconnect, Request

_FORM = "application/x-www-form-urlencoded"
_LARGEST = 16_384
_MOST_FIELDS = 20


class OAuthRequest(OAuth2Request):  # type: ignore[misc]  # Authlib is untyped
    """What Authlib's core reads. Its URI comes from the issuer: Host is the caller's claim."""

    def __init__(self, uri: str, form: dict[str, str], headers: Mapping[str, str]) -> None:
        super().__init__("POST", uri, headers=headers)
        self._form = form
        self.payload = BasicOAuth2Payload(form)
        self.answer_headers: dict[str, str] = {}

    @property
    def form(self) -> dict[str, str]:
        return self._form


async def received(request: Request, uri: str) -> OAuthRequest:
    """The request, read and checked in its form. Raises InvalidRequestError."""
    if request.url.query:
        raise InvalidRequestError("Send the parameters in the body, never in the URL")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise InvalidRequestError(f"Send a body of type {_FORM}")
    form = _parsed(await _body(request))
    methods = ("authorization" in request.headers, "client_assertion" in form)
    if all(methods) or "client_secret" in form:
        raise InvalidRequestError("Use one way to authenticate: private_key_jwt, or HTTP Basic")
    return OAuthRequest(uri, form, request.headers)


async def _body(request: Request) -> bytes:
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST:
                raise InvalidRequestError(f"Send at most {_LARGEST} bytes")
    except ClientDisconnect as gone:
        raise InvalidRequestError("The body did not arrive") from gone
    return body


def _parsed(body: bytes) -> dict[str, str]:
    """RFC 6749, section 3.2: no parameter twice; one without a value counts as left out."""
    try:
        text = body.decode("utf-8")
        pairs = parse_qsl(text, True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise InvalidRequestError("The body is not form-encoded UTF-8") from error
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise InvalidRequestError("Send each parameter once")
    return {name: value for name, value in pairs if value}
