# SPDX-License-Identifier: Apache-2.0
"""Layers in each of their styles, in QGIS and by each protocol."""
from xml.etree import ElementTree

import numpy

from support.qgis import QgisLayers, pixels_of  # before QGIS itself

from qgis.PyQt.QtCore import QByteArray
from qgis.PyQt.QtGui import QImage, QPainter
from qgis.PyQt.QtSvg import QSvgRenderer

from support.city import HALF_WORLD, get_map, tile_box
from support.places import picture_file
from support.programs import inspect
from support.styled import rgba


def on_white(pixels):
    alpha = pixels[..., 3:].astype(float) / 255
    return pixels[..., :3] * alpha + 255 * (1 - alpha)


class StyledLayers(QgisLayers):
    """Tests for a case that says which `styles` its `server` has of a store in the set PM."""

    styles = {}
    """Their names by layer; the first shows the data as they are."""
    as_stored = set()
    """Others that do so too."""
    of_one_colour = set()
    """Those that have but one for all that is seen here."""

    @classmethod
    def corner(cls, layer):
        """Level, column and row of the tile below and right of the corner of four that lies nearest the layer's middle."""
        facts = inspect(cls.store, layer)
        (west, south, east, north), finest = facts["extent"], facts["levels"][-1]
        span = 256 * finest["cell_size"]
        return (finest["id"], round(((west + east) / 2 + HALF_WORLD) / span),
                round((HALF_WORLD - (south + north) / 2) / span))

    @classmethod
    def box_of(cls, layer):
        """As large as a tile of the finest level, around that corner. QGIS asks a WMS for no more than lies within the
        layer, which would be other pixels."""
        west, south, east, north = inspect(cls.store, layer)["extent"]
        left, bottom, right, top = tile_box("PM", *cls.corner(layer))
        half = (right - left) / 2
        box = left - half, bottom + half, right - half, top + half
        assert west < box[0] and south < box[1] and box[2] < east and box[3] < north
        return box

    def each_style(self):
        return [(layer, name) for layer, names in self.styles.items() for name in names]

    def wms(self, layer, style, **more):
        return self.layer(**{"contextualWMSLegend": 0, "crs": "EPSG:3857", "dpiMode": 7, "format": "image/png", "layers": layer,
                             "styles": style, "url": self.server.url + "/wms", **more})

    def wmts(self, layer, style, **more):
        return self.wms(layer, style, tileMatrixSet="PM", **{"url": self.server.url + "/wmts/1.0.0/WMTSCapabilities.xml", **more})

    def asked(self, address):
        answer = self.server.get(address)
        self.assertEqual(answer.status, 200, answer.text if answer.status != 200 else "")
        return rgba(answer.body)

    def by_wms(self, layer, style, box):
        return self.asked(get_map(layer, "EPSG:3857", box, STYLES=style, TRANSPARENT="TRUE"))

    def by_ogcapi(self, layer, style, box):
        sides = ",".join(map(repr, box))
        return self.asked(f"/ogcapi/collections/{layer}/styles/{style}/map?bbox={sides}&bbox-crs=[EPSG:3857]&crs=[EPSG:3857]"
                          "&width=256&height=256&transparent=true&f=png")

    def by_ogcapi_tiles(self, layer, style):
        """What box_of() has of the four tiles around the corner."""
        level, column, row = self.corner(layer)
        rows = [numpy.hstack([self.asked(f"/ogcapi/collections/{layer}/styles/{style}/map/tiles/PM/{level}/{down}/{right}?f=png")
                              for right in (column - 1, column)]) for down in (row - 1, row)]
        return numpy.vstack(rows)[128:384, 128:384]

    def test_all_protocols_draw_the_same(self):
        for layer, style in self.each_style():
            with self.subTest(layer=layer, style=style):
                box = self.box_of(layer)
                asked = self.by_wms(layer, style, box)
                numpy.testing.assert_array_equal(self.by_ogcapi(layer, style, box), asked)
                numpy.testing.assert_array_equal(self.by_ogcapi_tiles(layer, style), asked)
                by_wms, seen = self.draw(self.wms(layer, style), "EPSG:3857", box, 256, 256)
                numpy.testing.assert_allclose(seen, box, rtol=1e-12)
                by_wmts, _ = self.draw(self.wmts(layer, style), "EPSG:3857", box, 256, 256)
                numpy.testing.assert_array_equal(by_wmts, by_wms)
                self.assertLessEqual(numpy.abs(on_white(asked) - by_wms).max(), 1)  # QGIS multiplies colours by alpha
                if style not in self.of_one_colour:
                    self.assertGreater(len(numpy.unique(by_wms.reshape(-1, 3), axis=0)), 1)
                self.assertEqual(self.messages, [])

    def test_each_style_does_something(self):
        for layer, style in self.each_style():
            with self.subTest(layer=layer, style=style):
                plain, box = self.styles[layer][0], self.box_of(layer)
                if style != plain and style not in self.as_stored:
                    self.assertTrue((self.by_wms(layer, style, box) != self.by_wms(layer, plain, box)).any())

    def legend(self, layer, style, media_type):
        return self.server.get(f"/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER={layer}&STYLE={style}"
                               f"&FORMAT={media_type.replace('+', '%2B')}")

    def legend_pixels(self, layer, style):
        answer = self.legend(layer, style, "image/png")
        self.assertEqual(answer.status, 200, answer.body[:300])
        return on_white(rgba(answer.body))

    def test_legends_are_the_servers(self):
        for layer, style in self.each_style():
            with self.subTest(layer=layer, style=style):
                expected = self.legend_pixels(layer, style)
                for shown in (self.wms(layer, style), self.wmts(layer, style)):
                    difference = numpy.abs(self.legend_of(shown, f"{layer}-{style}") - expected)
                    self.assertLessEqual(difference.max(), 1)  # Qt's way to lay what is half transparent on white

    def test_legends_as_svg_are_drawn_as_their_pixels_are(self):
        """By Qt, which QGIS draws SVG with. Letters are drawn a little otherwise; colours are not."""
        for layer, style in self.each_style():
            with self.subTest(layer=layer, style=style):
                expected = self.legend_pixels(layer, style)
                answer = self.legend(layer, style, "image/svg+xml")
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
                self.assertLess(difference.mean(), 20)  # where there is little but letters
