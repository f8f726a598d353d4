"""W3C trace context: one trace id from the caller's request to the last consumer."""

import re
import secrets
from contextvars import ContextVar

_FORM = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")

TRACEPARENT: ContextVar[str | None] = ContextVar("traceparent", default=None)
"""The trace of what is being worked on; the outbox hands it to Kafka's headers."""


def continued(header: str | None) -> str:
    """A child of the caller's trace, or a new trace where the header is absent or malformed."""
    trace = header[3:35] if header and _FORM.fullmatch(header) else secrets.token_hex(16)
    return f"00-{trace}-{secrets.token_hex(8)}-01"
