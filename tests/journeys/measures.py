# SPDX-License-Identifier: Apache-2.0
"""The yardsticks themselves: a shift that is there is found, noise and identity are told apart."""
import unittest

import numpy
from PIL import Image

from support import measures
from support.pyramids import slab_path


def textured(size=200):
    """Something like ground: smooth noise of several sizes."""
    random = numpy.random.default_rng(7)
    layers = [Image.fromarray(random.uniform(0, 255, (size // step,) * 2).astype(numpy.float32)).resize(
        (size, size), Image.BICUBIC) for step in (4, 10, 40)]
    return numpy.mean([numpy.asarray(layer) for layer in layers], axis=0)


def shifted(picture, dx, dy):
    """The picture moved by parts of a pixel, exactly (around its edges, it comes in again on the other side)."""
    rows, columns = (numpy.fft.fftfreq(length) for length in picture.shape)
    turn = numpy.exp(-2j * numpy.pi * (rows[:, None] * dy + columns[None, :] * dx))
    return numpy.fft.ifft2(numpy.fft.fft2(picture) * turn).real


class Shift(unittest.TestCase):
    def test_small_shifts_are_measured(self):
        picture = textured()
        for dx, dy in ((0, 0), (0.125, 0), (0, -0.25), (0.5, 0.5), (-0.7, 0.1)):
            valid = numpy.ones(picture.shape, bool)
            valid[:4], valid[-4:], valid[:, :4], valid[:, -4:] = False, False, False, False
            found = measures.shift(picture, shifted(picture, dx, dy), valid)
            # A tenth too much on sharp ground, never too little: limits hold for real.
            self.assertLess(numpy.abs(found - (dx, dy)).max(), 0.01 + 0.1 * max(abs(dx), abs(dy)), (dx, dy, found))

    def test_noise_is_no_shift(self):
        picture = textured()
        noisy = picture + numpy.random.default_rng(3).normal(0, 6, picture.shape)
        self.assertLess(numpy.abs(measures.shift(picture, noisy)).max(), 0.05)


class Likeness(unittest.TestCase):
    def test_psnr(self):
        picture = numpy.full((50, 50), 100, numpy.uint8)
        self.assertEqual(measures.psnr(picture, picture), float("inf"))
        self.assertAlmostEqual(measures.psnr(picture, picture + numpy.uint8(1)), 48.13, places=2)

    def test_erosion(self):
        valid = numpy.ones((9, 9), bool)
        valid[4, 4] = False
        self.assertEqual((~measures.erode(valid, 1)).sum(), 5)


class SlabPaths(unittest.TestCase):
    def test_examples_of_rok4(self):
        for x, y, path in ((25, 195, "00/05/PF.tif"), (258, 181, "00/75/61.tif"), (272102, 61673, "51TB/YL/E5.tif"),
                           (68025, 15418, "10GB/HW/LA.tif")):
            self.assertEqual(slab_path(x, y, 2), path)
