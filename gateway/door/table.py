"""The route table: which service answers under which prefix. Dispatcher and nginx read it."""

from collections.abc import Iterable
from typing import NamedTuple, TypedDict

GATEWAY = "gateway"


class _Anybody(TypedDict):
    public: bool
    any_origin: bool


class Route(NamedTuple):
    """Everything from `prefix` on, by whole path segments; the longest prefix wins."""

    prefix: str
    service: str
    public: bool = False
    """Anyone may call: the service gets an internal token for the anonymous caller."""
    own_credentials: bool = False
    """The caller's Authorization is handed on: OAuth endpoints check it themselves."""
    any_origin: bool = False
    """Scripts of any web page may read every answer, also what the door itself refuses."""
    form: bool = False
    """Anyone may write here: each address only so often."""
    seldom: bool = False
    """A form that one address has reason to send a few times, and then once a minute."""
    compressed: bool = False
    """Its answers may travel compressed: beside what is asked they hold nothing secret (BREACH)."""
    page: bool = False
    """People read the answers: what the door itself refuses is told as a page."""


_ANYBODY: _Anybody = {"public": True, "any_origin": True}
ROUTES: tuple[Route, ...] = (
    Route("/", GATEWAY, public=True, compressed=True),
    Route("/oauth", GATEWAY, public=True, own_credentials=True),
    Route("/api/v1/workers", GATEWAY),
    Route("/api/v1/referrals", "referral"),
    Route("/api/v1/drafts", "referral"),
    Route("/api/v1/views", "referral"),
    Route("/api/v1/authority", "referral"),
    Route("/api/v1/agencies", "referral"),
    Route("/api/v1/codes", "referral"),
    Route("/api/v1/threshold-advice", "referral"),
    Route("/api/v1/events", "referral"),
    Route("/api/v1/requests-for-help", "referral", public=True, form=True),
    Route("/ask-for-help", "referral", public=True, form=True, page=True),
    Route("/api/v1/agreements", "consent"),
    Route("/api/v1/consents", "consent"),
    Route("/api/v1/involvements", "consent"),
    Route("/api/v1/decisions", "consent"),
    Route("/api/v1/overrides", "consent"),
    Route("/api/v1/refusals-to-share", "consent"),
    Route("/api/v1/looks", "consent"),
    Route("/api/v1/access-requests", "consent"),
    Route("/api/v1/rectifications", "consent"),
    Route("/api/v1/complaints", "consent"),
    Route("/api/v1/retentions", "consent"),
    Route("/api/v1/breach-reports", "consent"),
    Route("/api/v1/processing-records", "consent"),
    Route("/api/v1/audit", "consent"),
    Route("/api/v1/sharing-events", "consent"),
    Route("/api/v1/directory/entries", "directory"),
    Route("/api/v1/directory/drafts", "directory"),
    Route("/api/v1/directory/reported-problems", "directory"),
    Route("/api/v1/directory/look-alikes", "directory"),
    Route("/api/v1/directory/problems", "directory", **_ANYBODY, form=True, seldom=True),
    Route("/directory", "directory", **_ANYBODY, compressed=True),
    Route("/api/v1/directory/search", "directory", **_ANYBODY, compressed=True),
    Route("/api/v1/directory/suggestions", "directory", **_ANYBODY, compressed=True),
    Route("/api/v1/directory/services", "directory", **_ANYBODY, compressed=True),
    Route("/find-help", "directory", **_ANYBODY, compressed=True, page=True),
    Route("/find-help/problems", "directory", **_ANYBODY, form=True, seldom=True, page=True),
    Route("/robots.txt", "directory", public=True, compressed=True),
    Route("/widget", "directory", **_ANYBODY, compressed=True),
)
"""What no route leads to is the services' own, and does not exist for anybody outside."""

CLOSED = frozenset({"/authz", "/authz/anonymous", "/metrics", "/api/v1/decisions/uniform"})
"""What the door never leads to: the hub's own services and machines ask these directly."""


def longest_first(routes: Iterable[Route]) -> list[Route]:
    """In the order in which they are tried."""
    return sorted(routes, key=lambda route: len(route.prefix.rstrip("/")), reverse=True)


def leads_to(path: str, routes: Iterable[Route] = ROUTES) -> str | None:
    """The service to which the door leads a path, if to any."""
    taken = f"{path}/"
    tried = longest_first(routes)
    found = (one for one in tried if taken.startswith(f"{one.prefix.rstrip('/')}/"))
    return None if path in CLOSED else next(found).service
