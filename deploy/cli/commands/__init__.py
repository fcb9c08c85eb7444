"""One module per group of commands. What is slow to load is loaded when a command runs."""
