# SPDX-License-Identifier: Apache-2.0
"""What cannot be built is refused in one sentence with a file and a remedy, and nothing is left half-written."""
import json
import os
import re
import resource
import shutil
import subprocess
import unittest

import numpy
from osgeo import gdal, osr

from support.places import CITY_DALLES, CITY_STORE, fresh_folder, listing
from support.programs import ardoise, done, inspect, verify
from support.pyramids import Pyramid

gdal.UseExceptions()


def make_image(file, bands=3, kind=gdal.GDT_Byte, crs=2154, size=600, geotransform=(430600, 0.05, 0, 6712800, 0, -0.05),
               driver="GTiff", options=()):
    """A small noisy image on the grid of 2154_5cm."""
    dataset = gdal.GetDriverByName(driver).Create(str(file), size, size, bands, kind, list(options))
    if geotransform:
        dataset.SetGeoTransform(geotransform)
    if crs:
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(crs)
        dataset.SetProjection(reference.ExportToWkt())
    random = numpy.random.default_rng(1)
    for band in range(1, bands + 1):
        dataset.GetRasterBand(band).WriteArray(random.integers(1, 250, (size, size)))
    return file


class RefusalCase(unittest.TestCase):
    """A store with a pyramid in it, which must come out of every refusal as it was."""

    def setUp(self):
        self.folder = fresh_folder(f"bad-{self._testMethodName}")
        self.sources = self.folder / "sources"
        self.sources.mkdir()
        self.store = self.folder / "store"
        self.store.mkdir()
        (self.store / "there.json").write_text("{}")

    def refused(self, *arguments, code=1, says=(), **options):
        """The command fails with this code and one sentence that holds these words; the store is as before."""
        before = listing(self.store)
        result = ardoise(*arguments, **options)
        self.assertEqual(result.returncode, code, result.stderr)
        lines = [line for line in result.stderr.splitlines() if not line.startswith(("patches: ", "tiles: ", "tiles looked at: "))]
        self.assertTrue(lines and lines[0].startswith("ardoise"), result.stderr)
        self.assertEqual(len(lines), 2 if code == 2 else 1, result.stderr)
        if code == 2:
            self.assertIn("--help", lines[1])
        for word in says:
            self.assertIn(str(word), lines[0])
        self.assertEqual(listing(self.store), before)
        return lines[0]

    def build(self, *sources, code=1, says=(), name="new", tms="2154_5cm", more=(), **options):
        return self.refused("build", *sources, "--into", self.store, "--name", name, "--tms", tms, *more, code=code,
                            says=says, **options)


class Sources(RefusalCase):
    def test_good_sources_would_have_been_built(self):
        done("build", make_image(self.sources / "good.tif"), "--into", self.store, "--name", "new", "--tms", "2154_5cm")
        self.assertEqual(inspect(self.store, "new")["channels"], 3)

    def test_a_file_that_is_not_there(self):
        self.build(self.sources / "nothing.tif", says=["nothing.tif"])

    def test_a_pattern_that_nothing_matches(self):
        self.build(self.sources / "*.tif", says=["*.tif"])

    def test_a_folder_without_images(self):
        (self.sources / "notes.txt").write_text("nothing here")
        self.build(self.sources, says=[self.sources, "no image"])

    def test_an_empty_file(self):
        (self.sources / "empty.tif").touch()
        self.build(self.sources / "empty.tif", says=["empty.tif"])

    def test_a_file_of_another_kind(self):
        (self.sources / "letter.tif").write_text("Dear Sir,\n" * 1000)
        self.build(self.sources, says=["letter.tif"])

    def test_a_truncated_image(self):
        file = make_image(self.sources / "short.tif", size=2000)
        os.truncate(file, file.stat().st_size // 2)
        self.build(file, says=["short.tif"])

    def test_a_truncated_jpeg_with_a_world_file(self):
        whole = make_image(self.sources / "whole.tif", size=1000)
        file = self.sources / "short.jpg"
        gdal.Translate(str(file), str(whole), format="JPEG", creationOptions=["WORLDFILE=YES"])
        whole.unlink()
        os.truncate(file, file.stat().st_size // 2)
        self.build(file, more=["--source-crs", "EPSG:2154"], says=["short.jpg"])

    def test_corrupt_bytes_in_a_compressed_image(self):
        file = make_image(self.sources / "corrupt.tif", size=1500, options=["COMPRESS=DEFLATE", "TILED=YES"])
        middle = file.stat().st_size // 2
        with file.open("r+b") as content:
            content.seek(middle)
            content.write(b"\xff" * 20_000)
        self.build(file, says=["corrupt.tif"])

    def test_one_bad_file_among_good_ones(self):
        make_image(self.sources / "a.tif")
        (self.sources / "b.tif").write_bytes(b"II*\0" + b"\1" * 100)
        self.build(self.sources, says=["b.tif"])

    def test_no_coordinate_system(self):
        self.build(make_image(self.sources / "nowhere.tif", crs=None), says=["nowhere.tif", "--source-crs"])

    def test_no_georeference(self):
        self.build(make_image(self.sources / "plain.tif", geotransform=None), says=["plain.tif", "georeference"])

    def test_turned_against_north(self):
        turned = (430600, 0.04, 0.03, 6712800, 0.03, -0.04)
        self.build(make_image(self.sources / "turned.tif", geotransform=turned), says=["turned.tif", "gdalwarp"])

    def test_mixed_numbers_of_bands(self):
        make_image(self.sources / "a.tif", bands=3)
        make_image(self.sources / "b.tif", bands=4)
        self.build(self.sources, says=["b.tif", "4 bands", "3"])

    def test_mixed_sample_types(self):
        make_image(self.sources / "a.tif", bands=1)
        make_image(self.sources / "b.tif", bands=1, kind=gdal.GDT_Float32)
        self.build(self.sources, says=["b.tif"])

    def test_complex_samples(self):
        self.build(make_image(self.sources / "radar.tif", bands=1, kind=gdal.GDT_CFloat32), says=["radar.tif", "CFloat32"])

    def test_a_band_that_is_not_there(self):
        self.build(make_image(self.sources / "rgb.tif"), more=["--bands", "4,1,2"], says=["band 4", "rgb.tif"])

    def test_a_source_outside_the_set(self):
        far = make_image(self.sources / "far.tif", crs=32750, geotransform=(300000, 0.5, 0, 9000000, 0, -0.5))
        self.build(far, says=["2154_5cm"])

    def test_a_crs_that_is_none(self):
        self.build(make_image(self.sources / "a.tif"), more=["--source-crs", "EPSG:0"], says=["EPSG:0"])

    def test_nothing_but_no_data(self):
        file = make_image(self.sources / "void.tif")
        dataset = gdal.Open(str(file), gdal.GA_Update)
        for band in (1, 2, 3):
            dataset.GetRasterBand(band).Fill(0)
        del dataset
        self.build(file, more=["--nodata", "0"], says=["no data"])


class Sets(RefusalCase):
    def test_an_unknown_set(self):
        self.build(make_image(self.sources / "a.tif"), tms="NOWHERE", says=["NOWHERE", "2154_5cm"])

    def test_a_set_file_that_is_not_there(self):
        self.build(make_image(self.sources / "a.tif"), tms=self.folder / "mine.json", says=["mine.json"])

    def test_sets_that_make_no_sense(self):
        source = make_image(self.sources / "a.tif")
        matrix = {"id": "0", "cellSize": 0.1, "scaleDenominator": 1, "pointOfOrigin": [430000, 6713000], "tileWidth": 256,
                  "tileHeight": 256, "matrixWidth": 100, "matrixHeight": 100}
        for name, wrong in {"not-json": None, "no-crs": {"tileMatrices": [matrix]}, "no-matrices": {"crs": "EPSG:2154"},
                            "empty": {"crs": "EPSG:2154", "tileMatrices": []},
                            "odd-crs": {"crs": "EPSG:999999", "tileMatrices": [matrix]},
                            "negative-cell": {"crs": "EPSG:2154", "tileMatrices": [{**matrix, "cellSize": -1}]},
                            "text-cell": {"crs": "EPSG:2154", "tileMatrices": [{**matrix, "cellSize": "fine"}]},
                            "huge-tile": {"crs": "EPSG:2154", "tileMatrices": [{**matrix, "tileWidth": 10 ** 9}]},
                            "one-number": {"crs": "EPSG:2154", "tileMatrices": [{**matrix, "pointOfOrigin": [1]}]},
                            "two-sizes": {"crs": "EPSG:2154", "tileMatrices": [
                                matrix, {**matrix, "id": "1", "cellSize": 0.05, "tileWidth": 512}]}}.items():
            file = self.folder / f"{name}.json"
            file.write_text("{]" if wrong is None else json.dumps(wrong))
            with self.subTest(name):
                self.build(source, tms=file, says=[name])

    def test_levels_that_are_not_there(self):
        source = make_image(self.sources / "a.tif")
        self.build(source, more=["--bottom", "99"], says=["99", "2154_5cm"])
        self.build(source, more=["--top", "x"], says=["x", "2154_5cm"])
        self.build(source, more=["--top", "22", "--bottom", "20"], says=["22", "20"])


class Options(RefusalCase):
    def test_what_is_mistyped_is_usage(self):
        source = make_image(self.sources / "a.tif")
        into = ("--into", self.store)
        for arguments, words in [
                ((source, "--name", "n", "--tms", "PM"), ["--into"]),
                ((source, *into, "--tms", "PM"), ["--name"]),
                ((source, *into, "--name", "n"), ["--tms"]),
                ((*into, "--name", "n", "--tms", "PM"), ["SOURCE"]),
                ((source, *into, "--name", "n", "--tms", "PM", "--fast"), ["fast"]),
                ((source, *into, "--name", "n", "--tms", "PM", "--quality", "0"), ["quality"]),
                ((source, *into, "--name", "n", "--tms", "PM", "--quality", "good"), ["quality"]),
                ((source, *into, "--name", "n", "--tms", "PM", "--nodata", "none"), ["nodata"]),
                ((source, *into, "--name", "n", "--tms", "PM", "--nodata-edge-near", "15"), ["--nodata-edge"]),
                ((source, *into, "--name", "n", "--tms", "PM", "--nodata-edge", "0", "--nodata-edge-near", "-1"),
                 ["0 or more", "-1"]),
                ((source, *into, "--name", "n", "--tms", "PM", "--bands", "0"), ["0"]),
                ((source, *into, "--name", "n", "--tms", "PM", "--bands", "1;2"), ["1;2"]),
                ((source, *into, "--name", "n", "--tms", "PM", "--bands", "1,2,3,1,2"), ["at most 4"]),
                ((source, *into, "--name", "n", "--tms", "PM", "--resampling", "best"), ["best"]),
                ((source, *into, "--name", "n", "--tms", "PM", "--slab", "16"), ["slab"]),
                ((source, *into, "--name", "n", "--tms", "PM", "--slab", "0x16"), ["slab"]),
                ((source, *into, "--name", "n", "--tms", "PM", "--jobs", "1000"), ["jobs"]),
                ((source, *into, "--name", "n", "--tms", "PM", "--jobs", "-1"), ["jobs"]),
                ((source, *into, "--tms", "PM", "--product", "a=1,2,3"), ["a=1,2,3"]),
                ((source, *into, "--tms", "PM", "--product", "a=1,2,3:jpg:101"), ["quality"]),
                ((source, *into, "--tms", "PM", "--product", "a=1,2,3:jpg", "--name", "b"), ["--name"])]:
            with self.subTest(arguments[1:]):
                self.refused("build", *arguments, code=2, says=words)

    def test_what_does_not_go_together_fails(self):
        source = make_image(self.sources / "a.tif")
        for more, words in [(("--format", "gif"), ["gif"]), (("--format", "jpg", "--bands", "1,2"), ["zip"]),
                            (("--format", "webp", "--bands", "1"), ["zip"])]:
            with self.subTest(more):
                self.build(source, more=more, says=words)

    def test_names_that_will_not_do(self):
        source = make_image(self.sources / "a.tif")
        for name in ("../out", "a/b", ".hidden", "", "with space", "é"):
            with self.subTest(name):
                self.build(source, name=name, says=["name"])
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["sources", "store"])

    def test_two_products_of_one_name(self):
        self.refused("build", make_image(self.sources / "a.tif"), "--into", self.store, "--tms", "PM",
                     "--product", "a=1,2,3:jpg", "--product", "a=1,2,3:png", says=["a"])

    def test_a_name_that_is_taken(self):
        self.build(make_image(self.sources / "a.tif"), name="there", says=["there.json", "name"])

    def test_there_is_no_such_command(self):
        result = ardoise("bild")
        self.assertEqual(result.returncode, 2)
        self.assertIn("bild", result.stderr)
        self.assertEqual(ardoise().returncode, 2)
        for command in ("build", "export", "import", "inspect", "verify", "sample"):
            self.assertEqual(ardoise(command, "--help").returncode, 0, command)
            self.assertEqual(ardoise(command, "--no-such-option").returncode, 2, command)


class Stores(RefusalCase):
    def test_a_file_where_the_store_should_be(self):
        file = self.folder / "file"
        file.touch()
        result = ardoise("build", make_image(self.sources / "a.tif"), "--into", file, "--name", "n", "--tms", "2154_5cm")
        self.assertEqual(result.returncode, 1)
        self.assertIn(str(file), result.stderr.splitlines()[-1])
        self.assertEqual(file.stat().st_size, 0)

    @unittest.skipUnless(os.geteuid() == 0 or shutil.which("unshare"), "needs a file system that refuses")
    def test_a_store_that_may_not_be_written(self):
        source = make_image(self.sources / "a.tif")
        self.store.chmod(0o555)
        try:
            if os.geteuid() == 0:  # root writes everywhere: as somebody else, then
                self.folder.chmod(0o777)
                message = self.build(source, says=[self.store], user=65534, group=65534, extra_groups=[])
            else:
                message = self.build(source, says=[self.store])
            self.assertRegex(message, "(?i)permission")
        finally:
            self.store.chmod(0o755)

    def test_a_disk_that_is_full(self):
        # No file may grow beyond 200 kB: what a full disk or a quota does in the midst of a slab. The small dalle, a patch to
        # the west of the large one, is done by then.
        make_image(self.sources / "small.tif", size=100, geotransform=(430400, 0.05, 0, 6712800, 0, -0.05))
        make_image(self.sources / "large.tif", size=2000)

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

        def ignore_and_limit():
            import signal
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            limit()

        command = ["build", self.sources, "--into", self.store, "--name", "new", "--tms", "2154_5cm", "--jobs", "1"]
        before = listing(self.store)
        result = ardoise(*command, preexec_fn=ignore_and_limit)
        self.assertEqual(result.returncode, 1)
        self.assertIn("written", result.stderr.splitlines()[-1])
        self.assertIn("the same command goes on", result.stderr.splitlines()[-1])
        after = listing(self.store)
        self.assertEqual({name: content for name, content in after.items() if not name.startswith(".new.building")}, before)
        # With room again the same command ends, and leaves nothing but the pyramid.
        done(*command)
        self.assertEqual(verify(self.store, "new")["damages"], [])
        self.assertEqual([name for name in listing(self.store) if name.startswith(".")], [])

    def test_a_file_system_without_room(self):
        mount = self.folder / "small"
        mount.mkdir()
        if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", mount],
                                               check=False, capture_output=True).returncode != 0:
            self.skipTest("a small file system cannot be mounted here")
        try:
            source = make_image(self.sources / "a.tif", size=2000)
            result = ardoise("build", source, "--into", mount, "--name", "n", "--tms", "2154_5cm")
            self.assertEqual(result.returncode, 1)
            self.assertRegex(result.stderr.splitlines()[-1], "(?i)no space")
            self.assertEqual([name for name in listing(mount) if not name.startswith(".n.building")], [])
        finally:
            subprocess.run(["umount", mount], check=True)


class Descriptors(unittest.TestCase):
    """`inspect` and `verify` say what is wrong with a descriptor or a slab."""

    def setUp(self):
        self.store = fresh_folder(f"bad-{self._testMethodName}")
        shutil.copytree(CITY_STORE / "irc", self.store / "irc")
        self.descriptor = self.store / "irc.json"
        shutil.copy(CITY_STORE / "irc.json", self.descriptor)
        self.good = json.loads(self.descriptor.read_text())

    def refused(self, content, word):
        self.descriptor.write_text(content if isinstance(content, str) else json.dumps(content))
        for command in ("inspect", "verify"):
            result = ardoise(command, self.descriptor)
            self.assertEqual((result.returncode, result.stdout), (1, ""), command)
            self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
            self.assertIn("irc.json", result.stderr)
            self.assertIn(word, result.stderr)

    def test_descriptors_that_lie(self):
        level = self.good["levels"][-1]

        def with_level(**changes):
            return {**self.good, "levels": [{**level, **changes}]}

        for content, word in [
                ("", "JSON"), ("{", "JSON"), ({**self.good, "format": 7}, "format"), ({**self.good, "format": "X"}, "format"),
                ({key: value for key, value in self.good.items() if key != "levels"}, "levels"),
                (with_level(id="77"), "77"), (with_level(id=None), "id"), (with_level(tiles_per_width=-1), "tiles_per_width"),
                (with_level(tiles_per_width=1e9), "tiles_per_width"), (with_level(tiles_per_width="16"), "tiles_per_width"),
                (with_level(tiles_per_width=2.5), "tiles_per_width"), (with_level(tile_limits={}), "tile_limits"),
                (with_level(tile_limits={"min_row": 0, "max_row": -1, "min_col": 0, "max_col": 1}), "tile_limits"),
                (with_level(tile_limits={"min_row": 0, "max_row": 10 ** 30, "min_col": 0, "max_col": 1}), "max_row"),
                (with_level(storage={"type": "FILE", "path_depth": 2}), "image_directory"),
                (with_level(storage={"type": "FILE", "path_depth": -2, "image_directory": "x"}), "path_depth")]:
            with self.subTest(word):
                self.refused(content, word)

    def test_a_descriptor_that_is_not_there(self):
        for command in ("inspect", "verify"):
            result = ardoise(command, self.store / "none.json")
            self.assertEqual(result.returncode, 1)
            self.assertIn("none.json", result.stderr)

    def test_verify_names_each_damage(self):
        level = Pyramid(self.store, "irc").levels["20"]
        files = sorted(level.data.rglob("*.tif"))
        self.assertGreater(len(files), 2)
        content = bytearray(files[0].read_bytes())
        content[-100] ^= 0xff
        files[0].write_bytes(content)
        os.truncate(files[1], files[1].stat().st_size - 50)
        files[2].unlink()
        result = ardoise("verify", self.descriptor)
        self.assertEqual(result.returncode, 1)
        for file in files[:3]:
            self.assertRegex(result.stdout, re.escape(str(file)) + ": \\S")
        self.assertEqual(len(json.loads(ardoise("verify", self.descriptor, "--json").stdout)["damages"]) >= 3, True)

    def test_verify_warns_of_files_that_are_no_slabs_of_the_pyramid(self):
        for number in range(7):
            (self.store / f"irc/DATA/20/stray{number}.tif").write_bytes(b"copied here by hand")
        result = ardoise("verify", self.descriptor)
        self.assertEqual(result.returncode, 0, result.stdout)
        *_, warning, total = result.stdout.splitlines()
        self.assertRegex(warning, "^warning: 7 files .*: DATA/20/stray0.tif, .*stray4.tif, \\.\\.\\.$")
        self.assertIn(" 0 damaged", total)
        told = json.loads(done("verify", self.descriptor, "--json").stdout)
        self.assertEqual((len(told["unlisted"]), told["damages"]), (7, []))

    def test_an_index_that_lies_is_found_without_checksums(self):
        (self.store / "irc/checksums").unlink(missing_ok=True)
        for file in (self.store / "irc").glob("*"):
            if file.is_file():
                file.unlink()
        level = Pyramid(self.store, "irc").levels["20"]
        file = sorted(level.data.rglob("*.tif"))[0]
        content = bytearray(file.read_bytes())
        content[2048:2052] = b"\xff\xff\xff\x7f"
        content[2048 + 1024:2048 + 1028] = b"\xff\xff\xff\x7f"
        file.write_bytes(content)
        result = ardoise("verify", self.descriptor)
        self.assertEqual(result.returncode, 1)
        self.assertIn(str(file), result.stdout)


class Samples(unittest.TestCase):
    def test_options_that_are_wrong(self):
        folder = fresh_folder("bad-samples")
        for arguments, word in [((), "--into"), (("--into", folder / "x", "--dalles", "2"), "dalles"),
                                (("--into", folder / "x", "--dalles", "0x2"), "dalles"),
                                (("--into", folder / "x", "--years", "12"), "years"),
                                (("--into", folder / "x", "--seed", "s"), "seed")]:
            result = ardoise("sample", *arguments)
            self.assertEqual(result.returncode, 2, arguments)
            self.assertIn(word, result.stderr.splitlines()[0])
        self.assertEqual(listing(folder), {})
        self.assertTrue(any(CITY_DALLES.iterdir()))
