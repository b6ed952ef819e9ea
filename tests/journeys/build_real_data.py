# SPDX-License-Identifier: Apache-2.0
"""Real orthophotos become pyramids, and GDAL finds its sources again in them."""
import io

import numpy
from osgeo import gdal
from PIL import Image

from support import grounds, measures
from support.building import Base, RealData, halved
from support.places import DATA
from support.pyramids import Pyramid

MOST_SHIFT = 0.125
"""Pixels by which we may lie beside GDAL, as the contract says."""


def jpeg_loss(picture):
    """What a usual JPEG encoder at the same quality (85, 4:2:0) leaves of a picture, in dB."""
    encoded = io.BytesIO()
    Image.fromarray(picture).save(encoded, "jpeg", quality=85, subsampling=2)
    return measures.psnr(numpy.asarray(Image.open(encoded)), picture)


class Banepa(RealData):
    """A town at 13 cm in Web Mercator: many JPEG files on the grid of level 20, copied and not resampled."""

    @classmethod
    def build(cls):
        cls.source = cls.store / "part.vrt"
        gdal.Translate(str(cls.source), str(DATA / "rgb_13cm_banepa_nepal/banepa_13cm_3857.vrt"), format="VRT",
                       srcWin=[2048, 1024, 5120, 4096])
        cls.run_build(cls.source, "--allow-vrt", "--tms", "PM", "--name", "banepa")

    def test_it_is_sound(self):
        self.check_soundness(["banepa"], format="TIFF_JPG_UINT8", channels=3, crs="EPSG:3857", tile_matrix_set="PM")

    def test_base_tiles_are_the_source_within_jpeg_loss(self):
        source = gdal.Open(str(self.source))
        ours, valid = Base(self.store, "banepa").part(source)
        self.assertTrue((valid == 255).all())
        self.assertGreaterEqual(measures.psnr(ours, grounds.read(source)), 38)

    def test_coarser_levels_show_the_same_ground(self):
        # So sharp a picture, once halved, loses more than 38 dB allow: the yardstick is what JPEG itself costs it.
        source = gdal.Open(str(self.source))
        expected = grounds.read(source)
        for factor, level in ((2, "19"), (4, "18"), (8, "17")):
            expected = numpy.rint(halved(expected)).astype(numpy.uint8)
            ours, _ = Base(self.store, "banepa", level).part(source, factor)
            self.assertLess(numpy.abs(measures.shift(expected, ours)).max(), 0.02, level)
            self.assertGreaterEqual(measures.psnr(ours, expected), jpeg_loss(expected) - 1, level)


class Zanzibar(RealData):
    """7 cm, losslessly and as JPEG from one read; the provider made its own coarser levels."""

    folder = DATA / "rgb_7cm_zanzibar_tanzania"

    @classmethod
    def build(cls):
        cls.run_build(cls.folder / "zanzibar_B_z21_3857.vrt", "--tms", "PM",
                      "--product", "exact=1,2,3:png", "--product", "light=1,2,3:jpg:85")

    def setUp(self):
        self.source = gdal.Open(str(self.folder / "zanzibar_B_z21_3857.vrt"))

    def test_it_is_sound(self):
        self.check_soundness(["exact", "light"], channels=3, crs="EPSG:3857")

    def test_png_tiles_are_the_source(self):
        ours, _ = Base(self.store, "exact").part(self.source)
        numpy.testing.assert_array_equal(ours, grounds.read(self.source))

    def test_jpeg_tiles_are_the_source_within_jpeg_loss(self):
        ours, _ = Base(self.store, "light").part(self.source)
        self.assertGreaterEqual(measures.psnr(ours, grounds.read(self.source)), 38)

    def test_each_level_is_the_mean_of_the_finer_one(self):
        expected = grounds.read(self.source)
        for factor, level in ((2, "20"), (4, "19"), (8, "18")):
            expected = numpy.rint(halved(expected) - 1e-6)
            ours, _ = Base(self.store, "exact", level).part(self.source, factor)
            self.assertLessEqual(numpy.abs(ours - expected).max(), 1, level)
            expected = ours

    def test_coarser_levels_lie_where_the_provider_has_them(self):
        # Its own levels lie an eighth of a pixel beside the mean of its finest: hence a quarter here.
        for factor, level in ((2, "20"), (4, "19")):
            theirs = grounds.read(self.folder / f"zanzibar_B_z{level}_3857.vrt")
            ours, _ = Base(self.store, "exact", level).part(self.source, factor)
            self.assertLess(numpy.abs(measures.shift(theirs, ours)).max(), 0.25, level)


class Ign5cm(RealData):
    """IGN's own 5 cm images in Lambert-93: colour, and one channel apart, as infrared is delivered, overlapping, no data = 255.
    In these files that channel is the red band once more, to the bit: they have no infrared, and any index of them is 0."""

    folder = DATA / "rgb_and_ir_5cm_ign_packo_la93/opi"

    @classmethod
    def build(cls):
        cls.run_build(cls.folder / "RGB", "--tms", "2154_5cm", "--name", "rgb", "--format", "png")
        cls.run_build(cls.folder / "IR", "--tms", "2154_5cm", "--name", "ir", "--format", "png")
        cls.run_build(cls.folder / "RGB", "--tms", "2154_5cm", "--name", "rgb_jpeg")

    def test_it_is_sound(self):
        self.check_soundness(["rgb", "rgb_jpeg"], channels=3, crs="EPSG:2154")
        self.check_soundness(["ir"], channels=1, crs="EPSG:2154")

    def check_against_sources(self, name, folder):
        source = grounds.mosaic(sorted(folder.glob("*.tif")))
        ours, valid = Base(self.store, name).part(source)
        theirs = grounds.read(source)
        data = (theirs != 255).any(axis=2) if theirs.ndim == 3 else theirs != 255
        self.assertGreater(data.sum(), 50_000)
        numpy.testing.assert_array_equal(valid == 255, data)
        numpy.testing.assert_array_equal(ours[data], theirs[data])

    def test_colour_is_copied(self):
        self.check_against_sources("rgb", self.folder / "RGB")

    def test_one_channel_is_copied(self):
        self.check_against_sources("ir", self.folder / "IR")

    def test_jpeg_is_the_source_within_jpeg_loss(self):
        source = grounds.mosaic(sorted((self.folder / "RGB").glob("*.tif")))
        ours, valid = Base(self.store, "rgb_jpeg").part(source)
        inside = measures.erode(valid == 255, 8)
        self.assertGreaterEqual(measures.psnr(ours[inside], grounds.read(source)[inside]), 38)


class NeonTwoDates(RealData):
    """Ten plots of 40 m, kilometres apart, at two dates; warped from UTM to Web Mercator."""

    folder = DATA / "rgb_10cm_neon_sjer_two_dates"
    years = ("2017", "2018")

    @classmethod
    def build(cls):
        for year in cls.years:
            cls.run_build(cls.folder / year, "--tms", "PM", "--bottom", "21", "--name", f"sjer_{year}", "--format", "png")

    def test_both_dates_are_sound_and_lie_alike(self):
        self.check_soundness([f"sjer_{year}" for year in self.years], channels=3, crs="EPSG:3857")
        first, second = (Pyramid(self.store, f"sjer_{year}").descriptor["levels"] for year in self.years)
        self.assertEqual([level["tile_limits"] for level in first], [level["tile_limits"] for level in second])

    def test_ground_lies_where_gdalwarp_has_it(self):
        for year in self.years:
            for plot in ("SJER_002", "SJER_010"):
                source = gdal.Open(str(self.folder / year / f"{plot}.tif"))
                found = Base(self.store, f"sjer_{year}", over=source).compare_with_warp(source)
                self.assertLess(max(abs(found["dx"]), abs(found["dy"])), MOST_SHIFT, (year, plot, found))
                self.assertLess(found["difference"], 1.5, (year, plot, found))
                self.assertLess(found["disagreement"], 0.02, (year, plot, found))


class ColoradoNodata(RealData):
    """One crop whose edge is told in five ways: not at all, nodata, alpha, mask inside, mask beside."""

    files = {"plain": "", "nodata": "_nodata", "alpha": "_alpha", "mask": "_mask", "extmask": "_extmask"}

    @classmethod
    def file(cls, variant):
        folder = DATA / "rgb_15cm_hro_colorado_nodata_variants"
        return folder / f"201404_13SED190110_201404_0x1500m_CL_1{cls.files[variant]}.tif"

    @classmethod
    def build(cls):
        for variant in cls.files:
            cls.run_build(cls.file(variant), "--tms", "PM", "--bottom", "20", "--name", variant, "--format", "png")

    def test_all_are_sound(self):
        self.check_soundness(self.files, channels=3, crs="EPSG:3857")

    def test_each_lies_and_ends_where_gdalwarp_has_it(self):
        for variant in self.files:
            found = Base(self.store, variant).compare_with_warp(gdal.Open(str(self.file(variant))))
            self.assertLess(max(abs(found["dx"]), abs(found["dy"])), MOST_SHIFT, (variant, found))
            self.assertLess(found["difference"], 1.5, (variant, found))
            self.assertLess(found["disagreement"], 0.02, (variant, found))


class IrregularEdges(RealData):
    """Edges that are black, transparent or not there, and pixels that are not square."""

    files = {"manila": "oam_manila_10cm_blackedge.tif", "brazil": "oam_brazil_10cm_full.tif",
             "bali": "drone_bali_35cm_rgba_nodata-10000.tif"}

    @classmethod
    def source(cls, name):
        return DATA / "rgb_irregular_footprint" / cls.files[name]

    @classmethod
    def build(cls):
        png = ("--tms", "PM", "--format", "png")
        cls.run_build(cls.source("manila"), *png, "--bottom", "20", "--nodata", "0", "--name", "manila")
        cls.run_build(cls.source("brazil"), *png, "--bottom", "20", "--name", "brazil")
        cls.run_build(cls.source("bali"), *png, "--bottom", "19", "--name", "bali")

    def test_all_are_sound(self):
        self.check_soundness(self.files, channels=3, crs="EPSG:3857")

    def test_each_lies_and_ends_where_gdalwarp_has_it(self):
        for name in self.files:
            source = gdal.Open(str(self.source(name)))
            nodata = {"srcNodata": "0 0 0"} if name == "manila" else {}
            found = Base(self.store, name).compare_with_warp(source, **nodata)
            self.assertLess(max(abs(found["dx"]), abs(found["dy"])), MOST_SHIFT, (name, found))
            self.assertLess(found["difference"], 2, (name, found))
            self.assertLess(found["disagreement"], 0.02, (name, found))

    def test_no_colour_of_the_outside_bleeds_in(self):
        # Under the transparent part of the drone's image lies black: edge pixels must not be darker for it.
        base = Base(self.store, "bali")
        theirs, there = grounds.warped(gdal.Open(str(self.source("bali"))), "EPSG:3857", base.box, base.width, base.height)
        edge = there & (base.validity > 0) & ~measures.erode(there, 4)
        self.assertGreater(edge.sum(), 500)
        darker = measures.grey(theirs)[edge] - measures.grey(base.pixels)[edge]
        self.assertLess(abs(darker.mean()), 1)

    def test_each_level_weighs_pixels_by_their_validity(self):
        for finer, coarser in (("19", "18"), ("18", "17"), ("17", "16")):
            fine, coarse = Base(self.store, "bali", finer), Base(self.store, "bali", coarser)
            x = round((fine.west - coarse.west) / coarse.cell)
            y = round((coarse.north - fine.north) / coarse.cell)
            weights = fine.validity.astype(float)[..., None]
            total = halved(weights)
            expected = halved(fine.pixels * weights) / numpy.maximum(total, 1e-9)
            ours = coarse.pixels[y:y + expected.shape[0], x:x + expected.shape[1]]
            ours_valid = coarse.validity[y:y + expected.shape[0], x:x + expected.shape[1]]
            seen = total[..., 0] > 2
            numpy.testing.assert_array_equal(ours_valid[seen] > 0, True)
            self.assertLessEqual(numpy.abs(ours - expected)[seen].max(), 1.01, coarser)
