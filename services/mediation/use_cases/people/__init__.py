"""People and units: who works where, what they hold, and who stands in for whom."""
