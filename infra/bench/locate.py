"""Places looked up in a mesh of 7,701 polygons, in one process on one core, beside PostGIS and an H3 index.

Batches: 100,000 places in the boxes of random polygons, 1,000 to a batch as the worker has them. Single: 1,000 places
within a few metres of a border, each timed by itself, without an accuracy, and with one of 20 m, where the shares of
the accuracy circle are worked out too. PostGIS gets the same batches over one connection (GiST index,
ST_Intersects); H3 knows cells of about 0.1 km2 and asks the polygons of a cell exactly. Both answer only which
polygon holds the place, and must agree with ours. Ratios are taken within one run.
"""

import asyncio
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geo.index import GridIndex
from gridward.domain.place import Point
from infra.bench.figures import Figure, figure, share
from infra.bench.mesh import Mesh, anywhere, at_borders, mesh
from infra.stack.system import System

if TYPE_CHECKING:
    from infra.bench.rivals import H3Index, PostGis

Floats = NDArray[np.float64]
BATCH = 1_000
ACCURACY_M = 20.0
RATE_AIM, SINGLE_AIM = ">= 200000", "<= 100"


def measure(system: System, places: int, singles: int, runs: int) -> list[Figure]:
    """Figures of `runs` runs of `places` in batches and `singles` one by one."""
    return asyncio.run(_measure(mesh(), system.addresses.database_url, places, singles, runs))


async def _measure(used: Mesh, database_url: str, places: int, singles: int, runs: int) -> list[Figure]:
    # Here, so that a machine without the h3 package goes without this part only.
    from infra.bench.rivals import H3Index, PostGis

    index, cells = GridIndex(used.records, 1), H3Index(used.records)
    postgis = await PostGis.of(database_url, used.records)
    found: dict[str, list[float]] = {}
    try:
        for run in range(runs):
            lon, lat = anywhere(used.records, places, seed=run)
            rates = {
                "ours": rate(lon, lat, index.locate_arrays),
                "ours, 20 m": rate(lon, lat, with_accuracy(index)),
                "H3": rate(lon, lat, lists(cells)),
                "PostGIS": await postgis_rate(postgis, lon, lat),
            }
            await must_agree(index, cells, postgis, lon[:BATCH], lat[:BATCH])
            waits = await singles_of(index, cells, postgis, *at_borders(used.records, singles, seed=run))
            for name, value in {**rates, **waits}.items():
                found.setdefault(name, []).append(value)
    finally:
        await postgis.close()
    return figures(used, found)


def figures(used: Mesh, found: dict[str, list[float]]) -> list[Figure]:
    title = f"locate in {len(used.records):,} polygons ({used.name}, {used.vertices:,} vertices)"
    ratios = {
        name: [ours / other for ours, other in zip(found["ours"], found[name], strict=True)]
        for name in ("PostGIS", "H3")
    }
    return [
        figure(f"{title}, batches", "places/s", found["ours"], RATE_AIM),
        figure("the same, each with an accuracy of 20 m", "places/s", found["ours, 20 m"]),
        figure("the same in PostGIS", "places/s", found["PostGIS"]),
        figure("the same by H3 cells", "places/s", found["H3"]),
        figure("ours / PostGIS, same run", "ratio", ratios["PostGIS"]),
        figure("ours / H3 cells, same run", "ratio", ratios["H3"]),
        figure("one place at a border, p50", "us", found["single p50"]),
        figure("one place at a border, p99", "us", found["single p99"], SINGLE_AIM),
        figure("one place at a border with 20 m, p99", "us", found["single 20 m p99"]),
        figure("one place at a border in PostGIS, p99", "us", found["single PostGIS p99"]),
        figure("one place at a border by H3 cells, p99", "us", found["single H3 p99"]),
    ]


def rate(lon: Floats, lat: Floats, locate: Callable[[Floats, Floats], object]) -> float:
    started = perf_counter()
    for x, y in parts(lon, lat):
        locate(x, y)
    return len(lon) / (perf_counter() - started)


def parts(lon: Floats, lat: Floats) -> Iterator[tuple[Floats, Floats]]:
    for start in range(0, len(lon), BATCH):
        yield lon[start : start + BATCH], lat[start : start + BATCH]


def with_accuracy(index: GridIndex) -> Callable[[Floats, Floats], object]:
    return lambda lon, lat: index.locate_arrays(lon, lat, np.full(len(lon), ACCURACY_M))


def lists(cells: "H3Index") -> Callable[[Floats, Floats], object]:
    return lambda lon, lat: cells.locate(lon.tolist(), lat.tolist())


async def postgis_rate(postgis: "PostGis", lon: Floats, lat: Floats) -> float:
    started = perf_counter()
    for x, y in parts(lon, lat):
        await postgis.locate(x.tolist(), y.tolist())
    return len(lon) / (perf_counter() - started)


async def singles_of(
    index: GridIndex, cells: "H3Index", postgis: "PostGis", lon: Floats, lat: Floats
) -> dict[str, float]:
    """p50 and p99 in microseconds of places one by one."""
    at = list(zip(lon.tolist(), lat.tolist(), strict=True))
    bare = [[Point(x, y)] for x, y in at]
    vague = [[Point(x, y, ACCURACY_M)] for x, y in at]
    plain = [_us(lambda point=point: index.locate(point)) for point in bare]  # type: ignore[misc]
    unsure = [_us(lambda point=point: index.locate(point)) for point in vague]  # type: ignore[misc]
    celled = [_us(lambda x=x, y=y: cells.locate([x], [y])) for x, y in at]  # type: ignore[misc]
    asked = []
    for x, y in at:
        started = perf_counter()
        await postgis.locate([x], [y])
        asked.append((perf_counter() - started) * 1e6)
    return {
        "single p50": share(plain, 0.5),
        "single p99": share(plain, 0.99),
        "single 20 m p99": share(unsure, 0.99),
        "single H3 p99": share(celled, 0.99),
        "single PostGIS p99": share(asked, 0.99),
    }


def _us(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return (perf_counter() - started) * 1e6


async def must_agree(
    index: GridIndex, cells: "H3Index", postgis: "PostGis", lon: Floats, lat: Floats
) -> None:
    """A faster wrong answer is no figure. Raises ValueError."""
    ours = [set(match.candidates) for match in index.locate_arrays(lon, lat)]
    theirs: list[set[str]] = [set() for _ in ours]
    for at, code in await postgis.locate(lon.tolist(), lat.tolist()):
        theirs[at].add(code)
    by_cell = cells.locate(lon.tolist(), lat.tolist())
    for mine, other, cell in zip(ours, theirs, by_cell, strict=True):
        if mine != other or (cell not in mine if mine else cell is not None):
            raise ValueError(f"answers differ: {mine}, PostGIS {other}, H3 {cell}")
