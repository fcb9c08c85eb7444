"""Asking a process of ours how it is."""

import http.client
from dataclasses import dataclass

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Answer:
    """A status and the beginning of what was said; status 0: nobody answered."""

    status: int
    said: str

    @property
    def well(self) -> bool:
        return self.status == http.HTTPStatus.OK


def ask(port: int, path: str, patience: float = 5.0) -> Answer:
    """GET a health address of this machine."""
    connection = http.client.HTTPConnection(HOST, port, timeout=patience)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return Answer(response.status, response.read(2000).decode(errors="replace").strip())
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, type(error).__name__)
    finally:
        connection.close()
