"""How a service reaches Kafka: the one place that knows aiokafka."""
