# SPDX-License-Identifier: Apache-2.0
"""Bands, indices and tones by the formulas of the literature, in double precision and without any code of ours."""
import json

import numpy

from support.places import PROJECT


def normalised_difference(one, other):
    """(a - b) / (a + b); 0 where both are 0."""
    one, other = one.astype(float), other.astype(float)
    total = one + other
    return numpy.where(total == 0, 0, (one - other) / numpy.where(total == 0, 1, total))


def luma(red, green, blue):
    """ITU-R BT.601, 2.5.1."""
    return 0.299 * red.astype(float) + 0.587 * green + 0.114 * blue


def named_colours(name):
    """Rows of red, green and blue from the low end to the high one, as the palette's file lists them."""
    colours = json.loads((PROJECT / f"styles/palettes/{name}.json").read_text())["colours"]
    return numpy.array([[int(colour[at:at + 2], 16) for at in (1, 3, 5)] for colour in colours], float)


def blended(name, low, high, values, reverse=False):
    """Rows x columns x red, green, blue: a named palette spread over a range, its colours mixed between its entries."""
    colours = named_colours(name)[::-1 if reverse else 1]
    places = numpy.linspace(low, high, len(colours))
    return numpy.dstack([numpy.interp(values, places, colours[:, channel]) for channel in range(3)])


def in_steps(name, low, high, values):
    """The same in as many steps as it has colours, all of one width."""
    colours = named_colours(name)
    step = numpy.floor((values - low) / (high - low) * len(colours)).astype(int)
    return colours[numpy.clip(step, 0, len(colours) - 1)]


def toned(values, low, high, gamma=1.0):
    """Shades from 0 to 255: `low` (a number, or one of each colour) is black, `high` white."""
    share = numpy.clip((values.astype(float) - low) / (numpy.asarray(high, float) - low), 0, 1)
    return 255 * share ** (1 / gamma)


def sharpened(picture, amount):
    """Unsharp mask: so many times what tells a pixel from the mean of the nine around it (weights 1 2 1) is added. Beyond the
    edge a neighbour counts as the pixel itself."""
    framed = numpy.pad(picture.astype(float), ((1, 1), (1, 1), (0, 0)), constant_values=numpy.nan)
    rows, columns, _ = picture.shape
    windows = [(down * right, framed[y:y + rows, x:x + columns])
               for y, down in enumerate((1, 2, 1)) for x, right in enumerate((1, 2, 1))]
    mean = sum(weight * numpy.where(numpy.isnan(window), picture, window) for weight, window in windows) / 16
    return numpy.clip(picture + amount * (picture - mean), 0, 255)
