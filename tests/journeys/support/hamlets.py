# SPDX-License-Identifier: Apache-2.0
"""Small dalles far from one another, so that each has a patch of its own (204.8 m); and builds of them."""
import os
import subprocess

import numpy
from osgeo import gdal, osr

from support.places import BIN
from support.programs import DEADLINE

gdal.UseExceptions()

CELL = 0.05
STEP = 150
"""Metres from one dalle to the next."""

PRODUCTS = ("ortho", "irc")
BUILD = ("--tms", "2154_5cm", "--top", "12", "--slab", "4x4",
         "--product", "ortho=1,2,3:jpg:85", "--product", "irc=4,1,2:png")


def write_hamlet(folder, number, brightness=0, size=(300, 260)):
    """Four bands of 8 bits with a ragged edge of nodata, on the grid of 2154_5cm."""
    folder.mkdir(parents=True, exist_ok=True)
    width, height = size
    file = folder / f"{number:02}.tif"
    dataset = gdal.GetDriverByName("GTiff").Create(str(file), width, height, 4, gdal.GDT_Byte)
    dataset.SetGeoTransform((430600.15 + STEP * number, CELL, 0, 6712800.25 - STEP // 2 * number, 0, -CELL))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(2154)
    dataset.SetProjection(reference.ExportToWkt())
    rows, columns = numpy.mgrid[:height, :width]
    outside = columns < 20 + 10 * numpy.sin(rows / 9)
    random = numpy.random.default_rng(number)
    for band in range(1, 5):
        ground = 110 + brightness + 60 * numpy.sin(columns / (11 + band)) * numpy.cos(rows / 17)
        pixels = ground + random.integers(0, 12, (height, width))
        dataset.GetRasterBand(band).WriteArray(numpy.where(outside, 0, numpy.clip(pixels, 1, 255)).astype(numpy.uint8))
        dataset.GetRasterBand(band).SetNoDataValue(0)
    return file


def start(*arguments, **environment):
    """Starts the pyramid tool with clocks that stand still, so that everything it writes is the same each time."""
    return subprocess.Popen([str(BIN / "ardoise"), *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True, env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000", **environment})


def finished(process):
    """Waits for it; exit code and what it said last."""
    _, errors = process.communicate(timeout=DEADLINE)
    *_, last = ["", *errors.splitlines()]
    return process.returncode, last
