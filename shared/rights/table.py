"""The one table of permissions: role x action x scope. What is not in it is refused.

Roles and their duties follow the consumer associations' and banks' own rules; an administrator
looks after people and machines and opens no case; nobody who handles cases sees who reported.
"""

from collections.abc import Mapping

from shared.rights.roles import Action, Role, Scope

OWN, UNIT, SUBTREE, TENANT = Scope.OWN, Scope.UNIT, Scope.SUBTREE, Scope.TENANT

PERMISSIONS: Mapping[Role, Mapping[Action, Scope]] = {
    Role.REGISTRAR: {
        Action.CASE_READ: UNIT,
        Action.CASE_REGISTER: UNIT,
        Action.CASE_NOTE: UNIT,
        Action.CASE_AMEND: UNIT,
        Action.CODE_RENEW: UNIT,
        Action.MASK_OPEN: UNIT,
    },
    Role.MEDIATOR: {
        Action.CASE_READ: UNIT,
        Action.CASE_REGISTER: UNIT,
        Action.CASE_HANDLE: UNIT,
        Action.CASE_NOTE: UNIT,
        Action.CASE_AMEND: UNIT,
        Action.CASE_ASSIGN: UNIT,
        Action.CASE_EXPORT: UNIT,
        Action.CODE_RENEW: UNIT,
        Action.MASK_OPEN: OWN,
        Action.LETTER_READ: UNIT,
        Action.LETTER_HANDLE: UNIT,
        Action.FIGURES_READ: UNIT,
        Action.STAFF_READ: UNIT,
    },
    Role.LEADER: {
        Action.CASE_READ: SUBTREE,
        Action.CASE_REGISTER: SUBTREE,
        Action.CASE_HANDLE: SUBTREE,
        Action.CASE_NOTE: SUBTREE,
        Action.CASE_AMEND: SUBTREE,
        Action.CASE_ASSIGN: SUBTREE,
        Action.CASE_EXPORT: SUBTREE,
        Action.CODE_RENEW: SUBTREE,
        Action.MASK_OPEN: SUBTREE,
        Action.LETTER_READ: SUBTREE,
        Action.LETTER_HANDLE: SUBTREE,
        Action.FIGURES_READ: SUBTREE,
        Action.STAFF_READ: SUBTREE,
    },
    Role.SECRETARY_GENERAL: {
        Action.CASE_READ: TENANT,
        Action.CASE_REGISTER: TENANT,
        Action.CASE_HANDLE: TENANT,
        Action.CASE_NOTE: TENANT,
        Action.CASE_AMEND: TENANT,
        Action.CASE_ASSIGN: TENANT,
        Action.CASE_EXPORT: TENANT,
        Action.CODE_RENEW: TENANT,
        Action.MASK_OPEN: TENANT,
        Action.LETTER_READ: TENANT,
        Action.LETTER_HANDLE: TENANT,
        Action.FIGURES_READ: TENANT,
        Action.STAFF_READ: TENANT,
    },
    Role.DEPARTMENT_CONTACT: {
        Action.CASE_READ: OWN,
        Action.CASE_NOTE: OWN,
    },
    Role.STATISTICIAN: {
        Action.FIGURES_READ: TENANT,
    },
    Role.PUBLICATION_EDITOR: {
        Action.CASE_READ: TENANT,
        Action.FIGURES_READ: TENANT,
        Action.PUBLICATION_EDIT: TENANT,
    },
    Role.PRIVACY_OFFICER: {
        Action.CASE_READ: TENANT,
        Action.REPORTER_OPEN: TENANT,
        Action.STAFF_READ: TENANT,
        Action.AUDIT_READ: TENANT,
        Action.LOOKS_REVIEW: TENANT,
        Action.RETENTION_MANAGE: TENANT,
        Action.PRIVACY_ANSWER: TENANT,
    },
    Role.AUDITOR: {
        Action.CASE_READ: TENANT,
        Action.FIGURES_READ: TENANT,
        Action.STAFF_READ: TENANT,
        Action.AUDIT_READ: TENANT,
        Action.LOOKS_REVIEW: TENANT,
    },
    Role.ADMINISTRATOR: {
        Action.STAFF_READ: TENANT,
        Action.STAFF_MANAGE: TENANT,
        Action.UNIT_MANAGE: TENANT,
        Action.SYSTEM_OPERATE: TENANT,
    },
    Role.PARTNER: {
        Action.CASE_READ: OWN,
        Action.CASE_REGISTER: TENANT,
    },
    Role.RESPONDENT: {
        Action.CASE_READ: OWN,
        Action.LETTER_READ: OWN,
    },
}

SENDERS = frozenset({Role.PARTNER})
"""Whose own cases are what they sent in: they follow them at the register, not at the desk.

The register keeps who sent a complaint in; the desk knows in whose hands a case is.
"""
