"""Reads a CSV of places to look up, each in the coordinate system that it names, and brings them to WGS 84."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.crs import SHIFTED, points_in_wgs84
from gridward.domain.errors import Refused
from gridward.domain.place import Point

NEEDED = ("id", "lon", "lat")
# So many faulty lines are named; who has more knows enough.
MOST_SAID = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """One row: its id, degrees in `crs` (None: the row names none), accuracy in metres (None: none stated)."""

    id: str
    lon: float
    lat: float
    crs: str | None
    accuracy_m: float | None


def read_points(path: Path) -> list[Asked]:
    """Rows of columns id, lon, lat and, where there are such, crs and accuracy_m; others are ignored.

    Raises Refused, naming the lines, for what is no place.
    """
    try:
        reader = csv.DictReader(io.StringIO(_text(path), newline=""))
        _refuse_missing(path.name, reader.fieldnames or [])
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise Refused(f"{path.name}: 不是有效的 CSV, not readable as CSV ({error})") from error
    found: list[Asked] = []
    faults: list[str] = []
    for line, row in rows:
        try:
            found.append(_asked({(name or "").strip(): value for name, value in row.items()}))
        except Refused as fault:
            faults.append(f"{path.name} 第 {line} 行 line {line}: {fault}")
    if faults:
        more = len(faults) - MOST_SAID
        rest = [f"…另有 {more} 行 and {more} lines more"] if more > 0 else []
        raise Refused("\n".join([*faults[:MOST_SAID], *rest]))
    return found


def in_wgs84(asked: Sequence[Asked], unnamed: str = "wgs84") -> list[Point]:
    """The places in WGS 84, in order; a row without a system is in `unnamed`."""
    places = [Point(one.lon, one.lat, one.accuracy_m) for one in asked]
    return points_in_wgs84(places, [one.crs or unnamed for one in asked])


def common_system(asked: Sequence[Asked]) -> str | None:
    """The one system that every row names; None when they differ or any is silent."""
    named = {one.crs for one in asked}
    return named.pop() if len(named) == 1 else None


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Refused(f"{path}: 无法读取, 请核对路径; cannot be read ({error.strerror})") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _refuse_missing(name: str, columns: Sequence[str]) -> None:
    known = {column.strip() for column in columns}
    missing = [column for column in NEEDED if column not in known]
    if missing:
        raise Refused(
            f"{name}: 首行应为 id,lon,lat,crs,accuracy_m, 缺少 {','.join(missing)}; "
            f"the first line must name the columns, missing: {','.join(missing)}"
        )


def _asked(row: dict[str, str | None]) -> Asked:
    label = (row["id"] or "").strip()
    if not label:
        raise Refused("id 为空, 请填写; the id is empty")
    accuracy = (row.get("accuracy_m") or "").strip()
    return Asked(
        label,
        _number("lon", row["lon"], -180.0, 180.0),
        _number("lat", row["lat"], -90.0, 90.0),
        _system((row.get("crs") or "").strip().lower()),
        _number("accuracy_m", accuracy, 0.0, 1e7) if accuracy else None,
    )


def _number(name: str, text: str | None, least: float, most: float) -> float:
    given = (text or "").strip()
    try:
        number = float(given)
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        raise Refused(
            f"{name} 应为 {least:g} 至 {most:g} 的数, 而非 {given[:30] or '空'}; "
            f"{name} must be a number from {least:g} to {most:g}"
        )
    return number


def _system(text: str) -> str | None:
    plain = text.replace("-", "").replace(" ", "")
    if plain and plain not in SHIFTED:
        raise Refused(f"不认识的坐标系 crs {text[:30]}, 应为 wgs84, gcj02 或 bd09; use wgs84, gcj02 or bd09")
    return plain or None
