# SPDX-License-Identifier: Apache-2.0
"""Variables of netCDF along time: a pyramid for each step, a series on the server, and the file's values by TIME."""
import json
import unittest

import numpy
from osgeo import gdal, osr

from support.places import DATA, fresh_folder, needs_data
from support.programs import Server, ardoise, done, inspect, verify

MODEL = DATA / "netcdf_time/A1B_north_america_240years.nc"
NODATA = -1e30


def write_netcdf(file, variables, times, latitudes, longitudes, calendar="standard", units="hours since 2005-01-01 00:00:00"):
    """`variables`: arrays of times x latitudes x longitudes by name, float."""
    root = gdal.GetDriverByName("netCDF").CreateMultiDimensional(str(file)).GetRootGroup()

    def attribute(holder, name, value):
        holder.CreateAttribute(name, [], gdal.ExtendedDataType.CreateString()).Write(value)

    double, single = (gdal.ExtendedDataType.Create(kind) for kind in (gdal.GDT_Float64, gdal.GDT_Float32))
    axes = []
    for name, kind, values, said in (("time", "TEMPORAL", times, {"units": units, "calendar": calendar}),
                                     ("lat", "HORIZONTAL_Y", latitudes, {"units": "degrees_north", "standard_name": "latitude"}),
                                     ("lon", "HORIZONTAL_X", longitudes, {"units": "degrees_east", "standard_name": "longitude"})):
        axis = root.CreateDimension(name, kind, "", len(values))
        array = root.CreateMDArray(name, [axis], double)
        for key, value in said.items():
            attribute(array, key, value)
        array.Write(numpy.array(values, float))
        axes.append(axis)
    world = osr.SpatialReference()
    world.ImportFromEPSG(4326)
    for name, values in variables.items():
        array = root.CreateMDArray(name, axes, single)
        array.SetNoDataValueDouble(NODATA)
        array.SetSpatialRef(world)
        array.SetUnit("mm")
        array.Write(values.astype(numpy.float32))


def value_at(server, layer, time, lat, lon):
    """What GetFeatureInfo tells; None where there is no data."""
    box = ",".join(str(edge) for edge in (lat - 0.5, lon - 0.5, lat + 0.5, lon + 0.5))
    answer = server.get(f"/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetFeatureInfo&LAYERS={layer}&QUERY_LAYERS={layer}&STYLES="
                        f"&CRS=EPSG:4326&BBOX={box}&WIDTH=3&HEIGHT=3&I=1&J=1&INFO_FORMAT=application/json&TIME={time}")
    assert answer.status == 200, answer.text
    features = json.loads(answer.text)["features"]
    return features[0]["properties"]["band_1"] if features else None


class Steps(unittest.TestCase):
    """A file made up so that each value tells its place: 3 steps of 8 x 12 cells of 2 degrees, rows from the south."""

    @classmethod
    def setUpClass(cls):
        cls.folder = fresh_folder("netcdf")
        cls.latitudes, cls.longitudes = numpy.arange(41.0, 57, 2), numpy.arange(-9.0, 15, 2)
        step, lat, lon = numpy.meshgrid(range(3), range(8), range(12), indexing="ij")
        cls.rain = 1000.0 * step + 50 * lat + lon
        cls.rain[:, 2, 3] = NODATA
        cls.file = cls.folder / "rain.nc"
        write_netcdf(cls.file, {"rain": cls.rain, "snow": -cls.rain}, (0, 24, 36), cls.latitudes, cls.longitudes)

    def build(self, store, *more, file=None):
        return ardoise("build", file or self.file, "--into", store, "--tms", "4326", "--bottom", "2", "--resampling", "near",
                       "--along", "time", *more)

    def test_each_step_is_had_by_its_time(self):
        store = self.folder / "store"
        for variable in ("rain", "snow"):
            result = self.build(store, "--name", variable, "--variable", variable)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn(f"series {variable}: 3 steps, 2005-01-01T00:00:00Z to 2005-01-02T12:00:00Z", result.stdout)
        with Server(store) as server:
            layers = json.loads(server.get("/layers.json").text)["layers"]
            self.assertEqual(sorted((layer["name"], layer["unit"]) for layer in layers), [("rain", "mm"), ("snow", "mm")])
            self.assertIn("<Title>rain (mm)</Title>", server.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities").text)
            for step, time in enumerate(("2005-01-01", "2005-01-02T00:00:00Z", "2005-01-02T12:00:00Z")):
                for j, i in ((0, 0), (7, 11), (3, 5), (2, 3)):
                    for variable, sign in (("rain", 1), ("snow", -1)):
                        expected = self.rain[step, j, i]
                        self.assertEqual(value_at(server, variable, time, self.latitudes[j], self.longitudes[i]),
                                         None if expected == NODATA and sign == 1 else sign * expected, (variable, time, j, i))
        for name in ("rain-2005-01-01T000000Z", "snow-2005-01-02T120000Z"):
            self.assertEqual(verify(store, name)["damages"], [])

    def test_a_series_that_was_begun_is_gone_on_with(self):
        store = self.folder / "begun"
        arguments = ("--name", "rain", "--variable", "rain")
        self.assertEqual(self.build(store, *arguments).returncode, 0)
        first = inspect(store, "rain-2005-01-01T000000Z")
        refused = self.build(store, *arguments)
        self.assertEqual(refused.returncode, 1)
        self.assertIn(f"{store}/layers/rain.json: describes a layer of that name already", refused.stderr)
        (store / "layers/rain.json").unlink()  # which comes last: as if the build had been killed
        description = store / "layers/rain-2005-01-02T120000Z.json"
        description.write_text("{}")
        self.assertIn(f"kept: {description}", done("remove", store / "rain-2005-01-02T120000Z.json").stdout)
        result = self.build(store, *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout.count("product rain-"), 1)
        self.assertEqual(inspect(store, "rain-2005-01-01T000000Z"), first)
        self.assertEqual(len(json.loads((store / "layers/rain.json").read_text())["dimensions"]["members"]), 3)

    def test_a_step_can_be_updated(self):
        store, file = self.folder / "updated", self.folder / "updated.nc"
        write_netcdf(file, {"rain": self.rain, "snow": self.rain}, (0, 24, 48), self.latitudes, self.longitudes)
        self.assertEqual(self.build(store, "--name", "rain", "--variable", "rain", file=file).returncode, 0)
        file.unlink()
        write_netcdf(file, {"rain": self.rain + 7, "snow": self.rain}, (0, 24, 48), self.latitudes, self.longitudes)
        done("update", store / "rain-2005-01-02.json")
        with Server(store) as server:
            self.assertEqual(value_at(server, "rain", "2005-01-02", 41, -9), 1007)
            self.assertEqual(value_at(server, "rain", "2005-01-03", 41, -9), 2000)

    def test_what_cannot_be_built_is_refused_before_anything_is_written(self):
        store, odd = self.folder / "none", self.folder / "odd.nc"
        arguments = ("--name", "rain", "--variable", "rain")
        for more, message, code in (
                (("--name", "rain"), "has several variables; say which with --variable, one of", 1),
                (("--name", "rain", "--variable", "hail"), "its variable hail cannot be opened", 1),
                (("--name", "rain", "--variable", 'a":b'), "is no name of a variable", 1),
                ((*arguments, "--bands", "1"), "--bands and --along exclude one another", 2),
                (("--along", "level"), "", 2)):
            result = self.build(store, *more)
            self.assertEqual(result.returncode, code, result.stderr)
            self.assertIn(message, result.stderr)
        for more, message in (({"calendar": "360_day", "units": "days since 2005-02-28"}, "is 2005-02-29 in the calendar of the file"),
                              ({"units": "months since 2005-01-01"}, 'times are counted in "months since 2005-01-01"'),
                              ({"calendar": "lunar"}, 'the calendar "lunar"')):
            odd.unlink(missing_ok=True)
            write_netcdf(odd, {"rain": self.rain}, (0, 1, 2), self.latitudes, self.longitudes, **more)
            result = self.build(store, *arguments, file=odd)
            self.assertEqual(result.returncode, 1)
            self.assertIn(message, result.stderr)
            self.assertIn(str(odd), result.stderr)
        self.assertFalse(store.exists())


@needs_data
class Model(unittest.TestCase):
    def test_240_years_of_a_model(self):
        """Years of 360 days, each a step: the dates are those that the model gives them."""
        folder = fresh_folder("netcdf-model")
        store = folder / "store"
        result = done("build", MODEL, "--into", store, "--tms", "4326", "--bottom", "1", "--resampling", "near",
                      "--name", "warmth", "--along", "time")
        self.assertIn("times are counted in the calendar 360_day; dates are kept as they read in it", result.stderr)
        source = gdal.Open(str(MODEL))
        west, cell, _, north, _, minus = source.GetGeoTransform()
        with Server(store) as server:
            text = server.get("/wms?SERVICE=WMS&REQUEST=GetCapabilities").text
            self.assertIn("<Title>air_temperature (K)</Title>", text)
            self.assertIn(' default="2099-06-01"', text)
            self.assertEqual(text.count("<Dimension "), 1)
            for band, time in ((1, "1860"), (2, "1861-06-01"), (146, "2005-06"), (240, "current")):
                pixels = source.GetRasterBand(band).ReadAsArray()
                for row, col in ((5, 7), (30, 40)):
                    place = (north + (row + 0.5) * minus, west + (col + 0.5) * cell)
                    self.assertAlmostEqual(value_at(server, "warmth", time, *place), float(pixels[row, col]), places=3)
