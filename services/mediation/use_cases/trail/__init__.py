"""The trail of all services in one list, for auditors and for the privacy officer."""
