"""Starting and stopping operating-system processes so that none of them outlives us."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

import psutil

_PR_SET_PDEATHSIG = 1
# Looked up before any fork: between fork and exec only what is already loaded may be used.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class CannotStart(SystemExit):
    """A sentence for the person at the terminal: Python prints it without a traceback and exits with 1."""


def dying_with_parent(sig: signal.Signals, also: Callable[[], None] | None = None) -> Callable[[], None]:
    """A `preexec_fn` that makes the child receive `sig` when the thread that starts it ends, however it ends.

    Linux only (elsewhere leftovers are found at the next start). Start such children from the main thread. `also` runs
    first, because a change of user clears the parent-death signal.
    """
    parent = os.getpid()

    def prepare() -> None:
        if also:
            also()
        if _libc:
            _libc.prctl(_PR_SET_PDEATHSIG, sig)
            if os.getppid() != parent:  # it died before the line above
                os._exit(1)

    return prepare


def unshare_user_namespace() -> None:
    """Move this process into a user namespace of its own; raises OSError where the kernel does not allow it."""
    clone_newuser = 0x10000000
    if not _libc or _libc.unshare(clone_newuser) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are not available")


def end(processes: list[psutil.Process], ask: signal.Signals, grace: float) -> None:
    """Ask these processes to end, then kill those that are still there after `grace` seconds."""
    for process in processes:
        _signal(process, ask)
    _, left = psutil.wait_procs(processes, timeout=grace)
    for process in left:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(left, timeout=5)


def _signal(process: psutil.Process, sig: signal.Signals) -> None:
    try:
        process.send_signal(sig)
    except psutil.NoSuchProcess:
        pass
