"""The desk of letters, and the mail that waits."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from services.notification.domain.states import State
from services.notification.pages.labels import LABELS
from services.notification.places import cursor_of, place_in
from services.notification.ports import Office
from services.notification.use_cases.allowing import seen_by
from services.notification.use_cases.mail import subject_of, text_of
from services.notification.use_cases.read import TODO, Wanted, counts, list_letters
from shared.acting import caller_of, doers_of
from shared.clock import local_day
from shared.i18n import N_
from shared.rights import Action
from shared.trail.searches import Outcome, searches_of
from shared.units import Sight
from shared.web import (
    CheckedForm,
    OpenRead,
    TheDatabase,
    Who,
    page,
    see_other,
    staff,
)
from shared.web.searching import LONGEST, opened_search, sealed_search

TABS: dict[str, tuple[str, frozenset[State]]] = {
    "": (N_("全部"), frozenset()),
    "todo": (N_("要办"), TODO),
    "waiting": (N_("待发"), frozenset({State.OWED, State.WAITING, State.SENDING})),
    "out": (N_("已送出"), frozenset({State.SENT, State.PRINTED})),
}


class Asked(BaseModel):
    """What the desk is asked for in its address, where what is searched stands sealed."""

    tab: str = Field("", max_length=20)
    q: str = Field("", max_length=LONGEST)
    cursor: str = Field("", max_length=400)

    def wanted(self, sees: Sight, bodies: tuple[str, ...]) -> Wanted:
        """The letters to show; an unknown tab shows all."""
        return Wanted(sees, bodies, TABS.get(self.tab, TABS[""])[1], self.q)


MOST_TYPED = 100
MOST_COUNTED = 1000
"""More letters of one state are not counted: the page says "1,000+"."""


def routes(office: Office) -> APIRouter:
    """The pages of the desk."""
    router = APIRouter(include_in_schema=False, dependencies=[staff(Action.LETTER_READ)])

    @router.get("/notification/letters")
    async def letters(
        request: Request,
        who: Who,
        session: OpenRead,
        database: TheDatabase,
        asked: Annotated[Asked, Query()],
    ) -> Response:
        """The desk of letters. Raises SearchInAddressError, SearchExpiredError."""
        asked = asked.model_copy(update={"q": opened_search(request, who.id, asked.q) or ""})
        sees = seen_by(await caller_of(database, who))
        wanted = asked.wanted(sees, office.bodies.codes)
        after = place_in(asked.cursor, wanted)
        listed = await list_letters(session, database.vault, wanted, after)
        if asked.q:
            outcome = Outcome("letters", len(listed.items), more=bool(listed.next))
            searches_of(database).add(doers_of(who, Action.LETTER_READ), asked.q, outcome)
        number = await counts(session, sees, office.bodies.codes, MOST_COUNTED + 1)
        context: dict[str, Any] = {
            "listed": listed,
            "next": cursor_of(listed.next),
            "tabs": [
                (code, name, sum(number[state] for state in states or State))
                for code, (name, states) in TABS.items()
            ],
            "asked": asked,
            "most": MOST_COUNTED,
            "waiting": number[State.WAITING],
            "failed": number[State.FAILED],
            "today": local_day(database.clock()),
        }
        return page(request, "notification/letters.html", **LABELS, **context)

    @router.post("/notification/letters")
    async def search(request: Request, form: CheckedForm, who: Who) -> Response:
        """Lead on to letters by number; what was typed does not stand in the address."""
        typed, tab = str(form.get("q") or "")[:MOST_TYPED].strip(), str(form.get("tab") or "")
        asked = {"tab": tab} if tab in TABS and tab else {}
        if typed:
            asked["q"] = sealed_search(request, who.id, typed)
        return see_other(f"/notification/letters?{urlencode(asked)}")

    @router.get("/notification/mail")
    async def mail(
        request: Request,
        who: Who,
        session: OpenRead,
        database: TheDatabase,
        asked: Annotated[Asked, Query()],
    ) -> Response:
        """The e-mail that waits because nothing is there that could send it, to be read here."""
        sees = seen_by(await caller_of(database, who))
        wanted = Wanted(sees, office.bodies.codes, frozenset({State.WAITING}))
        after = place_in(asked.cursor, wanted)
        listed = await list_letters(session, database.vault, wanted, after)
        mails = [
            (one.row, one.facts, subject_of(one.row, one.facts), text_of(one.row, one.facts))
            for one in listed.items
            if one.facts
        ]
        context: dict[str, Any] = {
            "mails": mails,
            "next": cursor_of(listed.next),
            "asked": asked,
        }
        return page(request, "notification/mail.html", **context)

    return router
