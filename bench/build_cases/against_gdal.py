# SPDX-License-Identifier: Apache-2.0
"""The same dalles become tiles with every coarser level: a pyramid by `ardoise build`, and what GDAL makes of them.

All are divided by the same number, the pixels of the dalles. A VRT of the dalles is made beforehand and not counted.
"""

import json
import os

import measure
import quality
from build_cases import bench, sources
from build_cases.bench import CPU, LIKENESS, PEAK, SPEED, WALL, WRITTEN, Contender, ardoise_build

JPEG_TIFF = ["-co", "COMPRESS=JPEG", "-co", "PHOTOMETRIC=YCBCR", "-co", "JPEG_QUALITY=85", "-co", "TILED=YES", "-co",
             "BLOCKXSIZE=256", "-co", "BLOCKYSIZE=256", "-co", "BIGTIFF=IF_SAFER", "-co", "NUM_THREADS=ALL_CPUS"]
COG = ["-of", "COG", "-co", "COMPRESS=JPEG", "-co", "QUALITY=85", "-co", "BLOCKSIZE=256", "-co", "OVERVIEWS=IGNORE_EXISTING",
       "-co", "OVERVIEW_RESAMPLING=AVERAGE", "-co", "NUM_THREADS=ALL_CPUS"]
INSIDE = {"GDAL_TIFF_INTERNAL_MASK": "YES", "GDAL_NUM_THREADS": "ALL_CPUS", "JPEG_QUALITY_OVERVIEW": "85"}


class Arena:
    """Dalles, their VRT, and a folder for each contender."""

    def __init__(self, terms, dalles):
        self.folder, self.rounds, self.dalles = terms.folder, terms.rounds, dalles
        self.vrt = sources.mosaic(dalles, terms.folder)
        self.megapixels = sources.megapixels(sources.files_of(dalles))

    def ours(self, tile_matrix_set, tile_format="jpg"):
        folder = self.folder / f"ardoise-{tile_format}"
        command = ardoise_build(self.dalles, tile_matrix_set, folder, "--name", "ortho", "--bands", "1,2,3", "--format",
                                tile_format, "--quality", "85")
        return Contender(f"ardoise build, {tile_matrix_set}, {tile_format}", [command], folder, self.megapixels)

    def gdal(self, name, *commands):
        """`commands` leave out.tif in the folder called gdal."""
        return Contender(name, list(commands), self.folder / "gdal", self.megapixels, INSIDE)

    @property
    def out(self):
        return self.folder / "gdal" / "out.tif"

    def compete(self, title, contenders, *more_columns):
        """Prints the table; the first contender is what the others are held against."""
        outcomes = bench.compare(contenders, self.rounds,
                                 *([self.likeness] if bench.LIKENESS in more_columns else []))
        us = bench.speeds(outcomes[contenders[0].name])
        print(f"**{title}** ({self.megapixels:.0f} Mpx)\n")
        bench.print_table(outcomes, SPEED, ("first row against it", lambda runs: measure.ratios(us, bench.speeds(runs))),
                          CPU, WALL, PEAK, WRITTEN, *more_columns)

    def likeness(self, contender):
        """PSNR of the base level."""
        files = [contender.folder / "out.tif"]
        for descriptor in contender.folder.glob("*.json"):
            level = json.loads(descriptor.read_text())["levels"][-1]["id"]
            files = sorted((contender.folder / descriptor.stem / "DATA" / level).rglob("*.tif"))
        return f"{quality.psnr(self.vrt, files):.2f}"


def own_grid(terms):
    """Contenders that leave the pixels where they are."""
    _on_own_grid("On the dalles' own grid", Arena(terms, terms.dalles(usual="4x4", quick="1x1")))


def jpeg_sources(terms):
    """The same from dalles that are JPEG themselves."""
    dalles = sources.as_jpeg(terms.dalles(usual="4x4", quick="1x1"))
    _on_own_grid("On their own grid, dalles of JPEG (quality 95)", Arena(terms, dalles))


def _on_own_grid(title, arena):
    arena.compete(title, [
        arena.ours("2154_5cm"),
        arena.gdal("gdal_translate -of COG", ["gdal_translate", "-q", *COG, arena.vrt, arena.out]),
        arena.gdal("gdal_translate + gdaladdo -r average", ["gdal_translate", "-q", *JPEG_TIFF, arena.vrt, arena.out],
                   ["gdaladdo", "-q", "-r", "average", arena.out])], LIKENESS)


def web_mercator(terms):
    """Contenders that warp to EPSG:3857, both on the same grid."""
    arena = Arena(terms, terms.dalles(usual="2x2", quick="1x1"))
    cell = str(quality.PM_5CM_CELL)
    warp = ["gdalwarp", "-q", *COG, "-t_srs", "EPSG:3857", "-tr", cell, cell, "-tap", "-r", "bilinear", "-multi", "-wo",
            "NUM_THREADS=ALL_CPUS", arena.vrt, arena.out]
    arena.compete("EPSG:2154 to EPSG:3857, bilinear",
                  [arena.ours("PM_5cm"), arena.gdal("gdalwarp -of COG -t_srs EPSG:3857", warp)], LIKENESS)


def gdal2tiles(terms):
    """Contenders that end in tiles of EPSG:3857, from level 0 on. gdal2tiles 3.6 writes no JPEG, so ours come twice."""
    arena = Arena(terms, terms.dalles(usual="1x1", quick="1x1"))
    command = ["gdal2tiles.py", "-q", "--xyz", "-z", "0-21", "-r", "bilinear", "-w", "none", "-x", "--processes",
               str(os.cpu_count()), arena.vrt, arena.folder / "gdal"]
    arena.compete("EPSG:2154 to tiles of EPSG:3857",
                  [arena.ours("PM_5cm", "png"), arena.ours("PM_5cm", "jpg"), arena.gdal("gdal2tiles.py, png", command)])
