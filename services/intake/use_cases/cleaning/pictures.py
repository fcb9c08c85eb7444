"""Pictures: not too many pixels, upright, and without where, when and with what they were taken."""

import warnings
from collections.abc import Callable
from io import BytesIO
from typing import TypeAlias

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from services.intake.use_cases.cleaning import heif, jpeg, png, webp
from services.intake.use_cases.cleaning.faults import DamagedError, TooManyPixelsError

Cleaner: TypeAlias = Callable[[bytes], bytes]

MOST_PIXELS = 64_000_000
"""More than telephones make of usual pictures; turning one takes some 200 MB for a moment."""
MOST_TURNED = 3 * MOST_PIXELS
"""Bytes of the pixels of a picture that is turned: as many as that in three colours."""
UPRIGHT = 1
MOVING = frozenset({"PNG", "WEBP"})
"""Kinds that move; of several pictures in a JPEG (CIPA DC-007) the first is the picture."""
GOOD = 95
"""Quality (of 100) of a turned WebP picture whose pixels cannot be kept exactly."""
UNREADABLE = (UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, KeyError)
"""What Pillow raises for broken pictures."""

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


def clean_jpeg(data: bytes) -> bytes:
    """The same pixels; where the camera was held turned, upright ones, quantised as before."""
    turned = upright(data, "JPEG")
    if turned is None:
        return jpeg.without_metadata(data)
    with Image.open(BytesIO(data), formats=["JPEG"]) as was:
        tables = getattr(was, "quantization", None)
        colours = was.info.get("icc_profile")
    return saved(turned, "JPEG", qtables=tables, subsampling="4:4:4", icc_profile=colours)


def clean_png(data: bytes) -> bytes:
    """The same pixels, upright."""
    turned = upright(data, "PNG")
    return png.without_metadata(data if turned is None else saved(turned, "PNG"))


def clean_webp(data: bytes) -> bytes:
    """The same pixels; where they must be turned, as exactly as they were kept before."""
    turned = upright(data, "WEBP")
    if turned is None:
        return webp.without_metadata(data)
    return webp.without_metadata(
        saved(turned, "WEBP", lossless=b"VP8L" in data[:64], quality=GOOD, exact=True)
    )


def clean_heic(data: bytes) -> bytes:
    """The same pixels; they are not decoded here."""
    from pillow_heif import HeifImageFile, register_heif_opener  # noqa: PLC0415 - 20 MB, seldom used

    register_heif_opener(thumbnails=False)
    kept = heif.without_metadata(data)
    size_of(kept, HeifImageFile.format)
    return kept


def size_of(data: bytes, kind: str) -> tuple[int, int]:
    """Width and height. Raises DamagedError, TooManyPixelsError."""
    try:
        with Image.open(BytesIO(data), formats=[kind]) as picture:
            size = picture.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixelsError from None
    except UNREADABLE as error:
        raise DamagedError from error
    return size


def to_turn(data: bytes, kind: str) -> int:
    """How many pixels must be turned for the picture to stand upright; 0 for what is none."""
    try:
        with Image.open(BytesIO(data), formats=[kind]) as picture:
            turned = picture.getexif().get(ExifTags.Base.Orientation, UPRIGHT)
            return 0 if turned == UPRIGHT else picture.width * picture.height
    except (*UNREADABLE, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return 0


def upright(data: bytes, kind: str) -> Image.Image | None:
    """The picture turned as its Exif says; None where it stands upright already.

    Raises DamagedError, TooManyPixelsError.
    """
    size_of(data, kind)
    try:
        with Image.open(BytesIO(data), formats=[kind]) as picture:
            turned = picture.getexif().get(ExifTags.Base.Orientation, UPRIGHT)
            if turned == UPRIGHT or (kind in MOVING and getattr(picture, "is_animated", False)):
                return None
            if picture.width * picture.height * len(picture.getbands()) > MOST_TURNED:
                raise TooManyPixelsError
            made = ImageOps.exif_transpose(picture)
            made.info = {
                name: made.info[name]
                for name in ("icc_profile", "transparency", "gamma")
                if name in made.info
            }
            return made
    except UNREADABLE as error:
        raise DamagedError from error


def saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    """The picture as a file without any metadata. Raises DamagedError."""
    made = BytesIO()
    picture.getexif().clear()
    try:
        picture.save(made, kind, **how)
    except UNREADABLE as error:
        raise DamagedError from error
    return made.getvalue()
