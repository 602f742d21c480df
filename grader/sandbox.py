"""The walls around one notebook: what a fork of the zygote does to itself before it becomes a kernel.

The zygote lives in a bubblewrap that shows it the system, the notebooks' Python and the course's data, all read-only.
Each of its forks adds a layer that it shares with no other: namespaces, a /proc and a scratch folder of its own,
limits, no capabilities, and a filter for system calls. `enter` does it all or raises; nothing of it can be undone.

This file's text runs inside the bubblewrap, under the Python of the notebooks, so it needs only the standard library.
"""

import ctypes
import errno
import os
import platform
import resource
import struct
from pathlib import Path
from typing import Any

NEW_MOUNTS, NEW_CGROUPS, NEW_NAME, NEW_IPC = 0x0002_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000
NEW_USERS, NEW_PROCESSES, NEW_NETWORK = 0x1000_0000, 0x2000_0000, 0x4000_0000
NAMESPACES = NEW_MOUNTS | NEW_CGROUPS | NEW_NAME | NEW_IPC | NEW_USERS | NEW_PROCESSES | NEW_NETWORK

NO_SETUID, NO_DEVICES, NO_PROGRAMS, WITH_ALL_BELOW, BIND, PRIVATE = 0x2, 0x4, 0x8, 0x4000, 0x1000, 0x4_0000
SET_DUMPABLE, SET_SECCOMP, DROP_BOUND, SET_NO_NEW_PRIVILEGES, AMBIENT, CLEAR_ALL = 4, 22, 24, 38, 47, 4
CAPABILITY_VERSION = 0x2008_0522
LAST_CAPABILITY = 63

SCRATCH = "/tmp"  # noqa: S108  a folder of the notebook's own
HOME = "/tmp/notebook"  # noqa: S108  as above
# The limit of memory counts what is private; shared memory is limited by address space. What threads reserve there and
# never use must not count: on a machine of 64 cores, about so much.
SPARE_ADDRESSES = 8 * 2**30
NOBODY = 65_534  # whom root becomes
USER = 1_000  # whom the notebook's code sees itself run as

libc = ctypes.CDLL(None, use_errno=True)


def enter(walls: dict[str, Any]) -> None:
    """Puts this process, the first of its process namespace, behind its walls. Raises OSError if one can't be built.

    walls: {"scratch_bytes", "memory_bytes", "file_bytes", "open_files", "processes", "cpu_s"}, each a number;
    0 for no limit of memory. "kept": folders below /tmp that have to stay visible.
    """
    os.umask(0o022)
    call("unshare", NEW_MOUNTS | NEW_CGROUPS | NEW_NAME | NEW_IPC | NEW_NETWORK)
    mount_own(walls["scratch_bytes"], walls["kept"])
    call("sethostname", b"notebook", 8)
    become_nobody()
    limit(walls)
    drop_privileges()
    filter_system_calls()


def call(name: str, *arguments: object) -> None:
    """Calls a function of the C library. Raises OSError if it fails."""
    if getattr(libc, name)(*arguments) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def fork_first() -> int:
    """Forks as os.fork does, but the child is the first process of a process namespace of its own."""
    own = os.open("/proc/self/ns/pid", os.O_RDONLY)
    try:
        call("unshare", NEW_PROCESSES)
        child = os.fork()
        if child:
            call("setns", own, NEW_PROCESSES)  # so that the next child is the first of another one
        return child
    finally:
        os.close(own)


def mount(what: str, where: str, kind: str, flags: int, options: str = "") -> None:
    """The system call of that name."""
    call("mount", what.encode(), where.encode(), kind.encode(), flags, options.encode())


def mount_own(scratch_bytes: int, kept: list[str]) -> None:
    """Mounts what the notebook shares with nobody: /proc, terminals, the scratch folder, shared memory."""
    mount("none", "/", "", PRIVATE | WITH_ALL_BELOW)
    mount("proc", "/proc", "proc", NO_SETUID | NO_DEVICES | NO_PROGRAMS)
    mount("devpts", "/dev/pts", "devpts", NO_SETUID | NO_PROGRAMS, "newinstance,ptmxmode=0666,mode=0600")
    covered = [(folder, os.open(folder, os.O_PATH)) for folder in kept]
    size = f"size={scratch_bytes},nr_inodes=200k,mode=1777"
    mount("tmpfs", SCRATCH, "tmpfs", NO_SETUID | NO_DEVICES, size)
    mount("tmpfs", "/dev/shm", "tmpfs", NO_SETUID | NO_DEVICES, size)  # noqa: S108  this notebook's own
    for folder, place in covered:
        Path(folder).mkdir(parents=True)
        mount(f"/proc/self/fd/{place}", folder, "", BIND | WITH_ALL_BELOW)
        os.close(place)
    Path(HOME).mkdir()
    os.chmod(HOME, 0o777)  # noqa: S103, PTH101  nobody else sees it


def become_nobody() -> None:
    """Changes to an ordinary user, alone in a user namespace.

    Where root grades, it is nobody outside; otherwise it stays whoever grades.
    """
    if has_user(NOBODY):
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    call("prctl", SET_DUMPABLE, 1, 0, 0, 0)  # or /proc/self would belong to root
    user, group = os.getuid(), os.getgid()
    call("unshare", NEW_USERS)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{USER} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{USER} {group} 1")


def has_user(user: int) -> bool:
    """Whether a user's number has a meaning in this user namespace."""
    ranges = [line.split() for line in Path("/proc/self/uid_map").read_text().splitlines()]
    return any(int(first) <= user < int(first) + int(count) for first, _, count in ranges)


def limit(walls: dict[str, Any]) -> None:
    """Sets the limits of this process and all that it starts."""
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: walls["file_bytes"],
        resource.RLIMIT_NOFILE: walls["open_files"],
        resource.RLIMIT_CPU: walls["cpu_s"],
    }
    if walls["memory_bytes"]:
        limits[resource.RLIMIT_DATA] = walls["memory_bytes"]
        limits[resource.RLIMIT_AS] = address_bytes() + walls["memory_bytes"] + SPARE_ADDRESSES
    if counts_processes_by_namespace():
        limits[resource.RLIMIT_NPROC] = walls["processes"]
    for kind, most in limits.items():
        hard = resource.getrlimit(kind)[1]
        most = int(most) if hard == resource.RLIM_INFINITY else min(int(most), hard)
        resource.setrlimit(kind, (most, most))


def address_bytes() -> int:
    """How much of its address space this process has mapped."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def counts_processes_by_namespace() -> bool:
    """Whether the limit of processes is for this notebook alone (Linux 5.14), not for all of its user's processes."""
    major, minor = platform.release().split(".")[:2]
    return (int(major), int("".join(filter(str.isdigit, minor)))) >= (5, 14)


def drop_privileges() -> None:
    """Gives up every capability, and the ways to gain one."""
    call("prctl", AMBIENT, CLEAR_ALL, 0, 0, 0)
    for capability in range(LAST_CAPABILITY + 1):
        libc.prctl(DROP_BOUND, capability, 0, 0, 0)  # fails for those that this kernel doesn't have
    header = struct.pack("=Ii", CAPABILITY_VERSION, 0)
    call("capset", header, bytes(24))
    call("prctl", SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)


# The filter for system calls, in the kernel's own small language (BPF, see seccomp(2))

MACHINES = {"x86_64": (0, 0xC000_003E), "aarch64": (1, 0xC000_00B7)}  # column of the numbers below, and its audit name
# fmt: off
DENIED = {  # what no notebook needs, or has no limit: its numbers on x86_64 and aarch64, 0 where there is none
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "setns": (308, 268),
    "unshare": (272, 97), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "fanotify_init": (300, 262),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "pidfd_getfd": (438, 438),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142), "acct": (163, 89),
    "swapon": (167, 224), "swapoff": (168, 225), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171),
    "syslog": (103, 116), "vhangup": (153, 58), "iopl": (172, 0), "ioperm": (173, 0),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "msgget": (68, 186),
    "modify_ldt": (154, 0), "uselib": (134, 0), "lookup_dcookie": (212, 18), "nfsservctl": (180, 42),
}
# fmt: on
CLONE, CLONE3, SOCKET, SOCKET_PAIR, IOCTL = (56, 220), (435, 435), (41, 198), (53, 199), (16, 29)
FAMILIES = (1, 2, 10, 16)  # sockets of files, IPv4, IPv6, netlink; not those that ignore network namespaces
PUSHES_INPUT = (0x5412, 0x541C)  # ioctl's TIOCSTI and TIOCLINUX: typing for the owner of the terminal
INTERFACES = (0x8910, 0x8C00)  # ioctls in between tell of the network that a socket was made in: the grader's
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, MACHINE, FIRST, SECOND = 0, 4, 16, 24  # offsets in what the filter sees: the call's number and arguments
ALLOW, FAIL, KILL = 0x7FFF_0000, 0x0005_0000, 0x8000_0000
OTHER_NUMBERS = 0x4000_0000  # x86_64's second set of numbers, for the same calls


def filter_system_calls() -> None:
    """Has the kernel refuse what no notebook needs, from now on and in all that this process starts."""
    program = ctypes.create_string_buffer(filter_program(platform.machine()))
    length = (len(program) - 1) // 8
    call("prctl", SET_SECCOMP, 2, struct.pack("HxxxxxxP", length, ctypes.addressof(program)), 0, 0)


def filter_program(machine: str) -> bytes:
    """The filter for a kind of machine, as uname names it. Raises OSError for one that is not known here."""
    if machine not in MACHINES:
        raise OSError(errno.ENOSYS, f"no filter of system calls for {machine}")
    column, name = MACHINES[machine]
    denied, refused = FAIL | errno.EPERM, FAIL | errno.EAFNOSUPPORT
    lines = [(LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, name), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER)]
    lines += [(AT_LEAST, 0, 1, OTHER_NUMBERS), (RETURN, 0, 0, denied)]
    for numbers in DENIED.values():
        if numbers[column]:
            lines += [(EQUAL, 0, 1, numbers[column]), (RETURN, 0, 0, denied)]
    # glibc falls back to clone, whose flags a filter can read
    lines += [(EQUAL, 0, 1, CLONE3[column]), (RETURN, 0, 0, FAIL | errno.ENOSYS)]
    lines += [(EQUAL, 0, 4, CLONE[column]), (LOAD, 0, 0, FIRST), (ANY_BIT, 0, 1, NAMESPACES), (RETURN, 0, 0, denied)]
    lines += [(RETURN, 0, 0, ALLOW)]
    lines += [(EQUAL, 1, 0, SOCKET_PAIR[column]), (EQUAL, 0, 2 + 2 * len(FAMILIES), SOCKET[column])]
    lines += [(LOAD, 0, 0, FIRST)]
    for family in FAMILIES:
        lines += [(EQUAL, 0, 1, family), (RETURN, 0, 0, ALLOW)]
    lines += [(RETURN, 0, 0, refused)]
    lines += [(EQUAL, 0, 5 + 2 * len(PUSHES_INPUT), IOCTL[column]), (LOAD, 0, 0, SECOND)]
    for request in PUSHES_INPUT:
        lines += [(EQUAL, 0, 1, request), (RETURN, 0, 0, denied)]
    first, beyond = INTERFACES
    lines += [(AT_LEAST, 0, 2, first), (AT_LEAST, 1, 0, beyond), (RETURN, 0, 0, denied), (RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("HBBI", *line) for line in [*lines, (RETURN, 0, 0, ALLOW)])
