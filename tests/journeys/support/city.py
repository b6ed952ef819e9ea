# SPDX-License-Identifier: Apache-2.0
"""The sample city on a server: its layers, its tiles, its corners."""
import unittest

from osgeo import gdal, osr

from support import grounds
from support.places import CITY_DALLES, CITY_STORE
from support.programs import Server
from support.pyramids import Pyramid

HALF_WORLD = 20037508.342789244
SET_CORNERS = {"2154_5cm": (0, 12000000, 0.05 * 2 ** 22), "PM": (-HALF_WORLD, HALF_WORLD, 2 * HALF_WORLD / 256)}
STORED = {"ortho": "image/jpeg", "irc": "image/jpeg", "quartier": "image/png"}
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png"}

HOLE = (430850, 6712850, 430950, 6712950)
"""Lambert-93 box in the corner of the L where nothing was flown."""
TOWN = (430720, 6712680, 430770, 6712730)
"""Lambert-93 box in the midst of a dalle."""
EDGE = (430750, 6712750, 430850, 6712850)
"""Lambert-93 box around the inner corner of the L."""


class CityCase(unittest.TestCase):
    """One server over the city for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(CITY_STORE)
        cls.pyramids = {name: Pyramid(CITY_STORE, name) for name in ("ortho", "irc", "quartier", "dtm")}

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()


def publish(store, *names):
    """Puts pyramids of the city into a store, as links."""
    for name in names:
        if not (store / name).exists():
            (store / name).symlink_to(CITY_STORE / name)
        (store / f"{name}.json").symlink_to(CITY_STORE / f"{name}.json")


def tile_box(set_id, level, col, row):
    """West, south, east and north of a tile."""
    west, north, coarsest = SET_CORNERS[set_id]
    span = 256 * coarsest / 2 ** int(level)
    return west + col * span, north - (row + 1) * span, west + (col + 1) * span, north - row * span


def wmts_kvp(layer, set_id, level, col, row, media_type, style="normal"):
    return (f"/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE={style}&FORMAT={media_type}"
            f"&TILEMATRIXSET={set_id}&TILEMATRIX={level}&TILEROW={row}&TILECOL={col}")


def wmts_rest(layer, set_id, level, col, row, media_type, style="normal"):
    return f"/wmts/1.0.0/{layer}/{style}/{set_id}/{level}/{row}/{col}.{EXTENSIONS[media_type]}"


def xyz(layer, level, col, row, media_type):
    return f"/xyz/{layer}/{level}/{col}/{row}.{EXTENSIONS[media_type]}"


def get_map(layers, crs, box, width=256, height=256, media_type="image/png", version="1.3.0", **more):
    """A GetMap address; `box` is in the order that the version and the system want."""
    more = {"STYLES": "", **more}
    rest = "".join(f"&{key}={value}" for key, value in more.items())
    return (f"/wms?SERVICE=WMS&REQUEST=GetMap&VERSION={version}&LAYERS={layers}&{'CRS' if version == '1.3.0' else 'SRS'}="
            f"{crs}&BBOX={','.join(repr(float(value)) for value in box)}&WIDTH={width}&HEIGHT={height}"
            f"&FORMAT={media_type}{rest}")


def source_of(layer):
    """The dalles with the bands of a layer."""
    bands = {"ortho": [1, 2, 3], "quartier": [1, 2, 3], "irc": [4, 1, 2]}[layer]
    return gdal.Translate("", grounds.mosaic(sorted(CITY_DALLES.glob("*.tif"))), format="VRT", bandList=bands)


def box_in(crs, box):
    """A Lambert-93 box in another system, always east before north."""
    here, there = osr.SpatialReference(), osr.SpatialReference()
    here.SetFromUserInput("EPSG:2154")
    there.SetFromUserInput("OGC:CRS84" if crs == "CRS:84" else crs)
    for reference in (here, there):
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return osr.CoordinateTransformation(here, there).TransformBounds(*box, 21)
