"""When a complaint is complete and can be right; everything wrong with it at once."""

from collections.abc import Callable, Iterator
from datetime import date

from services.intake.domain.errors import (
    MissingFieldError,
    UnknownCodeError,
    WrongRepresentativeError,
)
from services.intake.domain.id_number import check_id_number
from services.intake.domain.matter import amounts_in, days_in
from services.intake.domain.record import Agent, Complainant, Complaint, Joint, Matter, Respondent
from shared.kernel import RuleError, RuleErrors
from shared.record.contact import check_email, check_phone
from shared.record.uscc import LENGTH as USCC_LENGTH
from shared.record.uscc import check_uscc
from shared.terms import CATEGORIES, IdType, Kind, is_region

MOST_REPRESENTATIVES = 5
"""The market regulators allow two (市场监督管理投诉举报处理办法 art. 12); face to face with a bank
there are five."""


def check(complaint: Complaint, today: date, *, may_know_less: bool = False) -> None:
    """Refuse what is incomplete or cannot be right. Raises RuleErrors with all of it.

    Only the text is always needed. A complaint (投诉) also needs a complainant who can be reached
    and a respondent who can be found, except from imports and partners, who may know less.
    """
    if wrong := list(faults(complaint, today, may_know_less=may_know_less)):
        raise RuleErrors(wrong)


def faults(complaint: Complaint, today: date, *, may_know_less: bool) -> Iterator[RuleError]:
    """Everything that is wrong, in the order of the form."""
    if complaint.kind == Kind.COMPLAINT and not may_know_less:
        yield from missing(complaint)
    if not complaint.matter.text:
        yield MissingFieldError("请写明事情的经过。", pointer="/matter/text")
    yield from in_respondent(complaint.respondent)
    yield from in_matter(complaint.matter, today)
    yield from amounts_in(complaint)
    yield from in_person(complaint.complainant, "/complainant", today)
    if complaint.agent:
        yield from in_person(complaint.agent, "/agent", today)
    if complaint.joint:
        yield from in_joint(complaint.joint, complaint.complainant.name)


def missing(complaint: Complaint) -> Iterator[RuleError]:
    """What a complaint needs besides its text."""
    if not complaint.respondent_known:
        yield MissingFieldError(
            "请填写商家名称或者统一社会信用代码；不知道全称，写招牌上的名字也行。",
            pointer="/respondent/name",
        )
    who = complaint.complainant
    if not who.name:
        yield MissingFieldError("投诉要用真实姓名，请填写。", pointer="/complainant/name")
    if not (who.phone or who.email or who.address):
        yield MissingFieldError(
            "请留下电话、电子邮箱、通信地址中的一样，好联系您。", pointer="/complainant/phone"
        )


def in_respondent(respondent: Respondent) -> Iterator[RuleError]:
    """What cannot be right about the respondent."""
    if respondent.uscc:
        yield from refused(check_uscc, respondent.uscc, "/respondent/uscc")
    if respondent.phone:
        yield from refused(check_phone, respondent.phone, "/respondent/phone")
    if respondent.email:
        yield from refused(check_email, respondent.email, "/respondent/email")


def in_matter(matter: Matter, today: date) -> Iterator[RuleError]:
    """What cannot be right about the matter, amounts aside."""
    yield from days_in(matter, today)
    if matter.region and not is_region(matter.region):
        yield UnknownCodeError(
            "没有这个行政区划代码，应是6位数字，例如510903。", pointer="/matter/region"
        )
    if matter.category and matter.category not in CATEGORIES:
        yield UnknownCodeError("没有这个代码的类别，请从类别表里选。", pointer="/matter/category")


def in_person(person: Complainant | Agent, at: str, today: date) -> Iterator[RuleError]:
    """What cannot be right about a person: phone, e-mail, identity document."""
    if person.phone:
        yield from refused(check_phone, person.phone, f"{at}/phone")
    if isinstance(person, Complainant) and person.email:
        yield from refused(check_email, person.email, f"{at}/email")
    if not person.id_number:
        return
    if not person.id_type:
        yield MissingFieldError("填了证件号码，请再选证件种类。", pointer=f"{at}/id_type")
    elif person.id_type == IdType.RESIDENT_ID:
        try:
            check_id_number(person.id_number, today, f"{at}/id_number")
        except RuleError as error:
            yield error
    elif person.id_type == IdType.BUSINESS_LICENCE and len(person.id_number) == USCC_LENGTH:
        yield from refused(check_uscc, person.id_number, f"{at}/id_number")


def in_joint(joint: Joint, complainant: str | None) -> Iterator[RuleError]:
    """What cannot be right about several people who complain together."""
    if len(joint.representatives) > MOST_REPRESENTATIVES:
        yield WrongRepresentativeError(
            "代表人最多{most}名。", pointer="/joint/representatives", most=MOST_REPRESENTATIVES
        )
    names = {complainant, *(one.name for one in joint.people)}
    for place, name in enumerate(joint.representatives):
        if name not in names:
            yield WrongRepresentativeError(
                "第{place}名代表人不在共同投诉人里，请核对姓名，或者把这个人加进共同投诉人。",
                pointer=f"/joint/representatives/{place}",
                place=place + 1,
            )
    for place, one in enumerate(joint.people):
        if one.phone:
            yield from refused(check_phone, one.phone, f"/joint/people/{place}/phone")


def refused(rule: Callable[[str, str], None], value: str, pointer: str) -> Iterator[RuleError]:
    """The error of a rule that refuses this value, if it does."""
    try:
        rule(value, pointer)
    except RuleError as error:
        yield error
