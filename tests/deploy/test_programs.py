"""Programs that are started as children."""

import os
import sys
from pathlib import Path

import pytest

from deploy.processes import Program, end, start


@pytest.mark.parametrize(("gives_way", "nice"), [(0, 0), (7, 7)])
def test_a_program_stands_back_as_far_as_it_is_told(
    tmp_path: Path, gives_way: int, nice: int
) -> None:
    waits = (sys.executable, "-c", "input()")
    program = Program("waits", waits, tmp_path / "log", gives_way=gives_way)
    mine = os.getpriority(os.PRIO_PROCESS, 0)
    process = start(program)
    try:
        assert os.getpriority(os.PRIO_PROCESS, process.pid) == (nice or mine)
    finally:
        process.kill()
        end(process, program)


@pytest.mark.skipif(
    not Path("/proc/self/autogroup").exists(), reason="this system does not weigh sessions"
)
def test_where_sessions_are_weighed_its_session_stands_back_too(tmp_path: Path) -> None:
    waits = (sys.executable, "-c", "import time; time.sleep(60)")
    program = Program("waits", waits, tmp_path / "log", gives_way=7)
    process = start(program)
    try:
        assert Path(f"/proc/{process.pid}/autogroup").read_text().split()[-1] == "7"
    finally:
        process.kill()
        end(process, program)
