"""Settings every service reads once, typed; without a value for each it refuses to start."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """A service adds its prefix: `model_config = SettingsConfigDict(env_prefix="REFERRAL_")`."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: str
    """`postgresql+asyncpg://…`, without a password."""
    database_password_file: Path | None = None
    kafka: str | None = None
    """Bootstrap servers of the internal listener; None: the in-process bus."""
    public_url: str
    """Where partners reach the hub: the issuer of its tokens and the base of every link."""
    authority_file: Path
    internal_keys: Path
    """Public JWKS of the internal tokens."""
    field_keys: Path
    """This service's data keys."""
