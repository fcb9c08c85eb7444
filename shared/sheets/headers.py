"""Names of columns, as they are compared."""

import re
import unicodedata


def header_key(name: str) -> str:
    """Column names are compared without blanks, brackets' contents, stars and full-width forms."""
    plain = re.sub(r"\(.*?\)|\[.*?\]", "", unicodedata.normalize("NFKC", name))
    return re.sub(r"[\s*:：]", "", plain).lower()
