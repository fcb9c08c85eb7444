"""Why the distributed mode did not start, in words that say what to do."""


class ClusterError(Exception):
    """Something of the distributed mode is wrong; the text says what and what to do."""


class MissingError(ClusterError):
    """A program that the distributed mode needs is not on this machine; `name` says which."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(f"{name} is missing: {remedy}")
        self.name = name
