"""Files that are an archive at the same time: what they show is not all that is in them."""

import zipfile
from io import BytesIO

from services.intake.use_cases.cleaning.faults import HarmfulError


def checked(data: bytes) -> bytes:
    """The same bytes. Raises HarmfulError where programs would also read them as an archive."""
    if zipfile.is_zipfile(BytesIO(data)):
        raise HarmfulError
    return data
