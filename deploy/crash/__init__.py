"""`make crash`: kill -9 at random moments while complaints pour in, then count."""
