"""The one way in which what is hashed is written: a leaf of the audit log, an agreement."""

import json
from typing import Any


def canonical(value: Any) -> bytes:
    """It as JSON (RFC 8785, for what is hashed here: text and whole numbers).

    PostgreSQL keeps a leaf as jsonb, which forgets spaces and the order of names: the same leaf
    gives the same bytes again. Fractions would not, so nothing that is hashed has any.
    """
    written = json.dumps(
        value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return written.encode()
