"""The socket that the FHIR server listens on, opened before the server says that it is there."""

import socket

from models.errors import CannotListen

BACKLOG = 2048  # connections that wait to be accepted; the system may hold fewer


def listener(host: str, port: int) -> socket.socket:
    """Return a socket that listens at a host and a port, an own one where the port is 0.

    Raises:
        CannotListen: another process has the port, or the host has no such address.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address, family=family, backlog=BACKLOG)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CannotListen(host=host, port=port, reason=reason) from None
