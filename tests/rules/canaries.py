"""A family whose every word is a canary: anywhere but where it may be read, it sings."""

import base64
import json
from typing import Any
from urllib.parse import quote, quote_plus

from tests.builders import a_upn, an_nhs_number

Json = dict[str, Any]

CHILD: Json = {
    "given_name": "Zanzibarina",
    "family_name": "Quillfeatherby",
    "also_known_as": "Zazzlepip",
    "date_of_birth": "2013-05-17",
    "nhs_number": an_nhs_number(),
    "upn": a_upn(),
    "school": "Crumplehorn Primary",
    "gp": "Dr Wobblethorpe",
    "addresses": [
        {"lines": ["71 Bumblewick Row"], "postcode": "ZZ71 3QX", "confidential": False},
        {"lines": ["13 Nightjar Mews"], "postcode": "ZZ72 4QY", "confidential": True},
    ],
}
MOTHER: Json = {
    "given_name": "Persimmonella",
    "family_name": "Quillfeatherby",
    "date_of_birth": "1987-08-23",
    "relationship": "stepmother-of-canaries",
    "telephone": "01632 960742",
    "email": "persimmonella@canary.example",
}
NEED: Json = {
    "reason": "Tealeaf-stained reasons of a canary.",
    "groups": ["health"],
    "tried_before": "Plumduff was tried before.",
    "childs_words": "I keep a marzipan badger.",
    "familys_words": "We are the Gobbledown people.",
}
FAMILY: Json = {
    "referrer": {"telephone": "01632 960743", "email": "referrer@canary.example"},
    "children": [CHILD],
    "household": [MOTHER],
    "need": NEED,
    "safeguarding": {
        "immediate_danger": True,
        "concern": "Snickerbottom worries.",
        "child_is_now": "At the Thistledown bakery.",
    },
    "basis": {"kind": "agreed", "by": "Auntie Fizzwhistle", "on": "2025-03-04"},
}
ANOTHER_BASIS = {"kind": "other", "code": "public_task", "reason": "Because of the Kerfuffleton."}
DESPITE = "Grandfather Bamboozleton asks for another thing."
RATIONALE, INSTEAD = "Rationale with a Hullabaloonius.", "The Flibberty drop-in."
NOTE = "They went to Snoozlewick."
WORKER = {"name": "Wilhelmina Canarydottir", "job_title": "Head of Canaryhood"}

DRAFT: Json = {
    "children": [{"given_name": "Pumpernickella", "nhs_number": "Scribblewort"}],
    "need": {"reason": "Not sure yet about the Flumbuggery."},
}
"""Never sent: its agency alone reads it."""
AMENDED = NEED | {"reason": "It was the Rhubarbaloo all along."}
BECAUSE = "Aunt Figgletwitch rang about it."
CORRECTED = {"also_known_as": "Wibblestripe"}
FORGOTTEN: Json = {
    "given_name": "Quibblesworth",
    "family_name": "Quillfeatherby",
    "relationship": "great-uncle-of-canaries",
}

ON_THE_WAY = {
    "question": "Who on earth is Grumbleshanks?",
    "answer": "He is the Twiddlethumpling.",
    "decision": "A Gigglewickett of a rationale.",
    "assessment request": "Ask old Barnacleworth for it.",
    "panel listing": "The Pompadoodle should hear this.",
    "allocation": "Because of the Snufflebucket.",
    "decline": "Our Wafflehopper is full.",
    "second allocation": "Once more for the Nincompoopery.",
    "re-routing": "Then let it be the Hobnobbery.",
    "acceptance": "We bring our Dillydallier.",
    "meeting": "Everybody met at the Lollygaggery.",
    "hold": "They are on the Higgledypiggle.",
    "step across": "The Codswalloper knows them far better.",
    "second acceptance": "Our Bumfuzzler is ready.",
    "step up": "We fear the Brouhahaha at their home.",
    "step down": "The Kibitzerly danger is over by now.",
    "closure": "The Skedaddleton is behind them.",
    "reopening": "The Cattywampus has come back again.",
    "error": "This was about the wrong Flapdoodle.",
}
"""What is said with the steps, by what it is said with."""

SAID_OF_SHARING = {
    "evidence": "In the cabinet of the Snickersnee, form 12.",
    "interpreter": "Her cousin Tatterdemalion interpreted it.",
    "withdrawal": "She trusts the Rumbustication no longer.",
    "override": "The child was seen at the Widdershins without a coat.",
    "untold": "The stepfather Skulduggeron reads every letter.",
    "review": "It was right, for the Taradiddle was real.",
    "refusal": "Her uncle Fandangoleer works there and would know.",
}
"""What is said with consents, overrides and refusals to share."""
SAID_OF_RIGHTS = {
    "complaint": "They told the Ragamuffinian neighbours about us.",
    "complaint answer": "We have spoken with the Poppycockers since.",
    "exemption": "Her former Whippersnapperel would find out where they are.",
    "rectification": "It was another family in the Balderdashery street.",
}
"""What is said with what people ask for under their rights."""
IN_AN_AGREEMENT = {
    "title": "Sharing among the Gallimaufrians",
    "rights": "Ask at the Bibbledybob counter.",
    "security": "Behind the Portcullisette door.",
    "party": "Every Kerplunkian",
    "dpia": "DPIA of the Whatchamacallion",
}
"""Of nobody: kept in the open, and read by its parties."""

REQUEST: Json = {
    "asker": {"kind": "parent", "given_name": "Marmaladine", "family_name": "Puddlethwick"},
    "contact": {
        "telephone": "01632 960751",
        "email": "marmaladine@canary.example",
        "contact_safely": "Ring the Jabberfloss bakery.",
        "do_not_contact": "Never when Grimbleshaw is here.",
    },
    "help": "Our Whifflepoof has not slept since the Thingumajig.",
    "children": [
        {
            "given_name": "Snapdragonella",
            "family_name": "Puddlethwick",
            "born_or_due": "2014-07-09",
            "school": "Bramblesnout Nursery",
        }
    ],
    "household": [
        {
            "given_name": "Ferdinandrew",
            "family_name": "Puddlethwick",
            "relationship": "uncle-by-the-fireplace",
        }
    ],
    "address": {"lines": ["5 Cobblenook Steps"], "postcode": "ZZ73 5QZ"},
}
"""A family that asks for help itself."""

IN_THE_DIRECTORY = {
    "contact": "Primroselle Wigglebeck",
    "telephone": "01632 960765",
    "confidential address": "8 Thistlewhistle Court",
    "draft": "With the Snugglepotter on every Friday.",
    "rejection": "The Cuddlepieman rang that it is not so.",
    "problem": "Our Bluebellinda stood there and nobody came.",
    "rollback": "The Billabongolo had it right before.",
}
"""What the directory is told and does not publish."""
LOOKED_FOR = ["Quokkabella hides from her brother", "Wombatterham"]
"""What anybody looks for, and where: it is kept nowhere."""

CONFIDENTIAL = ["13 Nightjar Mews", "ZZ72 4QY"]
SAID_LATER = [ANOTHER_BASIS["reason"], DESPITE, RATIONALE, INSTEAD, NOTE]
SAID_LATER += [AMENDED["reason"], BECAUSE, *CORRECTED.values()]
SAID_LATER += [FORGOTTEN["given_name"], FORGOTTEN["relationship"]]
_CODES = {"health", "agreed", "other", "public_task"}
_NO_WORD = {"groups", "kind", "code", "on", "born_or_due"}


def _said(part: Any, name: str = "") -> list[str]:
    """Every word of a document, without codes."""
    if isinstance(part, dict):
        return [word for key, value in part.items() for word in _said(value, key)]
    if isinstance(part, list):
        return [word for value in part for word in _said(value, name)]
    return [part] if isinstance(part, str) and name not in _NO_WORD else []


IN_THE_SUBMISSION = sorted(set(_said(FAMILY)))
IN_A_DRAFT = _said(DRAFT)
IN_A_REQUEST = sorted(set(_said(REQUEST)))
CANARIES = sorted(
    {
        *IN_THE_SUBMISSION,
        *SAID_LATER,
        *IN_A_DRAFT,
        *IN_A_REQUEST,
        *WORKER.values(),
        *ON_THE_WAY.values(),
        *SAID_OF_SHARING.values(),
        *SAID_OF_RIGHTS.values(),
        *IN_AN_AGREEMENT.values(),
        *IN_THE_DIRECTORY.values(),
        *LOOKED_FOR,
    }
)


def _forms(word: str) -> set[str]:
    """How a word may look when it has been written somewhere, in lower case."""
    plain = word.encode()
    forms = {word, json.dumps(word)[1:-1], quote(word), quote_plus(word), plain.hex()}
    forms |= {word.replace(" ", ""), word.replace("-", "")}
    for shift in range(3):  # base64 of the word inside a longer text, at each of three places
        inside = base64.b64encode(b"\0" * shift + plain).decode().rstrip("=")
        forms.add(inside[4 * bool(shift) : -1])
    return {form.lower() for form in forms}


FORMS = {word: _forms(word) for word in CANARIES}


def singing(text: str) -> list[str]:
    """The canaries that can be read in `text`, in whatever encoding."""
    lower = text.lower()
    return [word for word, forms in FORMS.items() if any(form in lower for form in forms)]
