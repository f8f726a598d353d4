"""The consent service's settings: `CONSENT_…`, read once."""

from pathlib import Path

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="CONSENT_")

    checkpoint_keys: Path
    """What the audit log's checkpoints are signed with, and what the log is called."""
    checkpoint_seconds: float = 3600.0
    """How long a checkpoint is the newest at most."""
    clock_seconds: float = 60.0
    """How often it is looked whether the next one is due."""
