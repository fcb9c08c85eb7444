"""Which files are accepted, and under what name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.attachment import MOST_BYTES, accept, clean_name, kind_of
from services.intake.domain.errors import FileTooLargeError, NoFileError, UnacceptedFileError
from tests.intake.samples import SAMPLES, archive


@pytest.mark.parametrize("kind", SAMPLES)
def test_each_kind_is_known_by_its_content(kind: str) -> None:
    kept = accept("文件.whatever", SAMPLES[kind])
    assert (kept.kind, kept.name, kept.size) == (kind, f"文件.{kind}", len(SAMPLES[kind]))
    assert "html" not in kept.media_type


def test_a_bare_mpeg_frame_is_sound() -> None:
    assert kind_of(b"\xff\xfb\x90\x64" + bytes(20)) == "mp3"


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ\x90\x00",
        b"\x7fELF",
        b"GIF89a",
        b"#!/bin/sh\n",
        b" %PDF-1.7",
        b"RIFF\x24\x00\x00\x00WAVE",
        b"\x00\x00\x00\x18ftypqt  ",
        b"PK\x03\x04 broken",
        archive("word/document.xml"),
        archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        archive("[Content_Types].xml", "evil.exe"),
        "纯文本".encode(),
        b"\xff\xff\xff\xff",
    ],
)
def test_anything_else_is_refused_however_it_is_called(data: bytes) -> None:
    for name in ("发票.pdf", "照片.jpg", "x.mp3"):
        with pytest.raises(UnacceptedFileError):
            accept(name, data)


def test_an_empty_file_is_refused_by_its_place() -> None:
    with pytest.raises(NoFileError) as refused:
        accept("小票.jpg", b"", 3)
    assert str(refused.value) == "第3个文件是空的，请重新选择。"


def test_twenty_megabytes_pass_and_one_byte_more_does_not() -> None:
    assert accept("a.pdf", SAMPLES["pdf"].ljust(MOST_BYTES)).size == 20 * 1024 * 1024
    with pytest.raises(FileTooLargeError) as refused:
        accept("a.pdf", SAMPLES["pdf"].ljust(MOST_BYTES + 1))
    assert str(refused.value) == "第1个文件超过20MB，请压缩或者分开再传。"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("小票.jpg", "小票"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\发票.pdf", "发票"),
        ("invoice.pdf.exe", "invoice_pdf"),
        (".htaccess", "附件"),
        ("...", "附件"),
        ("", "附件"),
        ("a\u202egpj.exe", "agpj"),
        ('x"; filename="evil.html', "x_; filename=_evil"),
        ("line\r\nbreak.png", "line break"),
        ("nul\0.png", "_nul"),
        ("２０２６．１．２ 收据.png", "2026．1．2 收据"),
        ("长" * 300 + ".pdf", "长" * 80),
        ("con.pdf", "_con"),
        ("COM1", "_COM1"),
        ("console.pdf", "console"),
    ],
)
def test_a_name_loses_its_folders_its_ending_and_its_tricks(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@given(st.text())
def test_no_name_ever_leaves_its_folder(typed: str) -> None:
    kept = clean_name(typed)
    assert kept
    assert not set('/\\:\0\r\n"<>.') & set(kept)
    assert len(kept) <= 80
