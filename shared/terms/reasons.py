"""Why a complaint is not accepted (不予受理) or not settled (调解不成), and by which article."""

from typing import NamedTuple


class Reason(NamedTuple):
    """One reason: its code, what it is called, and the article it stands in."""

    code: str
    zh: str
    en: str
    article_zh: str
    article_en: str

    def label(self, language: str = "zh") -> str:
        """The reason in this language (zh or en)."""
        return self.en if language == "en" else self.zh

    def article(self, language: str = "zh") -> str:
        """The article in this language (zh or en)."""
        return self.article_en if language == "en" else self.article_zh


def common(item: str, number: int) -> tuple[str, str]:
    """An item of the rules that all bodies have in common."""
    return (
        f"受理消费者投诉规定（通行条款）第（{item}）项",
        f"common rules on acceptance, item {number}",
    )


REFUSALS: dict[str, Reason] = {
    one.code: one
    for one in (
        Reason(
            "between_operators", "经营者之间的购销纠纷", "a dispute between operators",
            *common("一", 1),
        ),
        Reason(
            "private_deal", "消费者个人之间的私下交易纠纷", "a private deal between consumers",
            *common("二", 2),
        ),
        Reason(
            "respondent_unclear", "被投诉人不明确，经询问仍无法查明",
            "the respondent is not clear and could not be found out", *common("三", 3),
        ),
        Reason(
            "settled", "已经达成调解协议并且履行，没有新情况、新理由",
            "settled and performed, with no new facts", *common("四", 4),
        ),
        Reason(
            "handled_elsewhere", "法院、仲裁机构或者其他行政机关已经受理或者处理",
            "a court, arbitration body or authority already handles it", *common("五", 5),
        ),
        Reason(
            "not_a_consumer_dispute",
            "不属于消费者权益争议（咨询、建议、表扬等，另行答复）",
            "no dispute about consumer rights (inquiry, suggestion, praise: answered otherwise)",
            "消费者权益保护法第三十七条第一款第（五）项", "Consumer Protection Law art. 37(1)(5)",
        ),
        Reason(
            "contrary_to_law", "不符合国家法律、法规有关规定",
            "not in accordance with laws and regulations", *common("七", 7),
        ),
    )
}  # fmt: skip
"""By code. A rule pack that refuses for one of them says the same (a test compares)."""
ART_30 = ("本会规则第三十条", "association rules art. 30")
FAILURES: dict[str, Reason] = {
    one.code: one
    for one in (
        Reason(
            "respondent_refuses", "被投诉人不同意调解", "the respondent refuses mediation", *ART_30
        ),
        Reason(
            "complainant_refuses", "投诉人不同意调解", "the complainant refuses mediation", *ART_30
        ),
        Reason("no_agreement", "经调解不能达成一致", "no agreement was reached", *ART_30),
        Reason(
            "party_absent", "一方无正当理由不参加调解", "a party stays away without good reason",
            *ART_30,
        ),
        Reason("facts_unclear", "事实无法查清", "the facts cannot be established", *ART_30),
        Reason(
            "time_over", "期限届满仍未达成协议", "the time limit is over without agreement",
            "本会规则第二十八条、第三十条", "association rules art. 28, 30",
        ),
    )
}  # fmt: skip
"""By code; the same as in the rule packs too."""
