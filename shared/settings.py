"""Settings every service reads once, typed; without a value for each it refuses to start."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SHIPPED = Path(__file__).resolve().parent.parent / "deploy" / "authorities"
"""The authorities' settings that come with the hub."""


def authority_files(said: Any) -> Any:
    """`sample,/etc/hub/ours.yaml`: names of shipped settings, and files, between commas."""
    if not isinstance(said, str):
        return said
    names = [name.strip() for name in said.split(",") if name.strip()]
    return tuple(Path(n) if Path(n).suffix else SHIPPED / f"{n}.yaml" for n in names)


AuthorityFiles = Annotated[tuple[Path, ...], NoDecode, BeforeValidator(authority_files)]


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
    authority_files: AuthorityFiles
    """One file of settings for each authority that this hub serves."""
    internal_keys: Path
    """Public JWKS of the internal tokens."""
    field_keys: Path
    """This service's data keys."""
