#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The absences of ARCHITECTURE.md: who may include what."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Each floor, and the floors that it may include besides itself. The order is that of ARCHITECTURE.md.
FLOORS = {
    "pyramid/base": [],
    "pyramid/grid": ["pyramid/base"],
    "pyramid/raster": ["pyramid/base"],
    "pyramid/store": ["pyramid/base", "pyramid/grid", "pyramid/raster"],
    "pyramid/archive": ["pyramid/base", "pyramid/grid", "pyramid/raster", "pyramid/store"],
    "pyramid/sources": ["pyramid/base", "pyramid/grid", "pyramid/raster"],
    "pyramid/build": ["pyramid/base", "pyramid/grid", "pyramid/raster", "pyramid/store", "pyramid/archive",
                      "pyramid/sources", "styles", "cache", "styles/drawing"],
    "styles": ["pyramid/base", "pyramid/grid", "pyramid/raster", "pyramid/store"],
    "cache": ["pyramid/base", "pyramid/grid", "pyramid/raster", "pyramid/store"],
    "styles/drawing": ["pyramid/base", "pyramid/grid", "pyramid/raster", "pyramid/store", "styles", "cache"],
    "server/exchange": ["pyramid/base"],
    "server/catalog": ["pyramid/base", "pyramid/grid", "pyramid/raster", "pyramid/store", "styles", "server/exchange"],
    "server/render": ["pyramid/base", "pyramid/grid", "pyramid/raster", "pyramid/store", "styles", "cache",
                      "styles/drawing", "server/catalog"],
    "server/services": ["pyramid/base", "pyramid/grid", "pyramid/raster", "pyramid/store", "styles", "cache",
                        "styles/drawing", "server/exchange", "server/catalog", "server/render"],
    "server/http": ["pyramid/base", "server/exchange"],
    "server": ["pyramid/base", "cache", "server/catalog", "server/http", "server/services"],
}

# Foreign headers, and the only places that may name them.
FOREIGN = {
    r"boost/(asio|beast)": ["server/http/"],
    r"(gdal|ogr_|cpl_)": ["pyramid/sources/", "pyramid/build/sample/"],
    r"proj\.h": ["pyramid/grid/proj_objects.hpp"],
    r"turbojpeg\.h|jpeglib\.h": ["pyramid/raster/jpeg.cpp"],
    r"png\.h": ["pyramid/raster/png.cpp"],
    r"webp/": ["pyramid/raster/webp.cpp"],
    r"tiffio?\.h": ["pyramid/sources/tiff_file.cpp"],
    r"boost/json": ["pyramid/base/json.cpp"],
    r"xxhash\.h": ["pyramid/store/slab_layout.cpp"],
    r"sqlite3": ["pyramid/archive/mbtiles.cpp"],
    r"sys/mman\.h": ["pyramid/base/mapped_file.cpp", "server/exchange/memory_file.cpp"],
    r"sys/socket\.h|netinet/": ["server/http/"],
}


def sources():
    for folder in ("pyramid", "styles", "cache", "server"):
        for suffix in ("*.cpp", "*.hpp"):
            for file in sorted((ROOT / folder).rglob(suffix)):
                if "node_modules" not in file.parts:
                    yield file.relative_to(ROOT).as_posix()


def includes(source):
    text = (ROOT / source).read_text()
    return re.findall(r'^\s*#\s*include\s*(["<])([^">]+)[">]', text, re.MULTILINE)


def floor_of(path):
    """The longest floor that `path` lies in: server/main.cpp is on the floor "server"."""
    matching = [floor for floor in FLOORS if path.startswith(floor + "/")]
    return max(matching, key=len) if matching else None


class Architecture(unittest.TestCase):
    def test_every_source_lies_on_a_floor(self):
        found = list(sources())
        self.assertGreater(len(found), 50)
        for source in found:
            self.assertIsNotNone(floor_of(source), source)

    def test_no_floor_looks_up_or_aside(self):
        for source in sources():
            own = floor_of(source)
            for quote, target in includes(source):
                if quote != '"':
                    continue
                self.assertTrue((ROOT / target).exists() or target.endswith("shipped_sets.hpp"),
                                f'{source} includes "{target}", which is not written from the root')
                floor = floor_of(target)
                self.assertIn(floor, [own, *FLOORS[own]], f"{source} looks up or aside to {target}")

    def test_foreign_libraries_stay_in_their_rooms(self):
        for source in sources():
            for _, target in includes(source):
                for pattern, homes in FOREIGN.items():
                    if re.match(pattern, target):
                        self.assertTrue(any(source.startswith(home) for home in homes),
                                        f"{source} includes {target}, which belongs to {homes}")

    def test_the_server_does_not_link_gdal(self):
        for lists in (ROOT / "server").rglob("CMakeLists.txt"):
            if "node_modules" not in lists.parts:
                self.assertNotIn("GDAL", lists.read_text(), lists)

    def test_services_touch_neither_sockets_nor_paths(self):
        for source in sources():
            if source.startswith("server/services/") and not source.startswith("server/services/portal"):
                text = (ROOT / source).read_text()
                self.assertNotIn("std::filesystem", text, f"{source} handles paths")
                self.assertNotIn("ifstream", text, f"{source} opens files")

    def test_files_have_a_licence_line(self):
        for source in sources():
            self.assertTrue((ROOT / source).read_text().startswith("// SPDX-License-Identifier: Apache-2.0\n"), source)


if __name__ == "__main__":
    unittest.main()
