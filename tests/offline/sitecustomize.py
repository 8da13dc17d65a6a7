"""Put on a subprocess's path by the tests: connections that leave this machine fail at once and by name."""

import socket

_connect = socket.socket.connect
_LOCAL = ("127.0.0.1", "localhost", "::1")


def connect(self: socket.socket, address: object) -> None:
    """Connect to this machine only."""
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in _LOCAL:  # type: ignore[index]
        raise AssertionError(f"the program tried to reach {address}")
    _connect(self, address)  # type: ignore[arg-type]


socket.socket.connect = connect  # type: ignore[method-assign]
