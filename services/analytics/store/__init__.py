"""The facts in DuckDB: one file, one writer, readers that never wait for it."""

from services.analytics.store.facts_file import FactsFile, FactsInUseError
from services.analytics.store.facts_store import FactsStore

__all__ = ["FactsFile", "FactsInUseError", "FactsStore"]
