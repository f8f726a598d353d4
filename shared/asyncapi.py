"""The hub's events as an AsyncAPI 3 document, generated from the contracts and the topics."""

from typing import Any, Literal

from pydantic.json_schema import models_json_schema

from shared.auth import SCOPES, Scope
from shared.contracts import Event
from shared.contracts.catalogue import EVENTS
from shared.contracts.parked import EventParked
from shared.contracts.topics import DEAD, TOPICS, Readers, Topic

_ABOUT = """Thin facts as CloudEvents 1.0: ids, codes and a link, and no personal data. Who wants
detail asks at `detail_url`, under its own permission.

A client of the front door that is marked for events reads topics on the partner listener (SASL
OAUTHBEARER) with a token fetched for the scope `events:consume` alone; the names of its consumer
groups begin with its client id and a dot. Every other agency reads `GET /api/v1/events`, which
holds the same events, filtered to what concerns it. What is told of sharing, and the audit log's
checkpoints, every agency reads in a feed alone, the front door too: `GET /api/v1/sharing-events`.

An event can arrive twice: know it by `source` and `id`. Events of one key keep their order."""

_HEADERS: dict[str, Any] = {
    "type": "object",
    "description": "CloudEvents' Kafka binding, binary content mode.",
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type"],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid"},
        "ce_source": {"type": "string", "format": "uri-reference"},
        "ce_type": {"type": "string"},
        "ce_subject": {"type": "string", "description": "The key again."},
        "ce_time": {"type": "string", "format": "date-time"},
        "content-type": {"const": "application/json"},
        "traceparent": {"type": "string", "description": "W3C trace context."},
    },
}


def document(public_url: str, partner: str | None) -> dict[str, Any]:
    """The document; `partner` is the address of the listener for partners, where there is one."""
    payloads, schemas = _schemas()
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Early Help hub: events", "version": "1", "description": _ABOUT},
        "defaultContentType": "application/json",
        "servers": {"partner": _server(partner)} if partner else {},
        "channels": {name: _channel(topic, bool(partner)) for name, topic in TOPICS.items()},
        "operations": {name: _announcing(topic) for name, topic in TOPICS.items()},
        "components": {
            "messages": {name: _message(event, payloads) for name, event in _named().items()},
            "schemas": schemas | {"CloudEventHeaders": _HEADERS},
            "securitySchemes": {"hub": _security(public_url)},
        },
    }


def _named() -> dict[str, type[Event]]:
    return {event.__name__: event for event in EVENTS.values()}


def _schemas() -> tuple[dict[type[Event], Any], dict[str, Any]]:
    """Each event's schema, and the schemas that they refer to."""
    refer = "#/components/schemas/{model}"
    models: list[tuple[type[Event], Literal["serialization"]]] = [
        (event, "serialization") for event in EVENTS.values()
    ]
    by_model, shared = models_json_schema(models, ref_template=refer)
    return {event: by_model[event, mode] for event, mode in models}, shared["$defs"]


def _message(event: type[Event], payloads: dict[type[Event], Any]) -> dict[str, Any]:
    return {
        "name": event.TYPE,
        "title": event.__name__,
        "summary": (event.__doc__ or "").partition("\n")[0],
        "headers": {"$ref": "#/components/schemas/CloudEventHeaders"},
        "payload": payloads[event],
    }


def _channel(topic: Topic, has_server: bool) -> dict[str, Any]:
    rules = f"keyed by `{topic.key}`, kept {topic.kept.days} days"
    channel: dict[str, Any] = {
        "address": topic.of("{authority}"),
        "description": f"Read by {topic.readers}; {rules}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _told_on(topic)},
        "bindings": {"kafka": {"partitions": topic.partitions}},
    }
    if topic.by_authority:
        channel["parameters"] = {"authority": {"description": "Each council has its own topic."}}
    if has_server and topic.readers is Readers.FRONT_DOOR:
        channel["servers"] = [{"$ref": "#/servers/partner"}]
    return channel


def _told_on(topic: Topic) -> list[str]:
    if topic.name.endswith(DEAD):
        return [EventParked.__name__]
    return [name for name, event in _named().items() if getattr(event, "TOPIC", "") == topic.name]


def _announcing(topic: Topic) -> dict[str, Any]:
    return {"action": "send", "channel": {"$ref": f"#/channels/{topic.name}"}}


def _server(partner: str) -> dict[str, Any]:
    return {
        "host": partner,
        "protocol": "kafka",
        "description": "The listener for the front door's own systems: SASL OAUTHBEARER.",
        "security": [{"$ref": "#/components/securitySchemes/hub"}],
    }


def _security(public_url: str) -> dict[str, Any]:
    scope = Scope.EVENTS_CONSUME
    flow = {"tokenUrl": f"{public_url}/oauth/token", "availableScopes": {scope: SCOPES[scope]}}
    return {"type": "oauth2", "flows": {"clientCredentials": flow}, "scopes": [scope]}
