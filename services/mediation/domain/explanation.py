"""A legal date told in one sentence, in Chinese and in English, from its kept derivation."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from services.mediation.domain.legal_clock import Status, Unit
from services.mediation.domain.rule_pack import ClockRule

FESTIVALS = {
    "元旦": "New Year",
    "春节": "Spring Festival",
    "清明节": "Qingming",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
    "抗战胜利纪念日": "Victory Day",
}
ONE_DAY = timedelta(days=1)


def explain(derivation: Mapping[str, Any], rule: ClockRule, language: str) -> str:
    """The sentence of one date, in `language` (zh or en), with the article it rests on."""
    if designated := derivation.get("designated"):
        return named_day(designated, derivation, rule, language)
    return english(derivation, rule) if language == "en" else chinese(derivation, rule)


def named_day(day: str, derivation: Mapping[str, Any], rule: ClockRule, language: str) -> str:
    if derivation.get("status") == Status.PROVISIONAL:
        return provisional_day(day, derivation, rule, language)
    if language == "en":
        return (
            f"The mediator named {day} when the case was forwarded on {derivation['start']} "
            f"({rule.source.en}); a named day stands as named."
        )
    return (
        f"{derivation['start']}转送时指定的答复期限是{day}（{rule.source.zh}），"
        "指定的日期不因休息日改变。"
    )


def provisional_day(day: str, data: Mapping[str, Any], rule: ClockRule, language: str) -> str:
    """The letter had to print a day before the notice said where the roll ends."""
    if language == "en":
        return (
            f"The last day is {data['target_due']} and that year's holidays are not announced; "
            f"the letter of {data['start']} names {day} ({rule.source.en}), so a reply on that day "
            "is in time."
        )
    return (
        f"最后一日为{data['target_due']}，当年放假安排尚未公布；{data['start']}转送时暂定的答复期限是"
        f"{day}（{rule.source.zh}），当日答复不算逾期。"
    )


def chinese(data: Mapping[str, Any], rule: ClockRule) -> str:
    unit = "个工作日" if data["unit"] == Unit.WORKING_DAYS else "日"
    parts = [f"自{data['start']}{rule.trigger.zh}之次日起{data['amount']}{unit}"]
    if longer := data["extension"]:
        source = rule.extension.source.zh if rule.extension else rule.source.zh
        parts.append(f"{longer['approved_on']}批准延长{longer['amount']}{unit}（{source}）")
    if data["excluded"]:
        spans = "、".join(f"{first}至{day_before(end)}" for first, end in data["pauses"])
        parts.append(f"扣除暂停的{data['excluded']}日（{spans}）")
    if data["festivals"] and data["unit"] == Unit.WORKING_DAYS:
        parts.append(f"扣除{'、'.join(data['festivals'])}放假和休息日")
    return "，".join([*parts, chinese_end(data)]) + f"（{rule.source.zh}）。"


def chinese_end(data: Mapping[str, Any]) -> str:
    target, legal = data["target_due"], data["legal_due"]
    if data["status"] == Status.PAUSED:
        return f"期限暂停中，还没有届满日；如果今天恢复，届满于{target}"
    if data["status"] == Status.PROVISIONAL:
        if data["unit"] == Unit.WORKING_DAYS:
            return f"预计届满于{legal}，放假安排公布后重新计算"
        until = f"，暂按{data['estimate']}办理" if data.get("estimate", target) != target else ""
        return f"最后一日为{target}，当年放假安排尚未公布，是否顺延待定{until}"
    if legal != target:
        why = f"（{'、'.join(data['festivals'])}放假）" if data["festivals"] else ""
        return f"最后一日{target}是休息日{why}，顺延，届满于{legal}"
    return f"届满于{legal}"


def english(data: Mapping[str, Any], rule: ClockRule) -> str:
    unit = "working days" if data["unit"] == Unit.WORKING_DAYS else "days"
    parts = [f"{data['amount']} {unit} from the day after {rule.trigger.en} on {data['start']}"]
    if longer := data["extension"]:
        source = rule.extension.source.en if rule.extension else rule.source.en
        parts.append(
            f"extended by {longer['amount']} {unit} as approved on {longer['approved_on']} "
            f"({source})"
        )
    if data["excluded"]:
        spans = ", ".join(f"{first} to {day_before(end)}" for first, end in data["pauses"])
        parts.append(f"not counting {data['excluded']} days of pause ({spans})")
    if data["festivals"] and data["unit"] == Unit.WORKING_DAYS:
        parts.append(f"not counting rest days and the days off of {in_english(data)}")
    return ", ".join([*parts, english_end(data)]) + f" ({rule.source.en})."


def english_end(data: Mapping[str, Any]) -> str:
    target, legal = data["target_due"], data["legal_due"]
    if data["status"] == Status.PAUSED:
        return f"paused, without a final day yet; resumed today it would end on {target}"
    if data["status"] == Status.PROVISIONAL:
        if data["unit"] == Unit.WORKING_DAYS:
            return f"expected to end on {legal}, to be recomputed when the holidays are announced"
        until = f"; worked by {data['estimate']}" if data.get("estimate", target) != target else ""
        return (
            f"last day {target}; that year's holidays are not announced, so a roll is open{until}"
        )
    if legal != target:
        why = f" ({in_english(data)})" if data["festivals"] else ""
        return f"the last day {target} is a rest day{why}, so the period ends on {legal}"
    return f"the period ends on {legal}"


def in_english(data: Mapping[str, Any]) -> str:
    return " and ".join(FESTIVALS.get(name, name) for name in data["festivals"])


def day_before(end: str) -> str:
    """Pauses are half-open; people name the last paused day."""
    return (date.fromisoformat(end) - ONE_DAY).isoformat()
