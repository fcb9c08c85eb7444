"""Which status a broken rule has, and what each status says."""

from shared.i18n import N_
from shared.kernel import (
    ConflictError,
    ForbiddenError,
    NoRoomError,
    RuleError,
    RuleErrors,
    TooLargeError,
    TooManyError,
    UnauthenticatedError,
    UnknownError,
)

STATUS: dict[type[RuleError], int] = {
    UnknownError: 404,
    ConflictError: 409,
    UnauthenticatedError: 401,
    ForbiddenError: 403,
    TooManyError: 429,
    TooLargeError: 413,
    NoRoomError: 507,
    RuleError: 422,
}

TITLES: dict[int, str] = {
    400: N_("看不懂这个请求"),
    401: N_("要先登录"),
    403: N_("不能这样做"),
    404: N_("没有找到"),
    405: N_("不能用这种方法"),
    406: N_("给不了这种格式"),
    408: N_("传得太慢"),
    409: N_("和现在的情况不一致"),
    413: N_("内容太大"),
    414: N_("地址太长"),
    415: N_("请写明内容的格式"),
    421: N_("不是这里的地址"),
    422: N_("有内容要改"),
    429: N_("太频繁了"),
    431: N_("请求头太多"),
    500: N_("系统出错了"),
    503: N_("暂时不能办理"),
    507: N_("存不下了"),
}

DETAILS: dict[int, str] = {
    400: N_("请求读不出来，请检查内容和编码（UTF-8）。"),
    404: N_("没有这个地址，请检查网址。"),
    405: N_("这个地址不能用 {method} 方法。"),
    413: N_("内容超过了{most}，请减少或者分几次提交。"),
    414: N_("网址太长，请缩短。"),
    415: N_("请求头里要写 Content-Type: application/json，内容是 UTF-8 编码的 JSON。"),
    421: N_("这个地址不由本系统提供服务，请检查网址。"),
    431: N_("请求头太多，请减少后再试。"),
    500: N_("我们这边出了错，不是您的问题。内容没有保存，请稍后再试。问题编号 {reference}。"),
    503: N_("暂时连不上需要的系统，内容没有保存，请稍后再试。"),
}


def status_of(error: RuleError) -> int:
    """The status of a kind of broken rule."""
    if isinstance(error, RuleErrors):
        return max(status_of(one) for one in error.errors) if len(error.errors) == 1 else 422
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
