"""The public form: taken in, its files kept at once, sent on when nothing is wrong."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import Response

from services.intake.domain.attachment import MOST_BYTES, MOST_FILES
from services.intake.domain.errors import FloodedError, KeyUsedError
from services.intake.pages.chosen import ChosenFiles
from services.intake.pages.draft import Draft, id_in, key_of, new_key, text_in
from services.intake.pages.form import FormPage, caller_of, unseen
from services.intake.pages.reading import on_the_form, read
from services.intake.pages.receipt import handed_over
from services.intake.ports import Means
from services.intake.use_cases import uploads as kept
from services.intake.use_cases.admitting import Door
from services.intake.use_cases.checking import FORM, Sender, Submission, submitted
from services.intake.use_cases.mistakes import Asked, besides
from services.intake.use_cases.receipts import Receipt
from services.intake.use_cases.receiving import receive_complaints
from services.intake.use_cases.submission import ComplaintForm
from shared.i18n import N_, translated
from shared.kernel import RuleError, RuleErrors
from shared.web import (
    CheckedForm,
    TheDatabase,
    body_limit,
    public,
    wrongs,
)
from shared.web.requests import language_of
from shared.work import Database

UPLOAD_BYTES = MOST_FILES * MOST_BYTES + 2**21
BY_FORM = Sender(FORM)
OTHER_BODY = "other_body"
"""The button that shows the notice of the body that was chosen, and sends nothing."""
SENT_BEFORE = N_(
    "这张表刚才已经提交过了，内容却和现在的不一样。要作为新的一件提交，请再按一次“提交”。"
)


class Complaining:
    """The pages on which people complain."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._door = Door(means.flood)
        self._form = FormPage(means, self._door)
        self.router = APIRouter(include_in_schema=False, dependencies=[public()])
        add = self.router.add_api_route
        add("/intake/complaints/new", self.get_form, methods=["GET"])
        add(
            "/intake/complaints/new",
            self.post_form,
            methods=["POST"],
            dependencies=[body_limit(UPLOAD_BYTES)],
        )

    async def get_form(self, request: Request, database: TheDatabase, body: str = "") -> Response:
        """An empty form; for a body that the address names, if there is one of that code."""
        named = self._means.bodies.of(body or None)
        typed = {"body": named.code} if named and not named.demo else {}
        return await self._form.show(request, database, Draft(new_key(), typed, {}))

    async def post_form(
        self, request: Request, form: CheckedForm, database: TheDatabase
    ) -> Response:
        """Keep the files at once, then the complaint; or show the form with what is wrong."""
        key = key_of(form)
        if dropped := id_in(form.get("drop")):
            mine = kept.form_of(database.vault, key)
            await kept.drop_file(database, self._means.storage, mine, dropped)
            return await self._form.show(request, database, Draft(key, form, {}))
        try:
            self._let_in(request, database, key, form)
        except FloodedError as error:
            draft = Draft(key, form, wrongs(request, error))
            response = await self._form.show(request, database, draft, 429)
            response.headers["Retry-After"] = str(error.retry_after)
            return response
        chosen = ChosenFiles(self._means, request, database, key)
        if form.get(OTHER_BODY):
            await chosen.keep(form, right=False)
            return await self._form.show(request, database, Draft(key, form, chosen.wrong))
        submission, found = self._checked(request, form, key, database)
        await chosen.keep(form, right=submission is not None and not found)
        wrong = chosen.wrong | found
        try:
            if submission and not wrong:
                receipt = await self._receive(database, submission, key)
                return handed_over(request, receipt)
        except KeyUsedError:
            await chosen.forget()
            key, wrong = new_key(), {"": translated(SENT_BEFORE, language_of(request))}
        except RuleError as error:
            wrong |= wrongs(request, error)
        draft = Draft(key, form, on_the_form(wrong))
        return await self._form.show(request, database, draft, chosen.status)

    def _let_in(self, request: Request, database: Database, key: str, form: FormData) -> None:
        """Before anything is kept. Raises FloodedError."""
        proof = text_in(form, "challenge"), text_in(form, "challenge_answer")
        caller = caller_of(request, key)
        self._door.admit_person(database.vault, caller, database.clock(), *proof)

    def _checked(
        self, request: Request, form: FormData, key: str, database: Database
    ) -> tuple[Submission | None, dict[str, str]]:
        """What the form says, if it can be read and is right; and all that is wrong with it."""
        now, bodies = database.clock(), self._means.bodies
        fields, amounts = read(form)
        other = unseen(form, bodies)
        if other:
            fields.pop("privacy_notice", None)  # it is another body's, and not kept
        before = [*amounts, *filter(None, [other])]
        wrong = wrongs(request, RuleErrors(before)) if before else {}
        try:
            complaint = ComplaintForm.model_validate(fields)
            return submitted(complaint, BY_FORM, key, bodies, now), wrong
        except ValidationError as error:
            places = [one["loc"] for one in error.errors()]
            others = besides(fields, places, Asked(BY_FORM, bodies, now))
            found = wrongs(request, error)
            found |= wrongs(request, RuleErrors(others)) if others else {}
            return None, found | wrong
        except RuleError as error:
            return None, wrongs(request, error) | wrong

    async def _receive(self, database: Database, submission: Any, key: str) -> Receipt:
        """With files in a transaction of its own, without together with the others."""
        mine = kept.form_of(database.vault, key)
        async with database.reading() as session:
            files = await kept.kept_files(session, database.vault, mine)
        if files:
            return await kept.receive_with_files(database, submission, mine)
        return await database.together(receive_complaints, submission)
