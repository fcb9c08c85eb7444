"""The filters of the dashboard as they were typed: what is wrong stands beside its field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fastapi import Request
from pydantic import ValidationError

from services.analytics.asking import DashboardQuery
from services.analytics.use_cases import Asked
from shared.acting import Staff
from shared.kernel import RuleError
from shared.web import wrongs

PERIOD = ("from", "to")
NO_FIELD = ("grain", "lang", "large")
"""Set by links alone; what nobody can have typed is overlooked."""


@dataclass(frozen=True)
class Asking:
    """What was typed, what is wrong with it, and the question that is left without that."""

    query: DashboardQuery
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
    """Name of the field -> what to mend."""
    unread: frozenset[str]
    """Fields whose text is no value at all."""


def read_filters(request: Request, who: Staff) -> Asking:
    """The dashboard's filters; a wrong one is not applied, the others are."""
    names = [field.alias or name for name, field in DashboardQuery.model_fields.items()]
    typed = {name: text for name, text in request.query_params.items() if name in names}
    wrong: dict[str, str] = {}
    try:
        query = DashboardQuery.model_validate(typed)
    except ValidationError as error:
        wrong = wrongs(request, error)
        query = DashboardQuery.model_validate(left(typed, wrong))
    unread = frozenset(wrong)
    try:
        Asked([], None, query.filters(who)).check()
    except RuleError as error:
        wrong |= wrongs(request, error)
        query = DashboardQuery.model_validate(left(typed, {*wrong, *PERIOD}))
    return Asking(query, typed, left(wrong, NO_FIELD), unread)


def left(given: Mapping[str, str], taken: Iterable[str]) -> dict[str, str]:
    """What is left without these names."""
    return {name: one for name, one in given.items() if name not in set(taken)}
