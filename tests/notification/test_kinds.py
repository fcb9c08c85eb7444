"""Only a complaint (投诉) becomes a forwarding letter; any other kind is held for a person."""

from dataclasses import replace

import pytest

from services.notification.ports import Office
from services.notification.use_cases.files import NotMadeYetError, docx_of, letter_of, pdf_of
from services.notification.use_cases.send import send_due
from services.notification.use_cases.void import void_letters
from shared.events import LetterFailed
from shared.terms import Kind
from shared.work import Database
from tests.notification.conftest import WORDS, PostBox, Sisters, closed, forwarded
from tests.notification.platform import made, only, said


@pytest.mark.parametrize("kind", ["report", "inquiry", "suggestion", "praise", "help"])
async def test_what_is_no_complaint_gets_no_forwarding_letter_and_is_held_with_the_reason(
    database: Database, office: Office, sisters: Sisters, post: PostBox, kind: str
) -> None:
    sisters.words_of_all = replace(WORDS, kind=kind)
    event = forwarded()
    [letter] = await made(database, office, event)
    assert (letter.state, letter.reason, letter.lacking) == ("held", "not_complaint", None)
    [failed] = await said(database)
    assert isinstance(failed, LetterFailed)
    assert (failed.reason, failed.attempts) == ("not_complaint", 0)
    with pytest.raises(NotMadeYetError, match="这件不是投诉，不制作投诉转送函。"):
        letter_of(database.vault, office, letter)
    for make in (pdf_of, docx_of):
        with pytest.raises(NotMadeYetError, match="不制作投诉转送函"):
            await make(database, office, letter)
    assert await send_due(database, office) == 0
    assert post.mails == []
    async with database.work() as work:
        await void_letters(work, [closed(event)])
    assert ((await only(database)).state, letter.number) == ("void", 1)


async def test_every_kind_but_complaints_was_tried() -> None:
    assert {str(one) for one in Kind} == {
        "complaint", "report", "inquiry", "suggestion", "praise", "help",
    }  # fmt: skip
