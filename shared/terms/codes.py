"""Enumerations of a complaint: the code, its Chinese term, its English one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self


def spelled_out(words: Mapping[str, str]) -> str:
    """Codes and what they are called, for the description of an API."""
    return "; ".join(f"`{code}` {name}" for code, name in words.items())


class Term(StrEnum):
    """A code that knows its names: `Kind.COMPLAINT == "complaint"`, `.chinese`, `.english`.

    The documentation of each kind of term ends with all of them and their Chinese names.
    """

    chinese: str
    english: str

    def __new__(cls, code: str, chinese: str, english: str) -> Self:
        term = str.__new__(cls, code)
        term._value_ = code
        term.chinese = chinese
        term.english = english
        return term

    def __init_subclass__(cls) -> None:
        cls.__doc__ = f"{cls.__doc__} {cls.described()}."

    def label(self, language: str = "zh") -> str:
        """Its name in this language (zh or en)."""
        return self.english if language == "en" else self.chinese

    def said(self, language: str, /) -> str:
        """The same, within a sentence."""
        return self.label(language)

    @classmethod
    def choices(cls, language: str = "zh") -> list[tuple[str, str]]:
        """All of them, as code and name, for a list to choose from."""
        return [(one.value, one.label(language)) for one in cls]

    @classmethod
    def described(cls) -> str:
        """All of them in one sentence for the description of an API."""
        return spelled_out({one.value: one.chinese for one in cls})


class Kind(Term):
    """The kind of matter (事项性质)."""

    COMPLAINT = "complaint", "投诉", "Complaint"
    REPORT = "report", "举报", "Report"
    INQUIRY = "inquiry", "咨询", "Inquiry"
    SUGGESTION = "suggestion", "建议", "Suggestion"
    PRAISE = "praise", "表扬", "Praise"
    HELP = "help", "求助", "Call for help"


class Channel(Term):
    """How it reached us (投诉渠道)."""

    WALK_IN = "walk_in", "来访", "In person"
    PHONE = "phone", "来电", "Telephone"
    LETTER = "letter", "来函", "Letter"
    FAX = "fax", "传真", "Fax"
    WEB = "web", "网站", "Website"
    APP = "app", "移动应用和小程序", "App"
    EMAIL = "email", "电子邮件", "E-mail"
    SMS = "sms", "短信", "Text message"
    THIRD_PARTY = "third_party", "第三方平台", "Third-party platform"
    PLATFORM_12315 = "platform_12315", "12315平台转来", "From the 12315 platform"
    HOTLINE_12345 = "hotline_12345", "12345热线转来", "From the 12345 hotline"
    HOTLINE_12363 = "hotline_12363", "12363热线转来", "From the 12363 hotline"
    OWN_HOTLINE = "own_hotline", "本单位热线", "Our own hotline"
    REGULATOR = "regulator", "监管部门转办", "From a regulator"
    ASSOCIATION = "association", "消费者组织移送或者委托", "From another association"
    MEDIA = "media", "媒体转来", "From the media"
    STATION = "station", "投诉站和维权站", "Complaint station"
    INTERNAL = "internal", "内部报告", "Internal report"
    INSPECTION = "inspection", "检查中发现", "Found on inspection"


class PersonKind(Term):
    """Whether a complainant is a person or an organisation (投诉人类型)."""

    NATURAL = "natural", "自然人", "Person"
    LEGAL = "legal", "法人或者其他组织", "Organisation"


class IdType(Term):
    """Identity documents (证件种类)."""

    RESIDENT_ID = "resident_id", "居民身份证", "Resident identity card"
    PASSPORT = "passport", "护照", "Passport"
    HK_MACAO_TAIWAN_RESIDENCE = (
        "hk_macao_taiwan_residence", "港澳台居民居住证", "Hong Kong, Macao and Taiwan permit",
    )  # fmt: skip
    HK_MACAO_PERMIT = (
        "hk_macao_permit",
        "港澳居民来往内地通行证",
        "Mainland permit, Hong Kong and Macao",
    )
    TAIWAN_PERMIT = "taiwan_permit", "台湾居民来往大陆通行证", "Mainland permit, Taiwan"
    FOREIGN_RESIDENCE = (
        "foreign_residence",
        "外国人永久居留身份证",
        "Foreign permanent resident card",
    )
    MILITARY = "military", "军人证件", "Military identity card"
    HOUSEHOLD = "household", "户口簿", "Household register"
    BUSINESS_LICENCE = "business_licence", "营业执照", "Business licence"
    OTHER = "other", "其他证件", "Other document"


class Nature(Term):
    """The nature of a complaint (投诉性质): the ten values of the associations' statistics."""

    AFTER_SALES = "after_sales", "售后服务", "After-sales service"
    CONTRACT = "contract", "合同", "Contract"
    QUALITY = "quality", "质量", "Quality"
    PRICE = "price", "价格", "Price"
    FALSE_PUBLICITY = "false_publicity", "虚假宣传", "False publicity"
    SAFETY = "safety", "安全", "Safety"
    COUNTERFEIT = "counterfeit", "假冒", "Counterfeit"
    PERSONALITY_RIGHTS = "personality_rights", "人格权益", "Personality rights"
    MEASUREMENT = "measurement", "计量", "Measurement"
    OTHER = "other", "其他", "Other"


class Claim(Term):
    """What the complainant asks for (诉求), Consumer Protection Law art. 52."""

    REFUND = "refund", "退还货款和服务费用", "Refund"
    RETURN = "return", "退货", "Return the goods"
    REPLACE = "replace", "更换", "Replacement"
    REPAIR = "repair", "修理", "Repair"
    REDO = "redo", "重作", "Do the work again"
    MAKE_UP_QUANTITY = "make_up_quantity", "补足商品数量", "Make up the quantity"
    DAMAGES = "damages", "赔偿损失", "Damages"
    APOLOGY = "apology", "赔礼道歉", "Apology"
    OTHER = "other", "其他", "Other"


def label_of(terms: type[Term], code: str | None, language: str = "zh") -> str:
    """The name of a code; the code itself where it is not known, empty for none."""
    if not code:
        return ""
    return next((one.label(language) for one in terms if one == code), code)
