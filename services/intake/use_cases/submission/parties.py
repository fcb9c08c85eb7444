"""The people and businesses of a complaint, as they are sent to us."""

from pydantic import Field

from services.intake.domain import record
from services.intake.use_cases.submission.fields import Code, Email, Form, Line, Long, Phone, Short
from shared.terms import IdType, PersonKind


class ComplainantForm(Form):
    """Who complains (投诉人). A complaint needs a name and one way to be reached."""

    name: Short | None = Field(None, description="Name (姓名或者名称).", examples=["张三"])
    phone: Phone | None = Field(
        None,
        description="Mobile, or landline with its area code (电话); +86, blanks, full-width pass.",
        examples=["13800138000"],
    )
    email: Email | None = Field(None, description="E-mail (电子邮箱).")
    id_type: IdType | None = Field(
        None, description="Identity document (证件种类): " + IdType.described()
    )
    id_number: Code | None = Field(
        None, description="Its number (证件号码); a resident identity number is checked (GB 11643)."
    )
    address: Line | None = Field(None, description="Address (通信地址).")
    kind: PersonKind = Field(PersonKind.NATURAL, description=PersonKind.described())

    def record(self) -> record.Complainant:
        """As the rules know it."""
        return record.Complainant(
            self.name, self.phone, self.email, self.id_type, self.id_number, self.address, self.kind
        )


class AgentForm(Form):
    """Who acts for the complainant (代理人)."""

    name: Short | None = Field(None, description="Name (姓名).")
    phone: Phone | None = Field(None, description="Phone (电话).")
    id_type: IdType | None = Field(None, description=IdType.described())
    id_number: Code | None = Field(None, description="Number of the document (证件号码).")
    authority: Long | None = Field(
        None, description="What the written authority covers (委托事项、权限和期限)."
    )

    def record(self) -> record.Agent:
        """As the rules know it."""
        return record.Agent(self.name, self.phone, self.id_type, self.id_number, self.authority)


class CompanionForm(Form):
    """One of several who complain together (共同投诉人)."""

    name: Short
    phone: Phone | None = None


class JointForm(Form):
    """A complaint of several people (共同投诉)."""

    people: list[CompanionForm] = Field(default=[], max_length=500)
    representatives: list[Short] = Field(
        default=[], max_length=20, description="Names of those who speak for all (代表人)."
    )

    def record(self) -> record.Joint:
        """As the rules know it."""
        people = tuple(record.Companion(one.name, one.phone) for one in self.people if one.name)
        return record.Joint(people, tuple(one for one in self.representatives if one))


class RespondentForm(Form):
    """Who is complained of (被投诉人). A complaint needs a name or a credit code."""

    name: Line | None = Field(
        None, description="Name (商家名称).", examples=["安澜禾木家居有限公司"]
    )
    uscc: Code | None = Field(
        None,
        description="Unified social credit code (统一社会信用代码), checked by GB 32100.",
        examples=["91350100M000100Y43"],
    )
    address: Line | None = Field(None, description="Address (地址).")
    phone: Phone | None = Field(None, description="Phone (电话).")
    email: Email | None = Field(None, description="E-mail (电子邮箱).")
    platform: Line | None = Field(
        None, description="E-commerce platform and the shop's name there (平台和店名)."
    )

    def record(self) -> record.Respondent:
        """As the rules know it."""
        return record.Respondent(
            self.name, self.uscc, self.address, self.phone, self.email, self.platform
        )
