# SPDX-License-Identifier: Apache-2.0
"""Tiles come in from the archives of others and leave for them, byte for byte."""
import contextlib
import sqlite3
import subprocess
import unittest

import numpy
from osgeo import gdal

from bad_input import RefusalCase
from support.city import HALF_WORLD, source_of
from support.places import CITY_STORE, DATA, fresh_folder, needs_data
from support.programs import ardoise, done, verify
from support.pyramids import Pyramid

gdal.UseExceptions()


def stored_tiles(pyramid):
    """Level, column, row to bytes of every tile that the slabs hold within the limits."""
    return {(int(level.id), col, row): tile for level in pyramid.levels.values() for col, row in level.tiles()
            if (tile := level.tile(col, row))}


def rows_of(file):
    """Zoom, column, row from the top to bytes of every tile in an MBTiles file."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        query = "SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles"
        return {(zoom, col, 2 ** zoom - 1 - row): tile for zoom, col, row, tile in database.execute(query)}


def files_below(folder, flipped=False):
    """The same of a folder."""
    places = {tuple(map(int, (*file.relative_to(folder).parts[:2], file.stem))): file.read_bytes()
              for file in folder.glob("*/*/*.png")}
    return {(z, x, 2 ** z - 1 - y if flipped else y): tile for (z, x, y), tile in places.items()}


class ArchiveCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = fresh_folder(cls.__name__)
        cls.store = cls.folder / "store"

    def check_imported(self, archive, name, tiles, *options):
        """The pyramid holds these tiles and no other, and is sound."""
        done("import", archive, "--into", self.store, "--name", name, *options)
        pyramid = Pyramid(self.store, name)
        self.assertEqual(stored_tiles(pyramid), tiles)
        self.assertEqual(verify(self.store, name)["damages"], [])
        for level in pyramid.levels.values():
            here = [(col, row) for zoom, col, row in tiles if zoom == int(level.id)]
            self.assertEqual((min(here)[0], max(here)[0]), (level.columns[0], level.columns[-1]))
            rows = [row for _, row in here]
            self.assertEqual((min(rows), max(rows)), (level.rows[0], level.rows[-1]))
        return pyramid


class OurMbtiles(ArchiveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quartier = Pyramid(CITY_STORE, "quartier")
        cls.file = cls.folder / "quartier.mbtiles"
        done("export", CITY_STORE / "quartier.json", "--to", cls.file)

    def test_the_schema_is_that_of_the_specification(self):
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            columns = [(name, kind.lower()) for _, name, kind, *_ in database.execute("PRAGMA table_info(tiles)")]
            self.assertEqual(columns, [("zoom_level", "integer"), ("tile_column", "integer"), ("tile_row", "integer"),
                                       ("tile_data", "blob")])
            indexes = {name: unique for _, name, unique, *_ in database.execute("PRAGMA index_list(tiles)")}
            self.assertEqual(indexes, {"tile_index": 1})
            metadata = dict(database.execute("SELECT name, value FROM metadata"))
        self.assertEqual((metadata["name"], metadata["format"]), ("quartier", "png"))
        levels = [int(level) for level in self.quartier.levels]
        self.assertEqual((int(metadata["minzoom"]), int(metadata["maxzoom"])), (min(levels), max(levels)))
        west, south, east, north = map(float, metadata["bounds"].split(","))
        self.assertTrue(-1.3 < west < east < -0.4 and 47.3 < south < north < 47.6, metadata["bounds"])
        self.assertEqual(self.file.read_bytes()[68:72], b"MPBX")

    def test_every_tile_is_there_byte_for_byte(self):
        self.assertEqual(rows_of(self.file), stored_tiles(self.quartier))

    def test_gdal_reads_the_same_pixels(self):
        dataset = gdal.Open(str(self.file))
        self.assertEqual(dataset.GetDriver().ShortName, "MBTiles")
        level = self.quartier.levels["20"]
        columns, rows = level.columns[2:5], level.rows[2:5]
        stored, _ = self.quartier.pixels("20", columns, rows)
        west, cell, _, north, _, _ = dataset.GetGeoTransform()
        self.assertAlmostEqual(cell, 2 * HALF_WORLD / 256 / 2 ** 20, places=9)
        x = round((columns[0] * 256 * cell - HALF_WORLD - west) / cell)
        y = round((north - HALF_WORLD) / cell + rows[0] * 256)
        seen = numpy.moveaxis(dataset.ReadAsArray(x, y, 768, 768), 0, 2)
        self.assertGreater(stored.std(), 5)
        numpy.testing.assert_array_equal(seen[..., :3], stored)

    def test_a_box_in_degrees_and_levels_choose(self):
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            west, south, east, north = map(float, database.execute(
                "SELECT value FROM metadata WHERE name = 'bounds'").fetchone()[0].split(","))
        part = self.folder / "part.mbtiles"
        half = (west + east) / 2
        done("export", CITY_STORE / "quartier.json", "--to", part, "--levels", "18-19", "--bbox-crs", "EPSG:4326",
             f"--bbox={west},{south},{half},{north}")
        tiles, whole = rows_of(part), rows_of(self.file)
        self.assertEqual({zoom for zoom, _, _ in tiles}, {18, 19})
        for zoom in (18, 19):
            edge = int((half + 180) / 360 * 2 ** zoom)
            self.assertEqual({place for place in tiles if place[0] == zoom},
                             {place for place in whole if place[0] == zoom and place[1] <= edge})


class TheirArchives(ArchiveCase):
    """What GDAL makes of the city."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picture = str(cls.folder / "picture.tif")
        gdal.Warp(cls.picture, source_of("ortho"), dstSRS="EPSG:3857", xRes=1.2, yRes=1.2, resampleAlg="average",
                  dstAlpha=True)

    def make_mbtiles(self, name, *options):
        file = self.folder / name
        gdal.Translate(str(file), self.picture, format="MBTILES", creationOptions=list(options))
        dataset = gdal.Open(str(file), gdal.GA_Update)
        dataset.BuildOverviews("AVERAGE", [2, 4, 8])
        del dataset
        return file

    def test_mbtiles_of_png(self):
        file = self.make_mbtiles("theirs.mbtiles", "NAME=Their city", "TILE_FORMAT=PNG")
        pyramid = self.check_imported(file, "theirs", rows_of(file))
        self.assertEqual(pyramid.format, "TIFF_PNG_UINT8")
        ours = pyramid.descriptor["ardoise"]
        self.assertEqual(ours["title"], "Their city")
        self.assertEqual(len(ours["bounds"]), 4)

    def test_mbtiles_of_jpeg(self):
        file = self.make_mbtiles("jpeg.mbtiles", "TILE_FORMAT=JPEG")
        self.assertEqual(self.check_imported(file, "jpeg", rows_of(file)).format, "TIFF_JPG_UINT8")

    def test_mbtiles_whose_tiles_are_a_view(self):
        file = self.folder / "view.mbtiles"
        with contextlib.closing(sqlite3.connect(file)) as database:
            database.executescript("""
                CREATE TABLE metadata (name text, value text);
                CREATE TABLE map (zoom_level integer, tile_column integer, tile_row integer, tile_id text);
                CREATE TABLE images (tile_data blob, tile_id text);
                CREATE UNIQUE INDEX map_index ON map (zoom_level, tile_column, tile_row);
                CREATE UNIQUE INDEX images_id ON images (tile_id);
                CREATE VIEW tiles AS SELECT zoom_level, tile_column, tile_row, tile_data FROM map
                    JOIN images ON images.tile_id = map.tile_id;""")
            tiles = list(rows_of(self.make_mbtiles("source.mbtiles", "TILE_FORMAT=PNG")).values())[:2]
            database.executemany("INSERT INTO images VALUES (?, ?)", [(tiles[0], "a"), (tiles[1], "b")])
            database.executemany("INSERT INTO map VALUES (?, ?, ?, ?)",
                                 [(3, 1, 2, "a"), (3, 2, 2, "b"), (3, 7, 0, "a"), (9, 511, 511, "b")])
            database.commit()
        self.check_imported(file, "view", rows_of(file))

    def test_folders_of_gdal2tiles(self):
        for rows, flag in (("{y}", ["--xyz"]), ("{-y}", [])):
            with self.subTest(rows):
                folder = self.folder / f"tiles{rows}"
                subprocess.run(["gdal2tiles.py", "-q", "-z", "14-17", *flag, self.picture, str(folder)], check=True,
                               capture_output=True)
                self.assertTrue((folder / "leaflet.html").exists())
                self.check_imported(f"{folder}/{{z}}/{{x}}/{rows}", f"folder{len(flag)}",
                                    files_below(folder, flipped=not flag))

    def test_what_came_in_goes_out_again(self):
        file = self.make_mbtiles("round.mbtiles", "TILE_FORMAT=PNG")
        tiles = rows_of(file)
        self.check_imported(file, "round", tiles)
        for number, archive in enumerate(("out.pmtiles", "out/{z}/{x}/{y}.png", "out.mbtiles")):
            with self.subTest(archive):
                done("export", self.store / "round.json", "--to", self.folder / archive)
                self.check_imported(self.folder / archive, f"again{number}", tiles)


@needs_data
class Rok4Pyramids(ArchiveCase):
    """What ROK4's own tools made, in slabs of their size, goes wherever tiles go."""

    def test_every_tile_of_an_ortho_travels(self):
        ortho = DATA / "rok4_martinique_ign/pyramids"
        tiles = stored_tiles(Pyramid(ortho, "BDORTHO"))
        self.assertGreater(len(tiles), 20)
        for number, archive in enumerate(("ortho.mbtiles", "ortho.pmtiles", "ortho/{z}/{x}/{-y}.jpeg")):
            with self.subTest(archive):
                done("export", ortho / "BDORTHO.json", "--tms", DATA / "rok4_tilematrixsets", "--to", self.folder / archive)
                self.check_imported(self.folder / archive, f"ortho{number}", tiles, "--slab", "8x8")


class BadArchives(RefusalCase):
    def database(self, name, script, *tiles):
        file = self.sources / name
        with contextlib.closing(sqlite3.connect(file)) as database:
            database.executescript(script)
            if tiles:
                database.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", tiles)
            database.commit()
        return file

    TABLES = """CREATE TABLE metadata (name text, value text);
                CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data blob);"""

    def tile(self):
        level = Pyramid(CITY_STORE, "quartier").levels["20"]
        return next(tile for col, row in level.tiles() if (tile := level.tile(col, row)))

    def refused_import(self, archive, says, **options):
        return self.refused("import", archive, "--into", self.store, "--name", "new", says=[*says], **options)

    def test_files_that_are_no_archives(self):
        for ending in ("mbtiles", "pmtiles"):
            for name, content in (("letter", b"Dear Sir,\n" * 1000), ("empty", b""), ("zeros", bytes(20_000))):
                file = self.sources / f"{name}.{ending}"
                file.write_bytes(content)
                with self.subTest(file.name):
                    self.refused_import(file, [file.name])
            with self.subTest(f"nothing.{ending}"):
                self.refused_import(self.sources / f"nothing.{ending}", [f"nothing.{ending}"])
                self.assertFalse((self.sources / f"nothing.{ending}").exists())

    def test_truncated_archives(self):
        for ending in ("mbtiles", "pmtiles"):
            file = self.sources / f"short.{ending}"
            done("export", CITY_STORE / "quartier.json", "--to", file)
            with file.open("r+b") as content:
                content.truncate(file.stat().st_size // 2)
            with self.subTest(ending):
                self.refused_import(file, [file.name])

    def test_databases_of_another_kind(self):
        for name, script, words in (("notes", "CREATE TABLE notes (text)", ["table or view called tiles"]),
                                    ("void", self.TABLES, ["no tile"]),
                                    ("other", "CREATE TABLE tiles (z, x, y, data)", ["zoom_level"])):
            with self.subTest(name):
                self.refused_import(self.database(f"{name}.mbtiles", script), [f"{name}.mbtiles", *words])

    def test_tiles_at_places_that_are_none(self):
        tile = self.tile()
        for number, (places, words) in enumerate((
                ([(-1, 0, 0)], ["zoom -1"]), ([(1, 2, 0)], ["outside of zoom 1"]), ([(1, 0, -1)], ["outside of zoom 1"]),
                ([(60, 0, 0)], ["zoom 60"]), ([(1, "x", 0)], ["whole number"]), ([(None, 0, 0)], ["whole number"]),
                ([(3, 1, 1), (3, 1.5, 1), (3, 5, 5)], ["1 of 3"]), ([(3, 1, 1), (3, 1, 1)], ["tile 3/1/6", "twice"]))):
            with self.subTest(places):
                file = self.database(f"{number}.mbtiles", self.TABLES, *[(*place, tile) for place in places])
                self.refused_import(file, [file.name, *words])

    def test_tiles_that_are_not_what_is_said(self):
        says = "INSERT INTO metadata VALUES ('format', '{}');"
        for number, (said, tile, words) in enumerate((
                ("jpg", self.tile(), ["tile 3/1/6 is PNG"]), ("png", b"<html>", ["tile 3/1/6"]),
                ("png", b"", ["tile 3/1/6"]), ("png", None, ["tile 3/1/6"]), ("avif", self.tile(), ["avif"]))):
            with self.subTest(said):
                file = self.database(f"{number}.mbtiles", self.TABLES + says.format(said), (3, 1, 1, tile))
                self.refused_import(file, [file.name, *words])

    def test_exports_that_cannot_be(self):
        for name, archive, words in (("ortho", "x.mbtiles", ["2154_5cm", "Web Mercator", "folder"]),
                                     ("ortho", "x.pmtiles", ["2154_5cm"]), ("dtm", "x/{z}/{x}/{y}", ["TIFF_ZIP_FLOAT32"]),
                                     ("quartier", "x/{z}/{x}/{y}.jpg", ["png"]), ("nothing", "x.mbtiles", ["nothing.json"])):
            with self.subTest(archive):
                before = {path.name for path in self.folder.iterdir()}
                self.refused("export", CITY_STORE / f"{name}.json", "--to", self.folder / archive, says=words)
                self.assertEqual({path.name for path in self.folder.iterdir()}, before)

    def test_a_file_is_replaced_only_when_it_is_said(self):
        file = self.folder / "old.mbtiles"
        file.write_text("old")
        self.refused("export", CITY_STORE / "quartier.json", "--to", file, says=["old.mbtiles", "--overwrite"])
        self.assertEqual(file.read_text(), "old")
        done("export", CITY_STORE / "quartier.json", "--to", file, "--overwrite")
        self.assertGreater(len(rows_of(file)), 10)

    def test_what_is_mistyped_is_usage(self):
        good = CITY_STORE / "quartier.json"
        for arguments, words in ((("import", "--into", self.store, "--name", "n"), ["ARCHIVE"]),
                                 (("import", "tiles.zip", "--into", self.store, "--name", "n"), ["tiles.zip"]),
                                 (("import", "a.mbtiles", "--name", "n"), ["--into"]),
                                 (("import", "a.mbtiles", "--into", self.store), ["--name"]),
                                 (("import", "a.mbtiles", "b.mbtiles", "--into", self.store, "--name", "n"), ["b.mbtiles"]),
                                 (("export", good), ["--to"]), (("export", good, "--to", "tiles"), ["tiles"]),
                                 (("export", good, "--to", "x.mbtiles", "--levels", "3-"), ["levels"]),
                                 (("export", good, "--to", "x.mbtiles", "--bbox", "1,2,3"), ["bbox"]),
                                 (("export", good, "--to", "x.mbtiles", "--bbox-crs", "EPSG:4326"), ["--bbox"])):
            with self.subTest(arguments):
                self.refused(*arguments, code=2, says=words, cwd=self.folder)
        self.assertEqual(ardoise("import", "--help").returncode, 0)
        self.assertEqual(ardoise("export", "--help").returncode, 0)
