"""Films and sound (MP4, M4A): what was noted besides pictures and sound is blanked out."""

from services.intake.use_cases.cleaning.boxes import boxes, free

ASIDE = frozenset({b"udta", b"meta", b"uuid", b"XMP_"})
"""Where places (©xyz, loci), devices, titles and whatever a programme notes are kept."""
AROUND = frozenset({b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"})


def without_metadata(data: bytes) -> bytes:
    """The same film without places, devices, titles. Raises DamagedError."""
    kept = bytearray(data)
    blank_out(kept, 0, len(kept))
    return bytes(kept)


def blank_out(data: bytearray, start: int, end: int) -> None:
    for box in boxes(data, start, end):
        if box.kind in ASIDE:
            free(data, box)
        elif box.kind in AROUND:
            blank_out(data, box.content, box.end)
