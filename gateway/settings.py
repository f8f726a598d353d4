"""What the gateway reads from its environment, once: names begin with GATEWAY_."""

from pathlib import Path

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Beside every service's settings: the two signing keys, the limits and where services are."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="GATEWAY_")

    token_keys: Path
    """Private JWKS of the access tokens: the first key signs, all are published and verify."""
    internal_signing_keys: Path
    """Private JWKS of the internal tokens."""
    kafka_partner: str | None = None
    """Where partners reach Kafka, as /asyncapi.json tells them."""
    services: dict[str, str] = {}
    """Where the other services answer, for the merged OpenAPI document (several processes)."""
    requests_per_second: int = 200
    """What one client may ask for at the door, on average."""
    request_burst: int = 400
    """How far above that average a client may be for a moment."""
    tokens_per_minute: int = 120
    """How many access tokens one client may fetch."""
    reports_at_once: int = 10
    """How many problems one address may report at once; then one a minute."""
    forms_per_minute: int = 20
    """How often a public form may be sent from one address; a library has one for many people."""
