"""Files without what their owner did not mean to hand in, and without what could do harm.

Pictures lose where, when and with what they were taken; films their places; Word and Excel files
their authors. What is shown stays bit by bit, except for a picture that must be turned. A PDF and
an MP3 are kept as they came: their metadata (author, title, programme) stays in them.
"""

import threading
from collections.abc import Callable, Mapping

from services.intake.domain.attachment import FILES, AcceptedFile
from services.intake.domain.errors import (
    FileTooLargeError,
    HarmfulFileError,
    UnreadableFileError,
)
from services.intake.use_cases.cleaning import films, office, pictures, twofold
from services.intake.use_cases.cleaning.faults import (
    DamagedError,
    HarmfulError,
    TooManyPixelsError,
)

CLEANERS: Mapping[str, Callable[[bytes], bytes]] = {
    "jpg": pictures.clean_jpeg,
    "png": pictures.clean_png,
    "webp": pictures.clean_webp,
    "heic": pictures.clean_heic,
    "m4a": films.without_metadata,
    "mp4": films.without_metadata,
    "docx": office.clean,
    "xlsx": office.clean,
    "pdf": twofold.checked,
    "mp3": twofold.checked,
}
AT_ONCE = threading.BoundedSemaphore(2)
"""Turning a picture takes its pixels' memory; more than two at once would take too much."""


def cleaned(file: AcceptedFile, data: bytes, place: int = 1) -> bytes:
    """The content that is kept. Takes a thread's time, not the event loop's.

    Raises UnreadableFileError, HarmfulFileError, FileTooLargeError.
    """
    clean = CLEANERS.get(file.kind)
    if clean is None:
        return data
    try:
        with AT_ONCE:
            return clean(data)
    except TooManyPixelsError:
        raise FileTooLargeError(
            "第{place}个文件是图片，像素太多（最多{most}个），请缩小以后再传。",
            pointer=FILES,
            place=place,
            most=f"{pictures.MOST_PIXELS:,}",
        ) from None
    except HarmfulError:
        raise HarmfulFileError(
            "第{place}个文件里夹带了会出问题的内容（压缩包、实体声明，或者解开以后大得反常），没有收。"
            "请用原来的程序另存一份，或者打印成PDF再传。",
            pointer=FILES,
            place=place,
        ) from None
    except DamagedError:
        raise UnreadableFileError(
            "第{place}个文件打不开，可能已经损坏。请重新拍照，或者用原来的程序另存一份再传。",
            pointer=FILES,
            place=place,
        ) from None
