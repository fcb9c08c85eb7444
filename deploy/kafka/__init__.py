"""Apache Kafka from its jars: one or three KRaft nodes on this machine, without containers."""

from deploy.kafka.brokers import Brokers
from deploy.kafka.fetch import VERSION, fetch, java

__all__ = ["VERSION", "Brokers", "fetch", "java"]
