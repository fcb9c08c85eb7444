"""When a letter is tried again."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notification.domain.retry import SCHEDULE, next_attempt, too_late

NOW = datetime(2026, 6, 23, 4, tzinfo=UTC)


def test_the_first_failure_is_tried_again_after_a_minute() -> None:
    assert next_attempt(1, NOW, 0.0) == NOW + timedelta(minutes=1)
    assert next_attempt(1, NOW, 1.0) == NOW + timedelta(seconds=72)


def test_after_the_last_pause_we_give_up() -> None:
    assert next_attempt(len(SCHEDULE), NOW, 0.0) == NOW + timedelta(hours=24)
    assert next_attempt(len(SCHEDULE) + 1, NOW, 0.0) is None


@given(failed=st.integers(1, len(SCHEDULE) - 1), first=st.floats(0, 1), second=st.floats(0, 1))
def test_pauses_never_shrink_whatever_the_jitter(failed: int, first: float, second: float) -> None:
    earlier, later = next_attempt(failed, NOW, first), next_attempt(failed + 1, NOW, second)
    assert earlier is not None
    assert later is not None
    assert earlier <= later


def test_a_letter_that_cannot_leave_before_its_reply_date_is_too_late() -> None:
    due = date(2026, 6, 29)
    assert not too_late(date(2026, 6, 28), due)
    assert too_late(date(2026, 6, 29), due)
    assert too_late(date(2026, 6, 30), due)
