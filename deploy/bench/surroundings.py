"""On what, and with what, a run was made."""

import os
import platform
from importlib import metadata
from pathlib import Path

from pydantic_settings import BaseSettings

from services.intake.settings import IntakeSettings
from shared.settings import CommonSettings

PACKAGES = ("fastapi", "uvicorn", "uvloop", "sqlalchemy", "asyncpg", "aiokafka", "duckdb", "typst")
GIB = 2**30
SETTINGS: dict[str, type[BaseSettings]] = {"REDRESS": CommonSettings, "INTAKE": IntakeSettings}
LIMITS = {
    "REDRESS_RATE_PUBLIC_PER_MINUTE": "600000000",
    "REDRESS_RATE_PUBLIC_BURST": "10000000",
    "INTAKE_FLOOD_PER_MINUTE": "0",
    "REDRESS_RATE_STAFF_PER_MINUTE": "600000000",
    "REDRESS_RATE_LOGIN_PER_MINUTE": "6000",
    "REDRESS_MAX_BODY_BYTES": "8388608",
}
"""One address plays all citizens and one account all staff here, so the limits are raised."""


def machine() -> dict[str, str]:
    """Processor, memory, system."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    return {
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "memory": f"{memory:.1f} GiB",
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or "unknown")


def packages() -> dict[str, str]:
    return {name: metadata.version(name) for name in PACKAGES}


def limits() -> dict[str, tuple[str, str]]:
    """Each raised limit: what it is by default, and in this run."""
    return {name: (str(default_of(name)), value) for name, value in LIMITS.items()}


def default_of(name: str) -> object:
    """What a setting is where nobody says anything. Raises KeyError for one that there is not."""
    whose, _, field = name.partition("_")
    return SETTINGS[whose].model_fields[field.lower()].default
