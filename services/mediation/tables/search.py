"""What is searched: sealed texts, numbered; which of them wait for their tokens; the token tables.

The tables of the tokens themselves are not here: each generation of keys has its own, made and
dropped by the step that fills them (`services.mediation.use_cases.searching.stores`).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.mediation.tables.base import Base
from shared.columns import Encrypted
from shared.vault import Sealed

SEALED_TEXT = "search_texts.text"
Counter = BigInteger().with_variant(Integer, "sqlite")


class SearchTextRow(Base, kw_only=True):
    """The searched words of one case, by which candidates are checked; sealed for its case."""

    __tablename__ = "search_texts"
    __table_args__ = (UniqueConstraint("case_id"),)
    number: Mapped[int] = mapped_column(Counter, Identity(), primary_key=True, init=False)
    """Ascending, so that the newest are found first."""
    case_id: Mapped[UUID]
    text: Mapped[Sealed | None] = mapped_column(Encrypted(SEALED_TEXT, row="case_id"))
    """None while the record has not come from intake yet."""


class SearchWantedRow(Base, kw_only=True):
    """A text that is new or was changed, and has not got its tokens yet."""

    __tablename__ = "search_wanted"
    number: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=False)
    case_id: Mapped[UUID]
    since: Mapped[datetime]


class SearchGenerationRow(Base, kw_only=True):
    """A table of tokens, made with one generation of keys."""

    __tablename__ = "search_generations"
    __table_args__ = (UniqueConstraint("generation"),)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The table is `search_tokens_<place>`."""
    generation: Mapped[str]
    """The id of the key."""
    reached: Mapped[int] = mapped_column(BigInteger)
    """Every text up to this number has its tokens there, or is among the wanted."""
    complete: Mapped[bool]
    """Whether all texts that were there when it was made have their tokens."""
    begun_at: Mapped[datetime]
