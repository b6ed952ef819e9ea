# SPDX-License-Identifier: Apache-2.0
"""Relief by the formulas of the literature, in double precision and without any code of ours; NaN is no data."""
import numpy

SEMI_MAJOR, FLATTENING = 6378137.0, 1 / 298.257223563


def neighbours(heights):
    """The nine heights around each pixel, row by row; a neighbour without data counts as the middle."""
    framed = numpy.pad(heights.astype(float), 1, constant_values=numpy.nan)
    rows, columns = heights.shape
    windows = [framed[down:down + rows, right:right + columns] for down in range(3) for right in range(3)]
    return [numpy.where(numpy.isnan(window), heights, window) for window in windows]


def gradient(heights, width, height, method="H"):
    """Metres per metre to the east and to the south; pixels measure `width` x `height` metres (numbers, or columns)."""
    a, b, c, d, _, f, g, h, i = neighbours(heights)
    if method == "Z":
        return (f - d) / (2 * width), (h - b) / (2 * height)
    return ((c + 2 * f + i) - (a + 2 * d + g)) / (8 * width), ((g + 2 * h + i) - (a + 2 * b + c)) / (8 * height)


def lit(slopes, azimuth, altitude=45.0):
    """1 in the shade, 255 facing the sun: the cosine between the sun and what stands upright on the ground."""
    east, south = slopes
    azimuth, altitude = numpy.radians([azimuth, altitude])
    sun = (numpy.sin(azimuth) * numpy.cos(altitude), -numpy.cos(azimuth) * numpy.cos(altitude), numpy.sin(altitude))
    cosine = (sun[2] - sun[0] * east - sun[1] * south) / numpy.sqrt(1 + east ** 2 + south ** 2)
    return 1 + 254 * numpy.maximum(cosine, 0)


def lit_from_four_sides(slopes, altitude=45.0):
    """The mean of four suns, each weighed by the squared cosine between it and where the ground faces."""
    east, south = slopes
    facing = numpy.arctan2(-east, south)
    total = numpy.zeros_like(east)
    for azimuth in (225, 270, 315, 360):
        total += numpy.cos(facing - numpy.radians(azimuth)) ** 2 * (lit(slopes, azimuth, altitude) - 1)
    level = numpy.hypot(east, south) == 0
    return 1 + numpy.where(level, 254 * numpy.sin(numpy.radians(altitude)), total / 2)


def slope(slopes, in_percent=False):
    rise = numpy.hypot(*slopes)
    return 100 * rise if in_percent else numpy.degrees(numpy.arctan(rise))


def aspect(slopes):
    """Degrees clockwise from north; NaN on level ground."""
    east, south = slopes
    facing = numpy.degrees(numpy.arctan2(-east, south)) % 360
    return numpy.where(numpy.hypot(east, south) == 0, numpy.nan, facing)


def turned(one, other):
    """Degrees between two bearings."""
    return numpy.abs((one - other + 180) % 360 - 180)


def mercator_pixels(north, cell, rows):
    """Width and height on the ground of pixels of EPSG:3857 in each row, as columns: WGS 84's own radii."""
    y = north - (numpy.arange(rows) + 0.5) * cell
    return _metres(numpy.arctan(numpy.sinh(y / SEMI_MAJOR)), cell / SEMI_MAJOR, mercator=True)


def geographic_pixels(north, cell, rows):
    """The same of pixels in degrees."""
    latitude = numpy.radians(north - (numpy.arange(rows) + 0.5) * cell)
    return _metres(latitude, numpy.radians(cell), mercator=False)


def _metres(latitude, radians, mercator):
    squared = FLATTENING * (2 - FLATTENING)
    root = numpy.sqrt(1 - squared * numpy.sin(latitude) ** 2)
    along_parallel = SEMI_MAJOR / root * numpy.cos(latitude)
    along_meridian = SEMI_MAJOR * (1 - squared) / root ** 3 * (numpy.cos(latitude) if mercator else 1)
    return (along_parallel * radians)[:, None], (along_meridian * radians)[:, None]
