"""What people read on the console goes by Shanghai's clock."""

from datetime import UTC, datetime

import pytest

from deploy.cli import say
from deploy.cli.commands import audit, keys

EARLY = datetime(2026, 11, 22, 17, 5, 59, tzinfo=UTC)
"""Five past one in the morning of the 23rd in Shanghai."""


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (EARLY, "2026-11-23 01:05"),
        ("2026-11-22T17:05:59+00:00", "2026-11-23 01:05"),
        ("2026-11-22 17:05:59+00:00", "2026-11-23 01:05"),
        (None, "-"),
    ],
)
def test_an_instant_is_told_by_the_clock_of_shanghai(at: datetime | str | None, shown: str) -> None:
    assert say.local(at) == shown


@pytest.mark.parametrize("since", [EARLY, str(EARLY)])
def test_the_trail_is_verified_since_a_day_of_shanghai(
    since: datetime | str, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = {"chains": 1, "rows": 2, "checkpoints": 3, "breaks": []}
    audit.show({"intake": counts | {"since": since}, "analytics": counts | {"since": None}})
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[1:] == [
        ["intake", "1", "2", "3", "2026-11-23", "0"],
        ["analytics", "1", "2", "3", "-", "0"],
    ]


def test_a_key_was_made_by_the_clock_of_shanghai(capsys: pytest.CaptureFixture[str]) -> None:
    key = {"id": "k1", "active": True, "cipher": "aes-256-gcm", "values": 7}
    keys.table([key | {"made_at": EARLY.isoformat()}, key | {"made_at": None, "active": False}])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[1:] == [
        ["k1", "active", "aes-256-gcm", "2026-11-23", "01:05", "7"],
        ["k1", "to", "be", "given", "up", "aes-256-gcm", "-", "7"],
    ]
