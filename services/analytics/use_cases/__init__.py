"""What analytics does: follow the log, answer for figures."""

from services.analytics.use_cases.figures import (
    Asked,
    NoSuchDimensionError,
    NoSuchMeasureError,
    PeriodEndsBeforeItBeginsError,
    figures,
)
from services.analytics.use_cases.follow import (
    LogEndsBeforeOurPositionError,
    follow,
    tell_anew,
)
from services.analytics.use_cases.overview import Overview, overview

__all__ = [
    "Asked",
    "LogEndsBeforeOurPositionError",
    "NoSuchDimensionError",
    "NoSuchMeasureError",
    "Overview",
    "PeriodEndsBeforeItBeginsError",
    "figures",
    "follow",
    "overview",
    "tell_anew",
]
