"""What can be printed, and why a letter is not. Without typst: whoever asks need not load it."""

from typing import Literal

from shared.kernel import RuleError

Kind = Literal["pdf", "docx"]


class UnprintableError(RuleError):
    """The template and the letter do not fit together."""


class UndrawableError(UnprintableError):
    """No font has some characters of the letter; it is never printed with boxes instead."""
