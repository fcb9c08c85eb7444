"""Several doors to one port: uvloop takes one new connection per turn of its loop and door.

When much comes at once a turn is long, and whoever comes anew would stand outside for seconds
while those inside are served quickly.
"""

import socket

DOORS = 16
"""New connections per turn."""


def doors(first: socket.socket) -> list[socket.socket]:
    """The same listening socket several times over; whoever serves it closes each."""
    return [first, *(first.dup() for _ in range(DOORS - 1))]
