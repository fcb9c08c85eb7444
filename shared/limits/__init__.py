"""How much of anything may come, and what a flood asks of whoever comes in it."""
