"""What measures, dimensions and codes are called, and what each figure counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from shared.bodies import Bodies
from shared.i18n import N_, spoken, translated
from shared.terms import Channel, Kind, Nature, category_label, label_of, region_name
from shared.terms.cases import OUTCOME_WORDS, STATE_WORDS


class Measured(NamedTuple):
    """The name of a figure and its definition, Chinese sentences that are translated."""

    name: str
    definition: str


MEASURES: dict[str, Measured] = {
    "received": Measured(N_("收到件数"), N_("已登记的件数，按收到的日期计。")),
    "accepted": Measured(N_("受理件数"), N_("受理过的件数，按首次受理的日期计。")),
    "refused": Measured(N_("不予受理件数"), N_("不予受理、后来也没有受理的件数，按决定的日期计。")),
    "forwarded": Measured(N_("转送件数"), N_("转送过商家的件数，按首次转送的日期计。")),
    "replied": Measured(N_("答复件数"), N_("商家答复过的件数，按首次答复的日期计。")),
    "replied_in_time": Measured(N_("按期答复件数"), N_("商家首次答复没有超过期限的件数。")),
    "agreed": Measured(
        N_("达成协议件数"), N_("调解达成协议的件数，重新办理的除外，按协议的日期计。")
    ),
    "failed": Measured(
        N_("调解不成件数"), N_("调解没有谈成的件数，重新办理的除外，按终止的日期计。")
    ),
    "withdrawn": Measured(N_("撤回件数"), N_("投诉人撤回的件数，重新办理的除外，按撤回的日期计。")),
    "closed": Measured(
        N_("结案件数"), N_("已结案的件数，包括不予受理，重新办理的除外，按结案的日期计。")
    ),
    "open": Measured(N_("在办件数"), N_("收到了还没有结案的件数，按收到的日期计。")),
    "overdue": Measured(N_("超期件数"), N_("期限正在走、最后一天已经过去的件数，按到期的日期计。")),
    "recovered": Measured(N_("挽回损失"), N_("已结案件挽回的金额，单位分，按结案的日期计。")),
    "letters_prepared": Measured(N_("制作函件数"), N_("制成并编了文号的函件数，按制成的日期计。")),
    "letters_sent": Measured(
        N_("发出函件数"), N_("用邮件发出或者打印寄出的函件数，按发出的日期计。")
    ),
    "letters_failed": Measured(N_("未送出函件数"), N_("不再尝试、后来也没有发出的函件数。")),
    "closing_rate": Measured(N_("结案率"), N_("结案件数 ÷ 受理件数，都只算这段时间收到的件。")),
    "agreement_rate": Measured(
        N_("解决率"), N_("达成协议件数 ÷ 受理件数，都只算这段时间收到的件。")
    ),
    "reply_rate": Measured(
        N_("按期答复率"), N_("按期答复件数 ÷ 转送件数，都只算这段时间收到的件。")
    ),
}

DIMENSIONS: dict[str, str] = {
    "day": N_("日期"),
    "month": N_("月份"),
    "year": N_("年份"),
    "channel": N_("渠道"),
    "category": N_("类别"),
    "unit": N_("承办单位"),
    "kind": N_("种类"),
    "state": N_("状态"),
    "body": N_("机构"),
    "region": N_("地区"),
    "outcome": N_("结果"),
    "nature": N_("性质"),
    "source": N_("来源系统"),
}

STATES: dict[str, str] = {state.value: words for state, words in STATE_WORDS.items()}
UNITS: dict[str, str] = {"fen": N_("分"), "percent": "%"}
"""What stands behind a name where the name does not say it."""
WITHOUT: dict[str, str] = {
    "unit": N_("未分派"),
    "state": N_("还没有立案"),
    "outcome": N_("还没有结案"),
    "source": N_("直接收到"),
}
"""What complaints without a code are called; elsewhere: not given."""

TERMS = {"channel": Channel, "kind": Kind, "nature": Nature}


@dataclass(frozen=True)
class Names:
    """What the organisations and their units are called here."""

    bodies: Bodies
    units: Mapping[str, str] = field(default_factory=dict)
    """Id of a unit -> its name."""

    def of(self, dimension: str, key: str) -> str:
        """The short name of an organisation, the name of a unit; the key of what nobody knows."""
        if dimension == "unit":
            return self.units.get(key, key)
        known = self.bodies.of(key)
        return known.short if known else key


def label(dimension: str, key: str, called: Names) -> str:
    """What a key of a dimension is called in the language of the page; unknown codes stay."""
    if not key:
        return translated(WITHOUT.get(dimension, N_("没有填写")))
    if dimension in TERMS:
        return label_of(TERMS[dimension], key, spoken())
    if dimension == "category":
        return category_label(key, spoken())
    if dimension == "region":
        return region_name(key) or key
    if dimension in {"body", "unit"}:
        return called.of(dimension, key)
    names = {"state": STATES, "outcome": OUTCOME_WORDS}.get(dimension, {})
    return translated(names.get(key, key))
