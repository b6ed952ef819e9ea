# SPDX-License-Identifier: Apache-2.0
"""Products as the server draws them, held against formulas in double precision: bands, greys, indices and tones of real
pictures, on the very grid that the sources have."""
import numpy
from osgeo import gdal

from support import bands
from support.building import RealData, grid_set
from support.places import DATA
from support.programs import done
from support.pyramids import Pyramid
from support.styled import StyledCase

gdal.UseExceptions()

ROUNDED = 0.51
"""Grey levels between an exact shade and its nearest whole one, and what floats may add."""


class OnOwnGridCase(RealData, StyledCase):
    """Layers whose finest pixels are those of one source."""

    @classmethod
    def serve(cls, source, layers, styles):
        """`layers`: what `ardoise build` is told of each, and names of styles."""
        dataset = gdal.Open(str(source))
        cls.source = dataset.ReadAsArray()
        west, cell, _, north, _, _ = dataset.GetGeoTransform()
        cls.crs = "EPSG:" + dataset.GetSpatialRef().GetAuthorityCode(None)
        cls.size = dataset.RasterXSize, dataset.RasterYSize
        cls.box = west, north - cell * cls.size[1], west + cell * cls.size[0], north
        own = grid_set(cls.store, cls.crs, west - 64 * cell, north + 64 * cell, cell, levels=5)
        for name, (options, _) in layers.items():
            done("build", source, "--into", cls.store, "--tms", own, "--name", name, *options)
        cls.publish(cls.store, {name: ["normal", *names] for name, (_, names) in layers.items()},
                    {name: {"identifier": name, "title": name} | style for name, style in styles.items()})

    def drawn(self, layer, style):
        """Red, green and blue of all of it; what is no data is transparent, and nothing else."""
        pixels = self.picture(layer, style, self.crs, self.box, *self.size)
        self.assertEqual(pixels[self.there, 3].min(), 255)
        self.assertEqual(pixels[~self.there, 3].max(initial=0), 0)
        return pixels[..., :3]

    @property
    def there(self):
        return (self.source != 0).any(axis=0)

    def check(self, layer, style, expected, most=ROUNDED):
        """`expected`: rows x columns [x red, green, blue] in shades that need not be whole."""
        drawn = self.drawn(layer, style)
        expected = expected[..., None] if expected.ndim == 2 else expected
        off = numpy.abs(drawn - expected)[self.there]
        self.assertLessEqual(off.max(), most, f"{style} of {layer}")
        self.assertGreater(drawn[self.there].std(), 10)

    def shares(self, layer, bands_shown):
        """The 2nd and the 98th percentile of each band, by numpy, of the coarsest level with 512 x 512 pixels."""
        pyramid = Pyramid(self.store, layer)
        for name in pyramid.levels:
            pixels, valid = pyramid.pixels(name)
            if valid.size >= 512 * 512:
                break
        data = pixels[valid > 0][:, bands_shown]
        return [numpy.percentile(data, share, axis=0, method="nearest") for share in (2, 98)]

    def check_percentiles(self, layer, style, bands_shown, gamma=1.0):
        values = self.source[bands_shown]
        low, high = self.shares(layer, bands_shown)
        # Means of pixels are less extreme than the pixels, in small clouds more than in fields.
        whole = [numpy.percentile(values[:, self.there], share, axis=1) for share in (2, 98)]
        self.assertLess(numpy.abs([low, high] - numpy.array(whole)).max(), 0.15 * (whole[1] - whole[0]).max())
        self.check(layer, style, bands.toned(numpy.moveaxis(values, 0, 2), low, high, gamma))


class FourBands(OnOwnGridCase):
    """NAIP: a pyramid of red, green, blue and near infrared, and one of near infrared, red and green alone."""

    INDEX = {"normalised_difference": {"a": 4, "b": 1}}
    STYLES = {
        "gamma": {"bands": [1, 2, 3], "tone": {"gamma": 1.8}},
        "darker": {"bands": [1, 2, 3], "tone": {"gamma": 0.6}},
        "stretch": {"bands": [4, 1, 2], "tone": {"stretch": {"low": 40, "high": 180}}},
        "percentiles": {"bands": [4, 1, 2], "tone": {"stretch": {"percentiles": [2, 98]}}},
        "bright": {"bands": [1, 2, 3], "tone": {"gamma": 1.4, "stretch": {"percentiles": [2, 98]}}},
        "sharp": {"bands": [1, 2, 3], "tone": {"sharpen": 1.5}},
        "infrared-alone": {"bands": [4]},
        "viridis": INDEX | {"palette": {"name": "viridis", "range": [-0.3, 0.7]}},
        "reversed": INDEX | {"palette": {"name": "PRGn", "range": [-0.5, 0.5], "reverse": True}},
        "steps": INDEX | {"palette": {"name": "BrBG", "range": [-0.5, 0.5], "rgb_continuous": False}},
    }

    @classmethod
    def build(cls):
        cls.serve(DATA / "rgbn_5m_naip_multidate_2009_2020/m_4709963_se_14_1_20200831.tif",
                  {"four": (("--bands", "1,2,3,4", "--format", "zip"), ["rgb", "irc", "grey", "ndvi", "ndwi", *cls.STYLES]),
                   "infrared": (("--bands", "4,1,2", "--format", "png"), ["ndvi-irc", "grey"])}, cls.STYLES)
        cls.red, cls.green, cls.blue, cls.infrared = cls.source

    def test_bands_are_copied(self):
        self.check("four", "rgb", numpy.dstack([self.red, self.green, self.blue]), most=0)
        self.check("four", "irc", numpy.dstack([self.infrared, self.red, self.green]), most=0)
        self.check("infrared", "normal", numpy.dstack([self.infrared, self.red, self.green]), most=0)
        self.check("four", "infrared-alone", self.infrared, most=0)

    def test_grey(self):
        self.check("four", "grey", bands.luma(self.red, self.green, self.blue))
        self.check("infrared", "grey", bands.luma(self.infrared, self.red, self.green))

    def test_vegetation_index(self):
        ndvi = bands.normalised_difference(self.infrared, self.red)
        self.assertGreater(numpy.ptp(ndvi), 1)
        self.check("four", "ndvi", bands.blended("RdYlGn", -0.2, 0.8, ndvi))
        self.check("infrared", "ndvi-irc", bands.blended("RdYlGn", -0.2, 0.8, ndvi))
        self.check("four", "viridis", bands.blended("viridis", -0.3, 0.7, ndvi))
        self.check("four", "reversed", bands.blended("PRGn", -0.5, 0.5, ndvi, reverse=True))

    def test_steps_of_equal_width(self):
        """A value on the border of two steps may fall into either: halves of the range in 11 steps are no floats."""
        ndvi = bands.normalised_difference(self.infrared, self.red)
        off = numpy.abs(self.drawn("four", "steps") - bands.in_steps("BrBG", -0.5, 0.5, ndvi)).max(axis=2)
        border = numpy.abs((ndvi + 0.5) * 11 - numpy.round((ndvi + 0.5) * 11)) < 1e-6
        self.assertEqual(off[~border].max(), 0)
        self.assertLess(border.mean(), 0.01)

    def test_water_index(self):
        self.check("four", "ndwi", bands.blended("BrBG", -0.8, 0.8, bands.normalised_difference(self.green, self.infrared)))

    def test_gamma_and_stretch(self):
        colour = numpy.dstack([self.red, self.green, self.blue])
        self.check("four", "gamma", bands.toned(colour, 0, 255, 1.8))
        self.check("four", "darker", bands.toned(colour, 0, 255, 0.6))
        self.check("four", "stretch", bands.toned(numpy.dstack([self.infrared, self.red, self.green]), 40, 180))

    def test_percentiles(self):
        self.check_percentiles("four", "percentiles", [3, 0, 1])
        self.check_percentiles("four", "bright", [0, 1, 2], gamma=1.4)

    def test_sharpening(self):
        self.check("four", "sharp", bands.sharpened(numpy.dstack([self.red, self.green, self.blue]), 1.5))


class SixteenBits(OnOwnGridCase):
    """Landsat: dark pictures of 16 bits with slanted edges, which percentiles make seen."""

    STYLES = {"percentiles": {"bands": [3, 2, 1], "tone": {"stretch": {"percentiles": [2, 98]}, "gamma": 1.2}},
              "index": {"normalised_difference": {"a": 3, "b": 1}, "palette": {"name": "RdBu", "range": [-0.3, 0.3]}},
              "grey-stretched": {"grey": {}, "tone": {"stretch": {"low": 6000, "high": 15000}}}}

    @classmethod
    def build(cls):
        cls.serve(DATA / "uint16_landsat_two_adjacent_scenes/mosaic_cog1.tif",
                  {"landsat": (("--format", "zip"), list(cls.STYLES))}, cls.STYLES)

    def test_percentiles(self):
        self.check_percentiles("landsat", "percentiles", [2, 1, 0], gamma=1.2)

    def test_index(self):
        self.check("landsat", "index", bands.blended("RdBu", -0.3, 0.3,
                                                     bands.normalised_difference(self.source[2], self.source[0])))

    def test_grey(self):
        self.check("landsat", "grey-stretched", bands.toned(bands.luma(*self.source), 6000, 15000), most=0.53)
