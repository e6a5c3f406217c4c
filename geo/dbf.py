"""The attribute table of a shapefile (.dbf) as exact text, in whichever Chinese encoding it was written.

Written here rather than taken from pyshp because a grid code in a numeric column must be seen as its digits: a
library turns "3.31125e+11" into a number that looks like a code and is not one.
"""

import codecs
import re
import struct
from dataclasses import dataclass

from gridward.domain.errors import Refused

# Every .cpg seen to mean Chinese; gb18030 reads all of GBK and GB2312.
GBK_NAMES = re.compile(r"gb|936|oem|ansi", re.IGNORECASE)
WHOLE = re.compile(r"-?[0-9]+")
Row = dict[str, str | int]
FIELD = struct.Struct("<11sc4xBB14x")


@dataclass(frozen=True, slots=True)
class Column:
    """One field: its raw name, its type letter (C text, N and F numbers ...), and its width in bytes."""

    raw_name: bytes
    kind: str
    width: int


def read_table(data: bytes, declared_encoding: str | None) -> list[Row | None]:
    """Rows of stripped text, or whole numbers, by column name; None for a row marked as deleted.

    `declared_encoding` is the .cpg file's text. A declaration that does not fit is not believed: then UTF-8 is
    tried, then GBK. Raises Refused when the table is cut off or no encoding fits.
    """
    try:
        count, header, width = struct.unpack_from("<IHH", data, 4)
        columns = _columns(data, header)
        rows = [data[header + n * width : header + (n + 1) * width] for n in range(count)]
    except struct.error as error:
        raise Refused("属性表 .dbf 不完整 the attribute table is cut off") from error
    if any(len(row) < width for row in rows):
        raise Refused("属性表 .dbf 不完整 the attribute table is cut off")
    cells = [None if row[:1] == b"*" else _cells(row, columns) for row in rows]
    sample = [column.raw_name for column in columns]
    sample += [cell for row in cells if row is not None for cell in row]
    encoding = _encoding_that_fits(sample, declared_encoding)
    names = [_decode(column.raw_name, encoding) for column in columns]
    kinds = [column.kind for column in columns]
    return [
        None
        if row is None
        else {n: _value(_decode(cell, encoding), k) for n, k, cell in zip(names, kinds, row, strict=True)}
        for row in cells
    ]


def _columns(data: bytes, header: int) -> list[Column]:
    found = []
    # Field descriptors of 32 bytes follow the first 32, ended by 0x0D.
    for at in range(32, header - 1, 32):
        if data[at : at + 1] == b"\r":
            break
        name, kind, width, _ = FIELD.unpack_from(data, at)
        found.append(Column(name.split(b"\0")[0].strip(), kind.decode("latin-1"), width))
    return found


def _cells(row: bytes, columns: list[Column]) -> list[bytes]:
    cells, at = [], 1
    for column in columns:
        raw = row[at : at + column.width].split(b"\0")[0].strip()
        # A number of nothing but asterisks is one that did not fit its column: no value.
        cells.append(b"" if column.kind in "NF" and not raw.strip(b"*") else raw)
        at += column.width
    return cells


def _value(text: str, kind: str) -> str | int:
    # Whole numbers only: what has a point or an exponent stays the text that it is.
    return int(text) if kind in "NF" and WHOLE.fullmatch(text) else text


def _encoding_that_fits(sample: list[bytes], declared: str | None) -> str:
    for encoding in [*_declared(declared), "utf-8", "gb18030"]:
        try:
            for cell in sample:
                _decode(cell, encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Refused("属性表 .dbf 的编码不是 UTF-8 也不是 GBK; the attribute table is neither UTF-8 nor GBK")


def _declared(text: str | None) -> list[str]:
    plain = (text or "").strip()
    if GBK_NAMES.search(plain):
        return ["gb18030"]
    try:
        name = codecs.lookup(plain).name if plain else ""
    except LookupError:
        return []
    # Latin encodings decode anything into nonsense, and are what tools write when they do not know.
    return [name] if name in ("utf-8", "big5", "gb18030") else []


def _decode(raw: bytes, encoding: str) -> str:
    # Incremental, because a column's width may cut the last character in half.
    return codecs.getincrementaldecoder(encoding)().decode(raw).strip()
