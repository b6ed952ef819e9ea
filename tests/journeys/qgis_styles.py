# SPDX-License-Identifier: Apache-2.0
"""Each style in QGIS: those that ship and ROK4's own files, on a terrain model and on a picture. WMS, WMTS and OGC API
draw the same, and the legend that QGIS shows is the server's."""
import io
import json
import shutil
import unittest
from xml.etree import ElementTree

import numpy
from PIL import Image

from support.qgis import QgisLayers, pixels_of, tearDownModule  # noqa: F401  before QGIS itself; the last is unittest's

from qgis.PyQt.QtCore import QByteArray
from qgis.PyQt.QtGui import QImage, QPainter
from qgis.PyQt.QtSvg import QSvgRenderer

from support.city import HALF_WORLD, get_map, publish
from support.places import DATA, PROJECT, fresh_folder, needs_data, picture_file
from support.programs import Server, done, inspect

SAID = {"identifier", "title", "abstract", "keywords", "legend"}
"""What a style file says that draws nothing."""
OF_HEIGHTS = {"palette", "pente", "exposition", "estompage", "terrainrgb", "shade", "contours"}
SHOW_VALUES = {"normal", "rok4_normal", "rok4_inspire"}
ROK4 = DATA / "rok4_styles"


def draws(file):
    """The blocks of a style file that draw something."""
    return set(json.loads(file.read_text())) - SAID


def rok4_styles():
    return sorted(file for file in ROK4.glob("*.json") if "schema" not in file.name)


def decoded(body):
    """Rows x columns x red, green, blue, alpha of an encoded picture."""
    return numpy.asarray(Image.open(io.BytesIO(body)).convert("RGBA"))


def on_white(pixels):
    alpha = pixels[..., 3:].astype(float) / 255
    return pixels[..., :3] * alpha + 255 * (1 - alpha)


@needs_data
class Styles(QgisLayers, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = fresh_folder("qgis-styles")
        done("build", DATA / "dtm_dsm_2m_washington_dc/dtm.tif", "--into", cls.store, "--tms", "PM", "--bottom", "17",
             "--name", "dtm")
        publish(cls.store, "quartier")
        for folder in ("styles", "layers"):
            (cls.store / folder).mkdir()
        for file in rok4_styles():
            shutil.copy(file, cls.store / f"styles/rok4_{file.name}")
        shipped = sorted((PROJECT / "styles/library").glob("*.json"))
        named = [(file.stem, file) for file in shipped] + [(f"rok4_{file.stem}", file) for file in rok4_styles()]
        cls.styles = {"dtm": [name for name, file in named if draws(file) <= OF_HEIGHTS],
                      "quartier": [name for name, file in named if draws(file) <= {"colorize"}]}
        for layer, names in cls.styles.items():
            (cls.store / f"layers/{layer}.json").write_text(json.dumps(
                {"unit": "m", "styles": [{"style": name, "identifier": name} for name in names]}))
        cls.server = Server(cls.store)
        cls.boxes = {layer: cls.around_a_corner(layer) for layer in cls.styles}

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        super().tearDownClass()

    @classmethod
    def around_a_corner(cls, layer):
        """As large as a tile of the finest level, around the corner of four that lies nearest the layer's middle. QGIS
        asks a WMS for no more than lies within the layer, which would be other pixels."""
        facts = inspect(cls.store, layer)
        finest = facts["levels"][-1]
        west, south, east, north = facts["extent"]
        origin_x, origin_y, span = -HALF_WORLD, HALF_WORLD, 256 * finest["cell_size"]
        x = origin_x + span * round(((west + east) / 2 - origin_x) / span)
        y = origin_y - span * round((origin_y - (south + north) / 2) / span)
        box = x - span / 2, y - span / 2, x + span / 2, y + span / 2
        assert west < box[0] and south < box[1] and box[2] < east and box[3] < north
        return box

    def each_style(self):
        self.assertGreater(len(self.styles["dtm"]), 10)
        return [(layer, name) for layer, names in self.styles.items() for name in names]

    def wms(self, layer, style):
        return self.layer(contextualWMSLegend=0, crs="EPSG:3857", dpiMode=7, format="image/png", layers=layer,
                          styles=style, url=self.server.url + "/wms")

    def wmts(self, layer, style):
        return self.layer(contextualWMSLegend=0, crs="EPSG:3857", dpiMode=7, format="image/png", layers=layer,
                          styles=style, tileMatrixSet="PM", url=self.server.url + "/wmts/1.0.0/WMTSCapabilities.xml")

    def asked(self, address):
        answer = self.server.get(address)
        self.assertEqual(answer.status, 200, answer.text if answer.status != 200 else "")
        return decoded(answer.body)

    def by_wms(self, layer, style):
        return self.asked(get_map(layer, "EPSG:3857", self.boxes[layer], 256, 256, STYLES=style, TRANSPARENT="TRUE"))

    def by_ogcapi(self, layer, style):
        box = ",".join(repr(side) for side in self.boxes[layer])
        return self.asked(f"/ogcapi/collections/{layer}/styles/{style}/map?bbox={box}&bbox-crs=[EPSG:3857]&crs=[EPSG:3857]"
                          "&width=256&height=256&transparent=true&f=png")

    def test_all_protocols_draw_the_same(self):
        for layer, style in self.each_style():
            with self.subTest(layer=layer, style=style):
                asked = self.by_wms(layer, style)
                numpy.testing.assert_array_equal(self.by_ogcapi(layer, style), asked)
                by_wms, seen = self.draw(self.wms(layer, style), "EPSG:3857", self.boxes[layer], 256, 256)
                numpy.testing.assert_allclose(seen, self.boxes[layer], rtol=1e-12)
                by_wmts, _ = self.draw(self.wmts(layer, style), "EPSG:3857", self.boxes[layer], 256, 256)
                numpy.testing.assert_array_equal(by_wmts, by_wms)
                self.assertLessEqual(numpy.abs(on_white(asked) - by_wms).max(), 1)  # QGIS multiplies colours by alpha
                if style != "rok4_montagne_palette":  # of 30 to 90: no height here is
                    self.assertGreater(len(numpy.unique(by_wms.reshape(-1, 3), axis=0)), 1)
                self.assertEqual(self.messages, [])

    def test_each_style_does_something(self):
        for layer, style in self.each_style():
            with self.subTest(layer=layer, style=style):
                if style not in SHOW_VALUES:
                    self.assertTrue((self.by_wms(layer, style) != self.by_wms(layer, "normal")).any())

    def test_legends_are_the_servers(self):
        for layer, style in self.each_style():
            with self.subTest(layer=layer, style=style):
                expected = self.legend(layer, style, "image/png")[..., :3]
                for shown in (self.wms(layer, style), self.wmts(layer, style)):
                    numpy.testing.assert_array_equal(self.legend_of(shown, f"{layer}-{style}"), expected)

    def legend(self, layer, style, media_type):
        return self.asked(self.legend_address(layer, style, media_type))

    def legend_address(self, layer, style, media_type):
        return (f"/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER={layer}&STYLE={style}"
                f"&FORMAT={media_type.replace('+', '%2B')}")

    def test_legends_as_svg_are_drawn_as_their_pixels_are(self):
        """By Qt, which QGIS draws SVG with. Letters are drawn a little otherwise; colours are not."""
        for layer, style in self.each_style():
            with self.subTest(layer=layer, style=style):
                expected = on_white(self.legend(layer, style, "image/png"))
                answer = self.server.get(self.legend_address(layer, style, "image/svg+xml"))
                self.assertEqual((answer.status, answer.media_type), (200, "image/svg+xml"))
                ElementTree.fromstring(answer.body)
                renderer = QSvgRenderer(QByteArray(answer.body))
                self.assertTrue(renderer.isValid())
                size = renderer.defaultSize()
                self.assertEqual((size.height(), size.width()), expected.shape[:2])
                image = QImage(size, QImage.Format_RGB32)
                image.fill(0xffffffff)
                painter = QPainter(image)
                renderer.render(painter)
                painter.end()
                image.save(str(picture_file(f"qgis-legend-svg-{layer}-{style}")))
                difference = numpy.abs(pixels_of(image) - expected)
                self.assertLessEqual(difference[:, 5:27].max(), 10)  # ramps and swatches within their frames
                self.assertLess(difference.mean(), 12)
