"""Structured log lines: one per request, delivery and step; ids and codes, never words or names."""

import logging
import sys
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "service",
        "complaint_id",
        "event_id",
        "case_id",
        "letter_id",
        "attachment_id",
        "step",
        "type",
        "status",
        "method",
        "route",
        "ms",
        "count",
        "error",
        "reason",
        "attempt",
        "topic",
        "partition",
        "offset",
        "lag",
        "seconds",
        "version",
        "address",
        "port",
        "path",
        "pid",
        "exc_type",
        "where",
        "wait",
    }
)
"""Fields that may be written; anything else is dropped, so that no body slips in by accident."""


def only_allowed(_: Any, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Drop every field that is not on the list."""
    return {name: value for name, value in line.items() if name in ALLOWED}


def configure(level: str = "INFO") -> None:
    """Write JSON lines to stderr."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[Libraries()], force=True)


class Libraries(logging.Handler):
    """Lines of the libraries we use, in our form: who, the kind of the error, the bare template.

    A template is written by a programmer; what is filled into it might be somebody's words.
    """

    TELLING = ("uvicorn", "aiokafka", "alembic")

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        error = record.exc_info[1] if record.exc_info else None
        facts = {"where": record.name, "exc_type": type(error).__name__ if error else None}
        if record.name.startswith(self.TELLING):
            facts["reason"] = str(record.msg).strip().partition("\n")[0][:200]
        said = {name: value for name, value in facts.items() if value}
        structlog.get_logger().log(record.levelno, "library", **said)


def logger(**bound: Any) -> structlog.typing.FilteringBoundLogger:
    """A logger that adds `bound` to each line."""
    made: structlog.typing.FilteringBoundLogger = structlog.get_logger(**bound)
    return made


def reason_of(error: BaseException) -> str:
    """Why something failed, without its words: the kinds of the error and of what caused it.

    Texts of errors may quote what a person wrote; their types do not.
    """
    named = [type(error).__name__]
    if error.__cause__ is not None:
        named.append(type(error.__cause__).__name__)
    return " < ".join(named)
