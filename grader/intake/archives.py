"""Zip files of others: their members are listed, each with its problem, and read in memory; nothing is ever unpacked.

What a member claims is never believed: its name is only a name, its size a bound. Where one member is refused, the
others still can be read. The fields are those of the zip format's description, PKWARE's APPNOTE.TXT.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from grader.errors import UserError
from grader.intake.names import problem_of_path, showable

MEBIBYTE = 2**20
CHUNK_BYTES = MEBIBYTE
HARMLESS_BYTES = 10 * MEBIBYTE  # a member of this size does no harm, however well it was compressed
LARGEST_RATIO = 200  # of a larger member's size to its compressed size; notebooks reach 20, zeros 1,000
LOCAL_HEADER_BYTES = 30  # without the name
UTF_8_NAME = 0x800  # flags of a member
ENCRYPTED, PATCHED, STRONGLY_ENCRYPTED, MASKED = 0x1, 0x20, 0x40, 0x2000
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others may take gigabytes to read a few bytes

# What the zipfile module raises for archives that are not in order.
DAMAGE = (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, zlib.error, EOFError, OverflowError)


class ArchiveLimits(msgspec.Struct, frozen=True):
    """How large an archive may be: its number of members, the table that lists them, and all members unpacked."""

    members: int
    directory_bytes: int
    total_bytes: int


OF_A_CLASS = ArchiveLimits(members=100_000, directory_bytes=32 * MEBIBYTE, total_bytes=256 * 1024 * MEBIBYTE)
OF_ONE_STUDENT = ArchiveLimits(members=5_000, directory_bytes=2 * MEBIBYTE, total_bytes=2 * 1024 * MEBIBYTE)


class Refusal(msgspec.Struct, frozen=True):
    """A member that is not read. name: fit to be shown. reason: the end of a sentence.

    is_hostile: whether no honest program makes such a member; others may be of no interest, such as a large video.
    """

    name: str
    reason: str
    is_hostile: bool


class Archive:
    """A zip file that is open for reading, in a `with` statement.

    members: the paths of the files in it that may be read, in the archive's order; each is a plain relative path.
    refused: those that may not. Raises UserError if the archive as a whole is refused.
    """

    def __init__(self, source: Path | bytes, shown: str, limits: ArchiveLimits = OF_A_CLASS) -> None:
        self.shown = shown
        try:
            raw = io.FileIO(source, "rb") if isinstance(source, Path) else io.BytesIO(source)
        except OSError as error:
            raise UserError(f"{shown}: can't be read ({error.strerror}).") from error
        self._file = BoundedFile(raw, limits.directory_bytes)  # type: ignore[arg-type]  # BytesIO serves as well
        try:
            self._zip = opened(self._file, shown, limits)
            self._infos, self.refused = sorted_out(self._zip.infolist())
        except BaseException:
            self._file.close()
            raise
        self.members = tuple(self._infos)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._zip.close()
        self._file.close()

    def time_of(self, member: str) -> tuple[int, int, int, int, int, int]:
        """When a member was changed last, by what the archive says, on a clock unknown."""
        return self._infos[member].date_time

    def read(self, member: str, limit_bytes: int) -> bytes:
        """A member's bytes, of which there may be `limit_bytes`.

        Raises UserError if there are more, if it is damaged, or if it is none of `members`.
        """
        where = f"{self.shown}/{member}"
        info = self._infos.get(member)
        if info is None:
            raise UserError(f"{where}: is not in the archive, or was refused. Look at the archive again.")
        content = bytearray()
        try:
            with self._zip.open(info) as stream:
                while len(content) <= limit_bytes and (chunk := stream.read(CHUNK_BYTES)):
                    content += chunk
        except DAMAGE as error:
            raise UserError(f"{where}: damaged in the archive. Download it, or ask for it, again.") from error
        except (OSError, RuntimeError) as error:
            raise UserError(f"{where}: can't be read from the archive ({type(error).__name__}).") from error
        if len(content) > limit_bytes:
            raise UserError(f"{where}: too large (more than {limit_bytes / MEBIBYTE:.0f} MB).")
        return bytes(content)


class BoundedFile(io.BufferedReader):
    """A file of which no more than `limit` bytes are given at once.

    The zipfile module reads an archive's table of members in one piece, and makes objects of all of it: here it is
    stopped before. It reads members in pieces of CHUNK_BYTES.
    """

    def __init__(self, raw: io.RawIOBase, limit: int) -> None:
        super().__init__(raw)
        self.limit = limit

    def read(self, size: int | None = -1, /) -> bytes:
        """Up to `size` bytes, or up to the limit."""
        if size is not None and size > self.limit:
            raise TooLargeError
        return super().read(self.limit if size is None or size < 0 else size)


class TooLargeError(Exception):
    """An archive's table of members is larger than allowed."""


def opened(file: BoundedFile, shown: str, limits: ArchiveLimits) -> zipfile.ZipFile:
    """The archive in a file, unless it as a whole is refused."""
    try:
        archive = zipfile.ZipFile(file)
    except TooLargeError:
        raise UserError(f"{shown}: refused, it lists more files than a class hands in.") from None
    except UnicodeDecodeError:
        raise UserError(
            f"{shown}: refused, a file's name in it is no UTF-8 text. Unpack it and zip it again."
        ) from None
    except NotImplementedError:
        raise UserError(f"{shown}: needs a newer unzip program than this. Unpack it and zip it again.") from None
    except DAMAGE:
        raise UserError(f"{shown}: not a zip file, or cut off. Download it, or ask for it, again.") from None
    except OSError as error:
        raise UserError(f"{shown}: can't be read ({error.strerror}).") from error
    infos = archive.infolist()
    problem = ""
    if len(infos) > limits.members:
        problem = f"there are {len(infos):,} files in it; the limit is {limits.members:,}"
    elif sum(info.file_size for info in infos) > limits.total_bytes:
        problem = f"it would unpack to more than {limits.total_bytes // 2**30} GB"
    if problem:
        archive.close()
        raise UserError(f"{shown}: refused, {problem}.")
    return archive


def sorted_out(infos: list[zipfile.ZipInfo]) -> tuple[dict[str, zipfile.ZipInfo], tuple[Refusal, ...]]:
    """The members that may be read, by their paths, and the others; folders are of no interest."""
    names = [decoded_name(info) for info in infos]
    copies = Counter(names)
    overlapping = overlaps(infos)
    members: dict[str, zipfile.ZipInfo] = {}
    refused = []
    for index, (info, name) in enumerate(zip(infos, names, strict=True)):
        hostile = problem_of_path(name.removesuffix("/")) or problem_of_kind(info)
        if not hostile and copies[name] > 1:
            hostile = "there are several of that name, and no telling which is meant"
        if not hostile and index in overlapping:
            hostile = "it shares its bytes with another file, as bombs do"
        reason = hostile or problem_of_content(info)
        if reason:
            refused.append(Refusal(showable(name), reason, bool(hostile)))
        elif not name.endswith("/"):
            members[name] = info
    return members, tuple(refused)


def decoded_name(info: zipfile.ZipInfo) -> str:
    """A member's whole name.

    Names that are not marked as UTF-8 are in code page 437 by the format's description (appendix D), by which zipfile
    has read them; many programs write UTF-8 without the mark.
    """
    name: str = info.orig_filename
    if info.flag_bits & UTF_8_NAME:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def problem_of_kind(info: zipfile.ZipInfo) -> str:
    """Why a member is no ordinary file or folder; empty if it is one. Unix's mode stands in the upper half."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "it is a symbolic link"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "it is no file but a device or the like"
    return ""


def problem_of_content(info: zipfile.ZipInfo) -> str:
    """Why a member's content is not to be read; empty if it may be."""
    if info.flag_bits & (ENCRYPTED | STRONGLY_ENCRYPTED | MASKED):
        return "it is encrypted"
    if info.compress_type not in READABLE or info.flag_bits & PATCHED:
        return "it is compressed in an unusual way"
    if info.file_size > max(HARMLESS_BYTES, LARGEST_RATIO * info.compress_size):
        return f"it would unpack to {info.file_size / MEBIBYTE:,.0f} MB, over {LARGEST_RATIO} times its size"
    return ""


def overlaps(infos: list[zipfile.ZipInfo]) -> set[int]:
    """Indices of the members whose bytes in the file are another's too, as far as the table of members tells."""
    found: set[int] = set()
    last, last_end = -1, -1
    for index in sorted(range(len(infos)), key=lambda i: infos[i].header_offset):
        info = infos[index]
        if info.header_offset < last_end:
            found |= {last, index}
        end = info.header_offset + LOCAL_HEADER_BYTES + len(info.orig_filename) + info.compress_size
        if end > last_end:
            last, last_end = index, end
    return found
