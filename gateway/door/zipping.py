"""How answers of anonymous routes are compressed, the same in both shapes of the door."""

SMALLEST = 500
"""Bytes; below that compressing saves no packet."""
LEVEL = 5
"""Above it answers hardly become shorter."""
AS_THEY_ARE = ("application/x-ndjson", "application/problem+json")
"""Lines leave as they are read, and refusals are short."""
TYPES = (
    "application/json",
    "application/xml",
    "text/css",
    "text/javascript",
    "text/plain",
)
"""What nginx compresses beside text/html: everything that the public routes answer."""
