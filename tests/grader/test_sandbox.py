"""The filter for system calls, run here as the kernel would run it. What the other walls hold is in tests/hostile/."""

import errno
import platform
import struct

import pytest

from grader import sandbox

X86, ARM = "x86_64", "aarch64"
EPERM, ENOSYS, EAFNOSUPPORT = (sandbox.FAIL | number for number in (errno.EPERM, errno.ENOSYS, errno.EAFNOSUPPORT))


def verdict(machine: str, number: int, first: int = 0, second: int = 0, audit: int | None = None) -> int:
    """What the filter of a machine says to a system call with these arguments."""
    audit = sandbox.MACHINES[machine][1] if audit is None else audit
    data = struct.pack("=IIQQQ", number, audit, 0, first, second)
    program = list(struct.iter_unpack("HBBI", sandbox.filter_program(machine)))
    place = held = 0
    while True:
        code, if_true, if_false, value = program[place]
        place += 1
        if code == sandbox.RETURN:
            return value
        if code == sandbox.LOAD:
            (held,) = struct.unpack_from("=I", data, value)
        else:
            tests = {sandbox.EQUAL: held == value, sandbox.AT_LEAST: held >= value, sandbox.ANY_BIT: held & value}
            place += if_true if tests[code] else if_false


@pytest.mark.parametrize("machine", [X86, ARM])
@pytest.mark.parametrize("name", sandbox.DENIED)
def test_what_no_notebook_needs_is_denied(machine: str, name: str) -> None:
    number = sandbox.DENIED[name][sandbox.MACHINES[machine][0]]

    assert not number or verdict(machine, number) == EPERM


@pytest.mark.parametrize(("machine", "read"), [(X86, 0), (ARM, 63)])
def test_everything_else_is_allowed(machine: str, read: int) -> None:
    assert verdict(machine, read) == sandbox.ALLOW


@pytest.mark.parametrize("machine", [X86, ARM])
def test_processes_may_be_made_but_not_namespaces(machine: str) -> None:
    column = sandbox.MACHINES[machine][0]
    threads = 0x3D0F00  # what glibc asks for

    assert verdict(machine, sandbox.CLONE[column], threads) == sandbox.ALLOW
    assert verdict(machine, sandbox.CLONE[column], sandbox.NEW_USERS | threads) == EPERM
    assert verdict(machine, sandbox.CLONE3[column]) == ENOSYS


@pytest.mark.parametrize("machine", [X86, ARM])
def test_sockets_that_ignore_network_namespaces_are_refused(machine: str) -> None:
    number = sandbox.SOCKET[sandbox.MACHINES[machine][0]]

    assert [verdict(machine, number, family) for family in (1, 2, 10, 16)] == [sandbox.ALLOW] * 4
    assert [verdict(machine, number, family) for family in (0, 17, 38, 40)] == [EAFNOSUPPORT] * 4


@pytest.mark.parametrize("machine", [X86, ARM])
def test_terminals_are_not_typed_into(machine: str) -> None:
    number = sandbox.IOCTL[sandbox.MACHINES[machine][0]]

    assert verdict(machine, number, 0, 0x5413) == sandbox.ALLOW
    assert verdict(machine, number, 0, 0x5412) == verdict(machine, number, 0, 0x541C) == EPERM


def test_calls_under_other_numbers_do_not_get_by() -> None:
    assert verdict(X86, 0, audit=0x4000_0003) == sandbox.KILL
    assert verdict(X86, sandbox.OTHER_NUMBERS | sandbox.DENIED["ptrace"][0]) == EPERM


def test_a_machine_whose_numbers_are_not_known_is_refused() -> None:
    with pytest.raises(OSError, match="no filter of system calls for riscv64"):
        sandbox.filter_program("riscv64")


@pytest.mark.parametrize(
    ("release", "counts"), [("5.13.0-44-generic", False), ("5.14.0", True), ("6.18-rc3", True), ("4.19.0", False)]
)
def test_processes_are_counted_by_notebook_from_linux_5_14_on(monkeypatch, release: str, counts: bool) -> None:
    monkeypatch.setattr(platform, "release", lambda: release)

    assert sandbox.counts_processes_by_namespace() == counts
