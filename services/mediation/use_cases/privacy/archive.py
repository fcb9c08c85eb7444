"""The archive a person is given: JSON, a page that reads it out, their files, their letters.

What it says of other people is masked: their data are not the asker's (个人信息保护法 art. 45).
"""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any

from shared.clock import SHANGHAI
from shared.masks import masked_person, masked_text

MOST_BYTES = 100 * 2**20
"""Files beyond this are named in the archive and handed over separately."""
WORDS = (
    "subject", "text", "place", "goods_or_service", "order_no", "claims", "evidence", "consents",
)  # fmt: skip
HEADINGS = {
    "number": "编号",
    "kind": "类别",
    "received_at": "收到",
    "state": "状态",
    "closed_on": "结案",
    "complainant": "您的信息",
    "agent": "代理人",
    "joint": "共同投诉人",
    "respondent": "被投诉人",
    "words": "您写的内容",
    "files": "您交的文件",
    "letters": "函件",
}


@dataclass(frozen=True)
class Told:
    """One case as the person may have it."""

    facts: Mapping[str, Any]
    files: Sequence[tuple[str, bytes]] = ()
    letters: Sequence[tuple[str, bytes]] = ()


@dataclass
class Archive:
    """An archive that grows case by case, and knows how large it is."""

    made_at: datetime
    told: list[dict[str, Any]] = field(default_factory=list)
    size: int = 0
    _kept: io.BytesIO = field(default_factory=io.BytesIO)
    _zip: zipfile.ZipFile = field(init=False)

    def __post_init__(self) -> None:
        self._zip = zipfile.ZipFile(self._kept, "w", zipfile.ZIP_DEFLATED)

    def add(self, one: Told) -> None:
        """One more case, with what belongs to it."""
        number = str(one.facts["number"])
        left_out = []
        for folder, things in (("files", one.files), ("letters", one.letters)):
            for name, content in things:
                place = f"{number}/{folder}/{safe(name)}"
                if self.size + len(content) > MOST_BYTES:
                    left_out.append(place)
                    continue
                self._put(place, content)
        facts = dict(one.facts)
        if left_out:
            facts["handed_over_separately"] = left_out
        self.told.append(facts)

    def close(self) -> bytes:
        """The whole archive."""
        document = {"made_at": self.made_at.astimezone(SHANGHAI).isoformat(), "cases": self.told}
        written = json.dumps(document, ensure_ascii=False, indent=2, default=str)
        self._put("everything.json", written.encode())
        self._put("index.html", readable(document).encode())
        self._zip.close()
        return self._kept.getvalue()

    def _put(self, name: str, content: bytes) -> None:
        self._zip.writestr(name, content)
        self.size += len(content)


def safe(name: str) -> str:
    """A name that leads nowhere but into the archive."""
    return name.replace("/", "_").replace("\\", "_").replace("..", "_").strip() or "file"


def told_of(
    case: Mapping[str, Any], record: Mapping[str, Any], reporter: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What a case holds of the person; others are masked."""
    words = dict(record["words"])
    mine = dict((reporter or {}).get("complainant") or record["complainant"])
    people = (reporter or words).get("joint") or {}
    agent = (reporter or words).get("agent")
    others = [one["name"] for one in people.get("people") or [] if one.get("name")]
    others += [agent["name"]] if agent and agent.get("name") else []
    said = {name: masked_words(words[name], others) for name in WORDS if words.get(name)}
    return {
        **case,
        "complainant": mine,
        "agent": masked_person(agent) if agent else None,
        "joint": [masked_person(one) for one in people.get("people") or []],
        "respondent": dict(record["respondent"]),
        "words": said,
    }


def masked_words(value: Any, others: Sequence[str]) -> Any:
    """What the person wrote, without the names of the others."""
    if isinstance(value, str):
        return named_out(value, others)
    if isinstance(value, list):
        return [named_out(one, others) if isinstance(one, str) else one for one in value]
    return value


def named_out(text: str, others: Sequence[str]) -> str:
    """The text with the names of others hidden; the person's own words stay as they are."""
    for name in others:
        if name in text:
            text = text.replace(name, masked_text(name, [name]))
    return text


def readable(document: Mapping[str, Any]) -> str:
    """A page in Chinese that a browser shows without a network."""
    cases = "".join(f"<section>{part(one)}</section>" for one in document["cases"])
    head = '<meta charset="utf-8"><title>个人信息副本</title>'
    law = "依据《个人信息保护法》第四十五条提供。他人的信息已经隐去。"
    made = escape(str(document["made_at"]))
    return (
        f'<!doctype html><html lang="zh-CN"><head>{head}</head><body><h1>个人信息副本</h1>'
        f"<p>{law}</p><p>制作时间：{made}</p>{cases}</body></html>"
    )


def part(one: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<dt>{escape(HEADINGS.get(name, name))}</dt><dd>{spelled(value)}</dd>"
        for name, value in one.items()
        if value
    )
    return f"<h2>{escape(str(one['number']))}</h2><dl>{rows}</dl>"


def spelled(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, Mapping):
        lines = [f"{escape(str(name))}：{spelled(one)}" for name, one in value.items() if one]
        return "<br>".join(lines)
    if isinstance(value, (list, tuple)):
        return "<br>".join(spelled(one) for one in value)
    return escape(str(value))
