"""Instants that people send: with an offset, and in a time that anybody can mean."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, JsonValue

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""What stands before or after is the first or last instant of some programming language, sent
because nothing was filled in; PostgreSQL's driver keeps those two as infinities, which compare with
nothing."""
TOLD: dict[str, JsonValue] = {
    "formatMinimum": EARLIEST.isoformat(),
    "formatExclusiveMaximum": LATEST.isoformat(),
}
"""The same for the readers of a schema."""
Instant = Annotated[AwareDatetime, Field(ge=EARLIEST, lt=LATEST, json_schema_extra=TOLD)]
