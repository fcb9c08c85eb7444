"""The keys of an installation: shown, and rotated while it runs."""
