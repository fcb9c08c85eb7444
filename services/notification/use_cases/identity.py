"""What makes a letter this letter: its number, its day, and the code by which it is verified."""

import hmac
from urllib.parse import urlencode

from services.notification.domain.letter import Identity
from services.notification.ports import Office
from services.notification.tables import LetterRow
from shared.text import crockford
from shared.vault import Vault

LENGTH = 12


def check_code(vault: Vault, letter: LetterRow) -> str:
    """60 bits of HMAC over the letter's id and number: nobody can guess it, nobody stores it."""
    digest = vault.mac("letter-check", letter.id.bytes + letter.document_number.encode())
    return crockford(int.from_bytes(digest[:8], "big") >> 4, LENGTH)


def in_groups(code: str) -> str:
    """ABCD-EFGH-JKMN, so that it can be read aloud."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def identity_of(vault: Vault, letter: LetterRow, office: Office) -> Identity:
    """The identity printed on a letter."""
    code = check_code(vault, letter)
    asked = urlencode({"number": letter.document_number, "code": code})
    return Identity(
        document_number=letter.document_number,
        issued_on=letter.issued_on,
        check_code=in_groups(code),
        check_url=f"{office.address}/notification/verify?{asked}",
    )


def fits(vault: Vault, letter: LetterRow, code: str) -> bool:
    """Whether this is the letter's code; takes the same time either way."""
    return hmac.compare_digest(check_code(vault, letter).encode(), code.encode())
