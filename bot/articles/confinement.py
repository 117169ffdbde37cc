"""What the sandbox's child gives up before it reads its first file: memory, files, processes and the network.

Called once, in the child. Linux does it by a seccomp filter; where the kernel refuses one, by an empty network
namespace; where that is refused too, the limits still hold and the isolation is "none".
"""

from __future__ import annotations

import ctypes
import math
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Sequence

MEGABYTE = 1024 * 1024
MAX_OPEN_FILES = 64  # pipes, the library being imported, the model being loaded
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_EPERM = 1

# Classic BPF and seccomp's constants. Source: linux/bpf_common.h, linux/seccomp.h, linux/audit.h.
_LOAD_WORD = 0x20
_JUMP_EQUAL = 0x15
_JUMP_GREATER_EQUAL = 0x35
_JUMP_ANY_BIT = 0x45
_RETURN = 0x06
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | _EPERM
_NUMBER_OFFSET = 0
_ARCH_OFFSET = 4
_X32_BIT = 0x40000000

# System calls no parser needs: network, other processes, changes of files, ways around the filter.
# Source: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h of Linux 6.
_X86_64 = (
    41, 42, 43, 44, 46, 49, 50, 53, 288, 307,  # socket connect accept sendto sendmsg bind listen ...
    56, 57, 58, 435, 59, 322,  # clone fork vfork clone3 execve execveat
    62, 200, 234, 101, 310, 311, 424, 438,  # kill tkill tgkill ptrace process_vm_readv/writev pidfd_send_signal/getfd
    437, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 93, 94, 76, 77, 133,  # openat2 rename ...
    258, 259, 260, 263, 264, 265, 266, 268, 316, 452,  # the same relative to a folder
    165, 166, 155, 161, 272, 308,  # mount umount2 pivot_root chroot unshare setns
    321, 425, 426, 427, 298, 323, 246, 320, 175, 313,  # bpf io_uring perf_event userfaultfd kexec modules
    248, 249, 250,  # keyrings
)  # fmt: skip
_AARCH64 = (
    198, 199, 200, 201, 202, 203, 206, 211, 242, 269,  # socket socketpair bind listen accept connect sendto sendmsg ...
    220, 435, 221, 281,  # clone clone3 execve execveat
    129, 130, 131, 117, 270, 271, 424, 438,  # kill tkill tgkill ptrace process_vm_readv/writev pidfd_send_signal/getfd
    437, 33, 34, 35, 36, 37, 38, 45, 46, 52, 53, 54, 55, 276, 452,  # openat2 rename ...
    40, 39, 41, 51, 97, 268,  # mount umount2 pivot_root chroot unshare setns
    280, 425, 426, 427, 241, 282, 104, 294, 105, 273,  # bpf io_uring perf_event userfaultfd kexec modules
    217, 218, 219,  # keyrings
)  # fmt: skip
# Files may be opened to be read. The calls that open one, and where the low word of their flags lies.
_OPENING_X86_64 = ((2, 24), (257, 32))  # open openat
_OPENING_AARCH64 = ((56, 32),)  # openat
_WRITING_FLAGS = 0x1 | 0x2 | 0x40 | 0x200 | 0x400000  # O_WRONLY O_RDWR O_CREAT O_TRUNC O_TMPFILE
_ARCHITECTURES = {
    "x86_64": (0xC000003E, _X86_64, _OPENING_X86_64),
    "aarch64": (0xC00000B7, _AARCH64, _OPENING_AARCH64),
}


def confine(memory_mb: int, parent: int) -> str:
    """Give up what no parser needs; return how the network is kept away: "seccomp", "namespace" or "none".

    `memory_mb` is what may be used beyond what the interpreter has mapped by now; the process ends with `parent`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides when to end
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, MAX_OPEN_FILES)
    if sys.platform != "linux":
        return "none"
    _limit(resource.RLIMIT_AS, mapped_bytes() + memory_mb * MEGABYTE)
    libc = ctypes.CDLL(None, use_errno=True)
    _prctl(libc, _PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)  # the parent died before the line above
    _prctl(libc, _PR_SET_DUMPABLE, 0)
    if _filter_system_calls(libc):
        return "seccomp"
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
        return "namespace"
    return "none"


def limit_processor_time(seconds: float) -> None:
    """Let the kernel end this process (SIGXCPU) when it has used this much more processor time, rounded up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime + seconds)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


def mapped_bytes() -> int:
    """Return the size of the process's address space."""
    return _memory_pages(0) * resource.getpagesize()


def resident_bytes() -> int:
    """Return how much memory the process holds now; 0 where the system does not say."""
    return _memory_pages(1) * resource.getpagesize()


def _memory_pages(field: int) -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  called for every file: no detour
            return int(file.read().split()[field])
    except OSError:
        return 0


def _limit(kind: int, value: int) -> None:
    """Set both limits; one that is lower already stays."""
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _filter_system_calls(libc: ctypes.CDLL) -> bool:
    """Install the filter; False when the machine or its kernel has none to offer."""
    known = _ARCHITECTURES.get(platform.machine())
    if known is None or sys.maxsize < 2**32:
        return False
    program = _program(*known)
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer))
    header_address = ctypes.addressof(header_buffer := ctypes.create_string_buffer(header, len(header)))
    accepted = _prctl(libc, _PR_SET_NO_NEW_PRIVS, 1) and _prctl(
        libc, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header_address
    )
    del buffer, header_buffer  # the kernel has its copy
    return accepted


def _prctl(libc: ctypes.CDLL, option: int, *arguments: int) -> bool:
    """Call prctl with all of its five arguments at their full width; True when it succeeds."""
    padded = (*arguments, 0, 0, 0, 0)[:4]
    return bool(libc.prctl(option, *(ctypes.c_ulong(argument) for argument in padded)) == 0)


def _program(architecture: int, refused: Sequence[int], opening: Sequence[tuple[int, int]]) -> bytes:
    """Return the filter: EPERM for the listed calls, for opening to write and for calls of another architecture."""
    # Each step: what to do, with what, and how many instructions to skip if true and if false; "refuse" and "allow"
    # are the two returns at the end.
    steps: list[tuple[int, int, int | str, int | str]] = [
        (_LOAD_WORD, _ARCH_OFFSET, 0, 0),
        (_JUMP_EQUAL, architecture, 0, "refuse"),
        (_LOAD_WORD, _NUMBER_OFFSET, 0, 0),
        (_JUMP_GREATER_EQUAL, _X32_BIT, "refuse", 0),
    ]
    steps += [(_JUMP_EQUAL, number, "refuse", 0) for number in refused]
    for number, flags_offset in opening:
        steps += [
            (_JUMP_EQUAL, number, 0, 2),
            (_LOAD_WORD, flags_offset, 0, 0),
            (_JUMP_ANY_BIT, _WRITING_FLAGS, "refuse", "allow"),
        ]
    steps += [(_RETURN, _ALLOW, 0, 0), (_RETURN, _REFUSE, 0, 0)]
    places = {"allow": len(steps) - 2, "refuse": len(steps) - 1}
    program = b""
    for place, (code, value, if_true, if_false) in enumerate(steps):
        skips = [places[skip] - place - 1 if isinstance(skip, str) else skip for skip in (if_true, if_false)]
        program += struct.pack("=HBBI", code, *skips, value)
    return program
