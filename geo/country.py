"""Where China is, for the one question whether map coordinates are shifted there.

The outline is data (`china_outline.json`, which names its source, licence and making): Natural Earth's borders and
coasts, widened by about 10 km so that no place of the country falls outside. In that strip a neighbour's places
are taken as shifted too; farther off, in Hanoi, Seoul or Ulaanbaatar, nothing is. It says nothing about borders.
"""

import json
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

SOURCE = Path(__file__).with_name("china_outline.json")


def _outline() -> shapely.Geometry:
    plain = json.loads(SOURCE.read_text(encoding="utf-8"))
    shape = shapely.geometry.shape({"type": plain["type"], "coordinates": plain["coordinates"]})
    shapely.prepare(shape)
    return shape


_CHINA = _outline()


def in_china(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of these places (WGS 84 degrees) lie within the outline."""
    return np.asarray(shapely.intersects_xy(_CHINA, lon, lat))
