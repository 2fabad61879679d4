"""What all our long-lived processes need from the operating system."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
# Looked up before any fork: between fork and exec only what is already loaded may be used.
libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int, sig: signal.Signals = signal.SIGKILL) -> None:
    """In a fresh child: receive `sig` when the thread of process `parent` that made this one ends, however it ends.

    Linux only. Elsewhere a child that is left over is found at the next start (config/servers.py), or ends when it
    loses its connections.
    """
    if libc:
        libc.prctl(_PR_SET_PDEATHSIG, sig)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)
