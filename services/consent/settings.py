"""The consent service's settings: `CONSENT_…`, read once."""

from datetime import date
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
    """How often it is looked whether the next one is due, and whether a review is overdue."""
    duty_commencement: date | None = None
    """Since when section 16LA of the Children Act 2004 is in force here; unset: it is not yet, and
    no clause may cite it. By regulations (Children's Wellbeing and Schools Act 2026, s.78(5))."""
