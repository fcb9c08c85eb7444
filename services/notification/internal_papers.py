"""What mediation has printed here: the copy a person is given of everything about them."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notification.domain.paper import Paper, Row, Section
from services.notification.ports import Printer
from shared.web import body_limit, service

LARGEST = 32 * 2**20
"""Bytes of the words of one document."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RowForm(Strict):
    """One line of a list."""

    label: str
    value: str


class SectionForm(Strict):
    """A heading with rows and paragraphs."""

    heading: str
    level: int = Field(1, ge=1, le=2)
    rows: list[RowForm] = []
    lines: list[str] = []

    def section(self) -> Section:
        """The same, for the printer."""
        rows = tuple(Row(one.label, one.value) for one in self.rows)
        return Section(self.heading, self.level, rows, tuple(self.lines))


class PaperForm(Strict):
    """A plain document."""

    title: str
    language: Literal["zh", "en"]
    lead: list[str]
    sections: list[SectionForm]
    foot: str = ""

    def paper(self) -> Paper:
        """The same, for the printer."""
        sections = tuple(one.section() for one in self.sections)
        return Paper(self.title, self.language, tuple(self.lead), sections, self.foot)


def internal_papers(printer: Printer) -> APIRouter:
    """The route; it needs a service token."""
    router = APIRouter(prefix="/internal", dependencies=[service()], include_in_schema=False)

    @router.post("/papers", dependencies=[body_limit(LARGEST)])
    async def papers(form: PaperForm) -> Response:
        """The document as PDF; nothing of it is kept."""
        pdf = await printer.paper(form.paper().drawable(printer.has))
        return Response(pdf, media_type="application/pdf")

    return router
