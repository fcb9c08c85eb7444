"""The complaints that are sent: of ordinary size, all different, invented."""

import csv
import itertools
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from deploy.bench.wire import request

CREATE = "/intake/api/v1/complaints"
BATCH = f"{CREATE}/batch"
VARIETY = 500
GOODS = (
    "空调",
    "手机",
    "羽绒服",
    "健身年卡",
    "冰箱",
    "电动车",
    "眼镜",
    "家具",
    "旅游线路",
    "洗衣机",
)
FAULTS = (
    "使用三天后无法开机，商家以人为损坏为由拒绝退货。",
    "实际收到的商品与宣传页面不符，客服一直没有回复。",
    "预付款门店关门，电话无人接听，余额无法退还。",
    "签收时包装完好，打开后发现有明显划痕和缺件。",
)
REGIONS = ("510903", "510104", "310101", "110105", "440106")
CHANNELS = ("web", "app", "phone", "walk_in")


def complaint(number: int) -> dict[str, Any]:
    """The complaint of this number, the same in every run, as the public API takes it."""
    dice = random.Random(number)  # noqa: S311 - invented data
    goods, amount = dice.choice(GOODS), dice.randrange(1_000, 900_000)
    story = "".join(dice.choices(FAULTS, k=3))
    return {
        "kind": "complaint",
        "channel": "web",
        "complainant": {
            "name": f"测试{number:06d}",
            "phone": f"139{dice.randrange(10**8):08d}",
            "address": f"测试市测试区示例路{dice.randrange(1, 999)}号",
        },
        "respondent": {
            "name": f"示例商贸{number % 997}有限公司",
            "phone": f"138{dice.randrange(10**8):08d}",
            "address": f"测试市示例大道{dice.randrange(1, 999)}号",
            "email": f"shop{number % 997}@example.invalid",
        },
        "matter": {
            "subject": f"{goods}质量问题",
            "text": f"本人于11月1日购买{goods}一件。{story}",
            "happened_on": "2026-11-01",
            "region": dice.choice(REGIONS),
            "goods_or_service": goods,
            "order_no": f"T{dice.randrange(10**12):012d}",
            "amount_fen": amount,
        },
        "claims": [{"kind": "refund", "amount_fen": amount}],
        "evidence": ["订单截图", "聊天记录"],
        "consents": {"forwarding": True, "mediation": True},
    }


def packed(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def bodies(variety: int = VARIETY) -> list[bytes]:
    """The JSON of the first complaints."""
    return [packed(complaint(number)) for number in range(variety)]


def creates(run: str, ready: Sequence[bytes] = ()) -> Iterator[bytes]:
    """Endless requests, each with an `Idempotency-Key` of its own, as careful senders do."""
    ready = ready or bodies()
    for number in itertools.count():
        key = {"idempotency-key": f"{run}-{number:08d}"}
        yield request("POST", CREATE, ready[number % len(ready)], key)


def batches(headers: dict[str, str], size: int, run: str) -> Iterator[bytes]:
    """Endless requests of the batch address, each complaint with its own external id."""
    kinds = [complaint(number) for number in range(VARIETY)]
    for number in itertools.count():
        items = [
            {**one, "external": {"source": "bench", "id": f"{run}-{number}-{place}"}}
            for place, one in enumerate(itertools.islice(itertools.cycle(kinds), size))
        ]
        yield request("POST", BATCH, packed({"items": items}), headers)


def write_ledger(file: Path, rows: int, run: str) -> None:
    """A ledger as associations keep it (map `ledger`), in CSV."""
    titles = (
        *("编号", "登记时间", "类型", "来源", "投诉人", "联系电话", "投诉人地址", "被投诉单位"),
        *("商家电话", "商家地址", "主题", "投诉内容", "发生日期", "商品或服务", "订单号"),
        *("涉及金额", "诉求"),
    )
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(titles)
        for number in range(rows):
            said = complaint(number)
            who, shop, matter = said["complainant"], said["respondent"], said["matter"]
            writer.writerow(
                (
                    *(f"{run}-{number}", "2026-11-02 09:30:00", "投诉", "网站"),
                    *(who["name"], who["phone"], who["address"]),
                    *(shop["name"], shop["phone"], shop["address"]),
                    *(matter["subject"], matter["text"], matter["happened_on"]),
                    *(matter["goods_or_service"], matter["order_no"]),
                    *(f"{matter['amount_fen'] / 100:.2f}", "退款"),
                )
            )
