"""Starting and stopping operating-system processes so that none of them outlives us."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from collections.abc import Callable, Iterable

import psutil

from common.processes import die_with_parent, libc


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
        die_with_parent(parent, sig)

    return prepare


def unshare_user_namespace() -> None:
    """Move this process into a user namespace of its own; raises OSError where the kernel does not allow it."""
    clone_newuser = 0x10000000
    if not libc or libc.unshare(clone_newuser) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are not available")


def end(processes: Iterable[psutil.Process], ask: signal.Signals, grace: float) -> None:
    """Ask these processes to end, then kill those that are still there after `grace` seconds."""
    asked = list(processes)
    for process in asked:
        _signal(process, ask)
    _, left = psutil.wait_procs(asked, timeout=grace)
    for process in left:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(left, timeout=5)


def _signal(process: psutil.Process, sig: signal.Signals) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(sig)
