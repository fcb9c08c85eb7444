"""Why a command did not do what it was asked, in words that say what to do."""


class CannotError(Exception):
    """The command ends with code 1 and these words."""


class WrongUsageError(CannotError):
    """What was typed is no such thing: the command ends with code 2 and these words."""
