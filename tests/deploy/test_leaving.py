"""What a killed process leaves in the clear goes with the next start; what lives is left alone."""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from deploy.cli.errors import CannotError
from deploy.cli.leaving import PREFIX, temporary_folder
from shared.settings import CommonSettings

HOLD = """
import tempfile, sys
from pathlib import Path
from deploy.cli.leaving import dump_nothing, temporary_folder
from shared.settings import CommonSettings
dump_nothing()
with temporary_folder(CommonSettings(data=Path(sys.argv[1]))):
    with tempfile.NamedTemporaryFile("w", suffix=".xlsx", delete=False) as file:
        file.write("in the clear")
    print(file.name, flush=True)
    sys.stdin.read()
"""


def writing(data: Path) -> "tuple[subprocess.Popen[str], Path]":
    """A process that wrote a file in the clear, and where."""
    started = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", HOLD, str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    return started, Path(started.stdout.readline().strip())


def folders_in(data: Path) -> list[Path]:
    return list((data / "tmp").glob(f"{PREFIX}*"))


def test_what_a_killed_process_left_is_removed_at_the_next_start(tmp_path: Path) -> None:
    killed, file = writing(tmp_path)
    killed.kill()
    killed.communicate()
    assert file.read_text() == "in the clear"
    with temporary_folder(CommonSettings(data=tmp_path)) as mine:
        assert not file.exists()
        assert folders_in(tmp_path) == [mine]
    assert folders_in(tmp_path) == []


def test_what_a_living_process_writes_is_left_alone_and_goes_with_it(tmp_path: Path) -> None:
    living, file = writing(tmp_path)
    with temporary_folder(CommonSettings(data=tmp_path)):
        assert file.read_text() == "in the clear"
        assert resource.prlimit(living.pid, resource.RLIMIT_CORE) == (0, 0)
        living.communicate("")
        assert (living.returncode, file.exists()) == (0, False)


def test_temporary_files_lie_where_only_their_owner_reads(tmp_path: Path) -> None:
    before = tempfile.gettempdir()
    elsewhere = CommonSettings(data=tmp_path / "data", temp=tmp_path / "elsewhere")
    with temporary_folder(elsewhere) as mine:
        with tempfile.NamedTemporaryFile(delete=False) as file:
            path = Path(file.name)
        assert path.parent == mine
        assert mine.parent == tmp_path / "elsewhere"
        modes = [one.stat().st_mode & 0o777 for one in (mine.parent, mine, path)]
    assert modes == [0o700, 0o700, 0o600]
    assert tempfile.gettempdir() == before
    assert not (tmp_path / "data").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    wrong = CommonSettings(data=tmp_path, temp=tmp_path / "file" / "tmp")
    with pytest.raises(CannotError) as refused, temporary_folder(wrong):
        raise AssertionError
    assert str(refused.value).endswith("file/tmp, cannot be used: Not a directory.")
