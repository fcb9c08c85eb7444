"""Figures for Prometheus. Labels are names of services, topics and outcomes: never an id."""

from prometheus_client import Counter, Gauge, Histogram

DELIVERED = Counter(
    "redress_events_total", "Events by service and outcome.", ["service", "outcome"]
)
PUBLISHED = Counter("redress_published_total", "Events that reached the bus.", ["service"])
LAG = Gauge("redress_consumer_lag", "Messages that wait for a service.", ["service"])
WAITING = Gauge("redress_outbox_waiting", "Events that wait for the bus.", ["service"])
STEP = Histogram("redress_step_seconds", "How long a background step took.", ["service", "step"])
STEP_FAILED = Counter("redress_step_failures_total", "Steps that fell.", ["service", "step"])
SEARCH_WAITING = Gauge(
    "redress_search_waiting", "Texts without tokens yet (10000: or more).", ["service"]
)
SEARCH_OLDEST = Gauge(
    "redress_search_oldest_seconds", "How long the oldest of them has waited.", ["service"]
)
