"""The e-mail that carries a letter: who it is from, what it says, what hangs on it."""

from datetime import datetime
from urllib.parse import urlsplit

from services.notification.domain.facts import Facts
from services.notification.domain.letter import in_words
from services.notification.ports import Mail, Office
from services.notification.tables import LetterRow

COVER = """\
{to}：

    现将投诉转送函（{number}）发给贵单位，函件见附件。请于{due}前（含当日）书面答复。
    如不认可投诉内容，请说明理由并提供证据材料。{copies}
    本邮件由系统自动发出，请勿直接回复。函件真伪可扫描函上的二维码核对。

联系人：{contact}
{sender}
{issued}
"""


COPIES = "\n    投诉人提供的材料共{count}件，副本没有随本邮件发送，可凭函件文号向联系人索取。"


def message_id(letter: LetterRow) -> str:
    """The same for every repetition of one sending, so that a reader's program sees it once."""
    return f"{letter.id}.{letter.round}"


def mail_of(office: Office, letter: LetterRow, facts: Facts, pdf: bytes, now: datetime) -> Mail:
    """The mail of one letter. `facts` must have an address."""
    host = urlsplit(office.address).hostname or "localhost"
    return Mail(
        message_id=f"<{message_id(letter)}@{host}>",
        to=facts.respondent.email,
        to_name=facts.respondent.name,
        sender_name=facts.sender.name,
        subject=subject_of(letter, facts),
        text=text_of(letter, facts),
        date=now,
        file_name=f"{letter.document_number}.pdf",
        pdf=pdf,
    )


def subject_of(letter: LetterRow, facts: Facts) -> str:
    """What the reader sees in the list: nothing of the matter itself."""
    due = in_words(facts.reply_due)
    return f"投诉转送函 {letter.document_number}：请于{due}前答复"


def text_of(letter: LetterRow, facts: Facts) -> str:
    """The cover note; the letter itself is attached."""
    phone = facts.contact_phone or facts.sender.phone
    contact = "，".join(one for one in (facts.contact, phone and f"电话{phone}") if one)
    return COVER.format(
        to=facts.respondent.name,
        number=letter.document_number,
        due=in_words(facts.reply_due),
        copies=COPIES.format(count=len(facts.files)) if facts.files else "",
        contact=contact,
        sender=facts.sender.name,
        issued=in_words(letter.issued_on),
    )
