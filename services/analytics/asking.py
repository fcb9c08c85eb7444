"""The question in an address: measure, dimension, period, codes."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.analytics.domain.figures import DIMENSIONS, GRAINS, MEASURES
from services.analytics.labels import DIMENSIONS as NAMED_DIMENSIONS
from services.analytics.labels import MEASURES as NAMES
from services.analytics.labels import STATES
from services.analytics.store.questions import Filters
from shared.acting import Staff
from shared.rights import Action
from shared.terms import CATEGORIES, Channel, Kind, spelled_out

CODES = ("channel", "category", "unit", "kind", "state", "body")
"""The filters people may set."""


def given(value: object) -> object:
    """An empty field of a form is none."""
    return None if value == "" else value


Code = Annotated[Annotated[str, Field(max_length=60)] | None, BeforeValidator(given)]
SomeDay = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2199, 12, 31))]
Day = Annotated[SomeDay | None, BeforeValidator(given)]


class FilterQuery(BaseModel):
    """Which complaints and days; both days included."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    first: Day = Field(None, alias="from", description="First legal day, such as 2026-01-01.")
    last: Day = Field(None, alias="to", description="Last legal day, such as 2026-12-31.")
    channel: Code = Field(None, description="Channel (渠道): " + Channel.described())
    category: Code = Field(
        None,
        description="Category (类别): "
        + spelled_out({one.code: one.zh for one in CATEGORIES.values()}),
    )
    unit: Code = Field(
        None, description="Unit that deals with it (承办单位), by its id; units below count."
    )
    kind: Code = Field(None, description="Kind of matter (种类): " + Kind.described())
    state: Code = Field(None, description="State of the case (状态): " + spelled_out(STATES))
    body: Code = Field(
        None,
        description="Organisation (机构); none: all that you may see but the demonstration, which "
        "is `demo`. Figures are of what your roles reach: an organisation, or units of it.",
    )

    def filters(self, who: Staff) -> Filters:
        """As the store wants them: nobody asks of more than their rights reach."""
        codes = {name: getattr(self, name) for name in CODES}
        given = {name: code for name, code in codes.items() if code}
        return Filters(self.first, self.last, given, who.rights.reach(Action.FIGURES_READ))


class FigureQuery(FilterQuery):
    """One figure, by one dimension or in all."""

    measure: str = Field(
        "received",
        description="Which figure (指标): "
        + spelled_out({code: NAMES[code].name for code in MEASURES}),
        json_schema_extra={"enum": list(MEASURES)},
    )
    by: Code = Field(
        None,
        description="Told apart by (分组); none: in all. "
        + spelled_out({code: NAMED_DIMENSIONS[code] for code in DIMENSIONS}),
        json_schema_extra={"enum": [*DIMENSIONS]},
    )


class TableQuery(FilterQuery):
    """Several figures in one table."""

    measure: list[str] = Field(["received"], max_length=20, description="Which figures.")
    by: Code = Field("day", description="Told apart by.")


class DashboardQuery(FilterQuery):
    """The dashboard: filters, and how fine its chart over time is.

    Like every page it overlooks what it does not know: links get words added on their way.
    """

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    grain: str | None = Field(None, pattern=f"^({'|'.join(GRAINS)})$")
    lang: str | None = None
    large: str | None = None
