"""Structured logs with an allow-list: what is not listed here is not written."""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    """
    event level timestamp service task fault frames error_id trace_id method route status
    milliseconds client_id agency_id referral_id event_id event_type topic key position count
    attempts reason address port pid
    """.split()
)
"""Ids, codes and numbers. No names, no text, no path with its query."""


class _KindOnly(logging.Formatter):
    """What libraries say, without their tracebacks and exception texts: those may quote a row."""

    def format(self, record: logging.LogRecord) -> str:
        fault = record.exc_info[0] if record.exc_info else None
        said = "" if fault else record.getMessage()[:200]
        return f"{record.levelname} {record.name} {fault.__name__ if fault else said}"


def _only_allowed(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in [key for key in entry if key not in ALLOWED]:
        entry[key] = "(withheld)"
    return entry


def configure(service: str, *, level: int = logging.INFO) -> None:
    """JSON lines on standard output. Libraries' own logs are cut down to warnings."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    handler = logging.StreamHandler()
    handler.setFormatter(_KindOnly())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("authlib").setLevel(logging.WARNING)
