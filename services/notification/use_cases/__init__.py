"""What notification does."""
