"""Bodies that are not taken any further, and what their senders read."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException

from shared.i18n import N_
from shared.limits.underway import Full


class TooLarge(HTTPException):
    """A body above the limit; raised while it is read."""

    def __init__(self, most: int) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        self.most = most


class TooSlow(HTTPException):
    """A body of which too little comes in a while; the connection is closed with the answer."""

    sentence = N_("内容传得太慢，没有收完，请换个网络再试。")

    def __init__(self) -> None:
        super().__init__(HTTPStatus.REQUEST_TIMEOUT, headers={"Connection": "close"})


class TooNested(HTTPException):
    """JSON with more levels than any document of ours."""

    sentence = N_("JSON套得太深，请检查内容。")

    def __init__(self) -> None:
        super().__init__(HTTPStatus.BAD_REQUEST)


class NoPlace(HTTPException):
    """Too much is on its way in at once; the connection is closed with the answer."""

    sentence = ""
    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self) -> None:
        super().__init__(self.status, headers={"Connection": "close", "Retry-After": "30"})


class TooManyBodies(NoPlace):
    """One caller sends too many at once."""

    sentence = N_("从这个网络同时在传的内容太多，这一份没有保存，请等前面的传完再提交。")
    status = HTTPStatus.TOO_MANY_REQUESTS


class NoPlaceForBodies(NoPlace):
    """Everybody together sends too many at once."""

    sentence = N_("现在同时提交的人太多，内容没有保存，请过半分钟再试。")


class NoPlaceForFiles(NoPlace):
    """Everybody together, or one caller, sends too many large files at once."""

    sentence = N_("现在同时传的文件太多，内容没有保存。请过一会儿再试，或者先不带文件提交。")


NO_PLACE: Mapping[Full, type[NoPlace]] = {
    Full.CALLER: TooManyBodies,
    Full.BODIES: NoPlaceForBodies,
    Full.BYTES: NoPlaceForFiles,
}


def admitted(full: Full | None) -> None:
    """Raises NoPlace where there is none."""
    if full is not None:
        raise NO_PLACE[full]
