"""What a process holds in memory at most: from a moment on, where the system tells it (Linux), else from its start."""

import contextlib
import resource
from pathlib import Path

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def start() -> float:
    """Forget what was held before; return the megabytes held at most, which now are those held.

    `ru_maxrss` cannot do this: a process has it from its parent, and what is below it does not show.
    """
    with contextlib.suppress(OSError):
        _CLEAR.write_text("5", "ascii")  # https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html
    return peak()


def peak() -> float:
    """Return the megabytes held at most."""
    with contextlib.suppress(OSError):
        for line in _STATUS.read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
