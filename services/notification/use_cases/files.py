"""A letter as a file. Its PDF is made when it is first needed, and kept as it was then."""

from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, select

from services.notification.domain.facts import Facts
from services.notification.domain.forwarding import compose
from services.notification.domain.letter import Letter
from services.notification.domain.states import State, is_under_way
from services.notification.ports import Office
from services.notification.tables import SEALED_FILE, LetterFileRow, LetterRow
from services.notification.use_cases.identity import identity_of
from services.notification.use_cases.make import FACTS
from services.notification.use_cases.noting import became
from shared.kernel import ConflictError
from shared.trail import Deed, note_all
from shared.vault import Vault
from shared.work import Database, Work

UNFINISHED = frozenset({State.OWED, State.HELD})
"""Nothing of such a letter may look as if it had been issued."""


class NotMadeYetError(ConflictError):
    """There is no such file yet, because something is still lacking."""


async def pdf_of(database: Database, office: Office, letter: LetterRow) -> bytes:
    """The PDF of a letter, kept from the first time on. Raises NotMadeYetError."""
    check_hides(database.vault, letter)
    kept = await kept_pdf(database, letter.id)
    if kept is not None:
        return kept
    words = letter_of(database.vault, office, letter)
    if letter.state in UNFINISHED:
        raise NotMadeYetError("这份函件还没有做好，还不能下载PDF；可以下载Word自己改。")
    made = await office.printer.pdf(words)
    async with database.work() as work:
        await keep_pdf(work, letter, made)
    return made


async def kept_pdf(database: Database, letter: UUID) -> bytes | None:
    async with database.reading() as session:
        row = await session.get(LetterFileRow, letter)
    return database.vault.open(row.body, letter) if row else None


async def keep_pdf(work: Work, letter: LetterRow, made: bytes) -> None:
    """Keep the PDF unless one is kept already, or the letter says something else by now."""
    same = select(LetterRow).where(LetterRow.id == letter.id, LetterRow.facts == letter.facts)
    now: LetterRow | None = await work.session.scalar(same.with_for_update())
    if now is None:
        return
    row = {
        "letter_id": letter.id,
        "body": work.vault.seal(made, SEALED_FILE, letter.id),
        "sha256": sha256(made).hexdigest(),
        "made_at": work.now,
    }
    if await work.insert_new(LetterFileRow, [row], ["letter_id"]):
        await note_all(work, [became(now, Deed.LETTER_FILED, sha256=row["sha256"])])


async def forget_pdf(work: Work, letter: UUID) -> None:
    """The letter will say something else: the file goes."""
    await work.session.execute(delete(LetterFileRow).where(LetterFileRow.letter_id == letter))


async def docx_of(database: Database, office: Office, letter: LetterRow) -> bytes:
    """The letter as a Word document. Raises NotMadeYetError."""
    check_hides(database.vault, letter)
    return await office.printer.docx(letter_of(database.vault, office, letter))


def check_hides(vault: Vault, letter: LetterRow) -> None:
    """No letter goes out that does not know everybody whom it must not name.

    Raises NotMadeYetError for one that was made before they were kept and is still under way.
    """
    if letter.facts is None or not is_under_way(State(letter.state)):
        return
    if not facts_in(vault, letter).knows_whom_to_hide:
        raise NotMadeYetError(
            "这份函件做好时还没有记下要隐去谁的姓名，不能就这样寄出；请先点“重新制作”。"
        )


def letter_of(vault: Vault, office: Office, letter: LetterRow) -> Letter:
    """The words of a letter. Raises NotMadeYetError where its facts are not there or not for it."""
    facts = facts_in(vault, letter)
    if not facts.is_complaint:
        raise NotMadeYetError("这件不是投诉，不制作投诉转送函。")
    return compose(facts, identity_of(vault, letter, office))


def facts_in(vault: Vault, letter: LetterRow) -> Facts:
    """The facts of a letter. Raises NotMadeYetError where they are not there."""
    if letter.facts is None:
        raise NotMadeYetError("这份函件还没有内容：还没有取到，或者已经按规定删除。")
    return FACTS.validate_json(vault.open(letter.facts, letter.id))
