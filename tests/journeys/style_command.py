# SPDX-License-Identifier: Apache-2.0
"""Pyramids of pictures: what `ardoise style` stores is what the server draws, tile by tile and level by level."""
import io
import json
import os
import shutil
import unittest

import numpy
from osgeo import gdal, osr
from PIL import Image

import classes
import water
from support.hamlets import finished, start
from support.places import CITY_STORE, FAULT_SHIM, fresh_folder, listing, needs_shim
from support.programs import Server, ardoise, done, inspect, verify
from support.pyramids import DIGITS, Pyramid

gdal.UseExceptions()

CELL, LEFT, TOP = water.CELL, water.LEFT, water.TOP
SIZE = 700
NODATA = -99999

STYLES = {
    "lined": {"identifier": "lined", "title": "Relief with lines",
              "palette": {"name": "viridis", "range": [0, 60]},
              "shade": {"multidirectional": True}, "contours": {"interval": 2}},
    "crisp": {"identifier": "crisp", "title": "Contrast", "bands": [4, 1, 2],
              "tone": {"gamma": 1.3, "stretch": {"percentiles": [2, 98]}, "sharpen": 0.7}},
    "river": water.STYLE | {"identifier": "river"},
}


def hills(x, y):
    """Heights of ground that is nowhere level, in metres, around the middle of the pixels of `x` and `y`."""
    return 30 + 14 * numpy.sin(x / 37) * numpy.cos(y / 53) + 8 * numpy.sin((x + y) / 11) + 0.01 * x


def write(file, bands, column=0, kind=gdal.GDT_Float32, nodata=NODATA):
    """A dalle on the pixels of level 17 of 2154_5cm, from a column of these on."""
    height, width = bands[0].shape
    dataset = gdal.GetDriverByName("GTiff").Create(str(file), width, height, len(bands), kind)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(2154)
    dataset.SetProjection(reference.ExportToWkt())
    dataset.SetGeoTransform((LEFT + column * CELL, CELL, 0, TOP, 0, -CELL))
    for number, pixels in enumerate(bands, 1):
        dataset.GetRasterBand(number).WriteArray(pixels)
        dataset.GetRasterBand(number).SetNoDataValue(nodata)


def write_heights(folder, raised=0.0):
    """Two dalles side by side, with a hole and a ragged edge; the second may be raised in one place."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in (0, 1):
        y, x = numpy.mgrid[:SIZE, number * SIZE:(number + 1) * SIZE].astype(float)
        heights = hills(x, y)
        heights[x + 20 * numpy.sin(y / 7) < 60] = NODATA
        if number == 1:
            heights[500:560, 500:560] += raised
        else:
            heights[200:260, 300:380] = NODATA
        write(folder / f"{number}.tif", [heights.astype(numpy.float32)], number * SIZE)


def write_picture(folder):
    """Red, green, blue and near infrared."""
    folder.mkdir(parents=True, exist_ok=True)
    y, x = numpy.mgrid[:SIZE, :SIZE].astype(float)
    dice = numpy.random.default_rng(5)
    bands = [numpy.clip(110 + 70 * numpy.sin(x / (13 + band)) * numpy.cos(y / 29) + dice.integers(0, 20, x.shape), 1, 255)
             for band in range(4)]
    for band in bands:
        band[x < 30 + 10 * numpy.sin(y / 9)] = 0
    write(folder / "photo.tif", [band.astype(numpy.uint8) for band in bands], kind=gdal.GDT_Byte, nodata=0)


def write_terrain(folder):
    """Heights, and the levels at which water gets there."""
    folder.mkdir(parents=True, exist_ok=True)
    y, x = numpy.mgrid[:SIZE, :SIZE].astype(float)
    ground = 11 + numpy.abs(x - 350) * 0.03 + numpy.sin(y / 5)
    flood = numpy.where(x > 600, 99999, numpy.maximum(ground, 13))
    write(folder / "terrain.tif", [ground.astype(numpy.float32), flood.astype(numpy.float32)])


def publish(store, layers):
    """Describes layers by the styles that each has."""
    for folder in ("styles", "layers"):
        (store / folder).mkdir(exist_ok=True)
    for name, style in STYLES.items():
        (store / f"styles/{name}.json").write_text(json.dumps(style))
    for name, styles in layers.items():
        (store / f"layers/{name}.json").write_text(json.dumps({"styles": styles}))


def rgba(body):
    return numpy.asarray(Image.open(io.BytesIO(body)).convert("RGBA")).astype(int)


def style(store, of, wanted, name, *options, **more):
    return done("style", store / f"{of}.json", "--style", wanted, "--into", store, "--name", name, "--json", *options, **more)


def files_of(pyramid_folder):
    """What checksums say of each slab file, EXACT aside."""
    lines = [line.split() for line in (pyramid_folder / "checksums.txt").read_text().splitlines()[:-1]]
    return {path: hash_ for hash_, _, path in lines if not path.startswith("EXACT")}


def place_of(path):
    """Level, column and row of a slab file, by the digits of its name."""
    _, level, *digits = path.removesuffix(".tif").split("/")
    digits = "".join(digits)
    column, row = (sum(DIGITS.index(digit) * 36 ** power for power, digit in enumerate(digits[::-1][first::2]))
                   for first in (1, 0))
    return level, column, row


class StyleCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.store = fresh_folder(cls.__name__)
        cls.build()

    def tile(self, server, layer, style_name, level, col, row, media_type="image/png", **more):
        answer = server.kvp("/wmts", SERVICE="WMTS", REQUEST="GetTile", VERSION="1.0.0", LAYER=layer, STYLE=style_name,
                            FORMAT=media_type, TILEMATRIXSET=self.set_id, TILEMATRIX=level, TILEROW=row, TILECOL=col, **more)
        self.assertEqual(answer.status, 200, answer.body[:300])
        return answer.body

    def check(self, server, of, style_name, name, identifier=None, **more):
        """Every stored tile of every level, against the server's in that style; the rest is not stored. Also as served."""
        values, pictures = Pyramid(self.store, of), Pyramid(self.store, name)
        self.assertEqual(list(values.levels), list(pictures.levels))
        compared = 0
        for level_id, level in values.levels.items():
            shown = pictures.levels[level_id]
            for col, row in level.tiles():
                stored = shown.tile(col, row)
                self.assertEqual(bool(stored), bool(level.tile(col, row)), (level_id, col, row))
                if not stored:
                    continue
                drawn = self.tile(server, of, identifier or style_name, level_id, col, row, **more)
                numpy.testing.assert_array_equal(rgba(stored), rgba(drawn), f"{name} {level_id}/{col}/{row}")
                self.assertEqual(self.tile(server, name, "normal", level_id, col, row,
                                           pictures_media_type(pictures)), stored)
                compared += 1
        self.assertEqual(verify(self.store, name)["damages"], [])
        self.assertEqual(inspect(self.store, name)["extent"], inspect(self.store, of)["extent"])
        return compared

    set_id = "2154_5cm"


def pictures_media_type(pyramid):
    return {"TIFF_PNG_UINT8": "image/png", "TIFF_WEBP_UINT8": "image/webp"}[pyramid.format]


class EachStyle(StyleCase):
    """Small slabs, so that relief looks across their edges at each level."""

    @classmethod
    def build(cls):
        sources = cls.store / "sources"
        write_heights(sources / "dtm")
        write_picture(sources / "photo")
        write_terrain(sources / "river")
        cut = ("--into", cls.store, "--tms", "2154_5cm", "--top", "13", "--slab", "2x2")
        done("build", sources / "dtm", *cut, "--name", "dtm")
        done("build", sources / "photo", *cut, "--name", "photo", "--bands", "1,2,3,4", "--format", "zip")
        done("build", sources / "river", *cut, "--name", "river", "--bands", "1,2", "--resampling", "near")
        cls.relief = ("hillshade", "slope", "relief", "contours", "terrain-rgb", "elevation", "normal", "lined")
        publish(cls.store, {"dtm": cls.relief, "photo": ["normal", "ndvi", "rgb", "grey", "crisp"], "river": ["river"]})
        for name in cls.relief:
            style(cls.store, "dtm", name, f"dtm-{name}")
        for name in ("ndvi", "crisp", "grey"):
            style(cls.store, "photo", name, f"photo-{name}")
        style(cls.store, "river", "river", "river-390", "--water-level", "3.9")
        cls.server = cls.enterClassContext(Server(cls.store))

    def test_relief(self):
        for name in self.relief:
            self.assertGreater(self.check(self.server, "dtm", name, f"dtm-{name}"), 20)

    def test_pictures(self):
        for name in ("ndvi", "crisp", "grey"):
            self.assertGreater(self.check(self.server, "photo", name, f"photo-{name}"), 12)

    def test_water_at_one_level(self):
        self.assertGreater(self.check(self.server, "river", "river", "river-390", WATER_LEVEL="3.9"), 12)

    def test_the_seams_of_slabs_are_none(self):
        """The finest level in one picture, against gdaldem's of the heights in one piece."""
        pixels, valid = Pyramid(self.store, "dtm").pixels("17")
        heights = gdal.GetDriverByName("MEM").Create("", pixels.shape[1], pixels.shape[0], 1, gdal.GDT_Float32)
        heights.SetGeoTransform((0, CELL, 0, 0, 0, -CELL))
        heights.GetRasterBand(1).WriteArray(numpy.where(valid > 0, pixels, NODATA))
        heights.GetRasterBand(1).SetNoDataValue(NODATA)
        wanted = gdal.DEMProcessing("", heights, "hillshade", format="MEM", computeEdges=True).ReadAsArray().astype(int)
        level = Pyramid(self.store, "dtm-hillshade").levels["17"]
        ours = numpy.vstack([numpy.hstack([rgba(tile) if (tile := level.tile(col, row)) else numpy.zeros((256, 256, 4), int)
                                           for col in level.columns]) for row in level.rows])
        seen = ours[..., 3] > 0
        numpy.testing.assert_array_equal(seen, valid > 0)
        self.assertLessEqual(numpy.abs(ours[..., 0] - wanted)[seen].max(), 1)

    def test_what_the_descriptor_says(self):
        said = {name: json.loads((self.store / f"{name}.json").read_text()) for name in ("dtm-hillshade", "dtm-terrain-rgb")}
        of_values = json.loads((self.store / "dtm.json").read_text())["raster_specifications"]
        self.assertEqual(said["dtm-hillshade"]["raster_specifications"],
                         {"channels": 4, "nodata": "0,0,0,0", "photometric": "rgb", "interpolation": of_values["interpolation"]})
        self.assertEqual(said["dtm-hillshade"]["ardoise"]["style"]["of"], "dtm")
        self.assertNotIn("unit", said["dtm-hillshade"]["ardoise"])
        self.assertNotIn("blended", said["dtm-hillshade"]["ardoise"])
        self.assertEqual(said["dtm-terrain-rgb"]["raster_specifications"]["channels"], 3)
        self.assertIs(said["dtm-terrain-rgb"]["ardoise"]["blended"], False)

    def test_heights_in_colours_are_never_mixed(self):
        """A map between pixels and levels: each of its colours is that of a height of the ground."""
        pixels, valid = Pyramid(self.store, "dtm").pixels("17")
        west, _, _, north = inspect(self.store, "dtm")["extent"]
        box = (west + 300 * CELL, north - 500 * CELL, west + 500 * CELL, north - 300 * CELL)
        body = self.server.kvp("/wms", SERVICE="WMS", VERSION="1.1.1", REQUEST="GetMap", LAYERS="dtm-terrain-rgb", STYLES="",
                               SRS="EPSG:2154", BBOX=",".join(map(repr, box)), WIDTH=230, HEIGHT=270, FORMAT="image/png").body
        colours = rgba(body)
        heights = (colours[..., 0] * 65536 + colours[..., 1] * 256 + colours[..., 2]) * 0.1 - 10000
        known = numpy.unique(numpy.append(numpy.round(pixels[valid > 0], 1), 0))  # and nodata, which is 0 m
        off = numpy.abs(heights.ravel()[:, None] - known[None, :]).min(axis=1)
        self.assertLess(off.max(), 0.11)

    def test_other_formats(self):
        """The same picture where a mask says what an alpha does; nothing is lost where that matters."""
        style(self.store, "dtm", "hillshade", "hillshade-zip", "--format", "zip")
        style(self.store, "dtm", "hillshade", "hillshade-jpg", "--format", "jpg", "--quality", "95")
        style(self.store, "dtm", "terrain-rgb", "terrain-webp", "--format", "webp")
        publish(self.store, {})
        for level_id in ("17", "15"):
            reference = Pyramid(self.store, "dtm-hillshade").levels[level_id]
            zipped, zipped_valid = Pyramid(self.store, "hillshade-zip").pixels(level_id)
            jpeg, jpeg_valid = Pyramid(self.store, "hillshade-jpg").pixels(level_id)
            numpy.testing.assert_array_equal(zipped_valid, jpeg_valid)
            png = numpy.vstack([numpy.hstack([rgba(tile) if (tile := reference.tile(col, row)) else
                                              numpy.zeros((256, 256, 4), int) for col in reference.columns])
                                for row in reference.rows])
            numpy.testing.assert_array_equal(png[..., 3], zipped_valid)
            seen = zipped_valid > 0
            numpy.testing.assert_array_equal(png[..., 0][seen], zipped[seen])
            self.assertTrue((zipped[~seen] == 255).all())
            self.assertLess(numpy.abs(jpeg[seen].astype(int) - zipped[seen]).mean(), 3)
        exact, lossless = (Pyramid(self.store, name).levels["16"] for name in ("dtm-terrain-rgb", "terrain-webp"))
        for col, row in exact.tiles():
            if exact.tile(col, row):
                numpy.testing.assert_array_equal(rgba(exact.tile(col, row)), rgba(lossless.tile(col, row)))

    def test_slabs_are_read_in_place(self):
        style(self.store, "dtm", "lined", "lined-zip", "--format", "zip")
        level = Pyramid(self.store, "lined-zip").levels["17"]
        col, row = level.columns[1], level.rows[1]
        dataset = gdal.Open(str(level.slab_file(col, row)))
        x, y = col % 2 * 256, row % 2 * 256
        pixels = numpy.moveaxis(dataset.ReadAsArray(x, y, 256, 256), 0, 2)
        stored = rgba(Pyramid(self.store, "dtm-lined").levels["17"].tile(col, row))
        numpy.testing.assert_array_equal(pixels[stored[..., 3] > 0][:, :3], stored[stored[..., 3] > 0][:, :3])

    def test_tiles_go_out_by_their_bytes(self):
        archive = self.store / "hillshade.mbtiles"
        done("build", self.store / "sources/dtm", "--into", self.store, "--name", "mercator", "--tms", "PM", "--bottom", "16")
        style(self.store, "mercator", "hillshade", "mercator-hillshade")
        report = json.loads(done("export", self.store / "mercator-hillshade.json", "--to", archive, "--json").stdout)
        self.assertGreater(report["tiles"], 10)
        done("import", archive, "--into", self.store, "--name", "back", "--tms", "PM")
        one, other = (Pyramid(self.store, name).levels["16"] for name in ("mercator-hillshade", "back"))
        for col, row in one.tiles():
            self.assertEqual(one.tile(col, row), other.tile(col, row))


class GroundSize(StyleCase):
    """Metres of Web Mercator grow with the latitude: rows of every level are as high as the server takes them."""

    set_id = "PM"

    @classmethod
    def build(cls):
        write_heights(cls.store / "sources")
        done("build", cls.store / "sources", "--into", cls.store, "--name", "dtm", "--tms", "PM", "--bottom", "16", "--slab", "2x2")
        publish(cls.store, {"dtm": ["hillshade", "slope"]})
        for name in ("hillshade", "slope"):
            style(cls.store, "dtm", name, f"dtm-{name}")
        cls.server = cls.enterClassContext(Server(cls.store))

    def test_relief(self):
        for name in ("hillshade", "slope"):
            self.assertGreater(self.check(self.server, "dtm", name, f"dtm-{name}"), 10)


class LandCover(StyleCase):
    """Classes that a pyramid brings with it."""

    set_id = "PM"

    @classmethod
    def build(cls):
        (cls.store / "sources").mkdir()
        classes.write_cover(cls.store / "sources/a.tif", classes.cover_of(1))
        done("build", cls.store / "sources", "--into", cls.store, "--name", "cover", "--tms", "PM", "--bands", "1",
             "--resampling", "mode", "--top", "13", "--slab", "2x2")
        style(cls.store, "cover", "classes", "cover-classes")
        cls.server = cls.enterClassContext(Server(cls.store))

    def test_classes(self):
        self.assertGreater(self.check(self.server, "cover", "classes", "cover-classes"), 10)

    def test_maps_have_no_colour_but_those_of_the_classes(self):
        known = {colour[:3] for colour in classes.COLOURS[1:]}
        west, south, east, north = inspect(self.store, "cover-classes")["extent"]
        body = self.server.kvp("/wms", SERVICE="WMS", VERSION="1.1.1", REQUEST="GetMap", LAYERS="cover-classes", STYLES="",
                               SRS="EPSG:3857", BBOX=f"{west},{south},{east},{north}", WIDTH=333, HEIGHT=320,
                               FORMAT="image/png", TRANSPARENT="TRUE").body
        seen = rgba(body)
        self.assertEqual({tuple(pixel[:3]) for pixel in seen.reshape(-1, 4).tolist() if pixel[3]} - known, set())


class PartialLevels(StyleCase):
    """A finest level that reaches less far than those above it: what it lacks is filled from these."""

    @classmethod
    def build(cls):
        write_heights(cls.store / "sources")
        done("build", cls.store / "sources", "--into", cls.store, "--name", "dtm", "--tms", "2154_5cm", "--top", "13", "--slab", "2x2")
        descriptor = cls.store / "dtm.json"
        said = json.loads(descriptor.read_text())
        finest = max(said["levels"], key=lambda level: int(level["id"]))
        finest["tile_limits"]["max_col"] -= 2
        descriptor.write_text(json.dumps(said))
        publish(cls.store, {"dtm": ["hillshade"]})
        style(cls.store, "dtm", "hillshade", "dtm-hillshade")
        cls.server = cls.enterClassContext(Server(cls.store))

    def test_relief(self):
        self.assertGreater(self.check(self.server, "dtm", "hillshade", "dtm-hillshade"), 10)

    def test_styles_with_holes_are_refused(self):
        result = ardoise("style", self.store / "dtm.json", "--style", "contours", "--into", self.store, "--name", "lines")
        self.assertEqual(result.returncode, 1)
        self.assertIn("reach further than others", result.stderr)
        self.assertFalse((self.store / "lines.json").exists())


class City(StyleCase):
    """The heights of the sample city, at 5 cm."""

    @classmethod
    def build(cls):
        for source in (CITY_STORE / "dtm.json", CITY_STORE / "dtm.list"):
            shutil.copy(source, cls.store)
        shutil.copytree(CITY_STORE / "dtm", cls.store / "dtm", copy_function=os.link)
        publish(cls.store, {"dtm": ["hillshade-multidirectional"]})
        style(cls.store, "dtm", "hillshade-multidirectional", "shade")
        cls.server = cls.enterClassContext(Server(cls.store))

    def test_hillshade(self):
        self.assertGreater(self.check(self.server, "dtm", "hillshade-multidirectional", "shade"), 30)


class Revisions(unittest.TestCase):
    """The same command again: on from where it was killed, and once more when the heights were updated."""

    def setUp(self):
        self.store = fresh_folder(f"style-{self._testMethodName}")
        self.sources = self.store / "sources"
        write_heights(self.sources)
        done("build", self.sources, "--into", self.store, "--tms", "2154_5cm", "--top", "13", "--slab", "2x2", "--name", "dtm")

    def styled(self, name, wanted="hillshade", *options):
        return json.loads(style(self.store, "dtm", wanted, name, *options).stdout)

    def update(self):
        write_heights(self.sources, raised=5)
        done("update", self.store / "dtm.json")

    def check_equal(self, folder, other):
        """The same slab files, to the byte."""
        def slabs(of):
            return {str(path.relative_to(of)): path.read_bytes() for kind in ("DATA", "MASK")
                    for path in (of / kind).rglob("*.tif")}

        self.assertEqual(slabs(self.store / folder), slabs(self.store / other))

    def slabs_changed(self, reach):
        """By the checksums of both revisions of the heights: each slab that changed, and those around it."""
        before, now = files_of(self.store / "dtm"), files_of(self.store / "dtm/r2")
        changed = {place_of(path) for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
        return {place_of(path) for path in now if path.startswith("DATA") and
                any((place_of(path)[0], place_of(path)[1] + i, place_of(path)[2] + j) in changed
                    for i in range(-reach, reach + 1) for j in range(-reach, reach + 1))}

    def test_with_nothing_to_do_nothing_is_written(self):
        self.styled("shade")
        before = listing(self.store)
        self.assertEqual(self.styled("shade"), {"revision": 1, "drawn_slabs": 0})
        self.assertIn("nothing to do", done("style", self.store / "dtm.json", "--style", "hillshade", "--into", self.store,
                                            "--name", "shade").stdout)
        self.assertEqual(listing(self.store), before)

    def test_a_pyramid_without_checksums_is_read(self):
        """As other programs leave theirs."""
        self.styled("shade")
        (self.store / "dtm/checksums.txt").unlink()
        self.assertEqual(self.styled("shade")["drawn_slabs"], 0)
        self.styled("anew")
        self.check_equal("shade", "anew")

    def test_threads_make_no_difference(self):
        for jobs in (1, 4):
            self.styled(f"shade-{jobs}", "relief", "--jobs", jobs)
        self.check_equal("shade-1", "shade-4")

    def test_an_update_draws_what_changed(self):
        for wanted in ("hillshade", "elevation"):
            self.styled(wanted, wanted)
        self.update()
        for wanted, reach in (("hillshade", 1), ("elevation", 0)):
            said = self.styled(wanted, wanted, "--changed", self.store / "purge.txt")
            expected = self.slabs_changed(reach)
            slabs = [path for path in files_of(self.store / "dtm/r2") if path.startswith("DATA")]
            self.assertEqual((said["revision"], said["drawn_slabs"]), (2, len(expected)))
            self.assertLess(len(expected), len(slabs))
            for path in files_of(self.store / wanted / "r2"):
                is_linked = (self.store / wanted / "r2" / path).stat().st_ino == (self.store / wanted / path).stat().st_ino \
                    if (self.store / wanted / path).exists() else False
                self.assertEqual(is_linked, place_of(path) not in expected, path)
            self.assertEqual(len((self.store / "purge.txt").read_text().splitlines()), said["changed_tiles"])
            self.assertGreater(said["changed_tiles"], 0)
            self.styled(f"{wanted}-anew", wanted)
            self.check_equal(f"{wanted}/r2", f"{wanted}-anew")
            self.assertEqual(verify(self.store, wanted)["damages"], [])

    def test_another_quality_draws_all_anew(self):
        self.styled("shade", "hillshade", "--format", "jpg", "--quality", "50")
        said = self.styled("shade", "hillshade", "--format", "jpg", "--quality", "90")
        self.assertEqual((said["revision"], said["taken_over_files"]), (2, 0))
        self.styled("anew", "hillshade", "--format", "jpg", "--quality", "90")
        self.check_equal("shade/r2", "anew")

    def test_a_rollback_brings_the_pictures_before(self):
        self.styled("shade")
        self.update()
        self.styled("shade")
        done("rollback", self.store / "shade.json")
        self.assertEqual(inspect(self.store, "shade")["revision"], 1)
        self.assertEqual(self.styled("shade")["revision"], 3)
        self.styled("anew")
        self.check_equal("shade/r3", "anew")
        done("remove", self.store / "shade.json")
        self.assertFalse((self.store / "shade").exists())

    @needs_shim
    def test_killed_and_on_again(self):
        self.styled("whole")
        below = self.store / ".shade.building"
        drawn = len([path for path in files_of(self.store / "whole") if path.startswith("DATA")])
        for at in (3, drawn // 2, 2 * drawn - 8):
            process = start("style", self.store / "dtm.json", "--style", "hillshade", "--into", self.store, "--name", "shade",
                            LD_PRELOAD=FAULT_SHIM, ARDOISE_FAULT_BELOW=str(below), ARDOISE_FAULT_CALL="rename",
                            ARDOISE_FAULT_AT=str(at), ARDOISE_FAULT_DO="kill")
            self.assertEqual(finished(process)[0], -9)
            self.assertFalse((self.store / "shade.json").exists())
            self.assertTrue((below / "journal").exists())
            kept = {path: path.stat().st_ino for path in below.glob("DATA/**/*.tif")}
            self.styled("shade")
            self.check_equal("shade", "whole")
            again = [path for path, inode in kept.items()
                     if (self.store / "shade" / path.relative_to(below)).stat().st_ino != inode]
            self.assertLessEqual(len(again), 1)  # what the journal had not told of yet
            self.assertEqual(list(self.store.glob("shade/journal*")), [])
            done("remove", self.store / "shade.json")


class Refusals(unittest.TestCase):
    """What cannot be styled is said in one sentence, before anything is written."""

    @classmethod
    def setUpClass(cls):
        cls.store = fresh_folder("style-refusals")
        sources = cls.store / "sources"
        write_heights(sources / "dtm")
        write_terrain(sources / "river")
        write_picture(sources / "photo")
        cut = ("--into", cls.store, "--tms", "2154_5cm", "--top", "15")
        done("build", sources / "dtm", *cut, "--name", "dtm")
        done("build", sources / "river", *cut, "--name", "river", "--bands", "1,2", "--resampling", "near")
        done("build", sources / "photo", *cut, "--name", "photo")
        publish(cls.store, {})
        (cls.store / "styles/light.json").write_text(json.dumps(
            {"identifier": "light", "title": "Light", "shade": {}}))
        (cls.store / "styles/broken.json").write_text(json.dumps(
            {"identifier": "broken", "title": "Broken", "estompage": {"zenith": "high"}}))
        style(cls.store, "dtm", "hillshade", "shade")

    def refused(self, of, wanted, *options, name="new", code=1, says=()):
        before = listing(self.store)
        result = ardoise("style", self.store / f"{of}.json", "--style", wanted, "--into", self.store, "--name", name, *options)
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertEqual(len(result.stderr.splitlines()), 2 if code == 2 else 1, result.stderr)
        for word in says:
            self.assertIn(word, result.stderr)
        self.assertEqual(listing(self.store), before)

    def test_styles(self):
        self.refused("dtm", "sunshine", says=['no style "sunshine"', "hillshade", "styles"])
        self.refused("dtm", "../dtm", says=["neither a style's name nor a file"])
        self.refused("dtm", "broken", says=["broken.json", "estompage.zenith"])
        self.refused("dtm", self.store / "nowhere.json", says=["nowhere.json"])
        self.refused("photo", "hillshade", says=["hillshade", "heights"])
        self.refused("dtm", "ndvi", says=["ndvi", "band"])
        self.refused("dtm", "light", says=["light", "no palette"])
        self.refused("dtm", "classes", says=['no style "classes"'])

    def test_water(self):
        self.refused("river", "river", says=["--water-level 0 to 9"])
        self.refused("river", "river", "--water-level", "11", says=["from 0 to 9", "11"])
        self.refused("dtm", "hillshade", "--water-level", "1", says=["not of water"])

    def test_formats(self):
        self.refused("dtm", "terrain-rgb", "--format", "jpg", says=["are numbers", "--format png or webp"])
        self.refused("dtm", "contours", "--format", "jpg", says=["contours", "--format png or webp"])
        self.refused("dtm", "hillshade", "--format", "gif", says=["gif"])
        self.refused("dtm", "hillshade", "--quality", "0", code=2, says=["--quality"])
        self.refused("dtm", "hillshade", "--jobs", "999", code=2, says=["--jobs"])

    def test_names(self):
        self.refused("dtm", "hillshade", name="photo", says=["photo.json", "ardoise remove"])
        self.refused("dtm", "hillshade", name="dtm", says=["dtm.json", "ardoise remove"])
        self.refused("dtm", "slope", name="shade", says=["shade.json", "hillshade", "slope"])
        self.refused("dtm", "hillshade", "--format", "webp", name="shade", says=["TIFF_PNG_UINT8", "TIFF_WEBP_UINT8"])
        self.refused("dtm", "hillshade", name="a/b", says=["a/b"])
        self.refused("nowhere", "hillshade", says=["nowhere.json"])

    def test_other_commands_name_this_one(self):
        before = listing(self.store)
        result = ardoise("update", self.store / "shade.json")
        self.assertEqual(result.returncode, 1)
        self.assertIn("ardoise style", result.stderr)
        self.assertEqual(listing(self.store), before)

    def test_a_damaged_slab(self):
        store = fresh_folder("style-damaged")
        shutil.copytree(self.store, store, dirs_exist_ok=True)
        slab = next((store / "dtm/DATA/17").rglob("*.tif"))
        data = bytearray(slab.read_bytes())
        data[5000] ^= 255
        slab.write_bytes(data)
        result = ardoise("style", store / "dtm.json", "--style", "hillshade", "--into", store, "--name", "new")
        self.assertEqual(result.returncode, 1)
        self.assertIn("does not agree with its checksum", result.stderr)
        self.assertFalse((store / "new.json").exists())
