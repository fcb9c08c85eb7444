"""What can be wrong with a field. The name is the code in the problem document."""

from shared.kernel import RuleError


class MistypedPhoneError(RuleError):
    """No telephone number can look like this."""


class MistypedEmailError(RuleError):
    """No e-mail address can look like this."""


class MistypedCreditCodeError(RuleError):
    """No unified social credit code can look like this (GB 32100)."""


class ImpossibleDateError(RuleError):
    """A day that cannot be meant."""


class ImpossibleAmountError(RuleError):
    """An amount of money that cannot be meant."""
