"""Finding the records that name somebody, by the index on their people."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, cast
from sqlalchemy.dialects.postgresql import ARRAY


def names(people: ColumnElement[Any], wanted: Collection[UUID]) -> ColumnElement[bool]:
    """Whether the array column `people` names one of `wanted`."""
    return people.op("&&", is_comparison=True)(cast(list(wanted), ARRAY(Uuid)))
