# SPDX-License-Identifier: Apache-2.0
"""Writes the project that QGIS Server publishes, in a process of its own: QGIS keeps a program to itself.

qgis_project.py RASTER LAYER PROJECT
"""

import sys

from qgis.core import (QgsApplication, QgsBilinearRasterResampler, QgsCoordinateReferenceSystem, QgsProject,
                       QgsRasterLayer)


def main(raster, name, file):
    application = QgsApplication([], False)
    application.initQgis()
    layer = QgsRasterLayer(raster, name, "gdal")
    layer.setShortName(name)
    # By name and in full: with less of it QGIS Server answers blank maps of EPSG:3857.
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:2154"))
    layer.resampleFilter().setZoomedInResampler(QgsBilinearRasterResampler())
    layer.resampleFilter().setZoomedOutResampler(QgsBilinearRasterResampler())
    layer.resampleFilter().setMaxOversampling(2)
    project = QgsProject.instance()
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:2154"))
    project.addMapLayer(layer)
    project.writeEntry("WMSServiceCapabilities", "/", True)
    project.writeEntry("WMSCrsList", "/", ["EPSG:2154", "EPSG:3857"])
    project.writeEntry("WMSImageQuality", "/", 85)
    if not layer.isValid() or not project.write(file):
        sys.exit(f"QGIS cannot publish {raster}")


main(*sys.argv[1:])
