"""A sandbox for a process that answers strangers: no network, no other programs, no memory beyond a limit.

On Linux a seccomp filter refuses the system calls that make sockets, start programs or look into other processes.
On other systems and processors there is no such filter. Then only the parser, which refuses SERVICE, keeps a query from
the network, and `enter_sandbox` returns False.
"""

import ctypes
import platform
import resource
import struct
import sys
from pathlib import Path

__all__ = ["CALLS", "MACHINES", "enter_sandbox"]

MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""AUDIT_ARCH_*, linux/audit.h."""
CALLS = {
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "io_uring_setup": (425, 425),
}
"""The blocked calls, with their numbers on each of `MACHINES`: arch/x86/entry/syscalls, asm-generic/unistd.h."""

_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_SECCOMP_MODE_FILTER = 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 13, 0x80000000
"""SECCOMP_RET_*, linux/seccomp.h; a refused call fails with EACCES."""
_CALL, _MACHINE = 0, 4
"""Offsets in struct seccomp_data."""
_X32 = 0x40000000
"""The second table of calls that x86-64 has: all of it is refused."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def enter_sandbox(memory: int) -> bool:
    """Forbid this process the network, other programs, and `memory` bytes more than it has; it cannot be undone.

    Returns whether the operating system blocks the network; memory is limited in any case.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit = _used_memory() + memory
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    machine = platform.machine()
    if sys.platform != "linux" or machine not in MACHINES:
        return False
    code = _filter(machine)
    program = _Program(len(code) // 8, code)
    if _prctl(_PR_SET_NO_NEW_PRIVS, 1) != 0:
        return False
    return _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program)) == 0


def _used_memory() -> int:
    """Return the bytes that count towards the limit already: heap, threads' stacks."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[5]) * resource.getpagesize()
    except OSError:
        return 0


def _prctl(option: int, *arguments: object) -> int:
    padded = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in (*arguments, 0, 0, 0, 0)[:4]]
    return int(ctypes.CDLL(None, use_errno=True).prctl(ctypes.c_int(option), *padded))


def _filter(machine: str) -> bytes:
    """Return the filter as struct sock_filter[]: a call of another machine kills the process, a refused one fails."""
    column = list(MACHINES).index(machine)
    numbers = [call[column] for call in CALLS.values()]
    code = [
        _instruction(_LOAD, _MACHINE),
        _instruction(_EQUAL, MACHINES[machine], yes=1),
        _instruction(_RETURN, _KILL),
        _instruction(_LOAD, _CALL),
        _instruction(_AT_LEAST, _X32, yes=len(numbers) + 1),
    ]
    code += [_instruction(_EQUAL, number, yes=len(numbers) - index) for index, number in enumerate(numbers)]
    code += [_instruction(_RETURN, _ALLOW), _instruction(_RETURN, _REFUSE)]
    return b"".join(code)


def _instruction(code: int, value: int, *, yes: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, 0, value)
