"""The challenge for programs (防刷验证)."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from services.intake.ports import Means
from services.intake.use_cases.admitting import Door
from shared.limits.challenge import PARTS
from shared.web import TheDatabase, public


class ChallengeOut(BaseModel):
    """A small computation that is asked for while many more come than usual (防刷验证).

    Find for each part, 0 to 15, a whole number `n` for which SHA-256 of `token:key:part:n` (`key`
    is your Idempotency-Key) begins with `bits` zero bits, and send all of them with the complaint,
    in order and with points between: `X-Challenge: token.n.n.n` and so on.
    """

    token: str = Field(description="Signed; good for twelve hours, for your address.")
    bits: int = Field(description="Leading zero bits of each part, 12 to 18.")
    parts: int = Field(PARTS, description="How many numbers are to be found.")
    needed: bool = Field(description="Whether it is asked for at the moment.")


class Admission:
    """The route that hands out challenges."""

    def __init__(self, means: Means) -> None:
        self._door = Door(means.flood)
        self.router = APIRouter(
            prefix="/intake/api/v1", tags=["complaints"], dependencies=[public()]
        )
        self.router.add_api_route("/challenge", self.get_challenge, methods=["GET"])

    async def get_challenge(self, request: Request, database: TheDatabase) -> ChallengeOut:
        """What to compute before complaining while `needed` (取得防刷验证)."""
        address = str(request.scope.get("redress.caller", "-"))
        task = self._door.task(database.vault, address, database.clock())
        return ChallengeOut(token=task.token, bits=task.bits, needed=task.needed)
