"""Websites of councils that show the widget: plain, hostile, strict, and in a frame."""

from collections.abc import Callable
from html import escape
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

HOSTILE = """
* { color: yellow !important; background: yellow !important; float: left !important;
    text-transform: uppercase !important; letter-spacing: 0.5em !important;
    font: italic 40px cursive !important; }
html { font-size: 5px; } p, a, button, input, label { display: none !important; }
:focus { outline: none !important; } early-help-directory { line-height: 0; visibility: hidden; }
"""
STRICT = (
    "default-src 'none'; script-src {hub}; connect-src {hub}; form-action {hub}; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
FRAMING = "default-src 'none'; script-src {hub}; frame-src {hub}; base-uri 'none'"
_WHOLE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Invented council</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>'
    "<body><main><h1>Invented council</h1>{body}</main></body></html>"
)
_WIDGET = (
    '<script type="module" src="{hub}/widget/v1/early-help-directory.js"></script>'
    '<early-help-directory authority="sample"{said}>'
    '<form action="{hub}/find-help"><label>What do you need? <input name="text"></label>'
    "<button>Search</button></form>"
    '<a href="{hub}/find-help?authority=sample">Find help</a></early-help-directory>'
)
_FRAME = (
    '<iframe src="{hub}/find-help?authority=sample&amp;framed=yes" title="Find help" width="100%"'
    ' height="300" referrerpolicy="strict-origin"></iframe>'
    '<script type="module" src="{hub}/widget/v1/frame-height.js"></script>'
)


class Websites:
    """ASGI application: `/plain`, `/hostile`, `/strict` and `/frame`.

    The query becomes the element's attributes.
    """

    def __init__(self, hub: Callable[[], str]) -> None:
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        said = parse_qsl(scope["query_string"].decode())
        body, policy = self._page(scope["path"], said)
        headers = [(b"content-type", b"text/html; charset=utf-8")]
        if policy:
            headers.append((b"content-security-policy", policy.encode()))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body.encode()})

    def _page(self, path: str, said: list[tuple[str, str]]) -> tuple[str, str]:
        hub = self._hub()
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in said)
        widget = _WIDGET.format(hub=hub, said=attributes)
        head = f"<style>{HOSTILE}</style>" if path == "/hostile" else ""
        policy = STRICT.format(hub=hub) if path == "/strict" else ""
        if path == "/frame":
            widget, policy = _FRAME.format(hub=hub), FRAMING.format(hub=hub)
        return _WHOLE.format(head=head, body=widget), policy
