"""`make bench`: what it costs and how fast it is, as ratios of one run on one machine."""
