"""Names, numbers and words of a person are in no log, metric, event or file in the clear."""

import sqlite3
from pathlib import Path

from tests.journeys.marked import MARKS, walk
from tests.journeys.server import running

ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


async def test_a_stolen_data_folder_and_all_that_was_written_tell_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as site:
        metrics = await walk(site)
    written = files_in(tmp_path)
    names = {path.name for path in written}
    assert {"log", "bus.db", "intake.db", "mediation.db", "notification.db"} <= names
    assert any(path.parent.name == "attachments" or "attachments" in path.parts for path in written)
    for mark in MARKS:
        assert mark not in metrics
        for path, content in written.items():
            for one in told_as(mark):
                assert one not in content.lower(), f"{path.name} tells {mark}"


async def test_the_search_itself_finds_what_is_there(tmp_path: Path) -> None:
    place = tmp_path / "some.db"
    with sqlite3.connect(place) as database:
        database.execute("CREATE TABLE things (words TEXT)")
        database.execute("INSERT INTO things VALUES (?)", (f"x{MARKS[0]}y",))
    [content] = files_in(tmp_path).values()
    assert any(one in content.lower() for one in told_as(MARKS[0]))
    assert not any(one in content.lower() for one in told_as(MARKS[1]))


def told_as(mark: str) -> list[bytes]:
    """The mark as files may hold it: in several encodings, escaped, as hexadecimal digits."""
    plain = [mark.encode(encoding) for encoding in ENCODINGS]
    escaped = mark.encode("unicode_escape")
    quoted = "".join(f"%{byte:02x}" for byte in mark.encode())
    hexed = mark.encode().hex().encode()
    found = [*plain, hexed, quoted.encode()]
    return [one.lower() for one in (found if escaped == mark.encode() else [*found, escaped])]


def files_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
