"""What analytics can be told."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class AnalyticsSettings(ServiceSettings):
    """Settings with the prefix ANALYTICS_."""

    model_config = SettingsConfigDict(env_prefix="ANALYTICS_", env_file=".env", extra="ignore")

    facts: Path | None = Field(
        default=None, description="File of the facts; default: facts.duckdb in the data folder."
    )
    memory_limit: str = Field(
        default="64MB", description="Memory DuckDB may take for the facts, such as 64MB or 1GB."
    )
    threads: int = Field(
        default=1, ge=1, description="Threads DuckDB may use for one question or batch."
    )
