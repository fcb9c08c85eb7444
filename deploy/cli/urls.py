"""Whether this is an installation of the distributed mode, and where its databases are."""

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings
from shared.sisters import SERVICES

PATIENCE = 600
"""Seconds an answer may take."""


def database_url(service: str) -> str:
    """{SERVICE}_DATABASE_URL, from the environment or .env; empty where it is not set."""

    class Settings(ServiceSettings):
        model_config = SettingsConfigDict(
            env_prefix=f"{service.upper()}_", env_file=".env", extra="ignore"
        )

    return Settings().database_url


def is_distributed() -> bool:
    """Whether the environment names databases of services."""
    return any(database_url(name) for name in SERVICES)
