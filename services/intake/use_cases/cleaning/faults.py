"""Why a file cannot be cleaned."""


class DamagedError(Exception):
    """It is not what its first bytes promise."""


class TooManyPixelsError(Exception):
    """A picture that would take too much memory wherever it is shown."""


class HarmfulError(Exception):
    """It carries something made to harm whoever opens it."""
