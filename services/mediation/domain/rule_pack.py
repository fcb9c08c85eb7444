"""What a rule pack says: periods, reasons and articles; and which one is in force on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from services.mediation.domain.case import Step
from services.mediation.domain.legal_clock import (
    Extension,
    NoExtensionError,
    Period,
)
from shared.kernel import RuleError, UnknownError

RECEIVED = "received"


class NoSuchReasonError(RuleError):
    """A reason the pack does not know."""


class NoSuchClockError(UnknownError):
    """A clock the pack does not know."""


class NoSuchPackError(UnknownError):
    """No pack of this name."""


class NoPackValidError(RuleError):
    """No pack of the institution was in force on that day."""


@dataclass(frozen=True)
class Words:
    """The same in Chinese and in English."""

    zh: str
    en: str

    def said(self, language: str) -> str:
        """In `language` (zh or en)."""
        return self.en if language == "en" else self.zh

    def __str__(self) -> str:
        """In Chinese, as every sentence is at first."""
        return self.zh


@dataclass(frozen=True)
class ExtensionRule:
    """By how much a period may be extended once, and who must approve it."""

    amount: int
    approver: str
    source: Words


@dataclass(frozen=True)
class ClockRule:
    """One legal period of the pack."""

    name: str
    label: Words
    trigger: Words
    starts_with: str
    """`received`, or the step that sets it going."""
    period: Period
    source: Words
    designated: bool = False
    """Whether the mediator may name another day instead."""
    pauses: tuple[str, ...] = ()
    """What stops it."""
    extension: ExtensionRule | None = None

    def extended(self, approved_on: date) -> Extension:
        """The extension this clock allows. Raises NoExtensionError."""
        if self.extension is None:
            raise NoExtensionError("期限「{clock}」不能延长。", clock=self.label)
        return Extension(self.extension.amount, approved_on)


@dataclass(frozen=True)
class Reason:
    """A numbered reason, as a letter cites it."""

    number: int
    code: str
    label: Words
    source: Words


@dataclass(frozen=True)
class Pack:
    """The rules of one kind of body, in force from `valid_from` to `valid_to`, both counted."""

    id: str
    version: int
    name: Words
    institution: str
    jurisdiction: str
    valid_from: date
    valid_to: date | None
    clocks: Mapping[str, ClockRule]
    acceptance: tuple[Words, ...]
    refuse: tuple[Reason, ...]
    fail: tuple[Reason, ...]
    steps: Mapping[Step, Words]

    def clock(self, name: str) -> ClockRule:
        """One clock. Raises NoSuchClockError, which names those there are."""
        if name not in self.clocks:
            raise NoSuchClockError(
                "规则包 {pack} 没有期限「{clock}」，可用的有：{known}。",
                pack=self.id,
                clock=name,
                known="、".join(self.clocks),
            )
        return self.clocks[name]

    def in_force(self, day: date) -> bool:
        """Whether it applies to what happens on this day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def cited(self, source: str) -> Words:
        """An article that the log names, in both languages; one we do not know stays as it is."""
        known = [*self.steps.values(), *(one.source for one in (*self.refuse, *self.fail))]
        found = {words.zh: words for words in known}
        return found.get(source, Words(source, source))

    def reason(self, step: Step, code: str | None) -> Reason:
        """The reason of this code. Raises NoSuchReasonError, which names those there are."""
        reasons = self.refuse if step is Step.REFUSE else self.fail
        for one in reasons:
            if one.code == code:
                return one
        raise NoSuchReasonError(
            "请选一个理由。可用的有：{known}。",
            pointer="/reason",
            known=listed(reasons),
        )


def listed(reasons: Iterable[Reason]) -> Words:
    """The words of each reason; for programs its code stands in brackets."""
    return Words(
        zh="、".join(f"{one.label.zh}（{one.code}）" for one in reasons),
        en="; ".join(f"{one.label.en} ({one.code})" for one in reasons),
    )


def in_force(packs: Iterable[Pack], pack: str, day: date) -> Pack:
    """The version of a pack that applies on a day. Raises NoSuchPackError, NoPackValidError."""
    versions = [one for one in packs if one.id == pack]
    if not versions:
        raise NoSuchPackError("没有名为「{pack}」的规则包。", pack=pack)
    for one in versions:
        if one.in_force(day):
            return one
    raise NoPackValidError(
        "规则包 {pack} 在 {day} 还没有生效或者已经失效。", pack=pack, day=day.isoformat()
    )


def overlaps(packs: Iterable[Pack]) -> list[str]:
    """Versions of one pack that are in force on the same day: there must be none."""
    ordered = sorted(packs, key=lambda one: (one.id, one.valid_from))
    return [
        f"{first.id} versions {first.version} and {second.version} overlap"
        for first, second in pairwise(ordered)
        if first.id == second.id and first.in_force(second.valid_from)
    ]
