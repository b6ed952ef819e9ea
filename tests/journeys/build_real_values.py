# SPDX-License-Identifier: Apache-2.0
"""Heights, classes, infrared and 16-bit images become pyramids that keep their values."""
import numpy
from osgeo import gdal

from support import grounds, measures
from support.building import Base, RealData, grid_set
from support.places import DATA

MOST_SHIFT = 0.125


class MontpellierHeights(RealData):
    """400 dalles of IGN's surface model, one of them without data, on the grid of a set made for them."""

    folder = DATA / "dsm_30cm_ign_montpellier_400_dalles_la93"

    @classmethod
    def build(cls):
        cell = 0.3
        own_set = grid_set(cls.store, "EPSG:2154", 767400 - 3 * 256 * cell, 6280824.9 + 2 * 256 * cell, cell, levels=5)
        cls.run_build(cls.folder / "dalles", "--tms", own_set, "--name", "dsm")
        cls.run_build(cls.folder / "dsm_30cm.vrt", "--tms", "2154_5cm", "--bottom", "20", "--name", "finer")

    def test_it_is_sound(self):
        self.check_soundness(["dsm"], format="TIFF_ZIP_FLOAT32", channels=1, crs="EPSG:2154",
                             tile_matrix_set="own_grid")
        self.check_soundness(["finer"], format="TIFF_ZIP_FLOAT32", channels=1, tile_matrix_set="2154_5cm")

    def test_base_tiles_hold_the_very_heights(self):
        source = gdal.Open(str(self.folder / "dsm_30cm.vrt"))
        heights = grounds.read(source)
        ours, valid = Base(self.store, "dsm").part(source)
        numpy.testing.assert_array_equal(valid == 255, heights != 32768)
        self.assertEqual((valid == 0).sum() >= 100 * 100, True)
        numpy.testing.assert_array_equal(ours[valid == 255], heights[valid == 255])

    def test_no_data_is_what_the_descriptor_says(self):
        base = Base(self.store, "dsm")
        stated = float(base.pyramid.descriptor["raster_specifications"]["nodata"])
        outside = base.pixels[base.validity == 0]
        touched = outside[outside != 0]  # a tile without any data is not stored
        self.assertEqual(set(touched.tolist()), {stated})

    def test_no_height_is_mixed_with_no_data_at_any_level(self):
        heights = grounds.read(self.folder / "dsm_30cm.vrt")
        real = heights[heights != 32768]
        for level in "43210":
            base = Base(self.store, "dsm", level)
            ours = base.pixels[base.validity > 0]
            self.assertGreaterEqual(ours.min(), real.min(), level)
            self.assertLessEqual(ours.max(), real.max(), level)

    def test_resampled_heights_lie_where_gdalwarp_has_them(self):
        found = Base(self.store, "finer").compare_with_warp(gdal.Open(str(self.folder / "dsm_30cm.vrt")))
        self.assertLess(max(abs(found["dx"]), abs(found["dy"])), MOST_SHIFT, found)
        self.assertLess(found["difference"], 0.02, found)
        self.assertLess(found["disagreement"], 0.02, found)


class WashingtonGround(RealData):
    """A ground model of 2 m in UTM, warped to Web Mercator."""

    source = DATA / "dtm_dsm_2m_washington_dc/dtm.tif"

    @classmethod
    def build(cls):
        cls.run_build(cls.source, "--tms", "PM", "--bottom", "17", "--name", "dtm")

    def test_it_is_sound(self):
        self.check_soundness(["dtm"], format="TIFF_ZIP_FLOAT32", channels=1, crs="EPSG:3857")

    def test_heights_lie_where_gdalwarp_has_them(self):
        found = Base(self.store, "dtm").compare_with_warp(gdal.Open(str(self.source)))
        self.assertLess(max(abs(found["dx"]), abs(found["dy"])), MOST_SHIFT, found)
        self.assertLess(found["difference"], 0.05, found)
        self.assertLess(found["disagreement"], 0.02, found)


class LandCover(RealData):
    """Indices of a palette must not be mixed: nearest neighbour, on the grid of level 17. Their colours may be."""

    source = DATA / "paletted/landcover_1m_palette_7168x8704_3857.tif"

    @classmethod
    def build(cls):
        cls.run_build(cls.source, "--tms", "PM", "--resampling", "near", "--bands", "1", "--name", "landcover",
                      "--top", "15")
        cls.run_build(cls.source, "--tms", "PM", "--format", "png", "--name", "colours", "--top", "16")

    def test_they_are_sound(self):
        self.check_soundness(["landcover"], format="TIFF_ZIP_UINT8", channels=1)
        self.check_soundness(["colours"], format="TIFF_PNG_UINT8", channels=3)

    def test_base_tiles_hold_the_very_colours(self):
        source = gdal.Open(str(self.source))
        expected = grounds.read(gdal.Translate("", source, format="VRT", rgbExpand="rgba"))
        ours, valid = Base(self.store, "colours").part(source)
        numpy.testing.assert_array_equal(valid, expected[..., 3])
        numpy.testing.assert_array_equal(ours[valid == 255], expected[valid == 255][:, :3])

    def test_base_tiles_hold_the_very_classes(self):
        source = gdal.Open(str(self.source))
        classes = grounds.read(source)
        ours, valid = Base(self.store, "landcover").part(source)
        numpy.testing.assert_array_equal(valid == 255, classes != 0)
        numpy.testing.assert_array_equal(ours[valid == 255], classes[valid == 255])

    def test_coarser_levels_hold_no_class_that_is_not_there(self):
        classes = set(numpy.unique(grounds.read(self.source)).tolist()) - {0}
        for level in ("16", "15"):
            base = Base(self.store, "landcover", level)
            self.assertLessEqual(set(numpy.unique(base.pixels[base.validity > 0]).tolist()), classes, level)


class Landsat16Bit(RealData):
    """Two 16-bit scenes that overlap, with slanted edges of no data, warped from UTM to Web Mercator."""

    folder = DATA / "uint16_landsat_two_adjacent_scenes"

    @classmethod
    def build(cls):
        cls.run_build([cls.folder / "mosaic_cog1.tif"], "--tms", "PM", "--bottom", "10", "--name", "one", "--format", "zip")
        cls.run_build(cls.folder, "--tms", "PM", "--bottom", "10", "--name", "both")

    def test_it_is_sound(self):
        self.check_soundness(["one", "both"], format="TIFF_ZIP_UINT16", channels=3)

    def test_values_lie_where_gdalwarp_has_them(self):
        found = Base(self.store, "one").compare_with_warp(gdal.Open(str(self.folder / "mosaic_cog1.tif")))
        self.assertLess(max(abs(found["dx"]), abs(found["dy"])), MOST_SHIFT, found)
        self.assertLess(found["difference"], 60, found)  # of 65535
        self.assertLess(found["disagreement"], 0.02, found)

    def test_where_scenes_overlap_edges_leave_no_gap(self):
        base = Base(self.store, "both")
        there = numpy.zeros(base.validity.shape, bool)
        for file in sorted(self.folder.glob("*.tif")):
            _, seen = grounds.warped(gdal.Open(str(file)), "EPSG:3857", base.box, base.width, base.height)
            there |= seen
        inside = measures.erode(there, 2)
        self.assertGreater(inside.sum(), 10_000)
        self.assertTrue((base.validity[inside] > 0).all())


class InfraredOfFourBands(RealData):
    """Colour and infrared products from one read of a four-band image with no data 0."""

    source = DATA / "rgbn_5m_naip_multidate_2009_2020/m_4709963_se_14_1_20200831.tif"

    @classmethod
    def build(cls):
        cls.run_build(cls.source, "--tms", "PM", "--bottom", "15",
                      "--product", "colour=1,2,3:png", "--product", "irc=4,1,2:png", "--product", "all=1,2,3,4:zip")

    def test_all_are_sound(self):
        self.check_soundness(["colour", "irc"], format="TIFF_PNG_UINT8", channels=3)
        self.check_soundness(["all"], format="TIFF_ZIP_UINT8", channels=4)

    def test_bands_are_the_ones_asked_for(self):
        colour, infrared, every = (Base(self.store, name).pixels for name in ("colour", "irc", "all"))
        numpy.testing.assert_array_equal(every[..., :3], colour)
        numpy.testing.assert_array_equal(infrared[..., 1:], colour[..., :2])
        numpy.testing.assert_array_equal(infrared[..., 0], every[..., 3])
        self.assertGreater(measures.mean_difference(infrared, colour), 5)

    def test_ground_lies_where_gdalwarp_has_it(self):
        found = Base(self.store, "irc").compare_with_warp(gdal.Open(str(self.source)), bands=[4, 1, 2])
        self.assertLess(max(abs(found["dx"]), abs(found["dy"])), MOST_SHIFT, found)
        self.assertLess(found["difference"], 1.5, found)


def joined_to_the_border(pixels):
    """Those of a map of truths that others join to its border, side by side."""
    rows, columns = pixels.shape
    reached = numpy.zeros_like(pixels)
    border = numpy.ones_like(pixels)
    border[1:-1, 1:-1] = False
    found = list(zip(*numpy.nonzero(pixels & border)))
    while found:
        y, x = found.pop()
        if 0 <= y < rows and 0 <= x < columns and pixels[y, x] and not reached[y, x]:
            reached[y, x] = True
            found += [(y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)]
    return reached


class BlackEdge(RealData):
    """A drone's image with a jagged edge of black, the colour of some of its shadows too; laid, as it is, on a grid
    of square pixels, so that each pixel can be told."""

    @classmethod
    def build(cls):
        west, north, cell = 600_000, 6_700_000, 0.1
        cls.source = cls.store / "square.tif"
        gdal.Translate(str(cls.source), str(DATA / "rgb_irregular_footprint/oam_manila_10cm_blackedge.tif"),
                       outputSRS="EPSG:2154", outputBounds=[west, north, west + 2048 * cell, north - 2048 * cell])
        own_set = grid_set(cls.store, "EPSG:2154", west, north, cell, levels=4)
        cls.run_build(cls.source, "--tms", own_set, "--nodata-edge", "0", "--format", "png", "--name", "edge")

    def test_the_edge_is_gone_and_black_inside_is_kept(self):
        source = gdal.Open(str(self.source))
        pixels = grounds.read(source)
        black = (pixels == 0).all(axis=2)
        outside = joined_to_the_border(black)
        inside = black & ~outside
        self.assertGreater(outside.sum(), 700_000)
        self.assertGreater(inside.sum(), 500)
        ours, valid = Base(self.store, "edge").part(source)
        numpy.testing.assert_array_equal(valid == 255, ~outside)
        numpy.testing.assert_array_equal(ours[~outside], pixels[~outside])
