"""Values of a row that are codes, in words: each by the list that its name takes codes from."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from services.mediation.domain.keeping.staying import Stays
from services.mediation.use_cases.labels import STATES
from services.mediation.use_cases.masking import Part
from services.mediation.use_cases.privacy.assessments import purposes
from services.mediation.use_cases.privacy.retention import shipped
from services.mediation.use_cases.trail.labels import SERVICES, THINGS, action_words
from shared.clock import SHANGHAI
from shared.i18n import N_, Language, translated
from shared.masks.reasons import Reason
from shared.rights import Action, Role
from shared.terms import Channel, Kind, Term, label_of, region_name
from shared.terms.letters import LetterReason, LetterState
from shared.trail.searches import Sought

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
WHY = {
    "request": N_("本人请求删除"),
    "retention": N_("保存期满"),
    "ledger": N_("从备份恢复后再次删除"),
}
"""Why words were erased; other reasons are words already."""
OUTCOMES = {"erased": N_("已经删除")}
PURPOSES = {"lost-code": N_("找回查询码"), "letters-code": N_("查看函件")}
"""What a one-time code is for."""
WAYS = {"email": N_("电子邮件"), "sms": N_("短信"), "print": N_("打印寄出")}
"""Which way a one-time code or a letter goes."""
SCANS = {
    "clean": N_("没有病毒"),
    "infected": N_("有病毒"),
    "unscanned": N_("没有查过"),
    "scan_failed": N_("没有查成"),
}
FILTERED = {"open": N_("未结案"), "all": N_("全部")}
"""What a list is narrowed to besides the states of cases."""
PLACES = {
    "desk": N_("工作台"),
    "api": N_("接口"),
    "ledger": N_("台账"),
    "letters": N_("函件"),
    "request": N_("个人信息请求"),
}
PICKED = {"all": N_("全部")}
FILES = {"pdf": "PDF", "docx": "Word", "csv": "CSV", "xlsx": "Excel"}
Spelled = Callable[[str, Language], str]


def instant(text: str) -> str | None:
    """An instant as Shanghai's clocks show it, to the second; None for any other text."""
    if not INSTANT.fullmatch(text):
        return None
    return datetime.fromisoformat(text).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def term(terms: type[Term]) -> Spelled:
    """Codes of a list."""
    return lambda code, language: label_of(terms, code, language)


def table(words: Mapping[str, str]) -> Spelled:
    """Codes of a table; what is not in it stays as it is."""
    return lambda code, language: translated(words[code], language) if code in words else code


def outcome(code: str, language: Language) -> str:
    """What became of a case: it is erased, or why it stays."""
    return table(OUTCOMES)(code, language) if code in OUTCOMES else label_of(Stays, code, language)


def file_class(code: str, language: Language) -> str:
    """A class of files that are kept for a period."""
    found = next((one for one in shipped().classes if one.code == code), None)
    return found.name[language] if found else code


def purpose(code: str, language: Language) -> str:
    """What personal data are assessed for."""
    known = purposes().get(code)
    return str(known["name"][language]) if known else code


CODES: Mapping[str, Spelled] = {
    "action": action_words,
    "because": term(LetterReason),
    "case_kind": term(Kind),
    "channel": term(Channel),
    "class": file_class,
    "file": table(FILES),
    "form": table(FILES),
    "for": table(PURPOSES),
    "by": table(WAYS),
    "kind": table(THINGS),
    "letter_state": term(LetterState),
    "outcome": outcome,
    "parts": term(Part),
    "picked": table(PICKED),
    "purpose": purpose,
    "reason": term(Reason),
    "region": lambda code, _: region_name(code),
    "role": term(Role),
    "scan": table(SCANS),
    "scopes": term(Action),
    "service": table(SERVICES),
    "services": table(SERVICES),
    "sought": term(Sought),
    "state": table(STATES | FILTERED),
    "where": table(PLACES),
    "why": table(WHY),
}
"""How the codes under a name are spelled; lists of them, and what lies deeper under it, too."""


def spelled(name: str, text: str, language: Language) -> str:
    """A text as people read it: codes by their list, instants by the clock of the office."""
    if at := instant(text):
        return at
    known = CODES.get(name)
    return known(text, language) if known else text
