"""What was done, by whom, for whom: append-only chains that prove themselves (审计)."""
