"""What forms and scripts say about people and units, checked and in our words."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.mediation.use_cases.people.adding import WishedAccount
from services.mediation.use_cases.people.changing import WishedPerson
from services.mediation.use_cases.people.giving import WishedGrant
from services.mediation.use_cases.people.standing_in import WishedStandIn
from services.mediation.use_cases.people.units import Wished


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class UnitForm(Strict):
    """A unit (部门) as it should be."""

    code: str = Field(max_length=100, description="代码 Unique in its body; lower case.")
    name: str = Field(max_length=200, description="名称")
    parent: UUID | None = Field(default=None, description="上级部门 None: on top.")
    region: str = Field(
        default="", max_length=20, description="行政区划 GB/T 2260: complaints of it come here."
    )

    def wished(self) -> Wished:
        return Wished(self.code, self.name, self.parent, self.region)


class NewUnitForm(UnitForm):
    """A new unit of a body (机构); without `body`: the default one."""

    body: str | None = Field(default=None, max_length=40)


class GrantForm(Strict):
    """A role (角色) in a body or one of its units, on these days, both included."""

    role: str = Field(max_length=40)
    body: str | None = Field(
        default=None, max_length=40, description="机构 None: the person's own; empty: all bodies."
    )
    unit: UUID | None = Field(default=None, description="部门 None: the body itself.")
    first_on: date | None = Field(default=None, description="生效日期 None: today.")
    last_on: date | None = Field(default=None, description="失效日期 None: until taken away.")

    def wished(self) -> WishedGrant:
        return WishedGrant(**self.model_dump())


class PersonForm(Strict):
    """What is known of somebody, as it should be."""

    display: str = Field(max_length=200, description="姓名")
    phone: str = Field(default="", max_length=100, description="电话 As letters print it.")
    unit: UUID | None = Field(default=None, description="部门")

    def wished(self) -> WishedPerson:
        return WishedPerson(self.display, self.phone, self.unit)


class NewPersonForm(PersonForm):
    """A new person, with the roles they begin with."""

    name: str = Field(max_length=100, description="账号 What they log in with.")
    body: str | None = Field(
        default=None, max_length=40, description="机构 None: the default one; empty: all."
    )
    roles: list[GrantForm] = Field(default_factory=list, max_length=20)

    def account(self, default: str) -> WishedAccount:
        body = default if self.body is None else self.body
        return WishedAccount(self.name, self.display, body, self.unit, self.phone)


class StandInForm(Strict):
    """Somebody acts for somebody who is away (代理); without `absent`: for me."""

    absent: UUID | None = None
    stand_in: UUID
    first_on: date
    last_on: date

    def wished(self, me: UUID) -> WishedStandIn:
        return WishedStandIn(self.absent or me, self.stand_in, self.first_on, self.last_on)
