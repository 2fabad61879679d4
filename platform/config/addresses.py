"""Which address a server on HOST has for a browser, and whether its port is free."""

from __future__ import annotations

import errno
import socket

ANY = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def browser_host(host: str) -> str:
    """The name under which a browser reaches a server that listens on `host`.

    For one that listens everywhere it is this machine's address in its network: the one a packet to the outside would
    carry (none is sent), or localhost where there is no network.
    """
    if host in LOOPBACK:
        return "localhost"
    if host not in ANY:
        return f"[{host}]" if ":" in host else host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address reserved for documentation
        except OSError:
            return "localhost"
        return str(probe.getsockname()[0])


def why_not_free(host: str, port: int) -> str:
    """A sentence that says why a server cannot listen on `host`:`port`; "" if it can."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except socket.gaierror:
        return f"HOST={host} is no address. Use 127.0.0.1 for this machine only, or 0.0.0.0 for its whole network."
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return f"Port {port} is taken by another program. Choose another one: PORT={port + 1} make run"
        if error.errno == errno.EACCES:
            return f"This user may not listen on port {port}. Choose one above 1023: PORT=8000 make run"
        if error.errno == errno.EADDRNOTAVAIL:
            return f"HOST={host} is no address of this machine. 127.0.0.1 and 0.0.0.0 always are."
        raise
    return ""
