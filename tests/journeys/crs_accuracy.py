# SPDX-License-Identifier: Apache-2.0
"""Maps in other systems than the layer's: each pixel shows the ground that PROJ says, to an eighth of a pixel.

A layer's colours tell the columns and rows of its pixels: waves of straight flanks, SLOPE levels a pixel, which bilinear resampling
leaves exact between their crests."""
import json
import re
import subprocess
import unittest
import warnings
from dataclasses import dataclass

import numpy
import pyproj
import pyproj.aoi
import pyproj.transformer
from osgeo import gdal, osr

from support.places import BIN, PROJECT, fresh_folder
from support.programs import DEADLINE, Server, done
from support.pyramids import picture

gdal.UseExceptions()

README = PROJECT / "server/catalog/README.md"
MOST_SHIFT = 0.125
"""Pixels of the layer, as the contract says."""
SIDE = 512
SLOPE = 32
FLANK = 7
"""Pixels from a trough to a crest: 224 levels."""
FROM_CREST = 2.5
"""Pixels around crests and edges that a kernel may reach across."""

PLACES = {"EPSG:3942": (6.14, 42.3), "EPSG:3943": (5.37, 43.3), "EPSG:3944": (1.44, 43.6), "EPSG:3945": (5.72, 45.19),
          "EPSG:3946": (4.83, 45.76), "EPSG:3947": (-1.55, 47.22), "EPSG:3948": (-4.1, 48.0), "EPSG:3949": (2.35, 48.86),
          "EPSG:3950": (3.06, 50.63), "EPSG:5490": (-61.53, 16.24), "EPSG:2972": (-52.33, 4.93), "EPSG:2975": (55.45, -20.88),
          "EPSG:4471": (45.23, -12.78), "EPSG:3035": (21.0, 60.2), "EPSG:4258": (-8.6, 41.15), "EPSG:4326": (-70.0, -33.4),
          "EPSG:3857": (139.7, 35.7), "EPSG:2056": (6.14, 46.2), "EPSG:2193": (174.76, -41.29)}
"""Of each system some ground that it is meant for."""
MERIDIAN = 20037508.342789244
"""Half of the equator in Web Mercator."""
FRENCH = tuple(f"EPSG:{code}" for code in range(3942, 3951))
CELLS = {"near": 0.2, "far": 40}
"""Metres: a quarter of a city block, and the surroundings of a city."""


@dataclass(frozen=True)
class Ground:
    """A layer's square: its system, the upper left corner and the side of a pixel in that system's units."""
    name: str
    crs: str
    west: float
    north: float
    cell: float

    @classmethod
    def around(cls, name, crs, place, metres):
        reference = pyproj.CRS.from_user_input(crs)
        cell = metres / 111320 if reference.is_geographic else metres
        x, y = pyproj.Transformer.from_crs("OGC:CRS84", crs, always_xy=True).transform(*place)
        half = SIDE // 2
        return cls(name, crs, (round(x / cell) - half) * cell, (round(y / cell) + half) * cell, cell)

    @property
    def box(self):
        return self.west, self.north - SIDE * self.cell, self.west + SIDE * self.cell, self.north


def wave(at):
    """The level that is meant `at` so many pixels from the edge, in the middle of pixels; numbers between are exact, too."""
    phase = (numpy.asarray(at) - 0.5) % (2 * FLANK)
    return SLOPE * numpy.where(phase < FLANK, phase, 2 * FLANK - phase)


def is_straight(at):
    """Whether a kernel around it sees one flank, and no edge."""
    phase = (at - 0.5) % FLANK
    return (phase > FROM_CREST) & (phase < FLANK - FROM_CREST) & (at > FROM_CREST) & (at < SIDE - FROM_CREST)


def block(columns, rows):
    """A number for each 16 x 16 pixels: that the waves are those of other ones would not go unseen."""
    return (numpy.floor(columns / 16) * 7 + numpy.floor(rows / 16) * 3) % 64 * 4


def write_source(file, ground):
    middles = numpy.arange(SIDE) + 0.5
    columns, rows = numpy.meshgrid(middles, middles)
    dataset = gdal.GetDriverByName("GTiff").Create(str(file), SIDE, SIDE, 3, gdal.GDT_Byte)
    dataset.SetGeoTransform((ground.west, ground.cell, 0, ground.north, 0, -ground.cell))
    reference = osr.SpatialReference()
    reference.SetFromUserInput(ground.crs)
    dataset.SetProjection(reference.ExportToWkt())
    for band, levels in enumerate((wave(columns), wave(rows), block(columns, rows)), 1):
        dataset.GetRasterBand(band).WriteArray(levels.astype(numpy.uint8))


def write_set(file, ground):
    """One matrix, whose first tile begins where the ground does."""
    metres = 111319.49079327358 if pyproj.CRS.from_user_input(ground.crs).is_geographic else 1
    matrix = {"id": "0", "scaleDenominator": ground.cell * metres / 0.00028, "cellSize": ground.cell,
              "pointOfOrigin": [ground.west, ground.north], "tileWidth": 256, "tileHeight": 256, "matrixWidth": 2, "matrixHeight": 2}
    file.write_text(json.dumps({"id": file.stem, "crs": ground.crs, "tileMatrices": [matrix]}))


def has_northing_first(crs):
    return pyproj.CRS.from_user_input(crs).axis_info[0].direction == "north"


class Accuracy(unittest.TestCase):
    """Where a system is meant for, three layers: in that system, in degrees, and in France in Lambert-93."""

    @classmethod
    def setUpClass(cls):
        cls.folder = fresh_folder("crs-accuracy")
        cls.store = cls.folder / "store"
        cls.grounds = {}
        (cls.store / "tilematrixsets").mkdir(parents=True)
        for asked, place in PLACES.items():
            for crs in {asked, "EPSG:4326", "EPSG:2154" if asked in FRENCH else asked}:
                for distance, metres in CELLS.items():
                    name = f"{asked[5:]}-{distance}-{crs[5:]}"
                    cls.grounds[asked, distance, crs] = cls.build(Ground.around(name, crs, place, metres))
        cls.build(Ground("world", "EPSG:3857", -MERIDIAN, MERIDIAN, 2 * MERIDIAN / SIDE))
        cls.server = Server(cls.store)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    @classmethod
    def build(cls, ground, store=None):
        store = store or cls.store
        source, matrices = cls.folder / f"{ground.name}.tif", store / "tilematrixsets" / f"{ground.name}-set.json"
        write_source(source, ground)
        write_set(matrices, ground)
        done("build", source, "--into", store, "--name", ground.name, "--tms", matrices, "--format", "png")
        return ground

    def draw(self, ground, crs, box, version="1.3.0"):
        turned = version == "1.3.0" and has_northing_first(crs)
        sides = (box[1], box[0], box[3], box[2]) if turned else box
        answer = self.server.kvp("/wms", SERVICE="WMS", REQUEST="GetMap", VERSION=version, LAYERS=ground.name, STYLES="",
                                 **{"CRS" if version == "1.3.0" else "SRS": crs}, BBOX=",".join(map(repr, sides)), WIDTH=SIDE,
                                 HEIGHT=SIDE, FORMAT="image/png", TRANSPARENT="TRUE")
        self.assertEqual((answer.status, answer.media_type), (200, "image/png"), answer.body[:600])
        return answer.body

    def check(self, ground, crs):
        """Holds each pixel of a map of all of the ground against what PROJ says lies there."""
        box = pyproj.Transformer.from_crs(ground.crs, crs, always_xy=True).transform_bounds(*ground.box, densify_pts=51)
        body = self.draw(ground, crs, box)
        self.assertEqual(body, self.draw(ground, crs, box, "1.1.1"))  # x comes first there, always
        seen = picture(body)
        middles = (numpy.arange(SIDE) + 0.5) / SIDE
        x, y = numpy.meshgrid(box[0] + middles * (box[2] - box[0]), box[3] - middles * (box[3] - box[1]))
        x, y = pyproj.Transformer.from_crs(crs, ground.crs, always_xy=True).transform(x, y)
        columns, rows = (x - ground.west) / ground.cell, (ground.north - y) / ground.cell
        inside = (numpy.minimum(columns, rows) > FROM_CREST) & (numpy.maximum(columns, rows) < SIDE - FROM_CREST)
        self.assertTrue((seen[inside][:, 3] == 255).all() if seen.shape[2] == 4 else inside.any())
        shifts = []
        for channel, at in enumerate((columns, rows)):
            straight = inside & is_straight(at)
            # Out to the last flanks at all four edges.
            for part in (columns, rows):
                self.assertLess(part[straight].min(), 12)
                self.assertGreater(part[straight].max(), SIDE - 12)
            self.assertGreater(straight.mean(), 0.1)
            shifts.append(numpy.abs(seen[..., channel][straight] - wave(at)[straight]).max() / SLOPE)
        within = inside & ((columns % 16 - 8).__abs__() < 5) & ((rows % 16 - 8).__abs__() < 5)
        self.assertTrue((seen[..., 2][within] == block(columns, rows)[within]).all())
        return max(shifts)

    def check_all(self, cases):
        worst = {}
        for ground, crs in cases:
            with self.subTest(layer=ground.name, map=crs):
                worst[ground.name, crs] = self.check(ground, crs)
                self.assertLessEqual(worst[ground.name, crs], MOST_SHIFT)
        print(f"at the most {max(worst.values()):.3f} px off, {max(worst, key=worst.get)}")

    def test_layers_in_each_system_on_maps_of_the_web(self):
        self.check_all((self.grounds[asked, distance, asked], crs) for asked in PLACES for distance in CELLS
                       for crs in ("EPSG:3857", "EPSG:4326") if crs != asked)

    def test_layers_in_degrees_on_maps_in_each_system(self):
        self.check_all((self.grounds[asked, distance, "EPSG:4326"], asked) for asked in PLACES for distance in CELLS)

    def test_layers_in_lambert_93_on_maps_in_each_zone(self):
        self.check_all((self.grounds[asked, distance, "EPSG:2154"], asked) for asked in FRENCH for distance in CELLS)

    def test_layers_in_each_system_on_maps_in_it(self):
        self.check_all((self.grounds[asked, distance, asked], asked) for asked in PLACES for distance in CELLS)

    def test_the_list_of_systems_in_the_readme_is_what_the_world_is_offered_in(self):
        """Or less, where this PROJ is an old one."""
        systems = json.loads(self.server.get("/layers.json").text)
        world = next(layer for layer in systems["layers"] if layer["name"] == "world")
        rows = re.findall(r"^\| `(EPSG:\d+)` \| (.*?) \| (.*?) \| (northing first)? ?\|$", README.read_text(), re.MULTILINE)
        self.assertLessEqual(set(world["systems"]) - {"EPSG:3857", "EPSG:4326", "CRS:84"}, {code for code, *_ in rows})
        for code, name, area, axes in rows:
            with self.subTest(code):
                self.assertEqual(axes == "northing first", has_northing_first(code))
                self.assertIn(code, systems["systems"])
                self.assertEqual(systems["systems"][code]["name"], name)
                self.assertEqual(systems["systems"][code]["area_of_use"], [float(side) for side in area.split(", ")])

    def test_each_map_names_an_operation_that_knows_both_datums(self):
        listed = json.loads(self.server.get("/layers.json").text)
        for layer in listed["layers"]:
            if layer["name"] == "world":
                continue
            for code, number in layer["systems"].items():
                with self.subTest(layer=layer["name"], map=code):
                    if number is None:
                        same = pyproj.CRS(code.replace("CRS:84", "OGC:CRS84"))
                        self.assertTrue(same.equals(pyproj.CRS(layer["crs"]), ignore_axis_order=True))
                        continue
                    operation = listed["operations"][number]
                    self.assertEqual((operation["from"], operation["to"]), (code, layer["crs"]))
                    self.assertFalse(operation["ballpark"])
                    self.assertLessEqual(operation["accuracy"], 3)

    def test_the_check_notes_grids_that_are_missing(self):
        store, london = self.folder / "british", (-0.1, 51.5)
        (store / "tilematrixsets").mkdir(parents=True)
        self.build(Ground.around("london", "EPSG:27700", london, 5), store)
        area = pyproj.aoi.AreaOfInterest(london[0] - 0.01, london[1] - 0.01, london[0] + 0.01, london[1] + 0.01)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            known = pyproj.transformer.TransformerGroup("EPSG:3857", "EPSG:27700", area_of_interest=area)
        said = subprocess.run([BIN / "ardoise-server", "--store", store, "--check"], capture_output=True, text=True, timeout=DEADLINE,
                              check=True).stdout
        self.assertEqual("note: maps in EPSG:3857 of layers in EPSG:27700 are good to 2 m" in said, not known.best_available, said)
        self.assertTrue(said.endswith("1 layer, 0 mistakes\n"), said)
        said = subprocess.run([BIN / "ardoise-server", "--store", self.store, "--check"], capture_output=True, text=True,
                              timeout=DEADLINE, check=True).stdout
        self.assertNotIn("ballpark", said)
