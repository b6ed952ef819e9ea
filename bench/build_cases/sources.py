# SPDX-License-Identifier: Apache-2.0
"""Dalles made out of other dalles, or out of nothing."""

import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy
from osgeo import gdal, osr

import measure

gdal.UseExceptions()
gdal.PushErrorHandler("CPLQuietErrorHandler")  # exceptions say what is wrong

JPEG_DALLE = ["-b", "1", "-b", "2", "-b", "3", "-co", "COMPRESS=JPEG", "-co", "JPEG_QUALITY=95", "-co",
              "PHOTOMETRIC=YCBCR", "-co", "TILED=YES", "--config", "GDAL_TIFF_INTERNAL_MASK", "YES"]

METRES_A_PIXEL = 0.05
PATCH_SIDE = 4096 * METRES_A_PIXEL  # what a build bakes in one go
LEFT, TOP = PATCH_SIDE * 2100, 12000000 - PATCH_SIDE * 25800  # a patch's corner in 2154_5cm, near Angers


def files_of(dalles):
    return sorted(dalles.rglob("*.tif"))


def megapixels(files):
    """Of files, holes included."""
    return sum(dataset.RasterXSize * dataset.RasterYSize for dataset in map(gdal.Open, map(str, files))) / 1e6


def mosaic(dalles, folder):
    """A VRT of the dalles' first three bands."""
    vrt = folder / "dalles.vrt"
    subprocess.run(["gdalbuildvrt", "-q", "-b", "1", "-b", "2", "-b", "3", vrt, *files_of(dalles)], check=True)
    return vrt


def made_once(folder, make):
    """`folder`, filled by `make` when it was not before."""
    if not (folder / "complete").exists():
        print(f"making {folder.name}", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        make(folder)
        (folder / "complete").touch()
    return folder


def as_jpeg(dalles):
    """The dalles with their first three bands as JPEG of quality 95; kept."""
    def make(folder):
        for file in files_of(dalles):
            subprocess.run(["gdal_translate", "-q", *JPEG_DALLE, file, folder / file.name], check=True)
    return made_once(measure.WORK / ("jpeg-" + _name_of(dalles)), make)


def repeated(dalles, side):
    """`side` x `side` dalles, each of them the heaviest of `dalles` (it has no holes) in a place of its own; kept. So
    only their number tells one size from another."""
    def make(folder):
        dalle = max(files_of(dalles), key=lambda file: file.stat().st_size)
        for col in range(side):
            for row in range(side):
                _put_elsewhere(Path(shutil.copy(dalle, folder / f"{col}_{row}.tif")), col, row)
    return made_once(measure.WORK / f"repeated-{side}x{side}-{_name_of(dalles)}", make)


def _name_of(dalles):
    """Of a folder of dalles, for those that are made from it."""
    return "-".join(Path(dalles).resolve().parts[-3:])


def _put_elsewhere(file, col, row):
    dataset = gdal.Open(str(file), gdal.GA_Update)
    left, cell, _, top, _, height = dataset.GetGeoTransform()
    left, top = left + col * dataset.RasterXSize * cell, top + row * dataset.RasterYSize * height
    dataset.SetGeoTransform((left, cell, 0, top, 0, height))


def scattered(side):
    """`side` x `side` dalles of 100 x 100 pixels, each in a patch of its own; kept."""
    def make(folder):
        for col in range(side):
            for row in range(side):
                write_scattered(folder / f"{col:03}_{row:03}.tif", col, row, seed=1)
    return made_once(measure.WORK / f"scattered-{side}x{side}", make)


def write_scattered(file, col, row, seed):
    """One of the scattered dalles; another seed, other pixels."""
    noise = numpy.random.default_rng([seed, col, row]).integers(0, 256, (3, 10, 10), numpy.uint8)
    dataset = gdal.GetDriverByName("GTiff").Create(str(file), 100, 100, 3, gdal.GDT_Byte, ["PHOTOMETRIC=RGB"])
    dataset.SetGeoTransform((LEFT + col * PATCH_SIDE + 51.2, METRES_A_PIXEL, 0,
                             TOP - row * PATCH_SIDE - 51.2, 0, -METRES_A_PIXEL))
    dataset.SetProjection(LAMBERT_93)
    dataset.WriteArray(noise.repeat(10, axis=1).repeat(10, axis=2))


def replace_scattered(dalles, count, seed):
    """Writes `count` of the dalles in the folder anew, with other pixels."""
    for file in random.Random(seed).sample(files_of(dalles), count):
        file.unlink()  # it may be a hard link to what is kept
        write_scattered(file, *map(int, file.stem.split("_")), seed=seed)


def _lambert_93():
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(2154)
    return reference.ExportToWkt()


LAMBERT_93 = _lambert_93()
