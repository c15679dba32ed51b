"""Checks a zip file before another program unpacks it: its directory, then its true content.

Nothing is written, and no entry is held in memory: each is unpacked in small pieces that are
counted and searched.

Source: PKWARE APPNOTE 6.3 (zip); ECMA-376 Part 2 and ODF 1.3 Part 2 (the packages of XLSX and ODS).
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from leadloop.model.errors import Unreadable

MOST_ENTRIES = 2_000
MOST_UNPACKED = 200_000_000  # bytes
MOST_RATIO = 100  # of unpacked to packed bytes
SMALL_BYTES = 1_000_000  # an entry with fewer unpacked bytes may have any ratio
NESTED_ARCHIVE = re.compile(r"\.(zip|xlsx|xlsm|ods|docx|jar|7z|rar|gz|bz2|xz|tar)$", re.IGNORECASE)
DIRECTIVE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
PIECE_BYTES = 65_536
OVERLAP = 64  # bytes of the piece before that are searched again
LOCAL_HEADER = struct.Struct("<4s22xHH")


def check_archive(data: bytes) -> frozenset[str]:
    """The names of the entries in a zip file.

    Raises:
        Unreadable: it is broken, or would harm a program that unpacks it.

    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise Unreadable("the file is a broken zip") from error
    if len(entries) > MOST_ENTRIES:
        raise Unreadable(f"the zip holds {len(entries)} entries; at most {MOST_ENTRIES} are read")
    for entry in entries:
        _check_entry(entry)
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Unreadable(f"the zip unpacks to more than {MOST_UNPACKED:,} bytes")
    unpacked = 0
    for entry in entries:
        unpacked += _check_content(data, entry)
        if unpacked > MOST_UNPACKED:
            raise Unreadable(f"the zip unpacks to more than {MOST_UNPACKED:,} bytes")
    return frozenset(entry.filename for entry in entries)


def read_entry(data: bytes, name: str) -> Iterator[bytes]:
    """An entry's content in pieces, from a zip file that `check_archive` accepted."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield from _unpack_entry(data, archive.getinfo(name))


def _check_entry(entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in entry.filename[:3]:
        raise Unreadable("the zip holds a name that leads out of it")
    if (entry.external_attr >> 16) & 0o170000 == 0o120000:
        raise Unreadable("the zip holds a symbolic link")
    if NESTED_ARCHIVE.search(entry.filename):
        raise Unreadable("the zip holds another archive")
    if entry.flag_bits & 0x1:
        raise Unreadable("the file is encrypted; save it without a password")
    if entry.file_size > SMALL_BYTES and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        raise Unreadable(f"the zip packs more than {MOST_RATIO} bytes into one")


def _check_content(data: bytes, entry: zipfile.ZipInfo) -> int:
    """The true number of unpacked bytes; the directory may name a false one."""
    size, tail = 0, b""
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    for piece in _unpack_entry(data, entry):
        size += len(piece)
        if (
            size > max(SMALL_BYTES, MOST_RATIO * max(entry.compress_size, 1))
            or size > MOST_UNPACKED
        ):
            raise Unreadable(f"the zip packs more than {MOST_RATIO} bytes into one")
        window = tail + piece.replace(b"\0", b"")  # without NUL, UTF-16 has the same letters
        if is_xml and DIRECTIVE.search(window):
            raise Unreadable("the file declares XML entities, which no program writes into a sheet")
        tail = window[-OVERLAP:]
    return size


def _unpack_entry(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    start = entry.header_offset
    local_header = data[start : start + 30]
    if len(local_header) < 30 or not local_header.startswith(b"PK\3\4"):
        raise Unreadable("the file is a broken zip")
    _, name_length, extra_length = LOCAL_HEADER.unpack(local_header)
    begin = start + 30 + name_length + extra_length
    packed = memoryview(data)[begin : begin + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        for offset in range(0, len(packed), PIECE_BYTES):
            yield bytes(packed[offset : offset + PIECE_BYTES])
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise Unreadable("the zip is packed in a way that spreadsheets do not use")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for offset in range(0, len(packed), PIECE_BYTES):
            piece = inflate.decompress(packed[offset : offset + PIECE_BYTES], PIECE_BYTES)
            while piece:
                yield piece
                piece = inflate.decompress(inflate.unconsumed_tail, PIECE_BYTES)
    except zlib.error as error:
        raise Unreadable("the file is a broken zip") from error
