"""Reads a Shapefile, as its .shp beside .dbf, .prj and .cpg, or all of them in one .zip."""

import hashlib
import io
import struct
import warnings
import zipfile
from pathlib import Path

import shapefile
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from geo.dbf import read_table
from geo.features import Feature, Features
from gridward.domain.errors import Refused

PARTS = (".shp", ".dbf", ".prj", ".cpg")
# Unpacked size of a zip; a whole province's grids are a tenth of it.
MOST_BYTES = 1_000_000_000
# What pyshp and shapely raise over a file that is cut off or scrambled.
UNREADABLE = (shapefile.ShapefileException, ShapelyError, ValueError, OSError, LookupError, struct.error)
POLYGON_TYPES = frozenset({shapefile.NULL, shapefile.POLYGON, shapefile.POLYGONZ, shapefile.POLYGONM})


def read_shapefile(path: Path) -> Features:
    """Polygons and attributes of `path` (.shp or .zip). Raises Refused when parts are missing or disagree."""
    parts = _from_zip(path) if path.suffix.lower() == ".zip" else _beside(path)
    for needed in (".shp", ".dbf"):
        if needed not in parts:
            raise Refused(f"{path.name}: 缺少 {needed} 文件, the {needed} part is missing")
    cpg = parts[".cpg"].decode("latin-1") if ".cpg" in parts else None
    rows = read_table(parts[".dbf"], cpg)
    shapes = _shapes(parts[".shp"], path.name)
    if len(rows) != len(shapes):
        raise Refused(f"{path.name}: {len(shapes)} shapes, {len(rows)} rows; 图形与属性行数不一致")
    items = tuple(
        Feature(f"第 {n} 个要素 feature {n}", row, shape)
        for n, (row, shape) in enumerate(zip(rows, shapes, strict=True), start=1)
        if row is not None
    )
    wkt = parts[".prj"].decode("utf-8-sig", "replace").strip() if ".prj" in parts else None
    digest = hashlib.sha256(b"".join(parts[suffix] for suffix in sorted(parts))).hexdigest()
    return Features(items, digest, declared_wkt=wkt or None)


def _beside(path: Path) -> dict[str, bytes]:
    return {
        other.suffix.lower(): other.read_bytes()
        for other in path.parent.iterdir()
        if other.stem == path.stem and other.suffix.lower() in PARTS
    }


def _from_zip(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            wanted = _parts_of_one_layer(archive.infolist(), path.name)
            if sum(one.file_size for one in wanted) > MOST_BYTES:
                raise Refused(f"{path.name}: 解压后过大, larger than {MOST_BYTES} bytes when unpacked")
            return {Path(one.filename).suffix.lower(): archive.read(one) for one in wanted}
    except zipfile.BadZipFile as error:
        raise Refused(f"{path.name}: 压缩包已损坏, not a readable zip") from error


def _parts_of_one_layer(entries: list[zipfile.ZipInfo], name: str) -> list[zipfile.ZipInfo]:
    # A Mac's zip holds a shadow of each file in a folder of its own.
    own = [one for one in entries if not one.filename.startswith("__MACOSX/")]
    layers = [one.filename[:-4] for one in own if one.filename.lower().endswith(".shp")]
    if len(layers) != 1:
        raise Refused(f"{name}: 压缩包里应恰有一个 .shp, the zip must hold exactly one .shp")
    return [one for one in own if one.filename[:-4] == layers[0] and one.filename[-4:].lower() in PARTS]


def _shapes(data: bytes, name: str) -> list[BaseGeometry]:
    try:
        with warnings.catch_warnings():
            # A wrong length in the header is common and harmless; a real cut shows in the shapes.
            warnings.simplefilter("ignore", shapefile.PossiblyCorruptFileHeader)
            reader = shapefile.Reader(shp=io.BytesIO(data))
        if reader.shapeType not in POLYGON_TYPES:
            raise Refused(f"{name}: 不是面图层, not a layer of polygons")
        return [_polygon(one) for one in reader.iterShapes()]
    except UNREADABLE as error:
        raise Refused(f"{name}: 图形文件已损坏, the .shp cannot be read ({error})") from error


def _polygon(one: shapefile.Shape) -> BaseGeometry:
    if one.shapeType == shapefile.NULL or not one.points:
        return shapely.Polygon()
    return shapely.geometry.shape(one.__geo_interface__)
