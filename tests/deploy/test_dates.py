"""Dates and amounts in the spellings people use."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.imports.money import Amount, amount_of
from shared.sheets.dates import day_of, instant_of
from shared.sheets.problems import CellRefusedError, Remark

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "spelling",
    [
        "2020/1/2 9:05:07",
        "2020-01-02 09:05:07",
        "2020.1.2 9:05:07",
        "2020-01-02T09:05:07",
        "2020-01-02T09:05:07+08:00",
        "2020-01-02T01:05:07Z",
        "2020年1月2日 9时05分07秒",
        "2020年1月2日 上午9:05:07",
        "２０２０年１月２日　9：05：07",
        "2020/1/2 9:05:07 AM",
        "2020年1月2日 星期四 9:05:07",
        "20200102090507",
        "二〇二〇年一月二日 9:05:07",
        datetime(2020, 1, 2, 9, 5, 7),  # noqa: DTZ001 - as a spreadsheet gives it
        43832.378553240743,
    ],
)
def test_every_spelling_of_one_instant_is_that_instant(spelling: str | float | datetime) -> None:
    assert instant_of(spelling) == datetime(2020, 1, 2, 9, 5, 7, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("spelling", "day"),
    [
        ("2020/1/2", date(2020, 1, 2)),
        ("2020年1月2日", date(2020, 1, 2)),
        ("2020年12月31号", date(2020, 12, 31)),
        ("二〇二六年十二月三十一日", date(2026, 12, 31)),
        ("二〇二六年十月二十日", date(2026, 10, 20)),
        ("20200102", date(2020, 1, 2)),
        (43832, date(2020, 1, 2)),
        ("43832", date(2020, 1, 2)),
        (date(2020, 1, 2), date(2020, 1, 2)),
        ("2020-01-01T16:00:00Z", date(2020, 1, 2)),
        ("2020-01-01T15:59:59Z", date(2020, 1, 1)),
        ("2020/1/2 下午3点20分", date(2020, 1, 2)),
    ],
)
def test_a_day_is_the_legal_day_in_shanghai(spelling: str | float | date, day: date) -> None:
    assert day_of(spelling) == day


def test_the_afternoon_is_after_noon() -> None:
    assert instant_of("2020/1/2 下午3点20分").astimezone(SHANGHAI).hour == 15
    assert instant_of("2020/1/2 12:10 PM").astimezone(SHANGHAI).hour == 12
    assert instant_of("2020/1/2 12:10 AM").astimezone(SHANGHAI).hour == 0


@pytest.mark.parametrize(
    ("spelling", "sentence"),
    [
        ("2019/11/3 25:10", "一天里没有25点；请改正时间。"),
        ("2026-06-31", "没有“2026-06-31”这个时刻；请核对年月日和时间。"),
        ("2026-13-01", "没有“2026-13-01”这个时刻；请核对年月日和时间。"),
        ("前天", "看不懂这个日期“前天”；请写成 2026-06-16 或 2026-06-16 09:12。"),
        ("1/2/26", "看不懂这个日期“1/2/26”；请写成 2026-06-16 或 2026-06-16 09:12。"),
        ("20xx年3月1日", "看不懂这个日期“20xx年3月1日”；请写成 2026-06-16 或 2026-06-16 09:12。"),
        ("9999-12-31T23:00-08:00", "没有“9999-12-31T23:00-08:00”这个时刻；请核对年月日和时间。"),
        ("2026-01-01T00:00+99:99", "没有“2026-01-01T00:00+99:99”这个时刻；请核对年月日和时间。"),
        (7, "看不懂这个日期“7”；请写成 2026-06-16 或 2026-06-16 09:12。"),
    ],
)
def test_a_date_that_is_none_is_refused_with_what_to_write(
    spelling: str | float, sentence: str
) -> None:
    with pytest.raises(CellRefusedError) as refused:
        instant_of(spelling)
    assert str(refused.value) == sentence


@settings(deadline=None)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2035, 12, 31)))  # noqa: DTZ001 - wall clock
def test_a_serial_number_is_the_wall_clock_it_was_made_from(wall: datetime) -> None:
    wall = wall.replace(microsecond=0)
    serial = (wall - datetime(1899, 12, 30)) / timedelta(days=1)  # noqa: DTZ001 - no zone there
    assert instant_of(serial) == wall.replace(tzinfo=SHANGHAI)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_whatever_stands_in_a_date_column_is_an_instant_or_a_sentence(text: str) -> None:
    try:
        instant = instant_of(text)
    except CellRefusedError:
        return
    assert instant.tzinfo is not None


def test_an_instant_with_a_zone_stays_what_it_is() -> None:
    assert instant_of(datetime(2026, 1, 1, tzinfo=UTC)) == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spelling", "fen"),
    [
        ("129", 12_900),
        ("129.5元", 12_950),
        ("￥1,234.50", 123_450),
        ("人民币2.3万元", 2_300_000),
        ("１２９", 12_900),
        ("1.2亿", 12_000_000_000),
        (129, 12_900),
        (0.1, 10),
        (129.5, 12_950),
        ("约", None),
    ],
)
def test_amounts_are_whole_fen(spelling: str | float, fen: int | None) -> None:
    if fen is None:
        with pytest.raises(CellRefusedError):
            amount_of(spelling)
    else:
        assert amount_of(spelling) == Amount(fen)


def test_an_ideographic_comma_is_a_point_and_is_remarked() -> None:
    amount = amount_of("10、23万元")
    assert amount.fen == 10_230_000
    assert amount.note is not None
    assert amount.note.in_words("zh") == "顿号当了小数点，读作102300元。"
    assert amount.note.in_words("en") == (
        "A comma 、 stands for the decimal point; it was read as 102300 yuan."
    )


@pytest.mark.parametrize("open_", ["XX", "__", "无", "不详", "***"])
def test_a_placeholder_is_nothing_and_is_remarked(open_: str) -> None:
    assert amount_of(open_) == Amount(None, Remark("金额没有写明，按未填处理。"))


@pytest.mark.parametrize("wrong", ["1,3641", "1.2.3", "0.001", "-5", "万元", "三百元"])
def test_an_amount_that_is_none_is_never_guessed(wrong: str) -> None:
    with pytest.raises(CellRefusedError):
        amount_of(wrong)
