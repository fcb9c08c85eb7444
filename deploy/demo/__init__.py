"""Fictitious complaints: believable, in every state, and nobody's."""
