# SPDX-License-Identifier: Apache-2.0
"""A pyramid whose last level covers a part of the ground alone, as where a city was flown in finer pixels than the
county around it: what is missing comes from the coarser levels, and looks as it does without the last one."""
import json
import unittest
import xml.etree.ElementTree

import numpy

from support.city import get_map, tile_box, wmts_rest
from support.places import CITY_DALLES, fresh_folder, picture_file
from support.programs import Server, done
from support.pyramids import Pyramid, picture

FINE, COARSE = "21", "19"
WMS = {"wms": "http://www.opengis.net/wms"}
NATIVE = "image/png"


class PartialLevels(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.store = fresh_folder("partial-levels")
        what = ("--into", cls.store, "--tms", "PM", "--format", "png", "--slab", "4x4")
        done("build", CITY_DALLES, *what, "--name", "county", "--bottom", COARSE)
        done("build", CITY_DALLES / "dalle_430600_6712800.tif", *what, "--name", "city", "--top", FINE, "--bottom", FINE)
        county, city = (json.loads((cls.store / f"{name}.json").read_text()) for name in ("county", "city"))
        whole = {**county, "levels": county["levels"] + city["levels"]}
        del whole["ardoise"]
        (cls.store / "whole.json").write_text(json.dumps(whole))
        cls.city, cls.county = Pyramid(cls.store, "city").levels[FINE], Pyramid(cls.store, "county")
        cls.server = Server(cls.store)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def tiles_of_all(self):
        """Every tile of the finest level on the county's ground."""
        limits = self.county.levels[COARSE]
        wider = 2 ** (int(FINE) - int(COARSE))
        return [(col, row) for col in range(limits.columns.start * wider, limits.columns.stop * wider)
                for row in range(limits.rows.start * wider, limits.rows.stop * wider)]

    def map(self, layer, box, width, height, **more):
        return picture(self.server.get(get_map(layer, "EPSG:3857", box, width, height, **more)).body)

    def test_each_tile_is_the_stored_one_or_drawn_from_below(self):
        stored = filled = empty = 0
        for col, row in self.tiles_of_all():
            answer = self.server.get(wmts_rest("whole", "PM", FINE, col, row, NATIVE))
            self.assertEqual((answer.status, answer.media_type), (200, NATIVE))
            inside = col in self.city.columns and row in self.city.rows
            if inside and (tile := self.city.tile(col, row)):
                self.assertTrue(answer.body == tile)
                stored += 1
                continue
            below = self.server.get(wmts_rest("county", "PM", FINE, col, row, NATIVE))
            seen = picture(below.body)
            if answer.headers["OATiles-hint"] == "empty":
                self.assertLess(numpy.count_nonzero(seen[..., -1]) if seen.shape[-1] == 4 else seen.size, 256 * 256 // 8)
                empty += 1
                continue
            drawn = picture(answer.body)[..., :3]
            there = seen[..., 3] == 255 if seen.shape[-1] == 4 else numpy.ones(seen.shape[:2], bool)
            self.assertTrue((drawn[there] == seen[there][..., :3]).all(), (col, row))
            filled += 1
        self.assertGreater(stored, 50)
        self.assertGreater(filled, 50)
        self.assertGreater(empty, 10)

    def test_a_map_over_the_border_has_both_and_no_gap(self):
        """South of the city's dalle, whose lower edge is turned against the tiles: its last tiles are data in part."""
        col, row = (self.city.columns.start + self.city.columns.stop) // 2, self.city.rows[-1]
        west, south, *_ = tile_box("PM", FINE, col, row + 1)
        box = (west, south, *tile_box("PM", FINE, col + 1, row - 1)[2:])
        both, fine, coarse = (self.map(layer, box, 512, 768, TRANSPARENT="TRUE") for layer in ("whole", "city", "county"))
        picture_file("partial-levels-border").write_bytes(
            self.server.get(get_map("whole", "EPSG:3857", box, 512, 768)).body)
        self.assertEqual(both.shape[-1], 3, "something is transparent")
        in_fine, nothing = fine[..., 3] == 255, fine[..., 3] == 0
        self.assertTrue(in_fine.any() and nothing.any())
        self.assertTrue((both[in_fine] == fine[in_fine][..., :3]).all())
        self.assertTrue((both[nothing] == coarse[nothing][..., :3]).all())

    def test_the_layer_is_as_wide_as_its_widest_level(self):
        capabilities = xml.etree.ElementTree.fromstring(
            self.server.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.3.0").body)
        boxes = {layer.find("wms:Name", WMS).text: layer.find("wms:BoundingBox[@CRS='EPSG:3857']", WMS).attrib
                 for layer in capabilities.iterfind(".//wms:Layer[wms:Name]", WMS)}
        self.assertEqual(boxes["whole"], boxes["county"])
        self.assertNotEqual(boxes["city"], boxes["county"])

    def test_other_sets_systems_and_formats_show_it_too(self):
        col, row = (self.city.columns.start + self.city.columns.stop) // 2, self.city.rows[-1] + 3
        west, south, east, north = tile_box("PM", FINE, col, row)
        beside = (west, south, east, north)
        for more in ({"media_type": "image/jpeg"}, {"media_type": "image/webp"}, {"TRANSPARENT": "TRUE"}):
            a, b = (self.map(layer, beside, 300, 200, **more)[..., :3].astype(int) for layer in ("whole", "county"))
            self.assertLess(numpy.abs(a - b).mean(), 3, more)
            self.assertGreater(a.std(), 2)
        told = [self.server.get(f"/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetFeatureInfo&LAYERS={layer}&QUERY_LAYERS={layer}"
                                f"&CRS=EPSG:3857&BBOX={west},{south},{east},{north}&WIDTH=256&HEIGHT=256&I=99&J=9&STYLES="
                                f"&INFO_FORMAT=text/plain").text.split("\n", 1)[1] for layer in ("whole", "county")]
        self.assertIn("band_3", told[0])
        self.assertEqual(*told)
