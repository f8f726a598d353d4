"""The directory service's settings: `DIRECTORY_…`, read once."""

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="DIRECTORY_")

    clock_seconds: float = 60.0
    """How often it is looked whether an entry's day to be shown has come or gone."""
    locator_url: str | None = None
    """A postcodes.io of the council's own; None: the postcodes that were imported here."""
