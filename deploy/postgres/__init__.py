"""PostgreSQL: the settings, the four databases and their users; the same in a container or not."""
