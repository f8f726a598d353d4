"""What is refused at the door itself, before any service has seen the request."""

from html import escape

from shared.errors import Forbidden, Refusal, Unavailable

PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
"""Of a refusal that people read, as of every page of a family's form."""
ANY_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Retry-After",
}
"""Of a refusal that scripts of any web page may read, as they read the answers there."""
_PAGE = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title></head>
<body><main><h1>{title}</h1><p>{told}</p>
<p><strong>If somebody is in danger now, call 999.</strong></p></main></body></html>
"""
_AGAIN = "Then load this page again: your browser offers to send your answers once more."


class WorkerUnknown(Forbidden):
    """The agency has not registered the worker it acts for."""

    slug, title = "acting-worker-unknown", "The acting worker is not registered"


class HeaderTooLarge(Refusal):
    status, slug, title = 431, "header-too-large", "A header is too large"


class TooSlow(Refusal):
    status, slug, title = 408, "too-slow", "The request did not arrive in time"


class ServiceUnreachable(Unavailable):
    """nginx cannot reach the service behind it."""

    status, slug, title = 502, "service-unreachable", "A part of the hub cannot be reached"


class ServiceTooSlow(Unavailable):
    """The service behind nginx did not answer in time."""

    status, slug, title = 504, "service-too-slow", "A part of the hub did not answer in time"


def page_of(refusal: Refusal) -> str:
    """The same for whoever fills in a form: plain words, and what was typed is not lost."""
    title, told = "This did not work", "Go back to the form and try again."
    if refusal.status == 429:
        title = "Please wait a minute"
        told = f"A lot has been sent from where you are. Wait a minute. {_AGAIN}"
    elif refusal.status == 413:
        told = "You have written more than can be sent. Go back to the form and make it shorter."
    elif refusal.status >= 500 or refusal.status == 408:
        title = "This page cannot be reached now"
        told = f"It was not your fault. Wait a minute. {_AGAIN}"
    return _PAGE.format(title=escape(title), told=escape(told))
