"""Whether a telephone number or an e-mail address can be one."""

import re

from shared.record.errors import MistypedEmailError, MistypedPhoneError
from shared.record.limits import EMAIL

_NUMBERS = re.compile(
    r"(?:1[3-9]\d{9}"  # mobile
    r"|0\d{9,11}(?:转\d{1,6})?"  # landline with its area code, extension
    r"|[48]00\d{7}(?:转\d{1,6})?"  # service numbers
    r"|1[02]\d{3}|9\d{4,5}"  # hotlines: 12315, 95588, 955885
    r"|\+\d{7,15})"  # abroad (E.164)
)
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_EMAIL = re.compile(
    r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\.]+(?:\.[^\s@<>()\[\],;:\"\\.]+)+"
)
MOBILE_DIGITS = 11


def check_phone(number: str, pointer: str) -> None:
    """Refuse a number (normalised by `shared.text.normal_phone`) that cannot be dialled."""
    if _NUMBERS.fullmatch(number):
        return
    if number[:1] == "1" and number.isdigit():
        raise MistypedPhoneError(
            "手机号应是{right}位，您填了{count}位。",
            pointer=pointer,
            right=MOBILE_DIGITS,
            count=len(number),
        )
    if _LOCAL.fullmatch(number):
        raise MistypedPhoneError("座机号码请带上区号，例如0825-2222222。", pointer=pointer)
    raise MistypedPhoneError(
        "这不像一个电话号码，请填手机号，或者带区号的座机号。", pointer=pointer
    )


def check_email(address: str, pointer: str) -> None:
    """Refuse what cannot be an e-mail address; whether it exists only a letter can tell."""
    if len(address) > EMAIL or not _EMAIL.fullmatch(address):
        raise MistypedEmailError("电子邮箱写得不对，应像name@example.com这样。", pointer=pointer)
