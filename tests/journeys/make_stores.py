# SPDX-License-Identifier: Apache-2.0
"""Makes, once, the sample city and the store that most journeys use."""
import hashlib
import shutil
import unittest

from support import places
from support.programs import done, verify

STAMP = places.CITY / "made-by"


def fingerprint():
    return hashlib.sha256((places.BIN / "ardoise").read_bytes()).hexdigest()


class MakeStores(unittest.TestCase):
    def test_make_city(self):
        """An L of three dalles of 200 m: two pyramids in Lambert-93 and one in Web Mercator; and the heights below."""
        if STAMP.exists() and STAMP.read_text() == fingerprint():
            self.skipTest("made by this very program already")
        shutil.rmtree(places.CITY, ignore_errors=True)
        done("sample", "--into", places.CITY / "sources", "--dalles", "2x2", "--years", "2022")
        (places.CITY_DALLES / "dalle_430800_6712800.tif").unlink()
        dalles, store = places.CITY_DALLES, places.CITY_STORE
        done("build", dalles, "--into", store, "--tms", "2154_5cm",
             "--product", "ortho=1,2,3:jpg:85", "--product", "irc=4,1,2:jpg:85")
        done("build", dalles, "--into", store, "--tms", "PM", "--bottom", "20", "--name", "quartier", "--format", "png")
        done("build", places.CITY_HEIGHTS, "--into", store, "--tms", "2154_5cm", "--name", "dtm")
        for name in ("ortho", "irc", "quartier", "dtm"):
            self.assertEqual(verify(store, name)["damages"], [])
        STAMP.write_text(fingerprint())
