"""The desk: open cases by what is due first, filtered, searched, page by page."""

from services.mediation.use_cases.desk.counting import (
    MOST_COUNTED,
    Count,
    count_all,
    count_cases,
    tabs,
)
from services.mediation.use_cases.desk.filters import Filters, Place, conditions, narrowed
from services.mediation.use_cases.desk.listing import (
    PAGE,
    SHOWN,
    Listed,
    list_cases,
    listed,
    ordered,
    worded,
)

__all__ = [
    "MOST_COUNTED",
    "PAGE",
    "SHOWN",
    "Count",
    "Filters",
    "Listed",
    "Place",
    "conditions",
    "count_all",
    "count_cases",
    "list_cases",
    "listed",
    "narrowed",
    "ordered",
    "tabs",
    "worded",
]
