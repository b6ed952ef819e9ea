# SPDX-License-Identifier: Apache-2.0
"""Relief as the server draws it, held against `gdaldem` and against formulas in double precision."""
import numpy
from osgeo import gdal, osr

from support import measures, relief
from support.building import RealData, grid_set
from support.places import DATA, fresh_folder
from support.programs import done
from support.styled import ReliefCase

NODATA = -99999.0
SUNS = ((315, 45), (30, 20), (200, 75))


def style_files():
    """Styles without palettes, as ROK4 writes them; slopes are spread over the 255 steps of a picture."""
    files = {f"slope_{method}_{unit}": {"pente": {"algo": method, "unit": unit, "slope_max": 1e4}}
             for method in "HZ" for unit in ("degree", "pourcent")}
    files |= {f"hillshade_{method}_{azimuth}_{altitude}":
              {"estompage": {"algo": method, "azimuth": azimuth, "zenith": altitude, "z_factor": 2}}
              for method in "HZ" for azimuth, altitude in SUNS}
    files["four_sides"] = {"estompage": {"multidirectional": True}}
    half_degrees = [{"value": value, "red": red, "green": green, "blue": 0, "alpha": 255}
                    for value, red, green in ((-1, 0, 255), (-0.5, 0, 255), (0, 0, 0), (360, 180, 0))]
    for method in "HZ":
        files[f"aspect_{method}"] = {"exposition": {"algo": method, "min_slope": 0},
                                     "palette": {"rgb_continuous": True, "no_alpha": True, "colours": half_degrees}}
    return {name: {"identifier": name, "title": name} | body for name, body in files.items()}


def gdaldem(heights, cell, mode, **options):
    """What GDAL makes of the very heights; NaN is no data."""
    rows, columns = heights.shape
    dataset = gdal.GetDriverByName("MEM").Create("", columns, rows, 1, gdal.GDT_Float32)
    dataset.SetGeoTransform((0, cell, 0, 0, 0, -cell))
    dataset.GetRasterBand(1).SetNoDataValue(NODATA)
    dataset.GetRasterBand(1).WriteArray(numpy.where(numpy.isnan(heights), NODATA, heights).astype(numpy.float32))
    made = gdal.DEMProcessing("", dataset, mode, format="MEM", computeEdges=True, **options)
    band = made.GetRasterBand(1)
    values = band.ReadAsArray().astype(float)
    return numpy.where(values == band.GetNoDataValue(), numpy.nan, values)


class AgainstGdaldemCase(ReliefCase):
    """One level, on its own grid: ours and GDAL's pictures of the same heights."""

    layer, crs, cell = "heights", None, None

    def setUp(self):
        self.seen = self.heights(self.layer, self.crs, self.box, *self.size)
        self.there = ~numpy.isnan(self.seen)
        self.inner = self.there.copy()
        self.inner[[0, -1]] = self.inner[:, [0, -1]] = False  # beyond there may be heights that we do not see here
        self.assertGreater(self.inner.sum(), 10_000)

    def compare(self, style, theirs, most=1, highest=255):
        ours = self.picture(self.layer, style, self.crs, self.box, *self.size)
        numpy.testing.assert_array_equal(ours[..., 3] == 255, self.there, style)
        known = self.inner & ~numpy.isnan(theirs)
        off = numpy.abs(ours[..., 0] - numpy.minimum(theirs, highest))[known]
        self.assertLessEqual(off.max(), most, style)
        return ours

    def check_hillshades(self):
        for method, algorithm in (("H", "Horn"), ("Z", "ZevenbergenThorne")):
            slopes = [2 * rise for rise in relief.gradient(self.seen, self.cell, self.cell, method)]
            for azimuth, altitude in SUNS:
                style = f"hillshade_{method}_{azimuth}_{altitude}"
                self.compare(style, gdaldem(self.seen, self.cell, "hillshade", alg=algorithm, azimuth=azimuth,
                                            altitude=altitude, zFactor=2))
                self.compare(style, relief.lit(slopes, azimuth, altitude), most=0.51)

    def check_four_sides(self):
        self.compare("four_sides", gdaldem(self.seen, self.cell, "hillshade", multiDirectional=True))
        self.compare("four_sides", relief.lit_from_four_sides(relief.gradient(self.seen, self.cell, self.cell)), most=0.51)

    def check_slopes(self):
        for method, algorithm in (("H", "Horn"), ("Z", "ZevenbergenThorne")):
            slopes = relief.gradient(self.seen, self.cell, self.cell, method)
            for unit, form in (("degree", "degree"), ("pourcent", "percent")):
                style = f"slope_{method}_{unit}"
                self.compare(style, gdaldem(self.seen, self.cell, "slope", alg=algorithm, slopeFormat=form), most=0.51)
                self.compare(style, relief.slope(slopes, unit == "pourcent"), most=0.51)

    def check_aspects(self):
        for method, algorithm in (("H", "Horn"), ("Z", "ZevenbergenThorne")):
            ours = self.picture(self.layer, f"aspect_{method}", self.crs, self.box, *self.size)
            slopes = relief.gradient(self.seen, self.cell, self.cell, method)
            level = self.inner & (ours[..., 1] == 255)
            numpy.testing.assert_array_equal(level, self.inner & numpy.isnan(relief.aspect(slopes)))
            steep = numpy.hypot(*slopes) > 0.01  # GDAL adds heights up as floats, which bends smaller slopes
            for theirs, where, most in ((gdaldem(self.seen, self.cell, "aspect", alg=algorithm), steep, 1.5),
                                        (relief.aspect(slopes), ~level, 1.01)):
                off = relief.turned(2 * ours[..., 0], theirs)[self.inner & where]
                self.assertLessEqual(off.max(), most, method)  # a step of the picture is 2 degrees


def check_all(case):
    """As methods of a class of its own for each ground."""
    for name in ("hillshades", "four_sides", "slopes", "aspects"):
        setattr(case, f"test_{name}", lambda self, name=name: getattr(self, f"check_{name}")())
    return case


def real_ground(case, sources, crs, corner, cell, *options):
    """Builds a layer on the grid that the sources have."""
    own = grid_set(case.store, crs, corner[0] - 64 * cell, corner[1] + 64 * cell, cell, levels=5)
    done("build", *sources, "--into", case.store, "--tms", own, "--name", "heights", *options)
    case.crs, case.cell = crs, cell
    case.publish(case.store, {"heights": ["normal", *style_files()]}, style_files())


@check_all
class Washington(RealData, AgainstGdaldemCase):
    @classmethod
    def build(cls):
        real_ground(cls, [DATA / "dtm_dsm_2m_washington_dc/dtm.tif"], "EPSG:26918", (321498, 4298018), 2)
        cls.box, cls.size = (321498 - 20, 4298018 - 2 * 280, 321498 + 2 * 300, 4298018 + 20), (310, 290)


@check_all
class Montpellier(RealData, AgainstGdaldemCase):
    """Walls of houses, the ground at 0.3 m, and a dalle without data."""

    @classmethod
    def build(cls):
        cell, folder = 0.3, DATA / "dsm_30cm_ign_montpellier_400_dalles_la93"
        real_ground(cls, [folder / "dalles"], "EPSG:2154", (767400, 6280824.9), cell)
        hollow = numpy.argwhere(gdal.Open(str(folder / "dsm_30cm.vrt")).ReadAsArray() == 32768).min(axis=0)
        west, north = 767400 + cell * (int(hollow[1]) - 300), 6280824.9 - cell * (int(hollow[0]) - 300)
        cls.box, cls.size = (west, north - 700 * cell, west + 700 * cell, north), (700, 700)

    def test_there_is_a_hole(self):
        self.assertGreaterEqual((~self.there).sum(), 10_000)


@check_all
class MadeUp(AgainstGdaldemCase):
    """Planes that rise in all directions, pyramids, and gaps of a pixel."""

    @classmethod
    def setUpClass(cls):
        y, x = numpy.mgrid[0:400, 0:400].astype(float)
        heights = 0.3 * x + 0.7 * y
        heights[:, 200:] = (100 - numpy.maximum(abs(x - 300), abs(y - 200)))[:, 200:]
        heights[300:, :200] = 12.5
        heights[350:, 200:] = 4000 + 50 * numpy.sin(x / 3)[350:, 200:]
        heights[::37, ::41] = NODATA
        cls.store = fresh_folder(cls.__name__)
        file = fresh_folder("made_up_heights") / "heights.tif"
        dataset = gdal.GetDriverByName("GTiff").Create(str(file), 400, 400, 1, gdal.GDT_Float32)
        dataset.SetGeoTransform((600000, 1, 0, 6600000, 0, -1))
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(2154)
        dataset.SetProjection(reference.ExportToWkt())
        dataset.GetRasterBand(1).SetNoDataValue(NODATA)
        dataset.GetRasterBand(1).WriteArray(heights.astype(numpy.float32))
        dataset = None
        real_ground(cls, [file], "EPSG:2154", (600000, 6600000), 1)
        cls.box, cls.size = (599990, 6599590, 600410, 6600010), (420, 420)


class RoundEarth(RealData, ReliefCase):
    """Metres of Mercator and degrees are not metres on the ground."""

    nodata = -9999

    @classmethod
    def build(cls):
        for name in ("ALTI", "ALTI.json"):
            (cls.store / name).symlink_to(DATA / "rok4_martinique_ign/pyramids" / name)
        y, x = numpy.mgrid[0:256, 0:256].astype(float)
        file = cls.store / "degrees.tif"
        dataset = gdal.GetDriverByName("GTiff").Create(str(file), 256, 256, 1, gdal.GDT_Float32)
        dataset.SetGeoTransform((4.0, 0.0005, 0, 61.0, 0, -0.0005))
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(4326)
        dataset.SetProjection(reference.ExportToWkt())
        dataset.GetRasterBand(1).WriteArray((300 + 80 * numpy.sin(x / 9) * numpy.cos(y / 14)).astype(numpy.float32))
        dataset = None
        own = grid_set(cls.store, "CRS:84", 4.0 - 0.008, 61.0 + 0.008, 0.0005, levels=3)
        done("build", file, "--into", cls.store, "--tms", own, "--name", "norway")
        cls.publish(cls.store, {name: ["normal", *style_files()] for name in ("ALTI", "norway")}, style_files())

    def compare(self, layer, crs, box, width, height, pixels):
        seen = self.heights(layer, crs, box, width, height)
        inner = measures.erode(~numpy.isnan(seen), 1)
        inner[[0, -1]] = inner[:, [0, -1]] = False  # beyond there are heights that this picture does not show
        self.assertGreater(inner.sum(), 5000)
        slopes = relief.gradient(seen, *pixels)
        for style, exact in (("slope_H_degree", relief.slope(slopes)), ("four_sides", relief.lit_from_four_sides(slopes)),
                             ("hillshade_H_315_45", relief.lit([2 * rise for rise in slopes], 315, 45))):
            ours = self.picture(layer, style, crs, box, width, height)
            self.assertLessEqual(numpy.abs(ours[..., 0] - exact)[inner].max(), 0.51, style)
        return slopes

    def test_mercator_is_longer_than_the_ground(self):
        cell = 20037508.342789244 / 2 ** 17
        left, top = int((-6785000 + 20037508.342789244) / cell), int((20037508.342789244 - 1670000) / cell)
        west, north = left * cell - 20037508.342789244, 20037508.342789244 - top * cell
        size = 300
        box = (west, north - size * cell, west + size * cell, north)
        slopes = self.compare("ALTI", "EPSG:3857", box, size, size, relief.mercator_pixels(north, cell, size))
        self.assertGreater(numpy.nanmax(relief.slope(slopes)), 10)

    def test_degrees_are_shorter_to_the_east(self):
        box = (4.0, 61.0 - 0.128, 4.128, 61.0)
        self.compare("norway", "EPSG:4326", box, 256, 256, relief.geographic_pixels(61.0, 0.0005, 256))
