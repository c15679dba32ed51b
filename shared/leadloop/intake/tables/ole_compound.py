"""Checks an old Excel file (XLS), which is a small file system, for chains of sectors without end.

Readers follow each chain to its end; in a chain that is a circle, some would never stop.

Source: MS-CFB, Compound File Binary File Format; the names of its tables are in comments.
"""

import struct
from collections.abc import Iterator, Sequence

from leadloop.model.errors import Unreadable

HEADER = struct.Struct("<I I I I I I I I")  # from byte 44 of the file (2.2)
END_MARKERS = 0xFFFFFFFA  # numbers from here on mark an end and name no sector (2.1)
MOST_SECTORS = 400_000
ENTRY = 128  # bytes of an entry of the directory (2.6.1)
STREAM, ROOT = 2, 5  # types of entries


def check_compound(data: bytes) -> None:
    """Refuses an XLS file that is broken.

    Raises:
        Unreadable: it is broken, or a chain of sectors has no end.

    """
    try:
        _CompoundFile(data).check()
    except (struct.error, IndexError, ValueError) as error:
        raise Unreadable("the old workbook is broken") from error


class _CompoundFile:
    def __init__(self, data: bytes) -> None:
        shift, small_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise ValueError("no such sectors")
        self._data = data
        self._size: int = 1 << shift
        fields = HEADER.unpack_from(data, 44)
        self._directory, self._cutoff, self._small = fields[1], fields[3], fields[4]
        self._lists, self._list_count = fields[6], fields[7]
        self._most = len(data) // self._size + 1
        if self._most > MOST_SECTORS:
            raise ValueError("too many sectors")
        self._next = self._table(self._table_sectors())  # FAT: a sector → the next one

    def check(self) -> None:
        """Follows every chain once. A small stream is in the mini FAT, any other in the FAT."""
        small = (
            self._table(self._chain(self._small, self._next)) if self._small < END_MARKERS else []
        )
        directory = list(self._chain(self._directory, self._next))
        for sector in directory:
            for entry in range(0, self._size, ENTRY):
                at = self._sector_offset(sector) + entry
                kind, start = self._data[at + 66], self._read_number(at + 116)
                size = self._read_number(at + 120)
                if kind not in (STREAM, ROOT) or start >= END_MARKERS or not size:
                    continue
                is_small = kind == STREAM and size < self._cutoff
                for _ in self._chain(start, small if is_small else self._next):
                    continue

    def _table_sectors(self) -> Iterator[int]:
        """The sectors of the FAT: 109 numbers in the header, the others in DIFAT sectors."""
        for place in range(109):
            sector = self._read_number(76 + 4 * place)
            if sector < END_MARKERS:
                yield sector
        sector, steps = self._lists, 0
        while sector < END_MARKERS and steps <= self._list_count:
            at, entries = self._sector_offset(sector), self._size // 4 - 1
            yield from (
                number
                for n in range(entries)
                if (number := self._read_number(at + 4 * n)) < END_MARKERS
            )
            sector, steps = self._read_number(at + 4 * entries), steps + 1
        if sector < END_MARKERS:
            raise ValueError("the list of tables has no end")

    def _table(self, sectors: Iterator[int]) -> list[int]:
        table: list[int] = []
        for sector in sectors:
            table += struct.unpack_from(
                f"<{self._size // 4}I", self._data, self._sector_offset(sector)
            )
            if len(table) > MOST_SECTORS:
                raise ValueError("too many sectors")
        return table

    def _chain(self, start: int, following: Sequence[int]) -> Iterator[int]:
        sector, steps = start, 0
        while sector < END_MARKERS:
            yield sector
            sector, steps = following[sector], steps + 1
            if steps > len(following):
                raise ValueError("a chain has no end")

    def _sector_offset(self, sector: int) -> int:
        return (sector + 1) * self._size

    def _read_number(self, at: int) -> int:
        number: int = struct.unpack_from("<I", self._data, at)[0]
        return number
