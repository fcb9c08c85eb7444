"""Pages of the documentation that are written from the code; a test compares them."""
