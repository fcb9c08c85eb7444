"""The services of the platform, by the names that addresses, settings and databases have."""

SERVICES = ("intake", "mediation", "notification", "analytics")
