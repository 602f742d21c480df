"""Zip files: what is read, what is refused and why, and that the rest of the archive is read all the same."""

import contextlib
import io
import stat
import tracemalloc
import warnings
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UserError
from grader.intake.archives import HARMLESS_BYTES, MEBIBYTE, Archive, ArchiveLimits
from tests.grader.intake.archives import FLAGS_AT, LOCAL_OFFSET_AT, METHOD_AT, SIZE_AT, patched, zip_of

pytestmark = pytest.mark.filterwarnings("ignore:Duplicate name")
PLAIN = ("ada/lab4.ipynb", b"{}")
GENEROUS = ArchiveLimits(members=10**6, directory_bytes=2**30, total_bytes=2**50)


def contents(data: bytes) -> tuple[dict[str, bytes], dict[str, str]]:
    """What an archive gives: the bytes of each member, and the reasons for refusing others."""
    with Archive(data, "lab4.zip") as archive:
        read = {member: archive.read(member, MEBIBYTE) for member in archive.members}
        return read, {refusal.name: refusal.reason for refusal in archive.refused}


def refusal_of(data: bytes, limits: ArchiveLimits = GENEROUS) -> str:
    with pytest.raises(UserError) as caught, Archive(data, "lab4.zip", limits):
        pass
    return str(caught.value)


def test_the_members_of_an_archive_are_read() -> None:
    read, refused = contents(zip_of(PLAIN, ("été/señor.ipynb", b"[]"), ("folder/", b"")))

    assert read == {"ada/lab4.ipynb": b"{}", "été/señor.ipynb": b"[]"}
    assert refused == {}


def test_an_archive_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "lab4.zip"
    file.write_bytes(zip_of(PLAIN))

    with Archive(file, str(file)) as archive:
        assert archive.read("ada/lab4.ipynb", 100) == b"{}"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("/etc/passwd", "absolute"),
        ("C:/windows/x.ipynb", "absolute"),
        ("c:x.ipynb", "absolute"),
        ("../x.ipynb", "leads out"),
        ("a/../../x.ipynb", "leads out"),
        ("..", "leads out"),
        ("..\\x.ipynb", "backslash"),
        ("\\\\server\\share\\x.ipynb", "backslash"),
        ("a//x.ipynb", "plain path"),
        ("./x.ipynb", "plain path"),
        ("x.ipynb\0.txt", "control"),
        ("x\n.ipynb", "control"),
        ("x\x1b[2J.ipynb", "control"),
        ("x\u202ebnypi.jpg", "direction"),
        ("x" * 300 + ".ipynb", "too long"),
        ("ü" * 200 + ".ipynb", "too long"),
        ("/".join(["x" * 100] * 20), "too long"),
        ("../folder/", "leads out"),
    ],
)
def test_a_hostile_name_is_refused_and_the_rest_is_read(name: str, reason: str) -> None:
    read, refused = contents(zip_of((name, b"evil"), PLAIN))

    assert read == dict([PLAIN])
    assert [reason in text for text in refused.values()] == [True]
    assert all(shown.isprintable() and len(shown) < 130 for shown in refused)


@pytest.mark.parametrize(
    ("kind", "reason"), [(stat.S_IFLNK, "symbolic link"), (stat.S_IFCHR, "device"), (stat.S_IFIFO, "device")]
)
def test_what_is_no_file_is_refused(kind: int, reason: str) -> None:
    read, refused = contents(zip_of(("x.ipynb", b"/etc/passwd"), mode=kind | 0o777))

    assert read == {}
    assert reason in refused["x.ipynb"]


def test_several_members_of_one_name_are_refused() -> None:
    read, refused = contents(zip_of(("x.ipynb", b"good"), ("x.ipynb", b"evil"), PLAIN))

    assert read == dict([PLAIN])
    assert "several of that name" in refused["x.ipynb"]


@pytest.mark.parametrize("flag", [0x1, 0x41, 0x2001])
def test_an_encrypted_member_is_refused(flag: int) -> None:
    read, refused = contents(patched(zip_of(("x.ipynb", b"secret"), PLAIN), FLAGS_AT, "<H", flag))

    assert read == dict([PLAIN])
    assert "encrypted" in refused["x.ipynb"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 1, 99])
def test_an_unusual_compression_is_refused(method: int) -> None:
    read, refused = contents(patched(zip_of(("x.ipynb", b"x"), PLAIN), METHOD_AT, "<H", method))

    assert read == dict([PLAIN])
    assert "unusual" in refused["x.ipynb"]


def test_a_bomb_is_refused_unread() -> None:
    read, refused = contents(zip_of(("x.ipynb", bytes(2 * HARMLESS_BYTES)), PLAIN))

    assert read == dict([PLAIN])
    assert "unpack to 20 MB" in refused["x.ipynb"]


def test_what_is_well_compressed_but_small_is_read() -> None:
    read, refused = contents(zip_of(("x.ipynb", b" " * MEBIBYTE)))

    assert (len(read["x.ipynb"]), refused) == (MEBIBYTE, {})


def test_a_member_larger_than_asked_for_is_refused() -> None:
    with Archive(zip_of(("x.ipynb", bytes(2000))), "a.zip") as archive:
        with pytest.raises(UserError, match=r"^a\.zip/x\.ipynb: too large"):
            archive.read("x.ipynb", 1999)

        assert len(archive.read("x.ipynb", 2000)) == 2000


def test_no_more_is_unpacked_than_was_asked_for() -> None:
    with Archive(zip_of(("x.ipynb", bytes(HARMLESS_BYTES))), "a.zip") as archive:
        tracemalloc.start()
        with pytest.raises(UserError, match="too large"):
            archive.read("x.ipynb", 1000)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert peak < HARMLESS_BYTES / 2


@pytest.mark.parametrize("claimed", [10, 10**6])
def test_a_member_that_lies_about_its_size_gives_no_more_than_it_claims(claimed: int) -> None:
    data = patched(zip_of(("x.ipynb", bytes(5000)), PLAIN), SIZE_AT, "<L", claimed)

    with Archive(data, "a.zip") as archive:
        with pytest.raises(UserError, match=r"damaged|too large"):
            archive.read("x.ipynb", 4000)
        assert archive.read("ada/lab4.ipynb", 10) == b"{}"


def test_members_that_share_their_bytes_are_refused() -> None:
    data = zip_of(("1.ipynb", b"a" * 99), ("2.ipynb", b"b" * 99), PLAIN, compression=zipfile.ZIP_STORED)
    data = patched(data, LOCAL_OFFSET_AT, "<L", 50, member=1)

    read, refused = contents(data)

    assert read == dict([PLAIN])
    assert {"1.ipynb", "2.ipynb"} == set(refused)
    assert all("shares its bytes" in reason for reason in refused.values())


def test_an_archive_of_too_many_files_is_refused() -> None:
    data = zip_of(*((f"{i}.ipynb", b"") for i in range(11)))

    assert "11 files in it; the limit is 10" in refusal_of(data, ArchiveLimits(10, 2**20, 2**20))


def test_an_archive_whose_list_is_too_long_is_refused_before_it_is_read() -> None:
    data = zip_of(*((f"{i:0200}.ipynb", b"") for i in range(1000)))

    assert "lists more files" in refusal_of(data, ArchiveLimits(10**6, 200_000, 2**20))


def test_an_archive_that_would_unpack_to_too_much_is_refused() -> None:
    data = zip_of(*((f"{i}.ipynb", bytes(MEBIBYTE)) for i in range(5)))

    assert "unpack to more than 1 GB" in refusal_of(
        patched(data, SIZE_AT, "<L", 2**30, member=3), ArchiveLimits(10, 2**20, 2**30)
    )


@pytest.mark.parametrize("data", [b"", b"PK", b"hello" * 100, zip_of(PLAIN)[:-1], zip_of(PLAIN)[:-40], bytes(10**5)])
def test_what_is_no_whole_zip_file_is_refused(data: bytes) -> None:
    assert "not a zip file, or cut off" in refusal_of(data)


def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="can't be read"):
        Archive(tmp_path / "nothing.zip", "nothing.zip")


def test_a_member_whose_bytes_were_changed_is_damaged_and_the_rest_is_read() -> None:
    data = zip_of(("x.ipynb", b"content"), PLAIN, compression=zipfile.ZIP_STORED).replace(b"content", b"c0ntent")

    with Archive(data, "a.zip") as archive:
        with pytest.raises(UserError, match=r"a\.zip/x\.ipynb: damaged in the archive"):
            archive.read("x.ipynb", 100)
        assert archive.read("ada/lab4.ipynb", 100) == b"{}"


def test_a_member_that_goes_by_another_name_at_its_place_is_damaged() -> None:
    data = zip_of(("good.ipynb", b"content"), PLAIN).replace(b"good.ipynb", b"evil.ipynb", 1)

    with Archive(data, "a.zip") as archive, pytest.raises(UserError, match="damaged"):
        archive.read("good.ipynb", 100)


def test_a_member_that_is_not_there_is_said_so() -> None:
    with Archive(zip_of(("../x.ipynb", b"")), "a.zip") as archive, pytest.raises(UserError, match="was refused"):
        archive.read("../x.ipynb", 100)


def test_a_zip64_member_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, archive.open("x.ipynb", "w", force_zip64=True) as member:
        member.write(b"{}")

    assert contents(out.getvalue()) == ({"x.ipynb": b"{}"}, {})


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("señor".encode(), "señor"),  # as macOS writes it: UTF-8 without its mark
        ("señor".encode("cp437"), "señor"),  # as the format's description says
        ("Łukasz".encode(), "Łukasz"),
    ],
)
def test_a_name_without_its_encoding_is_read(raw: bytes, name: str) -> None:
    data = zip_of(("?" * len(raw) + ".ipynb", b"{}")).replace(b"?" * len(raw), raw)

    assert contents(data) == ({f"{name}.ipynb": b"{}"}, {})


def test_a_name_that_is_not_the_utf_8_it_says_is_refused_with_the_archive() -> None:
    data = zip_of(("é.ipynb", b"{}")).replace("é".encode(), b"\xc3\x28")

    assert "no UTF-8" in refusal_of(data)


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20) | st.lists(
    st.sampled_from(["..", ".", "", "a", "C:", "\\", "x.ipynb", "~", "é"]), min_size=1, max_size=5
).map("/".join)


@given(st.lists(NAMES, max_size=6))
def test_no_member_lies_outside_the_folder_on_any_system_and_none_is_forgotten(names: list[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = zip_of(*((name, b"x") for name in names))

    with Archive(data, "a.zip") as archive:
        for member in archive.members:
            assert ".." not in PurePosixPath(member).parts
            for folder in (PurePosixPath("/class"), PureWindowsPath("D:/class")):
                assert (folder / member).is_relative_to(folder)
                assert len((folder / member).parts) == len(folder.parts) + member.count("/") + 1
        folders = [name for name in names if name.endswith("/")]
        assert len(archive.members) + len(archive.refused) >= len(names) - len(folders)


PART = st.text(st.characters(categories=["L", "N"], include_characters=" _-."), min_size=1, max_size=12).filter(
    lambda part: part.strip(".") != ""
)


@given(st.dictionaries(st.lists(PART, min_size=1, max_size=4).map("/".join), st.binary(max_size=200), max_size=8))
def test_plain_members_are_read_as_they_were_written(files: dict[str, bytes]) -> None:
    assert contents(zip_of(*files.items())) == (files, {})


@given(st.binary(max_size=80), st.integers(0, 330))
def test_an_archive_with_bytes_changed_anywhere_is_read_or_refused_and_never_fails(noise: bytes, start: int) -> None:
    whole = zip_of(("1.ipynb", b"a" * 50), ("2.ipynb", b"b" * 50), PLAIN)

    with (
        contextlib.suppress(UserError),
        Archive(whole[:start] + noise + whole[start + len(noise) :], "a.zip") as archive,
    ):
        for member in archive.members:
            with contextlib.suppress(UserError):
                archive.read(member, 1000)
