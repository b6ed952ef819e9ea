# SPDX-License-Identifier: Apache-2.0
"""GDAL's drivers for WMTS, TMS and WMS in every tile matrix set that ships: built in it, and drawn in it from another."""
import json
import unittest

import numpy
from osgeo import gdal, osr

from support import grounds, measures
from support.city import TOWN, box_in
from support.places import CITY_DALLES, PROJECT, fresh_folder
from support.programs import Server, done, inspect

SETS = sorted(file.stem for file in (PROJECT / "pyramid/grid/sets").glob("*.json"))
SYSTEMS = {name: json.loads((PROJECT / f"pyramid/grid/sets/{name}.json").read_text())["crs"] for name in SETS}
DRAWN = "drawn"
"""The layer that is built in Lambert-93 and offered in all sets; the others are named after the sets they are built in."""
SIZE = 300
SOURCE_CELL = 0.05
MOST_SHIFT = 0.125
"""Of a pixel: of what is seen, or of the source where that is coarser."""


def setUpModule():
    gdal.UseExceptions()
    gdal.SetConfigOption("GDAL_DEFAULT_WMS_CACHE_PATH", str(fresh_folder("gdal-sets")))


def quarter(folder):
    """70 m of a dalle around TOWN, in three bands."""
    west, south, east, north = TOWN
    dataset = gdal.Open(str(CITY_DALLES / "dalle_430600_6712600.tif"))
    file = str(folder / "quarter.tif")
    gdal.Translate(file, dataset, bandList=[1, 2, 3], projWin=(west - 10, north + 10, east + 10, south - 10))
    return file


def traditional(name):
    """A system as GDAL's user input, and its reference with east before north."""
    name = "OGC:CRS84" if name == "CRS:84" else name
    reference = osr.SpatialReference()
    reference.SetFromUserInput(name)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return name, reference


class SetCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = fresh_folder(cls.__name__)
        cls.source, cls.store = quarter(folder), folder / "store"
        cls.build()
        cls.server = Server(cls.store)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    @classmethod
    def build(cls):
        """Makes the pyramids."""

    def finest(self, layer, set_id):
        """The id of the finest level that the layer is offered in."""
        text = self.server.get(f"/ogcapi/collections/{layer}/map/tiles/{set_id}?f=json").text
        return json.loads(text)["tileMatrixSetLimits"][-1]["tileMatrix"]

    def check(self, dataset, set_id, what):
        """What GDAL reads of the middle of the quarter is what gdalwarp makes of the source there."""
        self.assertIsNotNone(dataset, what)
        name, reference = traditional(SYSTEMS[set_id])
        self.assertTrue(dataset.GetSpatialRef().IsSame(reference, ["IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES"]), what)
        west, cell, _, north, _, step = dataset.GetGeoTransform()
        box = box_in(SYSTEMS[set_id], TOWN)
        x, y = round((box[0] - west) / cell), round((box[3] - north) / step)
        width, height = (min(SIZE, int(extent)) for extent in ((box[2] - box[0]) / cell, (box[1] - box[3]) / step))
        self.assertGreater(min(width, height), 200, what)
        seen = numpy.moveaxis(dataset.ReadAsArray(x, y, width, height), 0, 2)
        seen_box = (west + x * cell, north + (y + height) * step, west + (x + width) * cell, north + y * step)
        metres = cell if abs(step) > 0.01 else cell * 111319.49 * numpy.cos(numpy.radians(47.46))
        wanted, there = grounds.warped(self.source, name, seen_box, width, height,
                                       method="average" if metres > 0.065 else "bilinear")
        self.assertGreater(there.mean(), 0.99, what)
        off = measures.shift(wanted, seen, there)
        self.assertLess(max(abs(off)), MOST_SHIFT * max(1, SOURCE_CELL / metres), (what, off))
        self.assertLess(measures.mean_difference(wanted[there], seen[there][..., :3]), 7, what)

    def check_drivers(self, layer, set_id, *levels):
        address = f"{self.server.url}/wmts/1.0.0/WMTSCapabilities.xml"
        for selected in ("", *(f",tilematrix={level}" for level in levels)):
            self.check(gdal.Open(f"WMTS:{address},layer={layer},tilematrixset={set_id}{selected}"), set_id,
                       f"WMTS {layer} {set_id}{selected}")
        self.check(gdal.Open(f"{self.server.url}/tms/1.0.0/{layer}@{set_id}/gdal.xml"), set_id, f"TMS {layer} {set_id}")
        for version in ("1.1.1", "1.3.0"):
            self.check(self.open_wms(layer, set_id, version), set_id, f"WMS {version} {layer} {set_id}")

    def open_wms(self, layer, set_id, version):
        """A map of 10 cm over the town and its surroundings."""
        crs = SYSTEMS[set_id]
        west, south, east, north = box_in(crs, TOWN)
        turned = version == "1.3.0" and crs == "EPSG:4326"
        key = "CRS" if version == "1.3.0" else "SRS"
        return gdal.Open(f"""<GDAL_WMS><Service name="WMS"><Version>{version}</Version>
            <ServerUrl>{self.server.url}/wms?</ServerUrl><{key}>{crs}</{key}><ImageFormat>image/png</ImageFormat>
            <Layers>{layer}</Layers><Styles></Styles><BBoxOrder>{'yxYX' if turned else 'xyXY'}</BBoxOrder></Service>
            <DataWindow><UpperLeftX>{west!r}</UpperLeftX><UpperLeftY>{north!r}</UpperLeftY>
            <LowerRightX>{east!r}</LowerRightX><LowerRightY>{south!r}</LowerRightY><SizeX>500</SizeX><SizeY>500</SizeY>
            </DataWindow><Projection>{traditional(crs)[0]}</Projection><BandsCount>3</BandsCount></GDAL_WMS>""")


class BuiltInEachSet(SetCase):
    @classmethod
    def build(cls):
        for set_id in SETS:
            done("build", cls.source, "--into", cls.store, "--tms", set_id, "--name", f"in_{set_id}", "--format", "png")

    def test_gdal_shows_the_source(self):
        self.assertEqual(len(SETS), 8, "a set came or went")
        for set_id in SETS:
            with self.subTest(set_id):
                layer = f"in_{set_id}"
                stored = inspect(self.store, layer)["levels"][-1]["id"]
                self.check_drivers(layer, set_id, stored, self.finest(layer, set_id))


class DrawnInEachSet(SetCase):
    @classmethod
    def build(cls):
        done("build", cls.source, "--into", cls.store, "--tms", "2154_5cm", "--name", DRAWN, "--format", "png")
        (cls.store / "layers").mkdir()
        (cls.store / f"layers/{DRAWN}.json").write_text(json.dumps({"extra_tilematrixsets": SETS}))

    def test_gdal_shows_the_source(self):
        for set_id in SETS:
            with self.subTest(set_id):
                self.check_drivers(DRAWN, set_id, self.finest(DRAWN, set_id))
