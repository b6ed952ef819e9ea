# SPDX-License-Identifier: Apache-2.0
"""Where programs, shared data and work folders are."""
import os
import shutil
import unittest
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
BIN = Path(os.environ.get("ARDOISE_BIN", PROJECT / "build/release/bin"))
SHARED = Path(os.environ.get("ARDOISE_SHARED_DATA", PROJECT.parent / "shared"))
DATA = SHARED / "data"
SCHEMAS = SHARED / "schemas"
WORK = Path(os.environ.get("ARDOISE_JOURNEYS", PROJECT / "build/release/tests/journeys"))

CITY = WORK / "city"
"""Made by make_stores.py: the sample city, and the store of its pyramids."""
CITY_STORE = CITY / "store"
CITY_DALLES = CITY / "sources/2022/ortho"
CITY_HEIGHTS = CITY / "sources/dtm"

needs_data = unittest.skipUnless(DATA.is_dir(), "the shared data are not there (set ARDOISE_SHARED_DATA)")
needs_schemas = unittest.skipUnless(SCHEMAS.is_dir(), "the shared schemas are not there (set ARDOISE_SHARED_DATA)")


def fresh_folder(name):
    """An empty folder of this name for one test, below the build's."""
    folder = WORK / "scratch" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def listing(folder):
    """Every path below `folder`, hidden ones too, with the sizes of the files."""
    return {str(path.relative_to(folder)): path.stat().st_size if path.is_file() else None
            for path in Path(folder).rglob("*")}
