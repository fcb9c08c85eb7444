"""The fields of a complaint's record: how long each may be, and what can stand in it.

Standard library only. Intake asks this of what comes in, mediation of what is corrected.
"""
