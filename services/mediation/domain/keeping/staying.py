"""What must stay, and why: nothing is erased that the law, or a case, still needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shared.terms import Term


class Stays(Term):
    """Why the words of a case stay for now (暂不删除的理由)."""

    OPEN = (
        "open",
        "案件还没有结案，处理目的没有实现（个人信息保护法第四十七条第一款第一项）",
        "The case is not closed: its purpose is not achieved (PIPL art. 47 (1) 1)",
    )
    HELD = (
        "held",
        "案件因诉讼、查处等需要暂停删除",
        "There is a legal hold on the case",
    )
    MINIMUM = (
        "minimum",
        "法律、行政法规规定的保存期限还没有到（个人信息保护法第四十七条第二款）",
        "A period of retention that the law prescribes is not over (PIPL art. 47 (2))",
    )


class Remains(Term):
    """What stays after an erasure, and why (删除后保留的内容)."""

    FIGURES = (
        "figures",
        "编号、日期、类别、地区、金额、办理结果：不能识别个人，用于统计",
        "Number, dates, category, region, sum, outcome: they identify nobody, figures need them",
    )
    REGISTER = (
        "register",
        "发文登记（文号、日期）：证明函件由本机构发出，不含个人信息",
        "The register of letters (document number, date): it holds no personal data",
    )
    TRAIL = (
        "trail",
        "办理记录和审计记录的时间、操作和校验值：证明处理活动合法，原文已经清空",
        "Time, action and commitments in log and trail: they prove lawful handling; words are gone",
    )
    MARKS = (
        "marks",
        "带密钥的校验值：防止备份和重复导入把已经删除的内容带回来",
        "Keyed marks: they keep backups and imports from bringing back what was erased",
    )


@dataclass(frozen=True)
class Held:
    """A legal hold (暂停删除) on a case."""

    until: date | None
    """The last day; None: until it is lifted."""
    lifted: bool = False

    def on(self, day: date) -> bool:
        """Whether it stops an erasure on this day."""
        return not self.lifted and (self.until is None or day <= self.until)


def stays(
    closed_on: date | None, holds: Sequence[Held], least_until: date | None, today: date
) -> Stays | None:
    """Why the words of a case must stay today; None: they may go."""
    if closed_on is None:
        return Stays.OPEN
    if any(one.on(today) for one in holds):
        return Stays.HELD
    if least_until is not None and today < least_until:
        return Stays.MINIMUM
    return None
