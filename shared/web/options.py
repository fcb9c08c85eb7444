"""What an edge can be told: its address, its hosts, its limits, and who speaks through it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from urllib.parse import urlsplit

from shared.i18n import Language
from shared.limits.rates import Buckets, Rate
from shared.limits.underway import Room
from shared.settings import CommonSettings, Network
from shared.web.sessions import NobodyLoggedIn, Sessions

READERS = Rate(per_second=50, burst=400)
STRANGERS = Rate(per_second=2, burst=60)
ACCOUNTS = Rate(per_second=100, burst=1000)
PARTNERS = Rate(per_second=20, burst=200)
GUESSES = Rate(per_second=1 / 3, burst=20)

THIS_MACHINE = (ip_network("127.0.0.0/8"), ip_network("::1"))

Check = Callable[[], Awaitable[str | None]]
"""Ready? None, or the reason why not."""


@dataclass(frozen=True)
class Site:
    """The organisation a visitor sees in header and footer."""

    name: str = "消费投诉调解服务"
    phone: str = ""
    address: str = ""
    demo: bool = False


@dataclass(frozen=True)
class Pace:
    """How slowly a body may come. What came fast earns nothing for later."""

    seconds: float = 30.0
    """So long may silence last, or the next `least` bytes take."""
    per_second: float = 1000.0
    whole_per_second: float = 20_000.0
    """What a body must come with altogether, beside twice the seconds above."""

    @property
    def least(self) -> float:
        """Bytes that must come within `seconds`, again and again."""
        return self.seconds * self.per_second

    def whole(self, size: int) -> float:
        """Seconds after which a body of `size` bytes must have come."""
        return 2 * self.seconds + size / self.whole_per_second


@dataclass(frozen=True)
class Limits:
    """What one caller may send, and how often. Sizes in bytes, rates per second."""

    body: int = 2**20
    upload: int = 16 * 2**20
    """Multipart bodies, where a route names no limit of its own."""
    path: int = 4096
    headers: int = 100
    header_bytes: int = 32 * 1024
    """Names and values of all headers together."""
    pace: Pace = Pace()
    readers: Rate = READERS
    """Safe requests of one stranger's address."""
    strangers: Rate = STRANGERS
    """Unsafe requests of one stranger's address."""
    accounts: Rate = ACCOUNTS
    """All requests of one logged-in account."""
    partners: Rate = PARTNERS
    """All requests of one account of a partner agency (协作单位), by all its tokens together."""
    guesses: Rate = GUESSES
    """Log-ins and query codes that one address may try."""
    at_once: int = 1000
    """Requests that are let in at the same time; more would only wait longer for the same work."""
    bodies: int = 30
    """Bodies of one stranger's address, or of one account, that may be on their way at once."""
    heavy: int = 600 * 2**20
    """Bytes of large bodies that may be under way at once; of one caller half as many."""

    @property
    def room(self) -> Room:
        """What may be on its way in. Half of the places stay for whoever only reads."""
        return Room(self.bodies, max(self.at_once // 2, 1), self.body, self.heavy)


@dataclass(frozen=True)
class EdgeOptions:
    """How one service meets the world. The defaults are for tests and sisters in one process."""

    public_url: str = "http://127.0.0.1:8000"
    hosts: frozenset[str] | None = None
    """Accepted Host names without port; None accepts all."""
    trusted_hops: int = 0
    """How many proxies of ours stand in front and add to X-Forwarded-For."""
    watchers: tuple[Network, ...] = THIS_MACHINE
    """Who may read `/metrics` without a service token."""
    site: Site = Site()
    language: Language = "zh"
    """What pages speak when nobody asks."""
    limits: Limits = Limits()
    buckets: Buckets = field(default_factory=Buckets)
    sessions: Sessions = field(default_factory=NobodyLoggedIn)
    checks: Mapping[str, Check] = field(default_factory=dict)
    """What must be well before `/readyz` says so, by name."""

    @property
    def https(self) -> bool:
        """Whether people reach us over https; cookies are `Secure` exactly then."""
        return urlsplit(self.public_url).scheme == "https"


def site_of(settings: CommonSettings) -> Site:
    """The default organisation as pages show it."""
    body = settings.organisations.default
    return Site(body.name, body.phone, body.address, body.demo)


def limits_of(settings: CommonSettings) -> Limits:
    """The limits of an installation."""
    return Limits(
        body=settings.max_body_bytes,
        upload=settings.max_upload_bytes,
        path=settings.max_path_bytes,
        headers=settings.max_headers,
        at_once=settings.requests_at_once,
        bodies=settings.bodies_at_once,
        heavy=settings.upload_mb_at_once * 2**20,
        readers=Rate(settings.rate_read_per_minute / 60, settings.rate_read_per_minute / 6),
        strangers=Rate(settings.rate_public_per_minute / 60, settings.rate_public_burst),
        accounts=Rate(settings.rate_staff_per_minute / 60, settings.rate_staff_per_minute / 6),
        partners=Rate(
            settings.rate_partner_per_minute / 60, max(settings.rate_partner_per_minute / 6, 1)
        ),
        guesses=Rate(settings.rate_login_per_minute / 60, settings.rate_login_per_minute),
    )


def options_of_settings(
    settings: CommonSettings,
    *,
    sessions: Sessions,
    checks: Mapping[str, Check],
    buckets: Buckets | None = None,
) -> EdgeOptions:
    """The options of an edge of this installation."""
    return EdgeOptions(
        public_url=settings.public_url,
        hosts=settings.accepted_hosts,
        trusted_hops=settings.trusted_hops,
        watchers=settings.watchers,
        site=site_of(settings),
        language="en" if settings.language == "en" else "zh",
        limits=limits_of(settings),
        buckets=buckets or Buckets(),
        sessions=sessions,
        checks=checks,
    )
