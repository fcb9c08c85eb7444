"""Why a complaint is not accepted (不予受理的理由), and in which article that stands."""

from typing import NamedTuple


class Refusal(NamedTuple):
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


REFUSALS: dict[str, Refusal] = {
    one.code: one
    for one in (
        Refusal(
            "between_operators", "经营者之间的购销纠纷", "a dispute between operators",
            *common("一", 1),
        ),
        Refusal(
            "private_deal", "消费者个人之间的私下交易纠纷", "a private deal between consumers",
            *common("二", 2),
        ),
        Refusal(
            "respondent_unclear", "被投诉人不明确，经询问仍无法查明",
            "the respondent is not clear and could not be found out", *common("三", 3),
        ),
        Refusal(
            "settled", "已经达成调解协议并且履行，没有新情况、新理由",
            "settled and performed, with no new facts", *common("四", 4),
        ),
        Refusal(
            "handled_elsewhere", "法院、仲裁机构或者其他行政机关已经受理或者处理",
            "a court, arbitration body or authority already handles it", *common("五", 5),
        ),
        Refusal(
            "not_a_consumer_dispute",
            "不属于消费者权益争议（咨询、建议、表扬等，另行答复）",
            "no dispute about consumer rights (inquiry, suggestion, praise: answered otherwise)",
            "消费者权益保护法第三十七条第一款第（五）项", "Consumer Protection Law art. 37(1)(5)",
        ),
        Refusal(
            "contrary_to_law", "不符合国家法律、法规有关规定",
            "not in accordance with laws and regulations", *common("七", 7),
        ),
    )
}  # fmt: skip
"""By code. A rule pack that refuses for one of them says the same (a test compares)."""
