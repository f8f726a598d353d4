"""Confidential addresses: nobody sees one, and nobody but the front door takes one away."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import JsonValue

MARK: dict[str, JsonValue] = {"confidential": True}
"""As what a confidential address is shown, so that nobody asks the family for it again."""


def with_unseen(
    sent: JsonValue, known: Sequence[Mapping[str, Any]], at_the_front_door: bool
) -> JsonValue:
    """Nobody sees a confidential address: it is shown as a bare mark, which stands for it.

    The front door takes one away by leaving out the mark. For all others they stay: what somebody
    cannot see it cannot take away.
    """
    if not isinstance(sent, list):
        return sent
    unseen: list[JsonValue] = [dict(a) for a in known if a.get("confidential")]
    if at_the_front_door and MARK not in sent:
        return sent
    return [a for a in sent if a != MARK and a not in unseen] + unseen


def hide_addresses(
    lines: Sequence[dict[str, Any]], everybody: Mapping[UUID, Sequence[Mapping[str, Any]]]
) -> None:
    """In a change log: the addresses that must stay hidden; `everybody` lives there today.

    Of somebody who must not be found no address is told but those that are seen today: what was
    said openly first, and then marked as confidential, is confidential too.
    """
    for person, today in everybody.items():
        sides = [
            said
            for line in lines
            if line["person_id"] == person
            for said in (line["before"], line["after"])
            if said and said.get("addresses")
        ]
        ever = [*today, *(address for said in sides for address in said["addresses"])]
        if any(address["confidential"] for address in ever):
            for said in sides:
                said["addresses"] = [
                    a if a in today and not a["confidential"] else MARK for a in said["addresses"]
                ]
