# SPDX-License-Identifier: Apache-2.0
"""QGIS: WMTS, WMS and XYZ layers are valid, lie where they should and show the sources' ground."""
import json

import numpy

from support.qgis import QgisLayers, pixels_of, tearDownModule  # noqa: F401  before QGIS itself; the last is unittest's

from qgis.core import (
    QgsCoordinateReferenceSystem, QgsDateTimeRange, QgsLayerDefinition, QgsLayout, QgsLayoutExporter, QgsLayoutItemMap,
    QgsLayoutPoint, QgsLayoutSize, QgsProject, QgsRectangle, QgsSettings, QgsUnitTypes)
from qgis.gui import QgsManageConnectionsDialog
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime
from qgis.PyQt.QtGui import QImage

from support import grounds, measures
from support.city import TOWN, CityCase, box_in, source_of, tile_box
from support.places import fresh_folder, picture_file
from support.vintages import LEVEL, VintagesCase
from water import HEIGHT, WIDTH, ValleyCase


class QgisCase(QgisLayers, CityCase):
    def check_town(self, layer, name, crs, cell):
        """The picture is GDAL's of the sources, and no request went wrong."""
        west, south, _, _ = TOWN
        box = box_in(crs, (west, south, west + 500 * cell, south + 400 * cell))
        height = round(500 * (box[3] - box[1]) / (box[2] - box[0]))
        seen, box = self.draw(layer, crs, box, 500, height)
        self.check_picture(seen, name, crs, box)

    def check_picture(self, seen, name, crs, box):
        height, width, _ = seen.shape
        theirs, there = grounds.warped(source_of(name), crs, box, width, height, method="average")
        self.assertTrue(there.all())
        # QGIS itself rounds views to whole pixels (it may ask for 501 columns to draw 500), but not in this one.
        most_shift = 0.125 if crs == "EPSG:2154" else 0.75
        self.assertLess(numpy.abs(measures.shift(theirs, seen)).max(), most_shift)
        self.assertLess(measures.mean_difference(theirs, seen), 8)
        self.assertGreater(measures.psnr(theirs, seen), 26)
        self.assertEqual(self.messages, [])

    def check_extent(self, layer, crs):
        extent, ground = layer.extent(), box_in(crs, (430600, 6712600, 431000, 6713000))
        self.assertEqual(layer.crs().authid(), crs)
        for found, expected in zip((extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()), ground):
            self.assertLess(abs(found - expected), 60, (extent.toString(), ground))


class Wmts(QgisCase):
    def wmts(self, name, set_id, crs, address="/wmts/1.0.0/WMTSCapabilities.xml"):
        media_type = "image/png" if name in ("quartier", "dtm") else "image/jpeg"
        url = (self.server.url + address).replace("?", "%3F").replace("&", "%26").replace("=", "%3D")
        return self.layer(contextualWMSLegend=0, crs=crs, dpiMode=7, format=media_type, layers=name, styles="normal",
                          tileMatrixSet=set_id, url=url)

    def test_lambert_93(self):
        layer = self.wmts("ortho", "2154_5cm", "EPSG:2154")
        self.check_extent(layer, "EPSG:2154")
        self.check_town(layer, "ortho", "EPSG:2154", 0.1)

    def test_infrared(self):
        self.check_town(self.wmts("irc", "2154_5cm", "EPSG:2154"), "irc", "EPSG:2154", 0.1)

    def test_web_mercator_of_a_lambert_pyramid(self):
        layer = self.wmts("ortho", "PM", "EPSG:3857")
        self.check_extent(layer, "EPSG:3857")
        self.check_town(layer, "ortho", "EPSG:3857", 0.1)

    def test_png_in_its_own_set(self):
        self.check_town(self.wmts("quartier", "PM", "EPSG:3857"), "quartier", "EPSG:3857", 0.11)

    def test_key_value_pairs_and_a_layers_own_document(self):
        for address in ("/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", "/ortho/wmts/1.0.0/WMTSCapabilities.xml"):
            self.check_town(self.wmts("ortho", "2154_5cm", "EPSG:2154", address), "ortho", "EPSG:2154", 0.1)

    def test_reprojected_by_qgis(self):
        self.check_town(self.wmts("ortho", "2154_5cm", "EPSG:2154"), "ortho", "EPSG:3947", 0.1)

    def test_the_whole_town_from_far_away(self):
        layer = self.wmts("ortho", "2154_5cm", "EPSG:2154")
        seen, _ = self.draw(layer, "EPSG:2154", (430000, 6712000, 432000, 6714000), 500, 500)
        self.assertGreater((seen < 250).any(axis=2).sum(), 5000)
        self.assertEqual(self.messages, [])


class Wms(QgisCase):
    def wms(self, crs, name="ortho", **more):
        return self.layer(**{"contextualWMSLegend": 0, "crs": crs, "dpiMode": 7, "format": "image/png", "layers": name,
                             "styles": "", "url": self.server.url + "/wms", **more})

    def test_each_system(self):
        for crs in ("EPSG:2154", "EPSG:3947", "EPSG:3857"):
            layer = self.wms(crs)
            self.check_extent(layer, crs)
            self.check_town(layer, "ortho", crs, 0.1)

    def test_latitude_and_longitude(self):
        self.check_town(self.wms("EPSG:4326"), "ortho", "EPSG:4326", 0.1)

    def test_each_format_that_it_draws(self):
        for media_type in ("image/png8", "image/png;%20mode%3D8bit", "image/jpeg", "image/x-jpegorpng", "image/vnd.jpeg-png",
                           "image/webp", "image/tiff"):
            self.check_town(self.wms("EPSG:2154", format=media_type), "ortho", "EPSG:2154", 0.1)

    def test_version_111_when_asked_for(self):
        self.check_town(self.wms("EPSG:2154", IgnoreGetMapUrl=1), "ortho", "EPSG:2154", 0.1)


    def test_in_pieces(self):
        """As with a tile size in the connection's settings: QGIS asks for pieces and puts them together."""
        self.check_town(self.wms("EPSG:2154", maxWidth=200, maxHeight=150), "ortho", "EPSG:2154", 0.1)


class Print(QgisCase):
    def test_300_dots_an_inch(self):
        """A sheet at 1:500: the map is drawn for the printer's dots, whatever DPI the request says."""
        layer = self.layer(contextualWMSLegend=0, crs="EPSG:2154", dpiMode=7, format="image/png", layers="ortho", styles="",
                           url=self.server.url + "/wms")
        layout = QgsLayout(QgsProject.instance())
        layout.initializeDefaults()
        item = QgsLayoutItemMap(layout)
        item.attemptMove(QgsLayoutPoint(0, 0, QgsUnitTypes.LayoutMillimeters))
        item.attemptResize(QgsLayoutSize(101.6, 81.28, QgsUnitTypes.LayoutMillimeters))  # 1200 x 960 dots
        item.setCrs(QgsCoordinateReferenceSystem("EPSG:2154"))
        item.setLayers([layer])
        west, south, _, _ = TOWN
        item.zoomToExtent(QgsRectangle(west, south, west + 50.8, south + 40.64))
        layout.addLayoutItem(item)
        settings = QgsLayoutExporter.ImageExportSettings()
        settings.dpi = 300
        sheet = picture_file("qgis-print")
        self.assertEqual(QgsLayoutExporter(layout).exportToImage(str(sheet), settings), QgsLayoutExporter.Success)
        seen, extent = pixels_of(QImage(str(sheet)))[:960, :1200], item.extent()
        self.check_picture(seen, "ortho", "EPSG:2154", (extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()))


class Legend(QgisCase):
    def legend(self, name, contextual, address="/wms", extent=None, style="", **more):
        layer = self.layer(contextualWMSLegend=contextual, crs="EPSG:2154", dpiMode=7, format="image/png", layers=name,
                           styles=style, url=self.server.url + address, **more)
        return self.legend_of(layer, f"{name}-{contextual}", extent)

    def test_heights_have_their_colours(self):
        """The one that capabilities name, and the one of the part that a map shows, which QGIS asks for without sizes."""
        part = QgsRectangle(430700, 6712700, 430900, 6712900)
        for pixels in (self.legend("dtm", 0), self.legend("dtm", 1, extent=part)):
            column = pixels[:, 15].astype(int)
            self.assertTrue((column.max(axis=1) - column.min(axis=1) > 40).sum() > len(column) / 3, "no colours")
            self.assertTrue((pixels[:, 30:].max(axis=2) < 100).any(), "no letters")

    def test_a_picture_is_its_own(self):
        pixels = self.legend("ortho", 0)
        self.assertEqual(max(pixels.shape[:2]), 96)
        self.assertGreater(pixels.std(), 20)

    def test_wmts(self):
        pixels = self.legend("dtm", 0, "/wmts/1.0.0/WMTSCapabilities.xml", style="elevation", tileMatrixSet="2154_5cm")
        self.assertTrue((pixels[:, 30:].max(axis=2) < 100).any(), "no letters")


class Identify(QgisCase):
    """What the tool shows of a pixel, in each format that QGIS offers for the layer."""

    def check(self, layer, name):
        """In the middle of a pixel of the finest level, somewhere in the midst of the data."""
        level_id, level = list(self.pyramids[name].levels.items())[-1]
        col, row = next(tile for tile in level.tiles() if level.tile(*tile))
        box = tile_box("2154_5cm", level_id, col, row)
        pixels, valid = self.pyramids[name].pixels(level_id, [col], [row])
        held = numpy.argwhere(valid == 255)
        j, i = (int(index) for index in held[len(held) // 2])
        value, cell = float(pixels[j, i]), (box[2] - box[0]) / 256
        text, html, attributes = self.identified(layer, (box[0] + (i + 0.5) * cell, box[3] - (j + 0.5) * cell), box)
        self.assertAlmostEqual(float(attributes["band_1"]), value, places=3)
        for told in (text, html):
            self.assertIn("band_1", told)
            self.assertIn(f"{value:.0f}"[:2], told)

    def test_wms(self):
        self.check(self.layer(contextualWMSLegend=0, crs="EPSG:2154", dpiMode=7, format="image/png", layers="dtm", styles="",
                              url=self.server.url + "/wms"), "dtm")

    def test_wmts(self):
        self.check(self.layer(contextualWMSLegend=0, crs="EPSG:2154", dpiMode=7, format="image/png", layers="dtm",
                              styles="elevation", tileMatrixSet="2154_5cm", url=self.server.url + "/wmts/1.0.0/WMTSCapabilities.xml"),
                   "dtm")


class Xyz(QgisCase):
    def test_template(self):
        for name, extension in (("ortho", "jpg"), ("quartier", "png")):
            url = f"{self.server.url}/xyz/{name}/{{z}}/{{x}}/{{y}}.{extension}"
            layer = self.layer(type="xyz", url=url.replace("{", "%7B").replace("}", "%7D"), zmax=21, zmin=0)
            self.assertEqual(layer.crs().authid(), "EPSG:3857")
            self.check_town(layer, name, "EPSG:3857", 0.11)


class ConnectionFiles(QgisCase):
    """What the server offers to download, opened as QGIS opens it."""

    def download(self, path):
        answer = self.server.get(path)
        self.assertEqual(answer.status, 200, answer.text)
        file = fresh_folder("qgis-files") / path.rsplit("/", 1)[-1]
        file.write_bytes(answer.body)
        return str(file)

    def define(self, name):
        """The layer that a layer definition adds to an empty project."""
        project = QgsProject.instance()
        project.clear()
        done, error = QgsLayerDefinition.loadLayerDefinition(self.download(f"/{name}/layer.qlr"), project, project.layerTreeRoot())
        self.assertTrue(done, error)
        (layer,) = project.mapLayers().values()
        (shown,) = project.layerTreeRoot().findLayers()
        self.assertEqual(shown.layerId(), layer.id())
        self.assertTrue(layer.isValid(), "\n".join(self.messages))
        return layer

    def test_a_layer_definition_is_the_layer_in_its_own_set(self):
        for name, crs in (("ortho", "EPSG:2154"), ("quartier", "EPSG:3857")):
            layer = self.define(name)
            self.assertEqual((layer.name(), layer.crs().authid()), (name, crs))
            self.check_extent(layer, crs)
            self.check_town(layer, name, crs, 0.1 if crs == "EPSG:2154" else 0.11)

    def imported(self, path, kind):
        """What the manager of connections makes of a file, by their names."""
        dialog = QgsManageConnectionsDialog(None, QgsManageConnectionsDialog.Import, kind, self.download(path))
        dialog.selectAll()
        dialog.doExportImport()
        settings = QgsSettings()
        settings.beginGroup("qgis/connections-" + ("wms" if kind == QgsManageConnectionsDialog.WMS else "xyz"))
        return {name: settings.value(f"{name}/url") for name in settings.childGroups()}

    def test_connections_are_imported(self):
        url = self.server.url
        self.assertEqual(self.imported("/qgis-connections.xml", QgsManageConnectionsDialog.WMS),
                         {"Ardoise (WMTS)": f"{url}/wmts/1.0.0/WMTSCapabilities.xml", "Ardoise (WMS)": f"{url}/wms"})
        tiles = self.imported("/qgis-xyz-connections.xml", QgsManageConnectionsDialog.XyzTiles)
        self.assertEqual(tiles["quartier"], url + "/xyz/quartier/{z}/{x}/{y}.png")
        layers = json.loads(self.server.get("/layers.json").body)["layers"]
        self.assertEqual(set(tiles), {layer["name"] for layer in layers})


class WaterLevel(QgisLayers, ValleyCase):
    """The dimension of a style of water, as the data source manager hands it on: by WMTS at an address of tiles, and by WMS."""

    def check(self, layer, level):
        """What is seen is what a flood fill of the whole model wets, and no request went wrong."""
        west, south, east, north = self.box()
        seen, _ = self.draw(layer, "EPSG:2154", (west, south, east, north), WIDTH, HEIGHT)
        self.assertEqual(((seen != 255).any(axis=2) != self.expected(level)).sum(), 0)
        self.assertEqual(self.messages, [])

    def wmts(self, **more):
        return self.layer(contextualWMSLegend=0, crs="EPSG:2154", dpiMode=7, format="image/png", layers="maine", styles="water",
                          tileMatrixSet="2154_5cm", url=f"{self.server.url}/wmts/1.0.0/WMTSCapabilities.xml", **more)

    def test_wmts_draws_the_level_that_is_chosen(self):
        self.check(self.wmts(tileDimensions="WATER_LEVEL=6"), 6)
        self.check(self.wmts(tileDimensions="WATER_LEVEL=decennial"), 5.4)

    def test_wmts_draws_the_default(self):
        self.check(self.wmts(tileDimensions="WATER_LEVEL=3"), 3)

    def test_wms_keeps_what_its_address_says(self):
        url = f"{self.server.url}/wms?DIM_WATER_LEVEL%3D6.6%26"
        self.check(self.layer(contextualWMSLegend=0, crs="EPSG:2154", dpiMode=7, format="image/png", layers="maine",
                              styles="water", IgnoreGetMapUrl=1, url=url), 6.6)


class Temporal(QgisLayers, VintagesCase):
    """The temporal controller: QGIS asks a WMS for the time of the frame that it shows."""

    def wms(self, name, **more):
        return self.layer(contextualWMSLegend=0, crs="EPSG:2154", dpiMode=7, format="image/png", layers=name, styles="",
                          url=self.server.url + "/wms", **more)

    def layer_of(self, name):
        layer = self.wms(name, type="wmst", allowTemporalUpdates="true", temporalSource="provider",
                         timeDimensionExtent="2005-01-01T00:00:00Z/2022-12-31T23:59:59Z/P1Y")
        self.assertTrue(layer.dataProvider().temporalCapabilities().hasTemporalCapabilities())
        layer.temporalProperties().setIsActive(True)
        return layer

    def frame(self, first, last):
        """From the first day of a year to the end of another."""
        return QgsDateTimeRange(QDateTime(QDate(first, 1, 1), QTime(0, 0), Qt.UTC),
                                QDateTime(QDate(last, 12, 31), QTime(23, 59, 59), Qt.UTC))

    def check(self, layer, during, year):
        """What is seen is what the layer of that year alone shows, and no request went wrong."""
        box = tile_box("2154_5cm", LEVEL, *self.tile)
        seen = {name: self.draw(shown, "EPSG:2154", box, 256, 256, frame)[0]
                for name, shown, frame in (("2005", self.wms("ortho-2005"), None), ("2022", self.wms("ortho-2022"), None),
                                           ("frame", layer, during))}
        numpy.testing.assert_array_equal(seen["frame"], seen[year])
        self.assertGreater((seen["2005"] != seen["2022"]).any(axis=2).sum(), 10000)
        self.assertEqual(self.messages, [])

    def test_the_frame_chooses_the_vintage(self):
        layer = self.layer_of("ortho")
        self.check(layer, self.frame(2005, 2005), "2005")
        self.check(layer, self.frame(2022, 2022), "2022")
        self.check(layer, self.frame(2005, 2010), "2005")
        self.check(layer, self.frame(2005, 2022), "2005")  # it asks for the moment at which the frame begins

    def test_between_vintages_the_nearest_is_shown_where_the_series_says_so(self):
        layer = self.layer_of("ortho-near")
        self.check(layer, self.frame(2008, 2008), "2005")
        self.check(layer, self.frame(2019, 2020), "2022")
