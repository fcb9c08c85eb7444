"""What can be wrong with what people send. The name is the code in the problem document."""

from shared.kernel import (
    ConflictError,
    ForbiddenError,
    RuleError,
    TooLargeError,
    TooManyError,
    UnknownError,
)


class MissingFieldError(RuleError):
    """Something that is needed was left out."""


class MistypedIdNumberError(RuleError):
    """No identity number can look like this (GB 11643)."""


class UnknownCodeError(RuleError):
    """A code that stands in none of our lists."""


class WrongRepresentativeError(RuleError):
    """A representative who is not one of the complainants, or one too many."""


class OnlyForPartnersError(RuleError):
    """A field that imports and partners may fill, strangers not."""


class KeyUsedError(ConflictError):
    """The same Idempotency-Key, or number of a source, came with a different complaint."""


class FloodedError(TooManyError):
    """A form came in a flood, before its challenge was solved or its pause was over."""


class UnprovenError(TooManyError):
    """A program came in a flood without what it was to compute."""


class NoticeNotShownError(RuleError):
    """The form is for another body than the one whose privacy notice stood on it."""


class NoSuchNoticeError(UnknownError):
    """No privacy notice has this version."""


class NoSuchComplaintError(UnknownError):
    """No complaint has this number and this query code."""


class NothingToWithdrawError(ConflictError):
    """The complaint is withdrawn or closed already."""


class ComplaintEndedError(ConflictError):
    """The complaint was withdrawn, refused or closed: nobody looks at new evidence."""


class UnacceptedFileError(RuleError):
    """A file of a kind that we do not take."""


class FileTooLargeError(TooLargeError):
    """A file of more bytes than we take."""


class TooMuchWaitsError(RuleError):
    """More files than may wait for forms that came back with errors."""


class UnreadableFileError(RuleError):
    """A file that is broken, or not what its first bytes promise."""


class HarmfulFileError(RuleError):
    """A file that carries something made to harm whoever opens it."""


class QuarantinedFileError(ConflictError):
    """A file in which the scanner found malware: nobody gets it."""


class TooManyFilesError(RuleError):
    """More files than a complaint may have."""


class NoFileError(RuleError):
    """Nothing was sent where a file was expected."""


class NoReportError(UnknownError):
    """It is no report: nobody is kept apart."""


class ReasonMissingError(RuleError):
    """Who wants to know who reported must say why."""


class ReporterErasedError(UnknownError):
    """Who reported was erased."""


class WordsErasedError(ConflictError):
    """The words of the complaint were erased on lawful request: nothing is added to them."""


class LettersCodeNeededError(ForbiddenError):
    """The body shows letters only with a second code, and none was used."""


class WrongLettersCodeError(ForbiddenError):
    """The second code is wrong, used, too old, or was tried too often."""

    deed = "code.wrong"


class NoSuchLetterError(UnknownError):
    """The complaint has no such letter that whoever complained may read."""
