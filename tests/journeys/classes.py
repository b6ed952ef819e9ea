# SPDX-License-Identifier: Apache-2.0
"""Land cover: classes from a source with a palette to what clients see of them, exact at every level."""
import json
import unittest

import numpy
from osgeo import gdal, osr

from support.places import fresh_folder
from support.programs import Server, done, inspect, verify
from support.pyramids import Pyramid, picture

gdal.UseExceptions()

NAMES = ["nothing", "Water", "Forêt", "Built <up>", "Fields"]
COLOURS = [(0, 0, 0, 0), (0, 92, 230, 255), (38, 115, 0, 255), (255, 0, 0, 255), (255, 235, 150, 255)]
TOP_LEFT, CELL = (100000, 6000000), 0.5971642834779395  # level 18 of PM


def write_cover(path, classes):
    """A TIFF of indices with a palette padded to 256 colours, where 0 is no data; its categories lie beside it."""
    height, width = classes.shape
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), width, height, 1, gdal.GDT_Byte)
    left = -20037508.342789244 + round((TOP_LEFT[0] + 20037508.342789244) / CELL) * CELL
    top = 20037508.342789244 - round((20037508.342789244 - TOP_LEFT[1]) / CELL) * CELL
    dataset.SetGeoTransform((left, CELL, 0, top, 0, -CELL))
    system = osr.SpatialReference()
    system.ImportFromEPSG(3857)
    dataset.SetProjection(system.ExportToWkt())
    band, colours = dataset.GetRasterBand(1), gdal.ColorTable()
    for value, colour in enumerate(COLOURS):
        colours.SetColorEntry(value, colour)
    band.SetColorTable(colours)
    band.SetCategoryNames(NAMES)
    band.SetNoDataValue(0)
    band.WriteArray(classes)


def cover_of(seed):
    """Patches of classes and much salt, so that ties and minorities abound; a corner is no data."""
    dice = numpy.random.default_rng(seed)
    patches = numpy.kron(dice.integers(1, 5, (80, 100)), numpy.ones((9, 9), int))
    salt = dice.integers(1, 5, patches.shape)
    classes = numpy.where(dice.random(patches.shape) < 0.3, salt, patches)
    classes[:150, :200] = 0
    classes[dice.random(patches.shape) < 0.05] = 0
    return classes.astype(numpy.uint8)


def halved_by_mode(classes):
    """The most frequent of each 2 x 2 block, zeros aside; of equals the first in reading order."""
    rows, columns = classes.shape[0] // 2, classes.shape[1] // 2
    blocks = classes.reshape(rows, 2, columns, 2).transpose(0, 2, 1, 3).reshape(rows, columns, 4)
    counts = (blocks[..., :, None] == blocks[..., None, :]).sum(axis=3)
    counts[blocks == 0] = 0
    return numpy.take_along_axis(blocks, counts.argmax(axis=2)[..., None], axis=2)[..., 0]


class Classes(unittest.TestCase):
    def setUp(self):
        self.store = fresh_folder("classes-" + self._testMethodName)
        self.sources = self.store / "sources"
        self.sources.mkdir()
        write_cover(self.sources / "a.tif", cover_of(1))
        done("build", self.sources, "--into", self.store, "--name", "cover", "--tms", "PM", "--bands", "1",
             "--resampling", "mode", "--top", "13")

    def level(self, name, level):
        pixels, valid = Pyramid(self.store, name).pixels(level)
        return numpy.where(valid > 0, pixels, 0)

    def check_levels(self, name):
        """Each level is the mode of the next finer one, in numpy's own words."""
        pyramid = Pyramid(self.store, name)
        ids = sorted(pyramid.levels, key=int, reverse=True)
        for fine, coarse in zip(ids, ids[1:]):
            below, above = pyramid.levels[fine], pyramid.levels[coarse]
            fine_pixels = self.level(name, fine)
            whole = numpy.zeros((len(above.rows) * 512, len(above.columns) * 512), numpy.uint8)
            y = (below.rows[0] - 2 * above.rows[0]) * 256
            x = (below.columns[0] - 2 * above.columns[0]) * 256
            whole[y:y + fine_pixels.shape[0], x:x + fine_pixels.shape[1]] = fine_pixels
            numpy.testing.assert_array_equal(self.level(name, coarse), halved_by_mode(whole), coarse)
        return ids

    def test_every_level_is_the_mode_of_the_one_below(self):
        ids = self.check_levels("cover")
        self.assertEqual(ids[0], "18")
        finest = self.level("cover", "18")
        rows, columns = numpy.nonzero(finest)
        seen = finest[rows.min():rows.max() + 1, columns.min():columns.max() + 1]
        numpy.testing.assert_array_equal(seen, cover_of(1)[:seen.shape[0], :seen.shape[1]])
        self.assertEqual(verify(self.store, "cover")["damages"], [])

    def test_an_update_reduces_by_mode_as_well(self):
        write_cover(self.sources / "a.tif", cover_of(2))
        done("update", self.store / "cover.json")
        self.check_levels("cover")
        done("build", self.sources, "--into", self.store, "--name", "anew", "--tms", "PM", "--bands", "1",
             "--resampling", "mode", "--top", "13")
        for level in ("18", "15", "13"):
            numpy.testing.assert_array_equal(self.level("cover", level), self.level("anew", level))

    def test_the_descriptor_keeps_colours_and_labels(self):
        classes = json.loads((self.store / "cover.json").read_text())["ardoise"]["classes"]
        self.assertEqual([one["value"] for one in classes], [1, 2, 3, 4])
        self.assertEqual([tuple(one["colour"]) for one in classes], COLOURS[1:])
        self.assertEqual([one["label"] for one in classes], NAMES[1:])

    def test_maps_have_no_colour_but_those_of_the_classes(self):
        known = {colour[:3] for colour in COLOURS[1:]}
        west, south, east, north = inspect(self.store, "cover")["extent"]
        with Server(self.store) as server:
            for size in (90, 333, 700):
                body = server.get(f"/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=cover&STYLES=&CRS=EPSG:3857&"
                                  f"BBOX={west},{south},{east},{north}&WIDTH={size}&HEIGHT={size - 7}&FORMAT=image/png"
                                  "&TRANSPARENT=TRUE").body
                pixels = picture(body)
                opaque = pixels[pixels[..., 3] > 0][:, :3]
                self.assertGreater(len(opaque), 1000)
                self.assertLessEqual({tuple(int(v) for v in pixel) for pixel in numpy.unique(opaque, axis=0)}, known)
            answer = server.get(f"/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetFeatureInfo&LAYERS=cover&QUERY_LAYERS=cover&"
                                f"STYLES=&CRS=EPSG:3857&BBOX={west},{south},{east},{north}&WIDTH=500&HEIGHT=500&I=250&J=250&"
                                "INFO_FORMAT=application/json")
            properties = json.loads(answer.text)["features"][0]["properties"]
            self.assertEqual(properties["label"], NAMES[properties["band_1"]])
