# SPDX-License-Identifier: Apache-2.0
"""How alike two pictures are, and by how much one is shifted against the other."""
import numpy


def psnr(one, other):
    """Peak signal-to-noise ratio of 8-bit pictures, in dB."""
    error = numpy.mean((one.astype(float) - other.astype(float)) ** 2)
    return float("inf") if error == 0 else 10 * numpy.log10(255 ** 2 / error)


def mean_difference(one, other):
    return float(numpy.mean(numpy.abs(one.astype(float) - other.astype(float))))


def grey(picture):
    """Rows x columns [x channels] of anything, as rows x columns of floats."""
    picture = picture.astype(float)
    return picture if picture.ndim == 2 else picture[..., :3].mean(axis=2)


def shift(one, other, valid=None):
    """Columns and rows by which `other` lies right of and below `one`, to a hundredth of a pixel or so.

    Least squares on brightness differences against gradients (Lucas and Kanade), good below one pixel.
    """
    a, b = grey(one), grey(other)
    mean = (a + b) / 2
    by_row, by_column = numpy.gradient(mean)
    inside = numpy.ones(a.shape, bool) if valid is None else erode(valid)
    inside = inside.copy()
    inside[:2], inside[-2:], inside[:, :2], inside[:, -2:] = False, False, False, False
    gx, gy, difference = by_column[inside], by_row[inside], (a - b)[inside]
    matrix = numpy.array([[gx @ gx, gx @ gy], [gx @ gy, gy @ gy]])
    return numpy.linalg.solve(matrix, [gx @ difference, gy @ difference])


def erode(valid, by=3):
    """Valid pixels whose neighbours are valid too."""
    for _ in range(by):
        grown = numpy.pad(valid, 1, constant_values=True)
        valid = (grown[1:-1, 1:-1] & grown[:-2, 1:-1] & grown[2:, 1:-1] & grown[1:-1, :-2] & grown[1:-1, 2:])
    return valid
