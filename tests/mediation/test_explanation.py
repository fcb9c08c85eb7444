"""Each date explains itself in one sentence, in two languages."""

from datetime import date

import pytest

from services.mediation.domain.explanation import explain
from services.mediation.domain.legal_clock import Course, Pause, deadline
from tests.mediation.seeds import association, shipped_calendar

PACK = association()


def sentences(clock: str, start: str, course: Course | None = None) -> tuple[str, str]:
    rule = PACK.clock(clock)
    found = deadline(
        rule.period, date.fromisoformat(start), shipped_calendar(), course or Course()
    ).derivation()
    return explain(found, rule, "zh"), explain(found, rule, "en")


@pytest.mark.parametrize(
    ("clock", "start", "course", "zh", "en"),
    [
        (
            "accept",
            "2026-02-13",
            None,
            (
                "自2026-02-13收到之次日起7个工作日，扣除春节放假和休息日，届满于2026-03-02"
                "（本会受理期限承诺）。"
            ),
            (
                "7 working days from the day after receipt on "
                "2026-02-13, not counting rest days and "
                "the days off of Spring Festival, the period ends on 2026-03-02 "
                "(the association's own promise)."
            ),
        ),
        (
            "forward",
            "2026-09-30",
            None,
            (
                "自2026-09-30受理之次日起5日，最后一日2026-10-05是休息日（国庆节放假），顺延，"
                "届满于2026-10-08（本会规则第二十七条）。"
            ),
            (
                "5 days from the day after acceptance on 2026-09-30, "
                "the last day 2026-10-05 is a rest "
                "day (National Day), so the period ends on 2026-10-08 (association rules art. 27)."
            ),
        ),
        (
            "mediate",
            "2026-03-02",
            Course(extension=PACK.clock("mediate").extended(date(2026, 3, 30))),
            (
                "自2026-03-02受理之次日起30日，2026-03-30批准延长30日（本会规则第二十八条），"
                "最后一日2026-05-01是休息日（劳动节放假），顺延，届满于2026-05-06"
                "（本会规则第二十八条）。"
            ),
            (
                "30 days from the day after acceptance on 2026-03-02, "
                "extended by 30 days as approved "
                "on 2026-03-30 (association rules art. 28), the last day 2026-05-01 is a rest day "
                "(Labour Day), so the period ends on 2026-05-06 (association rules art. 28)."
            ),
        ),
        (
            "mediate",
            "2026-03-02",
            Course(pauses=[Pause(date(2026, 3, 10), date(2026, 3, 25))]),
            (
                "自2026-03-02受理之次日起30日，扣除暂停的15日（2026-03-10至2026-03-24），"
                "届满于2026-04-16（本会规则第二十八条）。"
            ),
            (
                "30 days from the day after acceptance on 2026-03-02, "
                "not counting 15 days of pause "
                "(2026-03-10 to 2026-03-24), the period ends on 2026-04-16 "
                "(association rules art. 28)."
            ),
        ),
        (
            "accept",
            "2026-12-28",
            None,
            (
                "自2026-12-28收到之次日起7个工作日，扣除元旦放假和休息日，预计届满于2027-01-07，"
                "放假安排公布后重新计算（本会受理期限承诺）。"
            ),
            (
                "7 working days from the day after receipt on "
                "2026-12-28, not counting rest days and "
                "the days off of New Year, expected to end "
                "on 2027-01-07, to be recomputed when the "
                "holidays are announced (the association's own promise)."
            ),
        ),
        (
            "mediate",
            "2026-12-10",
            None,
            (
                "自2026-12-10受理之次日起30日，最后一日为2027-01-09，当年放假安排尚未公布，"
                "是否顺延待定，暂按2027-01-11办理（本会规则第二十八条）。"
            ),
            (
                "30 days from the day after acceptance on 2026-12-10, last day 2027-01-09; that "
                "year's holidays are not announced, so a roll is open; worked by 2027-01-11 "
                "(association rules art. 28)."
            ),
        ),
        (
            "mediate",
            "2026-03-02",
            Course(pauses=[Pause(date(2026, 3, 10))], today=date(2026, 3, 15)),
            (
                "自2026-03-02受理之次日起30日，扣除暂停的5日（2026-03-10至2026-03-14），"
                "期限暂停中，还没有届满日；如果今天恢复，届满于2026-04-06（本会规则第二十八条）。"
            ),
            (
                "30 days from the day after acceptance on 2026-03-02, not counting 5 days of pause "
                "(2026-03-10 to 2026-03-14), paused, without "
                "a final day yet; resumed today it would "
                "end on 2026-04-06 (association rules art. 28)."
            ),
        ),
    ],
)
def test_a_date_tells_where_it_comes_from(
    clock: str, start: str, course: Course | None, zh: str, en: str
) -> None:
    assert sentences(clock, start, course) == (zh, en)


def test_a_named_day_says_that_somebody_named_it() -> None:
    rule = PACK.clock("reply")
    kept = {"start": "2026-06-01", "designated": "2026-06-13"}
    assert explain(kept, rule, "zh") == (
        "2026-06-01转送时指定的答复期限是2026-06-13（本会规则第二十七条），"
        "指定的日期不因休息日改变。"
    )
    assert explain(kept, rule, "en") == (
        "The mediator named 2026-06-13 when the case was forwarded on 2026-06-01 "
        "(association rules art. 27); a named day stands as named."
    )
