"""The page on which a family asks for help itself: no sign-in, no script, no cookie.

Whatever is refused is said above the form, beside its field, and what was typed is kept. Nothing is
cached, and nothing of it stands in an address.
"""

import re
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ValidationError

from services.referral.actions import asking
from services.referral.actions.asking import RequestsClosed
from services.referral.actions.desk import Desk
from services.referral.domain.asking import AskerKind, RequestForHelp, missing
from services.referral.domain.stamps import SentAlready, StampNotAccepted
from services.referral.domain.urgency import sounds_urgent
from services.referral.routes.answers import Answer
from services.referral.routes.callers import AtDesk, Now
from services.referral.routes.forms import Typed, read
from services.referral.routes.requests_for_help import Taken
from shared.authority import Authority
from shared.calendar import ENGLAND
from shared.errors import FieldError, Refusal, Unavailable, Unprocessable, field_error
from shared.http import AWAY, is_away

router = APIRouter(prefix="/ask-for-help", include_in_schema=False)

_FOLDER = Path(__file__).parent.parent / "pages"
_PAGES = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters["dialled"] = lambda number: number.replace(" ", "")
_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_ROBOT = FieldError("/website", "Leave the last field empty: it is there for robots alone")
_AGAIN = "Nothing was lost. Wait a moment and press Send once more, or call"
_SAID_SO = {
    "/asker/kind": "Say who you are",
    "/asker/given_name": "Write your first name",
    "/asker/family_name": "Write your last name",
    "/asker/date_of_birth": "Write your date of birth, for example 29 2 2011",
    "/contact/telephone": "Write the telephone number on one line",
    "/contact/email": "Write the e-mail address on one line",
    "/help": "Write what you need help with",
    "/children/*/given_name": "Write the child's first name",
    "/children/*/family_name": "Write the child's last name",
    "/children/*/born_or_due": "Write the date of birth, or when the baby is due: 29 2 2016",
    "/household/*/given_name": "Write this person's first name",
    "/household/*/family_name": "Write this person's last name",
    "/household/*/relationship": "Write who this person is to the children",
    "/address/lines": "Write the address, or leave the postcode empty too",
    "/address/postcode": "Write the postcode, for example ZZ99 9ZZ",
}
"""What to do about a field that cannot be read, in plain words, in the order of the page."""
_NOUNS = (
    "asker",
    "contact",
    "danger",
    "help",
    "groups",
    "children",
    "household",
    "address",
    "website",
)


class Shown(Answer):
    about_nobody: ClassVar[str] = "shown to the family that has just typed it, and to nobody else"


class Page(HTMLResponse):
    """A page for a family."""

    lines_of: ClassVar[type[BaseModel]] = Shown


class Style(Response):
    """The colours of a council."""

    media_type = "text/css"
    lines_of: ClassVar[type[BaseModel]] = Shown


def _page(name: str, status: int = 200, **shown: Any) -> Page:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return Page(_PAGES.get_template(name).render(**shown), status, headers)


@router.get("", response_class=Page, response_model=None)
async def choose_a_council(desk: AtDesk) -> Page:
    """Which council is asked."""
    return _choice(desk)


def _choice(desk: Desk, status: int = 200) -> Page:
    return _page("choose.html", status, council=None, councils=asking.open_councils(desk))


@router.get("/{authority}", response_class=Page, response_model=None)
async def an_empty_form(desk: AtDesk, now: Now, authority: str) -> Page:
    """The form of a council, or its telephones where it takes no forms."""
    council = desk.authorities.get(authority)
    if council is None:
        return _choice(desk, 404)
    if not council.requests_for_help.open:
        return _closed(council, now)
    return _form(desk, council, now, Typed())


@router.get("/{authority}/page.css", response_class=Style, response_model=None)
async def the_councils_colours(desk: AtDesk, authority: str) -> Style:
    """The page's style with the council's colours; the hub's own where there is no such council."""
    council = desk.authorities.get(authority)
    brand = council.brand if council else None
    return Style(_PAGES.get_template("page.css").render(brand=brand))


@router.post("/{authority}", response_class=Page, response_model=None)
async def send_the_form(desk: AtDesk, now: Now, authority: str, request: Request) -> Page:
    """Take the family's words, or show the form again with what must be put right."""
    council = desk.authorities.get(authority)
    if council is None:
        return _choice(desk, 404)
    typed = read(await request.body())
    if typed.more:
        typed.another()
        return _form(desk, council, now, typed)
    try:
        if typed.robot:
            raise Unprocessable("", errors=[_ROBOT])
        receipt = await asking.ask(desk, _read(typed), council, typed.stamp, now=now)
    except RequestsClosed:
        return _closed(council, now, status=409)
    except Refusal as refusal:
        return _form(desk, council, now, typed, refusal)
    except AWAY as error:
        if not is_away(error):
            raise
        return _form(desk, council, now, typed, Unavailable(_AGAIN))
    taken = Taken.of(receipt, council, now)
    answering, due = council.answers_now(now), taken.decision_due.astimezone(ENGLAND)
    return _page("taken.html", council=council, taken=taken, answering=answering, due=due)


def _read(typed: Typed) -> RequestForHelp:
    """What the form says. Raises Unprocessable, each place in plain words."""
    document = typed.document()
    try:
        return RequestForHelp.model_validate(document)
    except ValidationError as error:
        found = [_plainly(field_error(dict(one), document)) for one in error.errors()]
        raise Unprocessable("", errors=[*found, *missing(document)]) from None


def _plainly(error: FieldError) -> FieldError:
    known = _SAID_SO.get(re.sub(r"/\d+(?=/|$)", "/*", error.pointer))
    return FieldError(error.pointer, known or "Look at this answer again")


def _closed(council: Authority, now: datetime, status: int = 200) -> Page:
    return _page("closed.html", status, council=council, answering=council.answers_now(now))


def _form(
    desk: Desk, council: Authority, now: datetime, typed: Typed, refusal: Refusal | None = None
) -> Page:
    """The form with what was typed. Its stamp stays as long as it is good."""
    typed.rows["children"] = typed.rows["children"] or [{}]
    used = isinstance(refusal, SentAlready)
    stays = not used and asking.still_good(desk, council, typed.stamp, now)
    return _page(
        "form.html",
        refusal.status if refusal else 200,
        council=council,
        answering=council.answers_now(now),
        typed=typed,
        stamp=typed.stamp if stays else asking.give_out(desk, council, now),
        kinds=list(AskerKind),
        faults=_faults(refusal),
        emergency=bool(sounds_urgent(typed.texts())) or "danger" in typed.said,
    )


def _faults(refusal: Refusal | None) -> dict[str, str]:
    """By the field's name what to do about it, in the order of the form; first what has none."""
    if refusal is None:
        return {}
    if isinstance(refusal, SentAlready):
        return {"send": "This form has been sent already. To send this as well, press Send again"}
    if isinstance(refusal, StampNotAccepted):
        return {"send": refusal.detail.replace("from a fresh one", "now")}
    found = {one.pointer[1:].replace("/", "."): one.detail for one in refusal.errors}
    return _in_order(found) or {"send": refusal.detail}


def _in_order(found: dict[str, str]) -> dict[str, str]:
    """As the fields stand on the page, row by row."""
    known = list(_SAID_SO)

    def place(name: str) -> tuple[int, int, int]:
        noun, _, rest = name.partition(".")
        row, field = rest.partition(".")[0], "/" + re.sub(r"\d+", "*", name.replace(".", "/"))
        within = known.index(field) if field in known else len(known)
        return (_NOUNS.index(noun), int(row) if row.isdigit() else -1, within)

    return {name: found[name] for name in sorted(found, key=place)}
