"""Zip files from outside. What is not plainly a folder of files is refused as a whole, before anything is used of it.

The directory at the end of a zip file says what lies where, and nothing in it has to be true. So its size is looked at
before it is read, each entry's place is compared with the others', and all contents are unpacked once, into nothing, to
count what they really are.
"""

from __future__ import annotations

import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Final

from common.errors import InvalidParams

MOST_ENTRIES: Final = 2_000
MOST_BYTES: Final = 200_000_000
MOST_RATIO: Final = 200
"""Texts shrink to a tenth; what shrinks further than this was made to."""
FREE_OF_RATIO: Final = 1_000_000
"""Bytes up to which a ratio says nothing."""
DEEPEST: Final = 8
LONGEST_NAME: Final = 255

_END: Final = struct.Struct("<4s4H2LH")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT: Final = 0xFFFF
_DIRECTORY_BYTES_AN_ENTRY: Final = 46 + LONGEST_NAME * 4 + 200
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_UTF8: Final = 0x800
_CHUNK: Final = 1 << 16


class ArchiveRefused(InvalidParams):
    """Why a zip file is not opened, and what to do instead."""

    code = "archive_refused"


@dataclass(frozen=True)
class Archive:
    """A zip file that was looked through. `names` are those of its files, folders divided by “/”."""

    names: tuple[str, ...]
    _entries: dict[str, zipfile.ZipInfo]
    _zip: zipfile.ZipFile

    def size(self, name: str) -> int:
        return self._entries[name].file_size

    def read(self, name: str) -> bytes:
        return self._zip.read(self._entries[name])


def open_archive(file: IO[bytes]) -> Archive:
    """
    Raises:
        ArchiveRefused: it is damaged, too large, or made to do harm.
    """
    directory_at = _check_end(file)
    try:
        opened = zipfile.ZipFile(file)
        entries = [(_checked_name(entry), entry) for entry in opened.infolist()]
        _check_places(file, [entry for _, entry in entries], directory_at)
        _check_names([name for name, _ in entries])
        _count_bytes(opened)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise ArchiveRefused("This zip file is damaged. Make it anew, then try again.") from error
    files = {name: entry for name, entry in entries if not entry.is_dir()}
    return Archive(tuple(files), files, opened)


def _check_end(file: IO[bytes]) -> int:
    """Look at the last record alone, for whoever reads the directory holds all of it in memory. Returns where the
    directory begins."""
    size = file.seek(0, 2)
    tail_at = max(0, size - _END.size - _LONGEST_COMMENT)
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _END.size:
        raise ArchiveRefused("This zip file is cut off. Send it again; if that does not help, make it anew.")
    _, disk, first_disk, here, entries, length, begin, comment = _END.unpack_from(tail, at)
    if entries > MOST_ENTRIES:
        raise _too_many_entries()
    at_in_file = tail_at + at
    # Also refused here: what comes in parts, what needs 64-bit numbers (nothing that we take is so large), a directory
    # larger than its entries, and whatever stands before or behind the zip file proper.
    if (
        (disk, first_disk, here) != (0, 0, entries)
        or at + _END.size + comment != len(tail)
        or begin + length != at_in_file
        or length > entries * _DIRECTORY_BYTES_AN_ENTRY
        or tail[max(0, at - 20) : at].startswith(b"PK\x06\x07")
    ):
        raise ArchiveRefused("This zip file is not built as usual. Make it anew with your computer's own tool.")
    return begin


def _too_many_entries() -> ArchiveRefused:
    return ArchiveRefused(
        f"There are more than {MOST_ENTRIES:,} files in this zip file. Leave out what does not belong to the lessons."
    )


def _checked_name(entry: zipfile.ZipInfo) -> str:
    """The entry's name, once it is known to be that of a plain file or folder inside the archive."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8 and not name.isascii():
        try:  # some tools write UTF-8 without saying so
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError as error:
            raise ArchiveRefused(
                "A file in this zip file has a name that cannot be read. Rename it with plain letters, then zip again."
            ) from error
    if entry.flag_bits & _ENCRYPTED:
        raise ArchiveRefused("This zip file has a password. Make one without.")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ArchiveRefused(f"“{name[:80]}” in this zip file is a link to another file. Put the file itself there.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ArchiveRefused("This zip file is packed in an unusual way. Make it anew with your computer's own tool.")
    parts = name.removesuffix("/").split("/")
    if (
        any(part in ("", ".", "..") for part in parts)
        or any(letter == "\\" or unicodedata.category(letter) in ("Cc", "Cs") for letter in name)
        or name[1:2] == ":"
        or len(name) > LONGEST_NAME
    ):
        raise ArchiveRefused(f"A file in this zip file has a name that leads elsewhere: “{name[:80]}”. Rename it.")
    if len(parts) > DEEPEST:
        raise ArchiveRefused("The folders in this zip file lie too deep in each other. Put the lessons further up.")
    return name


def _check_names(names: list[str]) -> None:
    """No two files of one name, Map.png and map.png being one too, and no file that is a folder as well."""
    files = [_folded(name) for name in names if not name.endswith("/")]
    folders = {str(folder) for name in files for folder in PurePosixPath(name).parents}
    folders |= {_folded(name).removesuffix("/") for name in names if name.endswith("/")}
    if len(set(files)) < len(files) or folders & set(files):
        raise ArchiveRefused("Two files in this zip file have the same name. Keep one of them.")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _check_places(file: IO[bytes], entries: list[zipfile.ZipInfo], directory_at: int) -> None:
    """Each entry lies by itself: one that others lie in would be unpacked many times."""
    if len(entries) > MOST_ENTRIES:
        raise _too_many_entries()
    free_from = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        file.seek(entry.header_offset)
        signature, *_, name_length, extra_length = _LOCAL.unpack(file.read(_LOCAL.size))
        begin = entry.header_offset + _LOCAL.size + name_length + extra_length
        end = begin + entry.compress_size
        if signature != b"PK\x03\x04" or entry.header_offset < free_from or end > directory_at:
            raise ArchiveRefused("Files in this zip file lie over each other. Make it anew.")
        free_from = end


def _count_bytes(opened: zipfile.ZipFile) -> None:
    total = 0
    for entry in opened.infolist():
        real = 0
        with opened.open(entry) as file:
            while chunk := file.read(_CHUNK):
                real += len(chunk)
                if total + real > MOST_BYTES:
                    raise ArchiveRefused(
                        f"There is more than {MOST_BYTES // 1_000_000} MB in this zip file. Import the lessons singly."
                    )
                if real > FREE_OF_RATIO and real > MOST_RATIO * entry.compress_size:
                    raise ArchiveRefused(f"“{entry.filename[:80]}” in this zip file unpacks to far too much.")
        total += real
