"""Pydantic's errors as sentences that say what to mend, by the type of the error."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from shared.i18n import N_, Language, filled, translated
from shared.pointers import pointer_to

VALUE_ERRORS = frozenset({"value_error", "assertion_error"})
A_DAY = re.compile(r"\d{4}-\d\d-\d\d")
QUOTED = re.compile(r"'([^']*)'")
MOST_NAMED = 40

SENTENCES: Mapping[str, str] = {
    "missing": N_("这一项必须填写。"),
    "extra_forbidden": N_("没有“{name}”这个字段，或者它由系统填写；请删掉或者检查拼写。"),
    "json_invalid": N_("内容不是正确的 JSON，请检查括号、引号和逗号。"),
    "string_too_short": N_("至少要写{min_length}个字。"),
    "string_too_long": N_("最多写{max_length}个字，请缩短。"),
    "string_pattern_mismatch": N_("格式不对，请按说明填写。"),
    "string_not_ascii": N_("只能用英文字母、数字和半角符号。"),
    "string_unicode": N_("文字里有不能识别的字符，请删掉后重新输入。"),
    "too_short": N_("至少要有{min_length}项。"),
    "too_long": N_("最多{max_length}项，请分几次提交。"),
    "enum": N_("只能填下列值之一：{expected}。"),
    "greater_than": N_("要大于{gt}。"),
    "greater_than_equal": N_("不能小于{ge}。"),
    "less_than": N_("要小于{lt}。"),
    "less_than_equal": N_("不能大于{le}。"),
    "not_before": N_("不能早于{ge}。"),
    "not_after": N_("不能晚于{le}。"),
    "multiple_of": N_("要是{multiple_of}的倍数。"),
    "finite_number": N_("要是一个普通的数。"),
    "int": N_("要是整数，例如 12900。"),
    "int_parsing_size": N_("数字太大了。"),
    "number": N_("要是数字。"),
    "decimal_max_digits": N_("最多{max_digits}位数字。"),
    "decimal_max_places": N_("小数点后最多{decimal_places}位。"),
    "decimal_whole_digits": N_("小数点前最多{whole_digits}位。"),
    "bool": N_("只能填 true 或者 false。"),
    "date": N_("要是存在的日期，写成 2026-11-01 的样子。"),
    "date_past": N_("日期要在今天以前。"),
    "date_future": N_("日期要在今天以后。"),
    "time": N_("要是时间，写成 14:30 的样子。"),
    "datetime": N_("要是存在的时刻，写成 2026-11-01T09:30:00+08:00 的样子。"),
    "datetime_past": N_("时刻要在现在以前。"),
    "datetime_future": N_("时刻要在现在以后。"),
    "timezone": N_("时刻要带时区，例如 +08:00。"),
    "uuid": N_("要是 UUID，例如 0192f3b4-8c1e-7000-8000-000000000000。"),
    "url": N_("要是完整的网址，例如 https://example.cn/。"),
    "url_too_long": N_("网址最长{max_length}个字符。"),
    "string": N_("要是文字（JSON 字符串）。"),
    "list": N_("要是列表（JSON 数组）。"),
    "object": N_("要是对象（JSON 的花括号）。"),
    "null": N_("要空着（null）。"),
    "deep": N_("层数太多，读不了。"),
    "tag": N_("要写明是哪一种（{discriminator}）。"),
    "frozen": N_("这一项不能改。"),
    "other": N_("这一项的值不对，请按说明填写。"),
}

KIN: Mapping[str, str] = {
    "literal_error": "enum",
    "union_tag_invalid": "tag",
    "union_tag_not_found": "tag",
    "json_type": "json_invalid",
    "recursion_loop": "deep",
    "recursion_depth_exceeded": "deep",
    "none_required": "null",
    "frozen_field": "frozen",
    "frozen_instance": "frozen",
    "invalid_key": "object",
    "model_type": "object",
    "model_attributes_type": "object",
    "dataclass_type": "object",
    "dataclass_exact_type": "object",
    "dict_type": "object",
    "mapping_type": "object",
    "tuple_type": "list",
    "set_type": "list",
    "frozen_set_type": "list",
    "iterable_type": "list",
    "named_tuple_type": "list",
    "missing_argument": "missing",
    "missing_keyword_only_argument": "missing",
    "missing_positional_only_argument": "missing",
    "unexpected_keyword_argument": "extra_forbidden",
    "float_type": "number",
    "float_parsing": "number",
    "decimal_type": "number",
    "decimal_parsing": "number",
    "int_from_float": "int",
    "timezone_naive": "timezone",
    "timezone_aware": "timezone",
    "timezone_offset": "timezone",
    "uuid_version": "uuid",
    "bytes_type": "string",
    "bytes_too_short": "string_too_short",
    "bytes_too_long": "string_too_long",
    "url_syntax_violation": "url",
    "url_scheme": "url",
    "date_from_datetime_parsing": "date",
    "date_from_datetime_inexact": "date",
    "datetime_object_invalid": "datetime",
    "datetime_from_date_parsing": "datetime",
}


OF_ANYTHING = frozenset({"too_long", "too_short"})
"""Types that count characters of texts and items of lists alike."""
OF_DAYS: Mapping[str, str] = {
    "greater_than_equal": "not_before",
    "less_than_equal": "not_after",
}
"""Days are not smaller or greater."""


def key_of(kind: str) -> str:
    """Which sentence speaks of this type of error."""
    for key in (kind, KIN.get(kind, ""), kind.removesuffix("_type").removesuffix("_parsing")):
        if key in SENTENCES:
            return key
    return "other"


def sentence_of(error: Mapping[str, Any], language: Language) -> str:
    """What is wrong with one field, and how to mend it."""
    kind, context = kind_of(error), error.get("ctx") or {}
    if kind in VALUE_ERRORS:
        return translated(str(context.get("error", "")), language) or _said("other", {}, language)
    facts = {**context, "name": str(error["loc"][-1]) if error["loc"] else ""}
    if "expected" in facts:
        facts["expected"] = choices_of(str(facts["expected"]), language)
    facts.setdefault("discriminator", "kind")
    key = key_of(kind)
    if any(A_DAY.match(str(one)) for one in context.values()):
        key = OF_DAYS.get(key, key)
    return _said(key, facts, language)


def kind_of(error: Mapping[str, Any]) -> str:
    """The type of the error; a text that is checked behind a validator is still a text."""
    kind = str(error["type"])
    return f"string_{kind}" if kind in OF_ANYTHING and isinstance(error.get("input"), str) else kind


def choices_of(expected: str, language: Language) -> str:
    """The allowed values, in the way the language lists things."""
    between = "、" if language == "zh" else ", "
    return between.join(QUOTED.findall(expected)[:MOST_NAMED]) or expected


def pointer_of(place: Sequence[str | int]) -> str:
    """The JSON pointer (RFC 6901) of a place; outside the body its first part says where."""
    parts = place[1:] if place and place[0] == "body" else place
    if len(parts) == 1 and place[0] == "body" and isinstance(parts[0], int):
        return ""  # the position of a syntax error is not a field
    return pointer_to(parts)


def _said(key: str, facts: Mapping[str, Any], language: Language) -> str:
    plain = {name: value for name, value in facts.items() if isinstance(value, str | int | float)}
    try:
        return filled(SENTENCES[key], plain, language)
    except (KeyError, IndexError):
        return translated(SENTENCES["other"], language)
