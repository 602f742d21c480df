"""Zip files as programs make them, and as attackers do, for tests."""

import io
import struct
import zipfile

CENTRAL = b"PK\x01\x02"  # where the record of a member begins in the table of members
FLAGS_AT, METHOD_AT, SIZE_AT, LOCAL_OFFSET_AT = 8, 10, 24, 42  # within it


def zip_of(*members: tuple[str, bytes | str], mode: int = 0o100644, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file with these members, whatever their names; mode: Unix's, of all."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members:
            info = zipfile.ZipInfo("x", date_time=(2026, 3, 1, 12, 0, 0))
            info.filename = name
            info.external_attr = mode << 16
            info.compress_type = compression
            archive.writestr(info, content)
    return out.getvalue()


def patched(data: bytes, at: int, form: str, value: int, member: int = 0) -> bytes:
    """The archive with another value in a member's record."""
    start = -1
    for _ in range(member + 1):
        start = data.index(CENTRAL, start + 1)
    changed = bytearray(data)
    struct.pack_into(form, changed, start + at, value)
    return bytes(changed)
