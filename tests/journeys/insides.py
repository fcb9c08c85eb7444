"""All that a file holds, for a search: itself, what is packed in it, what is written as base64."""

import io
import re
import zipfile
import zlib
from base64 import b64decode, urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator

DEEPEST = 4
BASE64 = re.compile(rb"[A-Za-z0-9+/]{16,}={0,2}")
URL_SAFE = re.compile(rb"[A-Za-z0-9_-]{16,}={0,2}")
DEFLATED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
"""How zlib (RFC 1950) and gzip (RFC 1952) begin."""
MOST = 2**26


def insides(content: bytes, depth: int = 0) -> Iterator[bytes]:
    """The content itself, and whatever can be unpacked from it."""
    yield content
    if depth < DEEPEST:
        for one in (*members(content), *deflated(content), *decoded(content)):
            yield from insides(one, depth + 1)


def members(content: bytes) -> Iterator[bytes]:
    """The names and files of an archive (docx, xlsx, zip)."""
    if b"PK\x03\x04" not in content:
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for one in archive.infolist():
                yield one.filename.encode()
                yield archive.read(one)
    except zipfile.BadZipFile:
        return


def deflated(content: bytes) -> Iterator[bytes]:
    """What was packed by zlib or gzip, as in PDF."""
    for begins in DEFLATED.finditer(content):
        try:
            yield zlib.decompressobj(47).decompress(content[begins.start() :], MOST)
        except zlib.error:
            continue


def decoded(content: bytes) -> Iterator[bytes]:
    """What is written as base64, wherever a group of four begins."""
    for pattern, decode in ((BASE64, b64decode), (URL_SAFE, urlsafe_b64decode)):
        for found in pattern.finditer(content.replace(b"\r\n", b"").replace(b"\\n", b"")):
            text = found[0].rstrip(b"=")
            for skipped in range(4):
                part = text[skipped:]
                try:
                    yield decode(part + b"=" * (-len(part) % 4))
                except NotBase64:
                    continue
