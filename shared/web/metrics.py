"""Figures of the web for Prometheus; labels hold templates of routes, never an address or an id."""

from prometheus_client import Counter, Histogram

REQUESTS = Counter(
    "redress_requests_total", "Requests answered.", ["service", "method", "route", "status"]
)
SECONDS = Histogram(
    "redress_request_seconds",
    "How long an answer took.",
    ["service", "method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_counters: dict[tuple[str, str, str, int], Counter] = {}
_timers: dict[tuple[str, str, str], Histogram] = {}


def observe(service: str, method: str, route: str, status: int, seconds: float) -> None:
    """Count one answer. The children are kept: looking them up costs more than counting."""
    method = method if method in METHODS else "OTHER"
    key, timed = (service, method, route, status), (service, method, route)
    if key not in _counters:
        _counters[key] = REQUESTS.labels(service, method, route, str(status))
    if timed not in _timers:
        _timers[timed] = SECONDS.labels(*timed)
    _counters[key].inc()
    _timers[timed].observe(seconds)
