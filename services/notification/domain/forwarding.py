"""What the forwarding letter (投诉转送函) says."""

from services.notification.domain.facts import Claim, Facts
from services.notification.domain.letter import Identity, Letter, Part, in_words
from shared.masks import masked_text, starred_name
from shared.text import normal_name

BLANK = "____________"


def compose(facts: Facts, identity: Identity) -> Letter:
    """The forwarding letter: summary, requests, reply date, demand for evidence, contact.

    Never carries the complainant's identity number, phone, address or other personal number,
    whichever field holds it, nor anybody else's name, nor the complainant's where it may not be
    told; an order number stays whole, since the respondent finds the matter by it.
    """
    again = "" if facts.serial == 1 else f"（第{facts.serial}次）"
    return Letter(
        letterhead=facts.sender.name,
        document_number=identity.document_number,
        title="投诉转送函" + again,
        to=facts.respondent.name,
        opening=(opening(facts),),
        parts=tuple(part for part in numbered(facts) if part.lines),
        closing=closing(facts),
        annex=tuple(told(one.name, facts) for one in facts.files),
        signer=facts.sender.name,
        issued_on=identity.issued_on,
        contact=contact(facts),
        check_code=identity.check_code,
        check_url=identity.check_url,
    )


def opening(facts: Facts) -> str:
    """Who complains about what, and that it is now passed on."""
    openly = facts.may_be_named or facts.is_firm
    name = facts.complainant if openly else starred_name(facts.complainant)
    who = masked_text(name) or "投诉人"
    about = f"，事由：{told(facts.subject, facts)}" if facts.subject else ""
    return (
        f"{who}因与贵单位发生消费争议，向我单位投诉（投诉编号：{facts.case_number}{about}）。"
        "我单位已受理。依照《中华人民共和国消费者权益保护法》第三十七条的规定，"
        "现将投诉内容转送贵单位，请认真核查处理，并按期答复。"
    )


def numbered(facts: Facts) -> tuple[Part, ...]:
    """The parts 一、二、三; a part without lines falls out, and the others close up."""
    filled = [
        (name, lines)
        for name, lines in (
            ("投诉内容", (*circumstances(facts), *paragraphs(facts), *said_to_have(facts))),
            ("投诉请求", requests(facts)),
            ("答复要求", demands(facts)),
        )
        if lines
    ]
    return tuple(
        Part(f"{mark}、{name}", lines)
        for mark, (name, lines) in zip("一二三", filled, strict=False)
    )


def circumstances(facts: Facts) -> tuple[str, ...]:
    """The facts of the record, one line each."""
    known = (
        ("发生时间", in_words(facts.happened_on) if facts.happened_on else ""),
        ("发生地点", told(facts.place, facts)),
        ("商品或者服务", told(facts.goods, facts)),
        ("订单号", facts.order_no),
        ("争议金额", in_yuan(facts.amount_fen) if facts.amount_fen is not None else ""),
    )
    return tuple(f"{name}：{value}" for name, value in known if value)


def paragraphs(facts: Facts) -> tuple[str, ...]:
    """The complainant's own words, by their lines."""
    lines = (line.strip() for line in told(facts.text, facts).splitlines())
    return tuple(line for line in lines if line)


def told(text: str, facts: Facts) -> str:
    """Free words as the respondent may read them (个人信息保护法第六条、第二十三条).

    Whoever agreed to be named agreed for their present name alone: who acts for them, who complains
    with them, what they were called before, and where they all live stay hidden.
    """
    hidden = facts.secrets
    if facts.may_be_named:
        own = normal_name(facts.complainant)
        others = tuple(one for one in hidden.names if normal_name(one) != own)
        hidden = hidden._replace(names=others)
    return hidden.hidden_in(text)


def said_to_have(facts: Facts) -> tuple[str, ...]:
    """What the complainant says to have and has not handed in: no enclosure of ours."""
    named = "、".join(told(one, facts) for one in facts.evidence)
    return (f"投诉人称持有：{named}。",) if named else ()


def requests(facts: Facts) -> tuple[str, ...]:
    """What the complainant asks for."""
    several = len(facts.claims) > 1
    return tuple(
        (f"{place}. " if several else "") + request(claim) + "。"
        for place, claim in enumerate(facts.claims, 1)
    )


def request(claim: Claim) -> str:
    """One request in words."""
    return claim.what + (f"（{in_yuan(claim.amount_fen)}）" if claim.amount_fen is not None else "")


def demands(facts: Facts) -> tuple[str, ...]:
    """By when to answer, and what a denial must bring with it."""
    until = in_words(facts.reply_due)
    return (
        f"（一）请于{until}前（含当日）将处理意见书面答复我单位，答复时请注明本函文号。",
        "（二）如不认可投诉内容，请在答复时说明理由，并提供相应的证据材料。",
        "（三）愿意与投诉人协商解决的，请写明方案；逾期不答复的，我单位将再次催促并依法处理。",
    )


def closing(facts: Facts) -> tuple[str, ...]:
    """How the copies of the material reach the reader, and the formal end.

    A mail carries the letter alone: a person first looks what of a file concerns the respondent
    (个人信息保护法第六条).
    """
    copies = (
        "投诉人提供的材料见附件，副本随纸质函件附送；"
        "本函以电子邮件送达的，副本不随邮件发送，可凭本函文号向联系人索取。"
    )
    return (copies, "特此函告。") if facts.files else ("特此函告。",)


def contact(facts: Facts) -> str:
    """Whom to turn to; a line to fill in by hand where no phone is known."""
    phone = facts.contact_phone or facts.sender.phone or BLANK
    parts = (
        ("联系人", facts.contact),
        ("电话", phone),
        ("地址", facts.sender.address),
    )
    return "，".join(f"{name}：{value}" for name, value in parts if value)


def in_yuan(fen: int) -> str:
    """Integer fen (分) as yuan (元), exactly."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}{whole:,}.{rest:02d}元"
