"""What people ask for under their rights, and what is decided about it: words that are canaries."""

from datetime import UTC, datetime, timedelta

from tests.rules.canaries import SAID_OF_RIGHTS, Json


def asked(child: str, mother: str) -> dict[str, Json]:
    """What the school takes down for the mother, by the noun that it is kept under."""
    since = (datetime.now(UTC) - timedelta(days=9)).isoformat()
    return {
        "access-requests": {
            "person_id": child,
            "asked_by": mother,
            "capacity": "parental_responsibility",
        },
        "complaints": {
            "person_id": child,
            "lodged_by": mother,
            "words": SAID_OF_RIGHTS["complaint"],
        },
        "rectifications": {
            "person_id": child,
            "categories": ["needs"],
            "since": since,
            "because": SAID_OF_RIGHTS["rectification"],
        },
    }


def decided(kept: dict[str, str]) -> dict[str, Json]:
    """What who answers for sharing says to these, by the path that it is said to."""
    exemption = {
        "ground": "serious_harm",
        "categories": ["needs"],
        "because": SAID_OF_RIGHTS["exemption"],
    }
    return {
        f"/access-requests/{kept['access-requests']}/exemptions": exemption,
        f"/complaints/{kept['complaints']}/answer": {"answer": SAID_OF_RIGHTS["complaint answer"]},
    }


def looks(kept: dict[str, str], child: str) -> list[str]:
    """Every place where something of it could stand."""
    paths = [f"/{noun}/{kept[noun]}" for noun in ("access-requests", "complaints")]
    paths += [f"/rectifications/{kept['rectifications']}", "/rectifications"]
    paths += [f"/{noun}?unanswered={which}" for noun in NOUNS for which in ("true", "false")]
    export = f"/access-requests/{kept['access-requests']}/export"
    paths += [export, f"{export}/document", f"/looks?person_id={child}"]
    return [*paths, f"/looks/page?person_id={child}", f"/retentions?person_id={child}"]


NOUNS = ("access-requests", "complaints")
READ_BY = {
    "school": {*SAID_OF_RIGHTS} - {"exemption"},
    "council": {*SAID_OF_RIGHTS},
}
"""Who took it down, and who answers for sharing; why something is kept out of the answer is for
the latter alone."""
