# SPDX-License-Identifier: Apache-2.0
"""How like its source a base level is: PSNR in windows here and there, against what GDAL reads or warps exactly."""

import random
import sys

try:
    import numpy
    from osgeo import gdal
except ImportError as trouble:
    sys.exit(f"{trouble.name} is missing; deploy/install-deps test installs python3-numpy and python3-gdal")

PM_5CM_CELL = 20037508.342789244 / 2**28  # metres of EPSG:3857: the matrix of PM_5cm nearest to 5 cm on the ground

WINDOWS, SIDE, SEED = 40, 512, 7

gdal.UseExceptions()


def psnr(source, files):
    """Over windows of the base level in `files` where the source has data, red, green and blue together. The windows lie
    on the same ground whatever the files' own extent."""
    level = gdal.BuildVRT("", [str(file) for file in files])
    ground = gdal.Warp("", str(source), format="VRT", dstSRS=level.GetProjection())
    squares, count, places = 0.0, 0, random.Random(SEED)
    for _ in range(10 * WINDOWS):
        if count >= WINDOWS * 3 * SIDE * SIDE:
            break
        x, y = _pixel(level, ground, places.random(), places.random())
        truth = _truth(source, level, x, y)
        if truth is not None:
            seen = level.ReadAsArray(x, y, SIDE, SIDE)[:3].astype(float)
            squares += float(((seen - truth) ** 2).sum())
            count += seen.size
    return float(10 * numpy.log10(255**2 * count / squares)) if squares else float("inf")


def _pixel(level, ground, across, down):
    """The pixel of the level at a share of the way across and down the source's ground."""
    left, cell, _, top, _, height = level.GetGeoTransform()
    ground_left, ground_cell, _, ground_top, _, ground_height = ground.GetGeoTransform()
    x = round((ground_left + across * ground.RasterXSize * ground_cell - left) / cell)
    y = round((ground_top + down * ground.RasterYSize * ground_height - top) / height)
    return x, y


def _truth(source, level, x, y):
    """The source on the window's grid, every pixel's place computed; nothing where the window leaves the data."""
    if min(x, y) < 0 or x + SIDE > level.RasterXSize or y + SIDE > level.RasterYSize:
        return None
    left, cell, _, top, _, _ = level.GetGeoTransform()
    box = (left + x * cell, top - (y + SIDE) * cell, left + (x + SIDE) * cell, top - y * cell)
    warped = gdal.Warp("", str(source), format="MEM", dstSRS=level.GetProjection(), outputBounds=box, width=SIDE,
                       height=SIDE, resampleAlg="bilinear", errorThreshold=0, dstAlpha=True)
    pixels = warped.ReadAsArray()
    return pixels[:3].astype(float) if (pixels[3] == 255).all() else None
