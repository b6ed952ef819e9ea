# SPDX-License-Identifier: Apache-2.0
"""Products in QGIS: true colour, infrared, indices and tones of real four-band pictures, and land cover. WMTS, WMS and OGC API
draw the same, legends are the server's, and what identifying tells are the values."""
from html import escape

import numpy
from osgeo import gdal

from support.qgis import tearDownModule  # noqa: F401  before QGIS itself; unittest's
from support.qgis_styled import StyledLayers, on_white

from classes import COLOURS, NAMES, cover_of, write_cover
from support.city import tile_box
from support.places import DATA, fresh_folder, needs_data
from support.programs import done, inspect
from support.pyramids import Pyramid
from support.styled import StyledCase

NAIP = DATA / "rgbn_5m_naip_multidate_2009_2020/m_4709963_se_14_1_20200831.tif"
LAND_COVER = DATA / "paletted/landcover_1m_palette_7168x8704_3857.tif"

COVER = "cover"
INDEX = {"normalised_difference": {"a": 4, "b": 1}}
FILES = {
    "gamma": {"bands": [1, 2, 3], "tone": {"gamma": 1.8}},
    "stretch": {"bands": [4, 1, 2], "tone": {"stretch": {"low": 40, "high": 180}}},
    "percentiles": {"bands": [1, 2, 3], "tone": {"stretch": {"percentiles": [2, 98]}}},
    "sharp": {"bands": [1, 2, 3], "tone": {"sharpen": 1.5}},
    "for-print": {"bands": [1, 2, 3], "tone": {"gamma": 1.2, "stretch": {"percentiles": [2, 98]}, "sharpen": 0.5}},
    "ndvi-viridis": INDEX | {"palette": {"name": "viridis", "range": [-0.2, 0.8]}},
    "ndvi-steps": INDEX | {"palette": {"name": "BrBG", "range": [-0.5, 0.5], "rgb_continuous": False}},
    "ndvi-reversed": INDEX | {"palette": {"name": "PRGn", "range": [-0.5, 0.5], "reverse": True}},
}
LABELS = {1: ("Water", "Eau"), 3: ("Trees", "Arbres"), 4: ("Shrubs", "Arbustes"), 5: ("Grass", "Herbe"), 6: ("Barren", "Sol nu"),
          7: ("Buildings", "Bâtiments"), 8: ("Pavement", "Revêtements"), 9: ("Roads", "Routes"),
          10: ("Trees over roofs", "Arbres sur toits"), 11: ("Trees over pavement", "Arbres sur revêtements"),
          12: ("Trees over roads", "Arbres sur routes")}


def colours_in(pixels):
    return set(map(tuple, pixels.reshape(-1, 3).astype(int)))


def styled(name, **more):
    return {"style": name, "identifier": name, **more}


def named(files):
    return {name: {"identifier": name, "title": name} | file for name, file in files.items()}


class ProductsCase(StyledLayers, StyledCase):
    """Styles of each layer: entries of its description, whose identifiers are asked for."""

    @classmethod
    def publish(cls, store, layers, files=None, **more):
        cls.styles = {layer: [entry["identifier"] for entry in entries] for layer, entries in layers.items()}
        super().publish(store, layers, files, **more)

    def middle(self, layer):
        """Of the pixel below and right of the middle of box_of(): where it lies, and what the pyramid holds there."""
        level, column, row = self.corner(layer)
        west, south, east, north = tile_box("PM", level, column, row)
        cell = (east - west) / 256
        pixels, _ = Pyramid(self.store, layer).pixels(level, [column], [row])
        return (west + cell / 2, north - cell / 2), pixels[0, 0]


@needs_data
class Products(ProductsCase):
    """Colour and infrared as one pyramid of four bands, and as two of three; nothing is lost in any of them."""

    as_stored = {"rgb"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = fresh_folder("qgis-products")
        options = (NAIP, "--into", cls.store, "--tms", "PM", "--bottom", "15")
        done("build", *options, "--product", "colour=1,2,3:png", "--product", "infrared=4,1,2:png")
        done("build", *options, "--name", "four", "--bands", "1,2,3,4", "--format", "zip")
        of_four = ["normal", "rgb", "irc", "grey", "ndvi", "ndwi", *FILES]
        products = [styled("normal", title="True colour"), styled("grey"),
                    styled("normal", layer="infrared") | {"identifier": "irc"},
                    styled("ndvi-irc", layer="infrared") | {"identifier": "ndvi"}]
        cls.publish(cls.store, {"four": [styled(name) for name in of_four], "colour": products,
                                "infrared": [styled("normal"), styled("ndvi-irc"), styled("grey")]}, named(FILES))

    def drawn(self, layer, style):
        return self.draw(self.wmts(layer, style), "EPSG:3857", self.box_of(layer), 256, 256)[0]

    def test_a_product_is_the_same_whichever_pyramid_it_is_made_from(self):
        for style, infrared in (("irc", "normal"), ("ndvi", "ndvi-irc")):
            of_four = self.drawn("four", style)
            numpy.testing.assert_array_equal(self.drawn("colour", style), of_four)
            numpy.testing.assert_array_equal(self.drawn("infrared", infrared), of_four)
        numpy.testing.assert_array_equal(self.drawn("colour", "normal"), self.drawn("four", "rgb"))
        numpy.testing.assert_array_equal(self.drawn("colour", "grey"), self.drawn("four", "grey"))

    def test_identifying_tells_the_bands_of_the_product(self):
        held = {layer: self.middle(layer)[1] for layer in self.styles}
        for layer, style in self.each_style():
            with self.subTest(layer=layer, style=style):
                point, _ = self.middle(layer)
                shown = held["infrared"] if (layer, style) in {("colour", "irc"), ("colour", "ndvi")} else held[layer]
                for map_layer in (self.wms(layer, style), self.wmts(layer, style)):
                    _, _, attributes = self.identified(map_layer, point, self.box_of(layer))
                    bands = [int(float(attributes[f"band_{number}"])) for number in range(1, len(shown) + 1)]
                    self.assertEqual(bands, list(shown))


@needs_data
class StoredAsJpeg(ProductsCase):
    """Tiles of a product are the stored ones of its own pyramid, and so QGIS shows them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = fresh_folder("qgis-products-as-jpeg")
        done("build", NAIP, "--into", cls.store, "--tms", "PM", "--product", "ortho=1,2,3:jpg:85",
             "--product", "infrared=4,1,2:jpg:85")
        cls.publish(cls.store, {"ortho": [styled("normal"), styled("normal", layer="infrared") | {"identifier": "irc"},
                                          styled("ndvi-irc", layer="infrared")],
                                "infrared": [styled("normal")]})

    def test_tiles_are_the_stored_ones(self):
        for name, level in Pyramid(self.store, "infrared").levels.items():
            for column, row in level.tiles():
                answer = self.server.get(f"/wmts/1.0.0/ortho/irc/PM/{name}/{row}/{column}.jpg")
                self.assertEqual((answer.status, answer.body), (200, level.tile(column, row)))

    def test_qgis_shows_them(self):
        level, column, row = self.corner("infrared")
        stored, _ = Pyramid(self.store, "infrared").pixels(level, [column - 1, column], [row - 1, row])
        for layer, style in (("ortho", "irc"), ("infrared", "normal")):
            shown = self.wmts(layer, style, format="image/jpeg")
            seen, _ = self.draw(shown, "EPSG:3857", self.box_of("infrared"), 256, 256)
            numpy.testing.assert_array_equal(seen, stored[128:384, 128:384])


class ClassesCase(ProductsCase):
    """Land cover, whose colours are never mixed."""

    @classmethod
    def level(cls, name):
        """What the pyramid holds, 0 where that is nothing, and the column and the row that it begins at."""
        pyramid = Pyramid(cls.store, COVER)
        pixels, valid = pyramid.pixels(name)
        limits = pyramid.levels[name]
        return numpy.where(valid > 0, pixels, 0), limits.columns[0], limits.rows[0]

    def check_colours(self, style, colours):
        """At every level, in the tile with the middle of the layer: `colours` by value, the same by all protocols. Where the
        layer is smaller than the tile, QGIS draws the part that has it, moved to whole pixels of its own: no colour is new."""
        table = numpy.zeros((256, 4), numpy.uint8)
        for value, colour in colours.items():
            table[value] = colour
        west, south, east, north = inspect(self.store, COVER)["extent"]
        for name in Pyramid(self.store, COVER).levels:
            with self.subTest(level=name):
                classes, first_column, first_row = self.level(name)
                left, _, right, top = tile_box("PM", name, 0, 0)
                column = int(((west + east) / 2 - left) // (right - left))
                row = int((top - (south + north) / 2) // (right - left))
                box = tile_box("PM", name, column, row)
                x, y = 256 * (column - first_column), 256 * (row - first_row)
                expected = table[classes[y:y + 256, x:x + 256]]
                seen, _ = self.draw(self.wmts(COVER, style), "EPSG:3857", box, 256, 256)
                if west <= box[0] and south <= box[1] and box[2] <= east and box[3] <= north:
                    numpy.testing.assert_array_equal(seen, on_white(expected))
                self.assertLessEqual(colours_in(seen), colours_in(on_white(table)))
                for pixels in (self.by_wms(COVER, style, box), self.by_ogcapi(COVER, style, box)):
                    there = expected[..., 3] > 0
                    numpy.testing.assert_array_equal(pixels[there], expected[there])
                    self.assertEqual(pixels[~there, 3].sum(), 0)

    def pixels_of_classes(self):
        """One of each: its value, the middle of it, and a box around."""
        facts = inspect(self.store, COVER)
        name, cell = facts["levels"][-1]["id"], facts["levels"][-1]["cell_size"]
        classes, first_column, first_row = self.level(name)
        west, _, _, north = tile_box("PM", name, first_column, first_row)
        for value in numpy.unique(classes[classes > 0]):
            rows, columns = numpy.nonzero(classes == value)
            half = len(rows) // 2
            x, y = west + (columns[half] + 0.5) * cell, north - (rows[half] + 0.5) * cell
            yield int(value), (x, y), (x - 128.5 * cell, y - 127.5 * cell, x + 127.5 * cell, y + 128.5 * cell)

    def check_labels(self, shown, labels):
        """What identifying tells of a pixel of each class."""
        for value, point, box in self.pixels_of_classes():
            text, html, attributes = self.identified(shown, point, box)
            self.assertEqual((int(float(attributes["band_1"])), attributes["label"]), (value, labels[value]))
            self.assertIn(labels[value], text)
            self.assertIn(escape(labels[value]), html)


@needs_data
class LandCover(ClassesCase):
    """Real land cover with a palette, and a style of ours that has words for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = fresh_folder("qgis-land-cover")
        done("build", LAND_COVER, "--into", cls.store, "--tms", "PM", "--name", COVER, "--bands", "1", "--resampling", "mode",
             "--top", "9")
        source = gdal.Open(str(LAND_COVER))
        cls.colours = {value: source.GetRasterBand(1).GetColorTable().GetColorEntry(value) for value in LABELS}
        cls.busiest = cls.busiest_corner()
        of_ours = [{"value": value, "colour": "#%02x%02x%02x" % colour[:3], "label": dict(zip(("en", "fr"), LABELS[value]))}
                   for value, colour in cls.colours.items()]
        cls.publish(cls.store, {COVER: [styled("normal"), styled("classes"), styled("words")]},
                    named({"words": {"classes": of_ours}}))

    @classmethod
    def busiest_corner(cls):
        """The one with most classes around: woods without end show nothing."""
        finest = inspect(cls.store, COVER)["levels"][-1]["id"]
        classes, first_column, first_row = cls.level(finest)
        rows, columns = (size // 256 for size in classes.shape)
        _, down, right = max((len(numpy.unique(classes[256 * row - 128:256 * row + 128, 256 * column - 128:256 * column + 128])),
                              row, column) for row in range(1, rows) for column in range(1, columns))
        return finest, first_column + right, first_row + down

    @classmethod
    def corner(cls, layer):
        return cls.busiest

    def test_colours_are_exact_at_every_level(self):
        self.check_colours("classes", self.colours)
        self.check_colours("words", self.colours)

    def test_identifying_tells_labels(self):
        for shown in (self.wms(COVER, "words"), self.wmts(COVER, "words")):
            self.check_labels(shown, {value: english for value, (english, _) in LABELS.items()})

    def test_a_connection_may_be_in_french(self):
        """QGIS adds the parameters of the address to each request of a WMS, if the connection says to keep the address."""
        shown = self.wms(COVER, "words", IgnoreGetFeatureInfoUrl=1, url=self.server.url + "/wms?LANGUAGE%3Dfre%26")
        self.check_labels(shown, {value: french for value, (_, french) in LABELS.items()})


class Categories(ClassesCase):
    """Made-up land cover, whose source says what its classes are called."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = fresh_folder("qgis-categories")
        write_cover(cls.store / "cover.tif", cover_of(1))
        done("build", cls.store / "cover.tif", "--into", cls.store, "--tms", "PM", "--name", COVER, "--bands", "1",
             "--resampling", "mode", "--top", "13")
        cls.publish(cls.store, {COVER: [styled("normal"), styled("classes")]})

    def test_colours_are_exact_at_every_level(self):
        self.check_colours("classes", dict(enumerate(COLOURS)))

    def test_identifying_tells_categories(self):
        for shown in (self.wms(COVER, "classes"), self.wmts(COVER, "classes")):
            self.check_labels(shown, dict(enumerate(NAMES)))
