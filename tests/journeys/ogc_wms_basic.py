# SPDX-License-Identifier: Apache-2.0
"""The OGC's option BASIC of WMS: eleven layers of polygons (made up here), and what their pixels must be."""
import io
import json
import unittest

import numpy
from osgeo import gdal, osr
from PIL import Image, ImageDraw

from support.city import get_map
from support.places import fresh_folder
from support.programs import Server, done

NAMES = ("BasicPolygons", "Bridges", "Buildings", "DividedRoutes", "Forests", "Lakes", "MapNeatline", "NamedPlaces", "Ponds",
         "RoadSegments", "Streams")
CELL, WEST, NORTH, SIZE = 0.00001, -0.0042, 0.0024, (840, 480)
LAKE = (0.0006, -0.0018, 0.001, -0.0014)
"""A square of degrees with nothing but lake in it and around it."""


def shape_of(name):
    """Pixels of a polygon in the picture of all the ground."""
    left, top = 60 * NAMES.index(name) % 300, 40
    if name == "Lakes":
        return [(420, 330), (600, 330), (600, 470), (420, 470)]
    return [(left, top), (left + 200, top + 30), (left + 120, top + 180)]


def paint(name, file):
    picture = Image.new("RGBA", SIZE)
    ImageDraw.Draw(picture).polygon(shape_of(name), fill=(40 + 15 * NAMES.index(name), 90, 200, 255))
    pixels = numpy.asarray(picture)
    raster = gdal.GetDriverByName("GTiff").Create(str(file), *SIZE, 4, options=["ALPHA=YES", "PHOTOMETRIC=RGB"])
    raster.SetGeoTransform((WEST, CELL, 0, NORTH, 0, -CELL))
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    raster.SetProjection(degrees.ExportToWkt())
    for band in range(4):
        raster.GetRasterBand(band + 1).WriteArray(pixels[..., band])


class Basic(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = fresh_folder("ogc-wms-basic")
        store = folder / "store"
        (store / "layers").mkdir(parents=True)
        for name in NAMES:
            (folder / name).mkdir()
            paint(name, folder / name / "polygons.tif")
            done("build", folder / name, "--into", store, "--name", name, "--tms", "4326", "--format", "png")
            (store / "layers" / f"{name}.json").write_text(json.dumps({"title": f"cite:{name}"}))
        cls.server = Server(store)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def pixels(self, box, layers="Lakes", **more):
        """`box` in degrees, west first, as numbers or as text."""
        address = get_map(layers, "CRS:84", (0, 0, 1, 1), 100, 100, **more)
        address = address.replace("BBOX=0.0,0.0,1.0,1.0", "BBOX=" + ",".join(str(side) for side in box))
        answer = self.server.get(address)
        self.assertEqual((answer.status, answer.media_type), (200, "image/png"))
        return answer.body, numpy.asarray(Image.open(io.BytesIO(answer.body)).convert("RGBA"))

    def test_data_preconditions(self):
        text = self.server.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities").text
        for name in NAMES:
            self.assertIn(f"<Title>cite:{name}</Title>", text)

    def test_bbox_exponential(self):
        plain, _ = self.pixels(("-0.005", "-0.0025", "0.005", "0.0025"))
        exponential, _ = self.pixels(("-.0005E1", "-25E-4", "%2B05E-3", ".00025E%2B1"))
        self.assertEqual(plain, exponential)

    def test_bbox_pixel_interpretation(self):
        """The box is the outer edge of the pixels: within the lake there is nothing else."""
        _, pixels = self.pixels(LAKE)
        self.assertTrue((pixels == pixels[0, 0]).all())
        self.assertFalse((pixels[0, 0] == 255).all())

    def test_backgrounds(self):
        """no-bgcolor, blue-bgcolor, transparent-true."""
        beside = (-0.0042, -0.0024, -0.0032, -0.0014)
        self.assertTrue((self.pixels(beside)[1] == 255).all())
        self.assertTrue((self.pixels(beside, BGCOLOR="0x0000FF")[1] == (0, 0, 255, 255)).all())
        self.assertTrue((self.pixels(beside, TRANSPARENT="TRUE")[1][..., 3] == 0).all())
        _, all_of_it = self.pixels((-0.0042, -0.0024, 0.0042, 0.0024), TRANSPARENT="TRUE")
        self.assertEqual(set(numpy.unique(all_of_it[20:60, 60:65, 3])) - {0}, set())
        self.assertEqual(all_of_it[83, 60, 3], 255)

    def test_order_of_layers(self):
        """The last lies on top."""
        ground = (-0.0042, -0.0024, 0.0042, 0.0024)
        for name in ("Forests", "Ponds"):
            other = {"Forests": "Ponds", "Ponds": "Forests"}[name]
            _, both = self.pixels(ground, f"{other},{name}", STYLES=",")
            _, alone = self.pixels(ground, name, TRANSPARENT="TRUE")
            on_top = alone[..., 3] == 255
            self.assertGreater(on_top.sum(), 50)
            self.assertTrue((both[on_top] == alone[on_top]).all())

    def test_all_layers_at_once(self):
        _, pixels = self.pixels((-0.0042, -0.0024, 0.0042, 0.0024), ",".join(NAMES))
        self.assertGreater(len(numpy.unique(pixels.reshape(-1, 4), axis=0)), len(NAMES) - 2)
