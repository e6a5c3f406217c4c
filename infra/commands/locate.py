"""`gridward locate`: which grid each place of a CSV lies in, by a boundary file, without any server."""

import csv
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from geo.index import GridIndex
from geo.points import Asked, common_system, in_wgs84, read_points
from geo.repair import repair
from geo.source import read_grids
from gridward.domain.errors import Refused
from gridward.domain.place import GridMatch
from infra.commands.outage import one_clear_line
from infra.console import say_aside

COLUMNS = ("id", "grid", "how", "candidates")


def locate(
    grids: Annotated[Path, typer.Option("--grids", help="网格文件 .geojson, .shp, .zip")],
    points: Annotated[
        Path, typer.Option("--in", help="CSV: id,lon,lat[,crs][,accuracy_m]；crs: wgs84 | gcj02 | bd09")
    ],
    out: Annotated[Path, typer.Option("--out", help="结果 CSV result: id,grid,how,candidates")],
    crs: Annotated[
        str | None,
        typer.Option(
            "--crs",
            help="网格的坐标系，缺省按文件声明，再按各点 of the grids: as declared, else as the points",
        ),
    ] = None,
    nearest_within: Annotated[
        float,
        typer.Option(min=0, help="不在任何网格时取多少米内最近的 metres to the nearest grid when in none"),
    ] = 0.0,
) -> None:
    """查网格 Write which grid each place lies in; in a true overlap the lowest code, and `how` says overlap.

    A place without a crs is in WGS 84. Invalid shapes are repaired as `gridward grids import` repairs them.
    """
    with one_clear_line():
        asked = read_points(points)
        source = read_grids(grids, crs, undeclared=common_system(asked) or "wgs84", any_code=True)
        records, repairs = repair(source.records)
        for line in [*source.warnings, *repairs]:
            say_aside(f"注意 warning: {line}")
        matches = GridIndex(records, version=0).locate(in_wgs84(asked), nearest_within)
        write(out, (_row(one, match) for one, match in zip(asked, matches, strict=True)))
    held = sum(match.grid is not None for match in matches)
    typer.echo(f"{len(asked)} 个点，{held} 个有唯一网格 → {out} | {len(asked)} places, {held} with one grid")


def _row(one: Asked, match: GridMatch) -> Sequence[str]:
    overlap = match.candidates[0] if match.how == "overlap" else ""
    return one.id, match.grid or overlap, match.how, "|".join(match.candidates)


def write(out: Path, rows: Iterable[Sequence[str]]) -> None:
    """The whole file or none of it. Raises Refused when it cannot be written."""
    try:
        handle, half = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                table = csv.writer(file, lineterminator="\n")
                table.writerow(COLUMNS)
                table.writerows(rows)
            Path(half).chmod(0o644)
            Path(half).replace(out)
        except BaseException:
            Path(half).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Refused(f"{out}: 无法写入, 请核对目录; cannot be written ({error.strerror})") from error
