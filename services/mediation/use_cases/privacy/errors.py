"""What can be wrong with what a privacy officer asks for."""

from shared.kernel import ConflictError, RuleError, UnknownError


class ReasonNeededError(RuleError):
    """Nobody will understand later why it was done."""


class ChoiceNeededError(RuleError):
    """A request was sent back without a yes or a no."""


class SubjectNeededError(RuleError):
    """It was not said who asks, or how it was made sure that they are who they say."""


class NoSuchThingError(UnknownError):
    """No request, hold or assessment of this id within reach."""


class NothingFoundError(RuleError):
    """No case was named, or none of them is within reach."""


class NotTheirsError(RuleError):
    """Nobody in a case that was named fits the person who asks."""


class TooManyFoundError(RuleError):
    """More cases than one request can be about."""


class SeveralBodiesError(RuleError):
    """A request over several bodies would be guarded by the rights in one of them alone."""


class SameHandsError(ConflictError):
    """Whoever took the request down, or acts for them, may not decide about it (四眼原则)."""


class DecidedAlreadyError(ConflictError):
    """Somebody decided about it before."""


class SavedMeanwhileError(ConflictError):
    """Somebody else saved the same thing at the same moment."""


class MustStayError(ConflictError):
    """The words of the case must stay for now."""


class TooLongError(RuleError):
    """More characters than the field takes."""


class WrongDayError(RuleError):
    """The day lies where it cannot."""


class CopyGoneError(UnknownError):
    """The link has ended; the copy was forgotten."""


class IndexBehindError(ConflictError):
    """Too many new cases have no index entries yet: what is found would not be everything."""
