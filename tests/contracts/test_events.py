"""Events keep their shape: what is stored can be read, and who reads it today can read tomorrow.

The schema of each type lies in `schemas/`. To change one on purpose run the tests with REWRITE=1;
what would break a reader is refused even then, and needs a new version of the type.
"""

import json
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import HttpUrl

from shared.contracts import Event
from shared.contracts.catalogue import EVENTS
from shared.contracts.parked import EventParked
from shared.contracts.topics import DEAD, TOPICS

SCHEMAS = Path(__file__).parent / "schemas"
REWRITE = os.environ.get("REWRITE") == "1"
PERSONAL = re.compile(
    "name|birth|dob|nhs|upn|address|postcode|phone|mail|sex|ethnic|note|text|comment|words"
)
PAST = re.compile(
    r"uk\.earlyhelp\.[a-z]+\.[a-z_]*"
    r"(ed|drawn|given|held|overdue|due_soon)(_(up|down|across|for_panel|in_error))?\.v[1-9]"
)
EVERY = pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)

st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(HttpUrl, st.just(HttpUrl("https://hub.example/api/v1/referrals/1")))


def stored(event: type[Event]) -> dict[str, Any]:
    file = SCHEMAS / f"{event.TYPE}.json"
    assert file.exists() or REWRITE, f"No schema of {event.TYPE} yet: run with REWRITE=1"
    if not file.exists():
        file.write_text(written(event.model_json_schema(mode="serialization")))
    schema: dict[str, Any] = json.loads(file.read_text())
    return schema


def written(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def breaks(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What a reader or a stored event of the old schema would stumble over."""
    before, after = plain(old), plain(new)
    found = [f"{name} is gone" for name in before.keys() - after.keys()]
    for name in before.keys() & after.keys():
        if before[name] != after[name]:
            found.append(f"{name} means something else")
    required = set(new.get("required", ())) ^ set(old.get("required", ()))
    found += [f"{name} is required on one side only" for name in required & before.keys()]
    found += [f"{name} is new and required" for name in required - before.keys()]
    return found


def plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Each property with its references followed, and without words for people."""

    def follow(part: Any) -> Any:
        if isinstance(part, list):
            return [follow(item) for item in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return follow(schema["$defs"][part["$ref"].rpartition("/")[2]])
        words = {"title", "description"}
        return {key: follow(value) for key, value in part.items() if key not in words}

    return {name: follow(part) for name, part in schema["properties"].items()}


@EVERY
def test_an_event_keeps_its_shape(event: type[Event]) -> None:
    old, new = stored(event), event.model_json_schema(mode="serialization")
    assert breaks(old, new) == [], f"Readers of {event.TYPE} would break: make a new version"
    if REWRITE:
        (SCHEMAS / f"{event.TYPE}.json").write_text(written(new))
    else:
        assert written(old) == written(new), "Changed on purpose? Run with REWRITE=1"


@EVERY
def test_what_is_sent_today_can_be_read_by_whoever_knows_the_stored_schema(
    event: type[Event],
) -> None:
    schema = stored(event)

    @settings(deadline=None)  # a busy machine is no fault
    @given(st.builds(event))
    def check(sent: Event) -> None:
        data = json.loads(sent.model_dump_json())
        jsonschema.validate(data, schema, format_checker=jsonschema.FormatChecker())
        assert event.model_validate(data | {"added_tomorrow": 1}) == sent

    check()


def _without(schema: dict[str, Any], name: str) -> dict[str, Any]:
    return schema | {
        "properties": {key: part for key, part in schema["properties"].items() if key != name}
    }


def _with_codes(schema: dict[str, Any], *codes: str) -> dict[str, Any]:
    urgency = {"Urgency": {"type": "string", "enum": list(codes)}}
    return schema | {"$defs": schema["$defs"] | urgency}


BREAKING: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "a field removed": lambda s: _without(s, "urgency"),
    "a field of another type": lambda s: (
        s | {"properties": s["properties"] | {"decision_due": {"type": "integer"}}}
    ),
    "a code removed": lambda s: _with_codes(s, "routine"),
    "a code added": lambda s: _with_codes(s, "routine", "urgent", "soon"),
    "a new required field": lambda s: (
        s
        | {
            "properties": s["properties"] | {"added": {"type": "string"}},
            "required": [*s["required"], "added"],
        }
    ),
    "a required field left out at will": lambda s: (
        s | {"required": [name for name in s["required"] if name != "urgency"]}
    ),
}


@pytest.mark.parametrize("change", BREAKING)
def test_a_change_that_breaks_a_reader_is_found(change: str) -> None:
    schema = stored(EVENTS["uk.earlyhelp.referral.submitted.v1"])
    assert breaks(schema, BREAKING[change](schema)) != []


def test_a_field_that_may_be_missing_can_be_added() -> None:
    schema = stored(EVENTS["uk.earlyhelp.referral.submitted.v1"])
    more = schema | {"properties": schema["properties"] | {"added": {"type": "string"}}}
    assert breaks(schema, more) == []


@EVERY
def test_an_event_is_named_for_its_owner_in_the_past_tense_and_holds_nothing_personal(
    event: type[Event],
) -> None:
    assert re.fullmatch(
        r"uk\.earlyhelp\.[a-z]+\.(service\.)?[a-z_]*(ed|drawn|given|held|overdue|due_soon)(_[a-z_]+)?\.v[1-9]",
        event.TYPE,
    )
    assert event.__doc__
    personal = {name for name in event.model_fields if PERSONAL.search(name)}
    public = {"uk.earlyhelp.gateway.agency_registered.v1": {"name"}}
    assert personal == public.get(event.TYPE, set())


def test_the_catalogue_is_complete_and_every_topic_is_written_down() -> None:
    def below(event: type[Event]) -> set[type[Event]]:
        return {event}.union(*map(below, event.__subclasses__()))

    concrete = {event for event in below(Event) if "TYPE" in vars(event)}
    assert concrete == set(EVENTS.values())
    assert {event.TOPIC for event in concrete - {EventParked}} <= TOPICS.keys()
    assert {name.removesuffix(DEAD) for name in TOPICS if name.endswith(DEAD)} == {
        name for name in TOPICS if not name.endswith(DEAD)
    }
    assert {path.stem for path in SCHEMAS.glob("*.json")} == EVENTS.keys()
