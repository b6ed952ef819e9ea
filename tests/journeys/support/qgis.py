# SPDX-License-Identifier: Apache-2.0
"""QGIS without a screen. A module of tests that imports it takes tearDownModule as well."""
import os

import numpy

from support.places import fresh_folder, picture_file

os.environ["QT_QPA_PLATFORM"] = "offscreen"
PROFILE = fresh_folder("qgis-profile")
PROFILE.chmod(0o700)
os.environ.update(HOME=str(PROFILE), XDG_RUNTIME_DIR=str(PROFILE), QGIS_CUSTOM_CONFIG_PATH=str(PROFILE))

from qgis.core import (  # noqa: E402  QGIS reads the variables above as it is imported
    QgsApplication, QgsCoordinateReferenceSystem, QgsMapRendererSequentialJob, QgsMapSettings, QgsPointXY, QgsRaster,
    QgsRasterDataProvider, QgsRasterLayer, QgsRectangle)
from qgis.PyQt.QtCore import QEventLoop, QSize, Qt  # noqa: E402
from qgis.PyQt.QtGui import QImage, QPainter  # noqa: E402

QGIS = QgsApplication([], True)
QGIS.initQgis()


def tearDownModule():
    QGIS.exitQgis()  # left to the interpreter's end it crashes now and then


def pixels_of(image):
    image = image.convertToFormat(QImage.Format_RGBA8888)
    data = image.constBits().asstring(image.sizeInBytes())
    return numpy.frombuffer(data, numpy.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)[:, :image.width(), :3]


def on_white(image):
    sheet = QImage(image.size(), QImage.Format_RGB32)
    sheet.fill(Qt.white)
    painter = QPainter(sheet)
    painter.drawImage(0, 0, image)
    painter.end()
    return sheet


class QgisLayers:
    """What any case with a server asks of QGIS."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.messages = []
        QgsApplication.messageLog().messageReceived.connect(cls.note)

    @classmethod
    def tearDownClass(cls):
        QgsApplication.messageLog().messageReceived.disconnect(cls.note)
        super().tearDownClass()

    @classmethod
    def note(cls, text, tag, level):
        if tag in ("WMS", "Network"):
            cls.messages.append(f"{tag}: {text}")

    def layer(self, **parameters):
        layer = QgsRasterLayer("&".join(f"{key}={value}" for key, value in parameters.items()), "layer", "wms")
        self.assertTrue(layer.isValid(), "\n".join(self.messages))
        return layer

    def draw(self, layer, crs, box, width, height, during=None):
        """The picture, and the box that QGIS made of `box` to suit the picture's shape."""
        settings = QgsMapSettings()
        settings.setLayers([layer])
        settings.setDestinationCrs(QgsCoordinateReferenceSystem(crs))
        settings.setExtent(QgsRectangle(*box))
        settings.setOutputSize(QSize(width, height))
        settings.setFlag(QgsMapSettings.DrawLabeling, False)
        if during:
            settings.setIsTemporal(True)
            settings.setTemporalRange(during)
        job = QgsMapRendererSequentialJob(settings)
        job.start()
        job.waitForFinished()
        self.assertEqual([error.message for error in job.errors()], [])
        image = job.renderedImage()
        image.save(str(picture_file(f"qgis-{type(self).__name__}-{self._testMethodName}")))
        seen = settings.visibleExtent()
        return pixels_of(image), (seen.xMinimum(), seen.yMinimum(), seen.xMaximum(), seen.yMaximum())

    def identified(self, layer, point, box):
        """What the tool tells of a point (east, north) of a map of `box`, 256 pixels wide and high: as text, as HTML, and the
        attributes of the one feature."""
        provider = layer.dataProvider()
        self.assertTrue(provider.capabilities() & QgsRasterDataProvider.Identify)
        told = []
        for form in (QgsRaster.IdentifyFormatText, QgsRaster.IdentifyFormatHtml, QgsRaster.IdentifyFormatFeature):
            found = provider.identify(QgsPointXY(*point), form, QgsRectangle(*box), 256, 256)
            self.assertTrue(found.isValid(), found.error().message())
            told += found.results().values()
        text, html, ((store,)) = told
        (feature,) = store.features()
        self.assertEqual(self.messages, [])
        return text, html, feature.attributeMap()

    def legend_of(self, layer, name, extent=None):
        """What the panel of layers shows below one, on white."""
        provider = layer.dataProvider()
        self.assertTrue(provider.supportsLegendGraphic())
        settings = QgsMapSettings()
        settings.setExtent(extent or layer.extent())
        settings.setDestinationCrs(layer.crs())
        settings.setOutputSize(QSize(400, 400))
        fetcher, arrived, loop = provider.getLegendGraphicFetcher(settings), [], QEventLoop()
        fetcher.finish.connect(lambda image: (arrived.append(image), loop.quit()))
        fetcher.error.connect(lambda text: (self.messages.append(text), loop.quit()))
        fetcher.start()
        if not arrived:
            loop.exec_()
        self.assertEqual(self.messages, [])
        (image,) = arrived
        image.save(str(picture_file(f"qgis-legend-{name}")))
        self.assertFalse(image.isNull())
        return pixels_of(on_white(image))
