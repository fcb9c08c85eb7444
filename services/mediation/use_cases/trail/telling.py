"""What belongs to a line of the trail, told in the reader's language: no code, id or UTC time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.mediation.use_cases.labels import STATES
from services.mediation.use_cases.trail.labels import SERVICES, UNSHOWN, VALUES, called
from services.mediation.use_cases.trail.naming import Names, as_id
from services.mediation.use_cases.trail.sources import STEP
from services.mediation.use_cases.trail.values import CODES, spelled
from shared.bodies import Bodies
from shared.i18n import N_, Language, filled, translated
from shared.trail.deeds import Deed
from shared.trail.reading import Line

Said = Mapping[str, Any]
NOTHING = "—"
ERASED = N_("内容已经删除，记录还在")
UNREADABLE = N_("打不开：内容被改动过，或者密钥不对")
BODIES = frozenset({"body", "bodies"})
"""Values that are codes of organisations."""
OF_SERVICES = frozenset({"setting", "refused"})
"""Kinds of chains of which each service has one."""


@dataclass(frozen=True)
class Telling:
    """Lines in words: the names that the reader may know, their language, the organisations."""

    names: Names
    language: Language
    bodies: Bodies

    def gone(self, line: Line) -> str:
        """Why nothing can be told of what was said with it; empty where it can."""
        if line.unreadable:
            return self._(UNREADABLE)
        return self._(ERASED) if line.said is None else ""

    def facts(self, line: Line) -> list[tuple[str, str]]:
        """What was said with it: names and values in words, empty ones left out."""
        said: Said = line.said or {}
        if line.action.startswith(STEP):
            said = self._step(said)
        elif line.action == Deed.RETENTION_CHANGED:
            said = {**said} | {name: self._months(said.get(name)) for name in ("before", "now")}
        told = [*self._changes(said), *self._rest(said)]
        return [(name, text) for name, text in told if text]

    def thing(self, line: Line) -> str:
        """To what it was done: a name or a number where the reader may know it, else the key."""
        if line.kind == "retention" and self.bodies.of(line.key):
            return self._body(line.key)
        if line.kind in OF_SERVICES and line.key in SERVICES:
            return self._(SERVICES[line.key])
        return self.names.thing(line)

    def of(self, name: str, value: Any) -> str:
        """The value of this name as people read it."""
        if isinstance(value, bool):
            return self._(N_("是") if value else N_("否"))
        if isinstance(value, Mapping):
            return self._(N_("；")).join(self._part(name, part, one) for part, one in value.items())
        if isinstance(value, list):
            return self._(N_("、")).join(self.of(name, one) for one in value)
        if name in BODIES and isinstance(value, str):
            return self._body(value)
        if not isinstance(value, str):
            return "" if value is None else str(value)
        return self._named(value) or spelled(name, value, self.language)

    def _(self, words: str) -> str:
        return translated(words, self.language)

    def _step(self, said: Said) -> dict[str, Any]:
        """What is told of the step of a case: between which states, by which rule, for whom."""
        states = [STATES.get(str(said.get(name)), "") for name in ("before", "after")]
        moved = " → ".join(self._(one) for one in states if one)
        citizen = {"for_complainant": said.get("for_complainant") or None}
        return {"state": moved, "source": said.get("source")} | citizen

    def _months(self, months: Any) -> str:
        """How long files are kept."""
        if months is None:
            return self._(N_("永久"))
        return filled(N_("{count}个月"), {"count": months}, self.language)

    def _changes(self, said: Said) -> Iterable[tuple[str, str]]:
        """What was another before, each with what it was and what it is."""
        before, after = said.get("before"), said.get("after")
        if not isinstance(before, Mapping) or not isinstance(after, Mapping):
            return
        for name in dict.fromkeys([*before, *after]):
            if before.get(name) != after.get(name):
                yield called(name, self.language), self._from_to(name, before, after)

    def _from_to(self, name: str, before: Said, after: Said) -> str:
        was, now = (self.of(name, one.get(name)) or NOTHING for one in (before, after))
        return f"{was} → {now}"

    def _rest(self, said: Said) -> Iterable[tuple[str, str]]:
        """Everything else, one by one."""
        both = all(isinstance(said.get(name), Mapping) for name in ("before", "after"))
        left_out = UNSHOWN | {"before", "after"} if both else UNSHOWN
        for name, value in said.items():
            if name not in left_out:
                yield called(name, self.language), self.of(name, value)

    def _part(self, outer: str, name: str, value: Any) -> str:
        """One of several values under a name; a name that is none of ours is an id or a setting."""
        if isinstance(value, Mapping) and value.keys() == {"before", "after"}:
            was, now = (self.of(name, value[one]) or NOTHING for one in ("before", "after"))
            return f"{self._named(name) or called(name, self.language)} {was} → {now}"
        known = name in VALUES or name in CODES
        text = self.of(name if known else outer, value) or NOTHING
        return f"{self._named(name) or called(name, self.language)} {text}"

    def _body(self, code: str) -> str:
        """The name of an organisation; of none: every one."""
        known = self.bodies.of(code) if code else None
        return known.short if known else code or self._(N_("全部机构"))

    def _named(self, text: str) -> str:
        """What an id is called, where the reader may know it."""
        one = as_id(text)
        if one is None:
            return ""
        names = self.names
        known = names.people.get(one) or names.units.get(one) or names.numbers.get(one)
        return known or ""
