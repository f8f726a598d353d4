"""The answer to an access request as a PDF: plain pages, an open font, no script, no link out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import fontpkg_noto_sans
from fpdf import FPDF
from fpdf.fonts import FontFace

from services.consent.domain.bases import Basis
from services.consent.domain.looks import LookKind
from services.consent.domain.plain_words import BASES, GROUNDS, LOOKS, PURPOSES
from shared.calendar import ENGLAND
from shared.categories import CATEGORIES
from shared.purposes import Purpose

Json = Mapping[str, Any]
_FONT = "noto"
_FILE = Path(fontpkg_noto_sans.ROOT) / "files" / "NotoSans[wdth,wght].ttf"
_TITLE = "What is held about you about sharing"
_RIGHTS = (
    "You can ask for wrong data to be put right, object to a use, and complain to the council that "
    "is named above or to the Information Commissioner's Office, ico.org.uk."
)


def written(made: Json) -> bytes:
    """The document. `made` is what the route answers as JSON."""
    pdf = _begun()
    _head(pdf, made)
    _table(
        pdf,
        "Who was shown something",
        ("Agency", "What for", "What", "First and last time"),
        (_recipient(one) for one in made["recipients"]),
    )
    _table(
        pdf,
        "Who has recorded something about you",
        ("Agency", "Its number"),
        ([_agency(one), one["agency_id"]] for one in made["sources"]),
    )
    _table(
        pdf,
        "Who looked, and what they did",
        ("When", "Agency and worker", "What they did", "What for", "What, and on which basis"),
        (_look(one) for one in made["looks"]),
    )
    _records(pdf, "What you said about sharing", made["consents"])
    _records(pdf, "What was released in an emergency", made["overrides"])
    _records(pdf, "What was held back", made["refusals"])
    _records(pdf, "Which agencies work with you", made["involvements"])
    _tail(pdf, made)
    return bytes(pdf.output())


def _begun() -> FPDF:
    pdf = FPDF()
    pdf.set_title(_TITLE)
    pdf.set_lang("en-GB")
    pdf.add_font(_FONT, "", _FILE)
    pdf.set_auto_page_break(True, margin=18)
    pdf.add_page()
    return pdf


def _text(pdf: FPDF, words: str, size: float = 10, *, space: float = 2) -> None:
    pdf.set_font(_FONT, size=size)
    pdf.multi_cell(0, size * 0.55, words, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(space)


def _heading(pdf: FPDF, words: str) -> None:
    pdf.ln(3)
    _text(pdf, words, 14)


def _head(pdf: FPDF, made: Json) -> None:
    request = made["request"]
    _text(pdf, _TITLE, 20, space=4)
    _text(pdf, f"{made['controller']}, {_when(made['made_at'])}")
    _text(pdf, f"Your number in the hub: {request['person_id']}")
    _text(pdf, f"Asked on {request['received_on']}; to be answered by {request['due']}")


def _tail(pdf: FPDF, made: Json) -> None:
    _heading(pdf, "What is not in here")
    for one in made["withheld"]:
        ground = GROUNDS[one["ground"]]
        _text(pdf, f"Something is kept out, {ground}. Worker {one['decided_by']} decided it.")
    for one in made["elsewhere"]:
        _text(pdf, f"{one['what'].capitalize()}: ask for it separately ({one['where']}).")
    _heading(pdf, "Your rights")
    _text(pdf, _RIGHTS)


def _table(pdf: FPDF, title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    _heading(pdf, title)
    cells = [*rows]
    if not cells:
        _text(pdf, "Nothing.")
        return
    pdf.set_font(_FONT, size=8)
    with pdf.table(headings_style=FontFace(fill_color=(230, 230, 230)), text_align="LEFT") as table:
        for row in (head, *cells):
            table.row(row)


def _records(pdf: FPDF, title: str, records: Iterable[Json]) -> None:
    """Each record as it is kept, a line for each of its fields."""
    _heading(pdf, title)
    told = [*records]
    if not told:
        _text(pdf, "Nothing.")
    for one in told:
        lines = [f"{name.replace('_', ' ')}: {_said(value)}" for name, value in one.items()]
        _text(pdf, "\n".join(line for line in lines if not line.endswith(": ")), 9, space=4)


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(CATEGORIES.get(str(one), str(one)) for one in value)
    return str(value)


def _agency(one: Json) -> str:
    return str(one.get("agency") or one.get("agency_id") or "the hub itself")


def _recipient(one: Json) -> list[str]:
    purposes = "; ".join(_purpose(code) for code in one["purposes"])
    return [
        _agency(one),
        purposes,
        _said(one["categories"]),
        f"{_when(one['first'])} to {_when(one['last'])}",
    ]


def _look(one: Json) -> list[str]:
    worker = f"\nworker {one['worker_id']}" if one.get("worker_id") else ""
    answers = "\n".join(
        f"{'could see' if answer['permitted'] else 'could not see'}: {_said(answer['categories'])}"
        + "".join(f" ({BASES[Basis(code)]})" for code in answer["bases"] if code in list(Basis))
        for answer in one["answers"]
    )
    did = LOOKS[LookKind(one["kind"])]
    return [_when(one["at"]), _agency(one) + worker, did, _purpose(one.get("purpose")), answers]


def _purpose(code: str | None) -> str:
    return PURPOSES[Purpose(code)] if code in list(Purpose) else code or ""


def _when(said: str) -> str:
    local = datetime.fromisoformat(said).astimezone(ENGLAND)
    return f"{local.day} {local:%B %Y, %H:%M}"
