"""Invented names, firms and ways to reach them, none of which can be anybody's."""

from random import Random

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁"
)
GIVEN = (
    "安宁和平明静文雨晨思远志恒嘉怡欣然子涵一诺若溪建国秀英桂兰丽华晓东海燕春梅国强永福立新素芬"
    "浩宇梓萱雅琴德顺俊杰玉珍光荣凤霞长青"
)
BRANDS_FIRST = "禾澄云木星悦康泰锦瑞博安恒丰益嘉宏惠美佳乐福诚信远盛"
BRANDS_SECOND = "木湖庭泽源达隆兴邦华屋程谷川宁品居悦辰翔"
DISTRICTS = (
    ("510903", "安澜区"), ("510900", "示例市"), ("520521", "大河县"), ("420281", "石桥市"),
    ("420222", "阳湖县"), ("141029", "乐宁县"), ("341524", "金山县"), ("511423", "洪湾县"),
)  # fmt: skip
"""Division codes that exist, with place names that do not."""
STREETS = ("示范路", "和解街", "公平巷", "诚信大道", "澄湖路", "春江路", "书院街", "新桥路")


def chance(random: Random, share: float) -> bool:
    """True in this share of cases (0 to 1)."""
    return random.random() < share


def person(random: Random) -> str:
    """A name as anybody might have it."""
    given = random.choice(GIVEN) + (random.choice(GIVEN) if chance(random, 0.75) else "")
    return random.choice(SURNAMES) + given


def mobile(random: Random) -> str:
    """A number of a range that is given to no operator (154)."""
    return f"154{random.randrange(10**8):08d}"


def office_phone(random: Random) -> str:
    """A number behind an area code that does not exist (000)."""
    return f"000{random.randrange(2, 9)}{random.randrange(10**7):07d}"


def address(random: Random, district: str) -> str:
    return f"{district}{random.choice(STREETS)}{random.randrange(1, 400)}号"


def firm(random: Random, trade: str, district: str) -> str:
    """An invented firm of a trade."""
    brand = random.choice(BRANDS_FIRST) + random.choice(BRANDS_SECOND)
    place = district.rstrip("区市县")
    ending = "有限公司" if chance(random, 0.7) else "店"
    return f"{place}{brand}{trade}" + ("" if trade.endswith(("店", "行", "厂", "校")) else ending)
