"""Spreadsheets of units and staff: chosen, looked at row by row, then brought in.

Between looking and doing, the rows lie packed in the page itself: nothing is kept here, everything
is checked again, and whoever changes them on the way may do no more than their rights allow.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.mediation.pages.people.files import csv_of, handed_out, packed, sealed, unpacked
from services.mediation.pages.people.words import STAFF, UNITS, bodies_in
from services.mediation.use_cases.people.doing import by_of
from services.mediation.use_cases.people.importing import (
    STAFF_COLUMNS,
    UNIT_COLUMNS,
    Columns,
    Line,
    import_staff,
    import_units,
    lines_of,
    plan_staff,
    plan_units,
)
from shared import web
from shared.acting import Staff
from shared.bodies import Bodies
from shared.clock import local_day
from shared.kernel import RuleError
from shared.rights import Action, NotAllowedError
from shared.sheets import sheet_of
from shared.sheets.problems import FileRefusedError
from shared.web import CheckedForm, TheDatabase, Who
from shared.web.refused import tell_each
from shared.web.requests import language_of
from shared.web.statuses import status_of

LARGEST = 4 * 2**20
"""Bytes of an upload; the console takes larger files."""
PAGE = "mediation/people/import.html"
EXAMPLES = {
    "staff": [["wang", "王芳", "", "调解员、登记员", "0825-12315", "", "2027-12-31"]],
    "units": [["sn", "遂宁市", "", "510900"], ["sn-cs", "船山区", "sn", "510903"]],
}


@dataclass(frozen=True)
class ImportPages:
    """The import of one kind of file: `staff` or `units`."""

    bodies: Bodies
    kind: str

    @property
    def columns(self) -> Columns:
        return STAFF_COLUMNS if self.kind == "staff" else UNIT_COLUMNS

    @property
    def action(self) -> Action:
        return Action.STAFF_MANAGE if self.kind == "staff" else Action.UNIT_MANAGE

    @property
    def address(self) -> str:
        return (STAFF if self.kind == "staff" else UNITS) + "/import"

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(include_in_schema=False, dependencies=[web.staff(self.action)])
        large = [web.body_limit(LARGEST)]
        add = made.add_api_route
        add(self.address, self.ask, methods=["GET"])
        add(self.address, self.preview, methods=["POST"], dependencies=large)
        add(self.address + "/do", self.do, methods=["POST"], dependencies=large)
        add(self.address + "/template.csv", self.template, methods=["GET"])
        if self.kind == "staff":
            again = self.address + "/passwords.csv"
            add(again, self.passwords, methods=["POST"], dependencies=large)
        return made

    async def ask(self, request: Request, who: Who) -> Response:
        """Choose a file."""
        return self.show(request, who)

    def show(self, request: Request, who: Staff, status: int = 200, **context: Any) -> Response:
        usual = {
            "kind": self.kind,
            "address": self.address,
            "bodies": bodies_in(self.bodies, who.rights.reach(self.action)),
            "columns": [names[:2] for names in self.columns.names.values()],
            "plan": None,
            "made": None,
            "many": 0,
        }
        return web.page(request, PAGE, status, **(usual | context))

    def body_in(self, form: CheckedForm, who: Staff) -> str:
        """The body that was chosen. Raises NotAllowedError."""
        body = str(form.get("body") or self.bodies.default.code)
        if not who.rights.reach(self.action).whole(body) or self.bodies.of(body) is None:
            raise NotAllowedError("您的角色不能在这里做「{action}」。", action=self.action)
        return body

    async def preview(
        self, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Every row with what would become of it; nothing is kept yet."""
        try:
            body = self.body_in(form, who)
            lines = await lines_in(form, self.columns)
        except RuleError as error:
            wrong = web.wrongs(request, error)
            named = {name or "file": sentence for name, sentence in wrong.items()}
            return self.show(request, who, status_of(error), wrong=named, typed=form)
        async with database.reading() as session:
            if self.kind == "staff":
                today = local_day(database.clock())
                plan: Any = await plan_staff(session, body, lines, by_of(who), today)
            else:
                plan = await plan_units(session, body, lines)
        tell_each(request, plan.untoward)
        language = language_of(request)
        said = {"plan": plan, "rows": packed(lines), "body": body, "language": language}
        return self.show(request, who, **said)

    async def do(
        self, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Check again and bring it in; one-time passwords are handed out this once."""
        made: list[tuple[str, str, str]] = []
        try:
            body, lines = self.body_in(form, who), unpacked(str(form.get("rows") or ""))
            async with database.work() as work:
                if self.kind == "staff":
                    plan: Any
                    plan, made = await import_staff(work, body, lines, by_of(who))
                else:
                    plan = await import_units(work, body, lines, by_of(who))
        except RuleError as error:
            wrong = {name or "file": one for name, one in web.wrongs(request, error).items()}
            return self.show(request, who, status_of(error), wrong=wrong)
        tell_each(request, plan.untoward)
        said: dict[str, Any] = {"plan": plan, "rows": None, "language": language_of(request)}
        if made:
            said |= {"made": sealed(request, who, made), "many": len(made)}
        return self.show(request, who, **said)

    async def template(self) -> Response:
        """An example with the names of all columns."""
        head = [names[0] for names in self.columns.names.values()]
        return csv_of([head, *EXAMPLES[self.kind]], f"{self.kind}-template.csv")

    async def passwords(self, request: Request, form: CheckedForm, who: Who) -> Response:
        """The one-time passwords of an import, as a file; for whoever made it, for an hour."""
        rows = handed_out(request, who, str(form.get("made") or ""))
        return csv_of([["账号", "姓名", "一次性密码"], *rows], "passwords.csv")


async def lines_in(form: CheckedForm, columns: Columns) -> list[Line]:
    """The rows of the file that was chosen. Raises FileRefusedError."""
    files = web.uploads(form, "file")
    if not files:
        raise FileRefusedError("请选择一个 xlsx 或 csv 文件。", pointer="/file")
    content = await files[0].read()
    return await asyncio.to_thread(read, content, files[0].filename or "upload", columns)


def read(content: bytes, name: str, columns: Columns) -> list[Line]:
    """The rows of a file: seconds of work for a large one. Raises FileRefusedError."""
    return lines_of(sheet_of(content, name), columns)
