"""What people type, made comparable: digits, blanks, phones, names, numbers and codes."""

import re
import unicodedata

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 without I, L, O and U (Douglas Crockford), so that nothing is misread aloud."""

NUMBER_TAIL = 9
"""How many random characters a public number has after its day."""

_WIDE = {0xFF10 + n: 0x30 + n for n in range(10)}
_WIDE |= {
    wide + n: plain + n for wide, plain in ((0xFF21, 0x41), (0xFF41, 0x61)) for n in range(26)
}
_BLANKS = dict.fromkeys(
    (0x09, 0x0B, 0x0C, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F), " "
)
_BLANKS[0x3000] = " "
_BREAKS = dict.fromkeys((0x85, 0x2028, 0x2029), "\n")
_UNSEEN = (0x00AD, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F))
_GONE = dict.fromkeys((*_UNSEEN, *range(0x2060, 0x2070), 0xFEFF, 0x7F, *range(0x80, 0x85)))
_GONE |= dict.fromkeys((*range(0x86, 0xA0), *range(0xD800, 0xE000)))
_CONTROLS = dict.fromkeys([*range(0x09), *range(0x0E, 0x20)])
_TIDY: dict[int, int | str | None] = {**_WIDE, **_BLANKS, **_BREAKS, **_GONE, **_CONTROLS}

_ODD = re.compile("[" + "".join(re.escape(chr(n)) for n in _TIDY) + "]")
_MANY_BLANKS = re.compile(r"[ \n]+")
_BLANKS_AT_BREAKS = re.compile(r" *\n *")
_MANY_BREAKS = re.compile(r"\n{3,}")
_PLAIN = re.compile(r"[\x20-\x7e]*")
_BARE = re.compile(r"[\x21-\x7e]*")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_PAIRS = [high + low for high in CROCKFORD for low in CROCKFORD]
_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅●▪●．.", "·"))
_DASHES = re.compile(r"[-‐-―−－—–_ ]")
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_EXTENSION = re.compile(r"(?:转分机|分机号?|转|EXT\.?|X|#)[:：]?", re.IGNORECASE)
_DASHED_EXTENSION = re.compile(r"^(0\d{2,3}-?\d{7,8}|400-?\d{3}-?\d{4})-(\d{1,6})$")
_NEEDS_NO_ZERO = re.compile(r"1[3-9]\d{9}$|0|[48]00")
_NOT_DIGITS = re.compile(r"[^0-9]")
_AT_HOME = re.compile(r"(?:\+|00)?86(?=1[3-9]\d{9}$|0?[1-9]\d{8,10}$|[48]00\d{7}$)")
_NUMBER = re.compile(rf"\d{{6}}[{CROCKFORD}]{{{NUMBER_TAIL}}}")


def clean(text: str) -> str:
    """One line as a person would read it: plain digits and letters, single blanks, nothing unseen.

    Chinese punctuation and rare characters stay as typed; line breaks become blanks.
    """
    if _PLAIN.fullmatch(text) and "  " not in text:
        return text.strip()
    return _MANY_BLANKS.sub(" ", tidy(text.replace("\r", "\n"))).strip()


def clean_words(text: str) -> str:
    """Free text: as `clean`, but lines stay lines (no more than one empty line together)."""
    lines = tidy(text.replace("\r\n", "\n").replace("\r", "\n"))
    return _MANY_BREAKS.sub("\n\n", _BLANKS_AT_BREAKS.sub("\n", lines)).strip()


def tidy(text: str) -> str:
    """Wide digits, letters and blanks as plain ones, without what cannot be seen."""
    return text.translate(_TIDY) if _ODD.search(text) else text


def code(text: str) -> str:
    """A code of letters and digits: upper case, compatibility forms folded (NFKC), no blanks."""
    return folded(folded(text).upper())


def normal_name(text: str) -> str:
    """The form under which the name of a person or firm is compared; not for showing.

    Case, width, blanks, kinds of brackets and of middle dots do not count.
    """
    return folded(folded(text).translate(_DOTS).casefold())


def folded(text: str) -> str:
    """Compatibility forms as plain ones (NFKC, Unicode Annex 15), nothing unseen, no blanks."""
    if _BARE.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFKC", text).translate(_TIDY)
    return unicodedata.normalize("NFKC", _MANY_BLANKS.sub("", plain))


def normal_phone(text: str) -> str:
    """A phone number as digits: no +86, 0086 or 86, area code with its 0, extension after 转.

    Numbers abroad keep their `+`. What is no number at all comes back as the digits it has.
    """
    if _MOBILE.fullmatch(text):
        return text
    typed = code(text).replace("(0)", "0")
    main, *extension = _EXTENSION.split(_DASHED_EXTENSION.sub(r"\1转\2", typed), maxsplit=1)
    digits = _NOT_DIGITS.sub("", main)
    if main.startswith("+"):
        digits = "+" + digits if digits else ""
    if found := _AT_HOME.match(digits):
        digits = with_area_zero(digits[found.end() :])
    tail = _NOT_DIGITS.sub("", extension[0]) if extension and digits else ""
    return f"{digits}转{tail}" if tail else digits


def with_area_zero(national: str) -> str:
    """A landline dialled after a country code lacks the 0 of its area: `10…` is `010…`."""
    return national if _NEEDS_NO_ZERO.match(national) else "0" + national


def phone_key(text: str) -> str:
    """The form under which a phone number is found again: as `normal_phone`, no extension."""
    return normal_phone(text).partition("转")[0]


def crockford(value: int, length: int) -> str:
    """The lowest `length` times five bits of `value` in base 32."""
    pairs = [_PAIRS[value >> shift & 1023] for shift in reversed(range(0, 5 * (length - 1), 10))]
    first = CROCKFORD[value >> 5 * (length - 1) & 31] if length % 2 else ""
    return first + "".join(pairs)


def normal_crockford(text: str) -> str:
    """A loosely typed base-32 code: lower case, blanks, dashes, O for 0, I or L for 1 all pass."""
    return folded(_DASHES.sub("", code(text))).translate(_MISREAD)


def is_crockford(text: str, length: int) -> bool:
    """Whether `text` is a normal base-32 code of this length."""
    return len(text) == length and all(letter in CROCKFORD for letter in text)


def normal_number(text: str) -> str | None:
    """A loosely typed public number as `YYMMDD-XXXXXXXXX`; None for what cannot be one."""
    typed = normal_crockford(text)
    return f"{typed[:6]}-{typed[6:]}" if _NUMBER.fullmatch(typed) else None
