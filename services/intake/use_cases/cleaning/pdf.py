"""PDF: kept as it came, unless it is an archive at the same time."""

import zipfile
from io import BytesIO

from services.intake.use_cases.cleaning.faults import HarmfulError


def checked(data: bytes) -> bytes:
    """The same bytes. Raises HarmfulError where programs would also read them as an archive."""
    if zipfile.is_zipfile(BytesIO(data)):
        raise HarmfulError
    return data
