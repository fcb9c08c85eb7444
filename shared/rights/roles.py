"""What people are (角色), what can be done (操作), and how far it reaches (范围)."""

from enum import IntEnum

from shared.terms import Term


class Role(Term):
    """A role somebody holds (角色)."""

    REGISTRAR = "registrar", "登记员", "Registrar"
    MEDIATOR = "mediator", "调解员", "Mediator"
    SECRETARY_GENERAL = "secretary_general", "秘书长", "Secretary-general"
    LEADER = "leader", "部门负责人", "Leader of a unit"
    DEPARTMENT_CONTACT = "department_contact", "科室联系人", "Department contact"
    STATISTICIAN = "statistician", "统计员", "Statistician"
    PUBLICATION_EDITOR = "publication_editor", "公示编辑", "Publication editor"
    PRIVACY_OFFICER = "privacy_officer", "个人信息保护负责人", "Privacy officer"
    AUDITOR = "auditor", "审计员", "Auditor"
    ADMINISTRATOR = "administrator", "管理员", "Administrator"
    PARTNER = "partner", "协作单位", "Partner agency"
    RESPONDENT = "respondent", "被投诉方", "Respondent"


class Action(Term):
    """What somebody may do (操作)."""

    CASE_READ = "case.read", "查看案件", "Read cases"
    CASE_REGISTER = "case.register", "登记投诉", "Register complaints"
    CASE_HANDLE = "case.handle", "办理案件", "Take the steps of a case"
    CASE_NOTE = "case.note", "写备注", "Write notes"
    CASE_AMEND = "case.amend", "更正记录", "Correct the record"
    CASE_ASSIGN = "case.assign", "分派案件", "Assign cases"
    CASE_EXPORT = "case.export", "导出台账", "Export the ledger"
    CODE_RENEW = "code.renew", "换发查询码", "Replace a lost query code"
    MASK_OPEN = "mask.open", "查看隐去的内容", "Look behind a mask"
    REPORTER_OPEN = "reporter.open", "查看举报人", "See who reported"
    LETTER_READ = "letter.read", "查看函件", "Read letters"
    LETTER_HANDLE = "letter.handle", "处理函件", "Print, send and void letters"
    FIGURES_READ = "figures.read", "查看统计", "Read figures"
    PUBLICATION_EDIT = "publication.edit", "编辑公示", "Edit publications"
    STAFF_READ = "staff.read", "查看人员和部门", "See staff and units"
    STAFF_MANAGE = "staff.manage", "管理人员和角色", "Manage staff and roles"
    UNIT_MANAGE = "unit.manage", "管理部门", "Manage units"
    AUDIT_READ = "audit.read", "查看审计记录", "Read the audit trail"
    LOOKS_REVIEW = "looks.review", "核查查看记录", "Review looks behind masks"
    RETENTION_MANAGE = "retention.manage", "管理保存期限", "Manage retention and holds"
    PRIVACY_ANSWER = "privacy.answer", "办理个人信息请求", "Answer requests about personal data"
    SYSTEM_OPERATE = "system.operate", "系统运维", "Operate the system"


class Scope(IntEnum):
    """How far a right reaches, from near to far (范围)."""

    OWN = 1
    """What is in this person's own hands (本人经办)."""
    UNIT = 2
    """What lies with their unit (本部门)."""
    SUBTREE = 3
    """Their unit and all below it (本部门及下级)."""
    TENANT = 4
    """The whole body (本机构)."""

    @property
    def chinese(self) -> str:
        return ("本人", "本部门", "本部门及下级", "本机构")[self - 1]

    @property
    def english(self) -> str:
        return ("own", "unit", "subtree", "tenant")[self - 1]
