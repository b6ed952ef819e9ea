# SPDX-License-Identifier: Apache-2.0
"""Every slab is a georeferenced, cloud-optimized GeoTIFF that GDAL opens in place."""
import unittest

import numpy
from osgeo import gdal
from osgeo_utils.samples import validate_cloud_optimized_geotiff

from support.places import CITY_DALLES, CITY_STORE, fresh_folder
from support.programs import Server, done
from support.pyramids import Pyramid

gdal.UseExceptions()

# Corner and coarsest pixel of the sets, as IGN and the OGC define Web Mercator and as Lambert-93's set is described.
SETS = {"2154_5cm": (0, 12000000, 0.05 * 2 ** 22, 2154),
        "PM": (-20037508.342789244, 20037508.342789244, 2 * 20037508.342789244 / 256, 3857)}


def place_of(file, folder):
    """Column and row of a slab, from its path."""
    digits = str(file.relative_to(folder).with_suffix("")).replace("/", "")
    return int(digits[0::2], 36), int(digits[1::2], 36)


class SlabCase(unittest.TestCase):
    name = None

    def setUp(self):
        if self.name is None:
            self.skipTest("what the others have in common")
        self.pyramid = Pyramid(CITY_STORE, self.name)
        self.west, self.north, self.coarsest, self.epsg = SETS[self.pyramid.descriptor["tile_matrix_set"]]

    def slabs(self, masks=False):
        """Level and file of each slab."""
        for level in self.pyramid.levels.values():
            folder = level.masks if masks else level.data
            if folder:
                for file in sorted(folder.rglob("*.tif")):
                    yield level, file

    def check_georeference(self, masks):
        count = 0
        for level, file in self.slabs(masks):
            dataset = gdal.Open(str(file))
            folder = level.masks if masks else level.data
            col, row = place_of(file, folder)
            cell = self.coarsest / 2 ** int(level.id)
            west, across, turn, north, turn_too, down = dataset.GetGeoTransform()
            self.assertAlmostEqual(west, self.west + col * level.width * 256 * cell, delta=cell / 1000)
            self.assertAlmostEqual(north, self.north - row * level.height * 256 * cell, delta=cell / 1000)
            self.assertAlmostEqual(across / cell, 1, places=9)
            self.assertAlmostEqual(down / cell, -1, places=9)
            self.assertEqual((turn, turn_too), (0, 0))
            self.assertEqual(dataset.GetSpatialRef().GetAuthorityCode(None), str(self.epsg))
            self.assertEqual((dataset.RasterXSize, dataset.RasterYSize), (256 * level.width, 256 * level.height))
            count += 1
        self.assertGreater(count, 5)

    def check_is_cloud_optimized(self, masks):
        # Warnings tell of overviews, which lie in the other levels.
        for _, file in self.slabs(masks):
            _, errors, _ = validate_cloud_optimized_geotiff.validate(str(file), full_check=True)
            self.assertEqual(errors, [], str(file))

    def test_georeference_and_crs(self):
        self.check_georeference(masks=False)

    def test_georeference_and_crs_of_masks(self):
        self.check_georeference(masks=True)

    def test_cloud_optimized(self):
        self.check_is_cloud_optimized(masks=False)

    def test_cloud_optimized_masks(self):
        self.check_is_cloud_optimized(masks=True)

    def test_pixels_are_those_of_get_tile(self):
        stored = [(level, col, row) for level in self.pyramid.levels.values() for col, row in level.tiles()
                  if level.tile(col, row)]
        extension = {"TIFF_JPG_UINT8": "jpg", "TIFF_PNG_UINT8": "png", "TIFF_ZIP_FLOAT32": "bil"}[self.pyramid.format]
        tolerance = 4 if extension == "jpg" else 0  # decoders smooth JPEG's colours differently
        self.assertGreater(len(stored), 20)
        with Server(CITY_STORE) as server:
            for level, col, row in stored[::max(1, len(stored) // 60)]:
                answer = server.get(f"/wmts/1.0.0/{self.name}/normal/{self.pyramid.descriptor['tile_matrix_set']}/"
                                    f"{level.id}/{row}/{col}.{extension}")
                self.assertEqual(answer.status, 200)
                served = self.pyramid.decode(answer.body)
                dataset = gdal.Open(str(level.slab_file(col, row)))
                seen = dataset.ReadAsArray(256 * (col % level.width), 256 * (row % level.height), 256, 256)
                seen = seen if seen.ndim == 2 else numpy.moveaxis(seen, 0, 2)
                self.assertLessEqual(numpy.abs(seen.astype(float) - served).max(), tolerance, (level.id, col, row))

    def test_empty_tiles_are_holes(self):
        for level, file in self.slabs():
            dataset = gdal.Open(str(file))
            col, row = place_of(file, level.data)
            for number in range(level.width * level.height):
                x, y = number % level.width, number // level.width
                state = dataset.GetRasterBand(1).GetMetadataItem(f"BLOCK_SIZE_{x}_{y}", "TIFF")
                stored = level.tile(col * level.width + x, row * level.height + y)
                self.assertEqual(int(state or 0), len(stored))


class Jpeg(SlabCase):
    name = "ortho"


class Png(SlabCase):
    name = "quartier"

    def test_pixels_are_those_of_get_tile(self):
        self.skipTest("TIFF has no PNG compression: as with ROK4's own, such slabs tell their place but not their pixels")


class Heights(SlabCase):
    name = "dtm"

    def test_no_data_value_is_written(self):
        for _, file in self.slabs():
            dataset = gdal.Open(str(file))
            self.assertEqual(dataset.GetRasterBand(1).GetNoDataValue(), -99999)


class EveryFormat(unittest.TestCase):
    """GDAL reads the pixels back from whatever a build may store."""

    EXACT = {"zip": "1,2,3,4", "lzw": "1,2,3", "pkb": "4", "raw": "1,2"}
    LOSSY = {"jpg": "1,2,3", "webp": "1,2,3"}

    @classmethod
    def setUpClass(cls):
        cls.store = fresh_folder("every-format")
        cls.source = cls.store / "part.tif"
        dalle = sorted(CITY_DALLES.glob("*.tif"))[0]
        gdal.Translate(str(cls.source), str(dalle), srcWin=[1600, 1600, 600, 500])
        products = [f"--product={name}={bands}:{name}" for name, bands in {**cls.EXACT, **cls.LOSSY}.items()]
        done("build", cls.source, "--into", cls.store, "--tms", "2154_5cm", "--top", "21", "--slab", "4x4", *products)

    def differences(self, name, bands):
        source = gdal.Open(str(self.source))
        west, _, _, north, _, _ = source.GetGeoTransform()
        slabs = gdal.BuildVRT("", [str(file) for file in (self.store / name / "DATA/22").rglob("*.tif")])
        left, cell, _, top, _, _ = slabs.GetGeoTransform()
        x, y = round((west - left) / cell), round((top - north) / cell)
        for number, band in enumerate(map(int, bands.split(",")), start=1):
            seen = slabs.GetRasterBand(number).ReadAsArray(x, y, 600, 500).astype(int)
            yield numpy.abs(seen - source.GetRasterBand(band).ReadAsArray())

    def test_lossless_formats_give_back_the_source(self):
        for name, bands in self.EXACT.items():
            for difference in self.differences(name, bands):
                self.assertEqual(difference.max(), 0, name)

    def interpretation(self, store, name, band):
        slab = gdal.Open(str(next((store / name / "DATA/22").rglob("*.tif"))))
        return slab.GetRasterBand(band).GetColorInterpretation()

    def test_infrared_is_no_alpha(self):
        self.assertEqual(self.interpretation(self.store, "zip", 4), gdal.GCI_Undefined)
        self.assertEqual(self.interpretation(self.store, "raw", 2), gdal.GCI_Undefined)

    def test_a_band_of_opacity_is(self):
        opaque, store = self.store / "opaque.tif", fresh_folder("slabs-with-alpha")
        gdal.Translate(str(opaque), str(self.source), options="-colorinterp_4 alpha")
        done("build", opaque, "--into", store, "--tms", "2154_5cm", "--product", "zip=1,2,3,4:zip")
        self.assertEqual(self.interpretation(store, "zip", 4), gdal.GCI_AlphaBand)

    def test_lossy_formats_give_back_nearly_the_source(self):
        for name, bands in self.LOSSY.items():
            for difference in self.differences(name, bands):
                self.assertLess(difference.mean(), 4, name)
