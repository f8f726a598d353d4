"""The referral service's settings: `REFERRAL_…`, read once."""

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="REFERRAL_")

    consent_url: str
    """Where the consent service is asked, beside this one and never through the door."""
    directory_url: str
    """Where the directory is asked about a service that a referral names; in the same way."""
    clock_seconds: float = 5.0
    """How often the clocks are looked at."""
