"""Steps that lead a case on: from acceptance to its end, and back."""

from services.mediation.domain.case import (
    OUTCOMES,
    REFUSED,
    State,
    Step,
    check_replied_on,
    check_reply_due,
)
from services.mediation.domain.due import day_of, designated
from services.mediation.tables import ForwardingRow
from services.mediation.use_cases.effects.act import Act, Effect


def accept(act: Act) -> Effect:
    """Accept the complaint (受理): the clocks of forwarding and mediation start."""
    clocks = act.clocks | {"forward": act.clock("forward"), "mediate": act.clock("mediate")}
    said = {
        "accepted_on": act.today,
        "forward_due": day_of(clocks["forward"]),
        "mediate_due": day_of(clocks["mediate"]),
    }
    return Effect({"accepted_on": act.today}, clocks, said)


def refuse(act: Act) -> Effect:
    """Refuse it (不予受理) for a numbered reason; that closes the case."""
    reason = act.pack.reason(Step.REFUSE, act.facts.get("reason"))
    columns = {"reason": reason.code, "outcome": REFUSED, "closed_on": act.today}
    return Effect(columns, said={"reason": reason.code})


def forward(act: Act) -> Effect:
    """Send it to the respondent (转送): a letter is owed, the day of the reply is named."""
    named, limit = act.facts.get("reply_due"), day_of(act.case.clocks["mediate"])
    if named:
        check_reply_due(named, act.today, limit if limit > act.today else None)
    clock = designated(act.clock("reply"), named)
    serial, due_on = act.case.serial + 1, day_of(clock)
    row = {
        "case_id": act.case.id,
        "serial": serial,
        "forwarded_on": act.today,
        "reply_due": due_on,
        "mediator": act.actor.id if act.actor.kind == "staff" else None,
    }
    columns = {"serial": serial, "forwarded_on": act.today, "replied_on": None}
    said = {"serial": serial, "forwarded_on": act.today, "reply_due": due_on}
    return Effect(columns, act.clocks | {"reply": clock}, said, {ForwardingRow: [row]})


def record_reply(act: Act) -> Effect:
    """Record what the respondent answered (商家答复), and on which day it came."""
    act.need("text", "请写明商家怎么答复。")
    replied_on = act.facts.get("replied_on") or act.today
    check_replied_on(replied_on, act.case.forwarded_on or act.today, act.today)
    in_time = replied_on <= day_of(act.case.clocks["reply"])
    return Effect({"replied_on": replied_on}, said={"replied_on": replied_on, "in_time": in_time})


def agree(act: Act) -> Effect:
    """The parties agreed (达成协议): what on, and what was recovered."""
    act.need("text", "请写明协议的内容。")
    recovered = act.facts.get("recovered_fen")
    return Effect({"recovered_fen": recovered}, said={"recovered_fen": recovered})


def fail(act: Act) -> Effect:
    """The mediation failed (调解不成), for a numbered reason."""
    reason = act.pack.reason(Step.FAIL, act.facts.get("reason"))
    return Effect({"reason": reason.code}, said={"reason": reason.code})


def withdraw(_: Act) -> Effect:
    """The complainant withdrew (撤回)."""
    return Effect()


def close(act: Act) -> Effect:
    """Close the case (结案) as what it ended in."""
    outcome = OUTCOMES[State(act.case.state)]
    said = {
        "outcome": outcome,
        "closed_on": act.today,
        "recovered_fen": act.case.recovered_fen,
    }
    return Effect({"outcome": outcome, "closed_on": act.today}, said=said)


def reopen(act: Act) -> Effect:
    """Take it up again (重新办理): today is day 0 of the clocks that start anew."""
    act.need("note", "请写明为什么重新办理。")
    names = ["accept"] if act.to is State.REGISTERED else ["mediate"]
    if act.to is State.ACCEPTED and not act.case.serial:
        names.append("forward")
    kept = {name: one for name, one in act.clocks.items() if name == "accept"}
    columns = {"outcome": None, "closed_on": None, "reason": None, "recovered_fen": None}
    return Effect(columns, kept | {name: act.clock(name) for name in names})
