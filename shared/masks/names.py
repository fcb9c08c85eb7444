"""Names of people, hidden but for the family name; names of companies stay (法人名称不隐去)."""

import re

from shared.text import clean

MOST_STARS = 2
"""However long a name is, its mask does not tell."""
_PAIRS = (
    "欧阳司马上官诸葛司徒东方独孤南宫夏侯皇甫尉迟公孙慕容令狐宇文长孙轩辕端木百里东郭南门呼延澹台淳于单于太叔申屠公冶宗政濮阳闻人赫连钟离拓跋西门第五梁丘左丘公羊谷梁"
    "即墨巫马公西漆雕乐正壤驷万俟仲孙鲜于闾丘亓官司寇"
)
COMPOUND = frozenset(_PAIRS[at : at + 2] for at in range(0, len(_PAIRS), 2))
"""Family names of two characters (复姓)."""
LONGEST_PERSON = 4
"""Characters of a Chinese name: family name and given name of two at most."""
SHORTEST_COMPANY = 4
"""What is shorter is taken for a person, whatever it ends in: 李行, 王小厂."""
_COMPANY = re.compile(
    r"公司|有限|集团|银行|企业|超市|商场|商店|商行|酒店|宾馆|旅馆|医院|诊所|药房|药店|学校|学院|大学|"
    r"幼儿园|中心|合作社|经营部|事务所|工作室|营业部|俱乐部|餐厅|饭店|饭馆|面馆|茶楼|酒楼|门市|网店|平台|"
    r"协会|商会|委员会|信用社|保险|专卖|厂$|店$|馆$|"
    r"\b(?:Ltd|Inc|LLC|Corp|Co|GmbH|Company|Limited|Bank|Hotel)\b",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\s*[(（\[［【〔〈《{｛<＜].*", re.DOTALL)
"""What people add to their name: 王建国（中国银行客户）."""


def is_company(name: str) -> bool:
    """Whether a name can only be that of a firm or an institution; in doubt it is a person."""
    length = len(name.replace(" ", ""))
    if length < SHORTEST_COMPANY or (name[:2] in COMPOUND and length <= LONGEST_PERSON):
        return False
    return _COMPANY.search(name) is not None


def masked_name(name: str) -> str:
    """What may be a person's name or a firm's: 张三丰 is 张**; what can only be a firm's stays."""
    line = clean(name)
    return line if is_company(line) else starred_name(line)


def starred_name(name: str) -> str:
    """A person's name, whatever it holds: 张三丰 is 张**, 欧阳锋 is 欧阳*, Anna Bank is A**.

    A single character is hidden itself.
    """
    line = clean(name)
    family = 2 if line[:2] in COMPOUND and len(line) > len("欧阳") else 1
    if len(line) == 1:
        return "*"
    return line[:family] + "*" * min(len(line) - family, MOST_STARS)


def called(name: str) -> tuple[str, ...]:
    """As whom somebody is spoken of: by all that was typed, and by what stands before brackets."""
    bare = _IN_BRACKETS.sub("", name).strip()
    return (name, bare) if bare and bare != name else (name,)
