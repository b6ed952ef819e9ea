# SPDX-License-Identifier: Apache-2.0
"""What a build says beforehand, on the way, and at the end."""
import json
import unittest

from PIL import Image

from support.places import CITY_DALLES, fresh_folder
from support.programs import ardoise, done

TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ "


class BuildReport(unittest.TestCase):
    def setUp(self):
        self.folder = fresh_folder(self.id())
        self.store = self.folder / "store"
        self.dalle = sorted(CITY_DALLES.glob("*.tif"))[0]

    def build(self, name, *options, run=done):
        return run("build", self.dalle, "--into", self.store, "--tms", "2154_5cm", "--name", name, "--bottom", "20", *options)

    def test_a_dry_run_says_what_it_would_take_and_writes_nothing(self):
        facts = json.loads(self.build("a", "--dry-run", "--json").stdout)
        self.assertEqual([product["name"] for product in facts["products"]], ["a"])
        self.assertAlmostEqual(facts["products"][0]["expected_megabytes"], facts["expected_megabytes"])
        for name in ("expected_megabytes", "expected_seconds", "free_megabytes", "slabs"):
            self.assertGreater(facts[name], 0, name)
        said = self.build("a", "--dry-run").stdout
        self.assertRegex(said, r"a: about \d+ MB would be written\nabout .* on \d+ threads.*\n\d+ MB are free")
        self.assertFalse(self.store.exists())

    def test_the_log_keeps_what_was_said_of_every_run(self):
        log = self.folder / "build.log"
        self.build("a", "--log", log)
        first = log.read_text().splitlines()
        for line in first:
            self.assertRegex(line, TIME)
        self.assertRegex("\n".join(first), r"patches: 1 of \d+ .*, [\d.]+ Mpx/s, .* left")
        self.assertRegex(first[-1], r"a: .*a/report\.html$")
        self.assertEqual(self.build("a", "--log", log, run=ardoise).returncode, 1)
        again = log.read_text().splitlines()
        self.assertEqual(again[:len(first)], first)
        self.assertRegex(again[-1], TIME + r"failed: .*there is a pyramid of that name already")

    def test_a_log_that_cannot_be_written_is_said_before_anything_is_done(self):
        result = self.build("a", "--log", self.folder / "none" / "build.log", run=ardoise)
        self.assertEqual(result.returncode, 1)
        self.assertIn("none/build.log: cannot be written", result.stderr)
        self.assertFalse(self.store.exists())

    def test_quality_is_told_to_machines_and_shown_to_people(self):
        lossy = json.loads(self.build("lossy", "--quality", "80", "--json").stdout)["products"][0]
        self.assertEqual(lossy["name"], "lossy")
        self.assertTrue(25 < lossy["psnr_db"] < 60, lossy)
        self.assertTrue(0 <= lossy["holes"] < 1, lossy)
        self.assertIn("dB", (self.store / "lossy/report.html").read_text())
        with Image.open(self.store / "lossy/preview.png") as picture:
            self.assertEqual(picture.mode, "RGBA")
            self.assertLessEqual(max(picture.size), 1024)

    def test_lossless_pixels_are_told_by_a_null(self):
        exact = json.loads(self.build("exact", "--format", "png", "--json").stdout)["products"][0]
        self.assertIsNone(exact["psnr_db"])
        self.assertEqual(exact["gradient"], exact["source_gradient"])


if __name__ == "__main__":
    unittest.main()
