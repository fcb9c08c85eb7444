"""What people, sisters and the calendar make mediation do."""
