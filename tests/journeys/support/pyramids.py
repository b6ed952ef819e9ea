# SPDX-License-Identifier: Apache-2.0
"""Reads pyramids on disk by the letter of ROK4's format, without any code of ours."""
import io
import json
import struct
import zlib
from pathlib import Path

import numpy
from PIL import Image

HEADER = 2048
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def slab_path(x, y, depth):
    """Base-36 digits of both indices in pairs, one folder for each of the last `depth` pairs."""
    path = ".tif"
    for _ in range(depth):
        path = "/" + DIGITS[x % 36] + DIGITS[y % 36] + path
        x, y = x // 36, y // 36
    head = ""
    while x or y or not head:
        head = DIGITS[x % 36] + DIGITS[y % 36] + head
        x, y = x // 36, y // 36
    return head + path


class Level:
    """One level of a pyramid: where its slabs are and which tiles it may hold."""

    def __init__(self, folder, description):
        self.id = description["id"]
        self.width, self.height = description["tiles_per_width"], description["tiles_per_height"]
        limits = description["tile_limits"]
        self.columns = range(limits["min_col"], limits["max_col"] + 1)
        self.rows = range(limits["min_row"], limits["max_row"] + 1)
        storage = description["storage"]
        self.depth = storage["path_depth"]
        self.data = folder / storage["image_directory"]
        self.masks = folder / storage["mask_directory"] if "mask_directory" in storage else None
        self._files = {}

    def slab_file(self, col, row, folder=None):
        return (folder or self.data) / slab_path(col // self.width, row // self.height, self.depth)

    def tile(self, col, row, folder=None):
        """The stored bytes of a tile; empty when the slab has none, or is not there."""
        file = self.slab_file(col, row, folder)
        if file not in self._files:
            self._files[file] = file.read_bytes() if file.exists() else b""
        slab = self._files[file]
        if not slab:
            return b""
        count = self.width * self.height
        number = (row % self.height) * self.width + col % self.width
        offset, = struct.unpack_from("<I", slab, HEADER + 4 * number)
        size, = struct.unpack_from("<I", slab, HEADER + 4 * (count + number))
        return slab[offset:offset + size]

    def tiles(self):
        """Column and row of every tile within the limits."""
        return [(col, row) for row in self.rows for col in self.columns]


class Pyramid:
    """A descriptor, its levels and their pixels."""

    def __init__(self, store, name):
        self.name = name
        self.descriptor = json.loads(Path(store, f"{name}.json").read_text())
        self.format = self.descriptor["format"]
        self.channels = self.descriptor["raster_specifications"]["channels"]
        self.levels = {level["id"]: Level(Path(store), level) for level in self.descriptor["levels"]}

    def decode(self, tile):
        """Rows x columns [x channels] of a stored tile."""
        return decode(tile, self.format, self.channels)

    def pixels(self, level, columns=None, rows=None):
        """Pixels and validity (booleans) of a rectangle of tiles."""
        level = self.levels[str(level)]
        columns, rows = columns or level.columns, rows or level.rows
        shape = (256 * len(rows), 256 * len(columns))
        kind = sample_type(self.format)
        picture = numpy.zeros(shape if self.channels == 1 else (*shape, self.channels), kind)
        valid = numpy.zeros(shape, numpy.uint8)
        for j, row in enumerate(rows):
            for i, col in enumerate(columns):
                tile = level.tile(col, row)
                if not tile:
                    continue
                place = (slice(256 * j, 256 * (j + 1)), slice(256 * i, 256 * (i + 1)))
                picture[place] = self.decode(tile)
                mask = level.tile(col, row, level.masks) if level.masks else b""
                valid[place] = decode(mask, "TIFF_ZIP_UINT8", 1) if mask else 255
        return picture, valid


def decode(tile, format_name, channels):
    """Pixels of one 256 x 256 tile, by libraries that we do not use ourselves."""
    if format_name.startswith(("TIFF_JPG", "TIFF_PNG", "TIFF_WEBP")):
        return numpy.asarray(Image.open(io.BytesIO(tile)))
    assert format_name.startswith("TIFF_ZIP"), format_name
    kind = sample_type(format_name)
    samples = numpy.frombuffer(zlib.decompress(tile), kind)
    return samples.reshape((256, 256) if channels == 1 else (256, 256, channels))


def picture(body):
    """Rows x columns x colours of an image that came over HTTP, grey or with a palette as well: 3 of them, 4 with alpha."""
    image = Image.open(io.BytesIO(body))
    has_alpha = "A" in image.mode or "transparency" in image.info
    return numpy.asarray(image.convert("RGBA" if has_alpha else "RGB"))


def sample_type(format_name):
    return {"FLOAT32": "<f4", "_UINT16": "<u2"}.get(format_name[-7:], numpy.uint8)
