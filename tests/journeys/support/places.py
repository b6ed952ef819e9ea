# SPDX-License-Identifier: Apache-2.0
"""Where programs, shared data and work folders are."""
import atexit
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

FAULT_SHIM = os.environ.get("ARDOISE_FAULT_SHIM", "")
"""The library of tests/support/fault_shim.cpp; empty where sanitizers are, which want to be loaded first themselves."""
THOROUGH = bool(os.environ.get("ARDOISE_THOROUGH"))
"""Every case instead of a spread of them: minutes instead of seconds (ctest's label `slow`)."""

needs_data = unittest.skipUnless(DATA.is_dir(), "the shared data are not there (set ARDOISE_SHARED_DATA)")
needs_shim = unittest.skipUnless(FAULT_SHIM, "the shim cannot be loaded (sanitizers want to be first)")
needs_schemas = unittest.skipUnless(SCHEMAS.is_dir(), "the shared schemas are not there (set ARDOISE_SHARED_DATA)")


def fresh_folder(name):
    """An empty folder for one test, gone when its program ends; ARDOISE_KEEP=1 keeps it for a look."""
    folder = WORK / "scratch" / f"{name}-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if not os.environ.get("ARDOISE_KEEP"):
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def picture_file(name):
    """Where a picture stays that somebody may want to look at."""
    (WORK / "pictures").mkdir(parents=True, exist_ok=True)
    return WORK / "pictures" / f"{name}.png"


def listing(folder):
    """Every path below `folder`, hidden ones too, with the sizes of the files."""
    return {str(path.relative_to(folder)): path.stat().st_size if path.is_file() else None
            for path in Path(folder).rglob("*")}


def contents(folder):
    """Every file below `folder`, hidden ones too, with its bytes; but reports, which tell of one run."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob("*")
            if path.is_file() and path.name != "report.html"}
