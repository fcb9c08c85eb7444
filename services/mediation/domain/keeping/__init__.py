"""How long files are kept, and what may not be erased yet: rules, without a database."""
