"""Films and sound (MP4, M4A): what was noted besides pictures and sound is blanked out."""

from collections.abc import Mapping

from services.intake.use_cases.cleaning import twofold
from services.intake.use_cases.cleaning.boxes import boxes, free

NEEDED: Mapping[bytes, frozenset[bytes]] = {
    b"": frozenset({
        b"ftyp", b"styp", b"pdin", b"moov", b"moof", b"mfra", b"mdat", b"sidx", b"ssix",
    }),
    b"moov": frozenset({b"mvhd", b"trak", b"mvex", b"iods"}),
    b"trak": frozenset({b"tkhd", b"tref", b"trgr", b"edts", b"mdia"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"elng", b"minf"}),
    b"minf": frozenset({
        b"vmhd", b"smhd", b"hmhd", b"sthd", b"nmhd", b"gmhd", b"hdlr", b"dinf", b"stbl",
    }),
    b"moof": frozenset({b"mfhd", b"traf"}),
    b"traf": frozenset({b"tfhd", b"trun", b"tfdt", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio"}),
}  # fmt: skip
"""What shows pictures and sound (ISO/IEC 14496-12), by the box around it.

Everything else is blanked out: places (©xyz, loci, `gps `), devices, titles, what a programme hid
in free space.
"""


def without_metadata(data: bytes) -> bytes:
    """The same film without places, devices, titles. Raises DamagedError, HarmfulError."""
    kept = bytearray(data)
    blank_out(kept, 0, len(kept))
    return twofold.checked(bytes(kept))


def blank_out(data: bytearray, start: int, end: int, around: bytes = b"") -> None:
    """Blank what the boxes between two places need not have. Raises DamagedError."""
    needed = NEEDED[around]
    for box in boxes(data, start, end):
        if box.kind not in needed:
            free(data, box)
        elif box.kind in NEEDED:
            blank_out(data, box.content, box.end, box.kind)
