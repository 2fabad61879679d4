"""The few things that all our long-lived processes need from the operating system."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(with_signal: signal.Signals = signal.SIGKILL) -> None:
    """Ask Linux to signal this process when its parent dies, so that a `kill -9` of the parent leaves no orphan.

    Elsewhere there is no such thing, and an orphan ends when it next loses its connection.
    """
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), with_signal)
