"""The organisations that receive complaints on this installation."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Body:
    """One organisation (机构): what letterheads, numbers and pages need to know of it."""

    code: str
    name: str
    short: str
    """The name in lists."""
    docword: str
    """What its document numbers begin with (机关代字), as in 消转〔2026〕1号."""
    phone: str = ""
    address: str = ""
    demo: bool = False
    """Fictitious: marked on every page and out of everybody else's figures."""
    letters_code: bool = False
    """Whether citizens see letters only with a second code, sent to their e-mail or phone."""


DEMO = Body(
    code="demo",
    name="示例市消费者权益保护委员会",
    short="示例市消委会",
    docword="示消转",
    phone="000-12315",
    address="示例市示范路1号",
    demo=True,
)
MAIN = Body(code="main", name="消费者权益保护委员会", short="本会", docword="消转")


@dataclass(frozen=True)
class Bodies:
    """All of them; the first one is the default."""

    known: tuple[Body, ...] = (MAIN, DEMO)

    @property
    def default(self) -> Body:
        return self.known[0]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(body.code for body in self.known)

    @property
    def with_letters_code(self) -> frozenset[str]:
        """Those whose letters open to citizens only with a second code (验证码)."""
        return frozenset(body.code for body in self.known if body.letters_code)

    def of(self, code: str | None) -> Body | None:
        """The body with this code (none: the default one); None if there is no such body."""
        if code is None:
            return self.default
        return next((body for body in self.known if body.code == code), None)


def bodies_of(configured: Sequence[Body]) -> Bodies:
    """The configured bodies, then the demonstration's."""
    own = [body for body in configured if body.code != DEMO.code]
    return Bodies((*(own or [MAIN]), DEMO))
