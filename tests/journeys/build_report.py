# SPDX-License-Identifier: Apache-2.0
"""What a build says beforehand, on the way, and at the end."""
import json
import re
import unittest

from PIL import Image

from support.places import CITY_DALLES, PROJECT, fresh_folder
from support.programs import ardoise, done, inspect, verify

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
        self.assertRegex("\n".join(first), r"patches: (\d+) of \1 .*, [\d.]+ Mpx/s, .* left")
        self.assertRegex(first[-1], r"a: .*a/report\.html$")
        self.assertEqual(self.build("a", "--log", log, run=ardoise).returncode, 1)
        again = log.read_text().splitlines()
        self.assertEqual(again[:len(first)], first)
        self.assertRegex(again[-1], TIME + r"failed: .*there is a pyramid of that name already")

    def test_in_a_file_a_short_run_is_told_in_one_line(self):
        said = self.build("a").stderr.splitlines()
        self.assertRegex(said[-1], r"^patches: (\d+) of \1 \(100 %\)")
        self.assertEqual([line for line in said if "(100 %)" in line], said[-1:])

    def test_a_finest_level_that_is_coarser_than_the_sources_is_said(self):
        line = r"level 20 has pixels of 0\.2 m, coarser than .* 0\.05 m .*: .*`--bottom 22` \(0\.05 m\) keeps all of it"
        for options in (["--dry-run"], []):
            self.assertRegex(self.build("a", *options).stdout, line)
        plan = ["--pieces", "2", "--plan", self.folder / "plan.json"]
        for options in (["--dry-run"], plan):
            said = done("plan", self.dalle, "--into", self.store, "--tms", "2154_5cm", "--name", "b", "--bottom", "20", *options)
            self.assertRegex(said.stdout, line)
        self.assertRegex((self.store / "a/report.html").read_text(), r"level 20 has pixels of 0\.2 m")
        facts = json.loads(self.build("c", "--dry-run", "--json").stdout)
        self.assertEqual(facts["lost_detail"], {"cell_size": 0.2, "source_cell_size": 0.05, "keeping": "22"})

    def test_slabs_and_the_files_beside_them_are_counted_alike_by_all(self):
        counts = r"(\d+) slabs, (\d+) files with masks and lossless twins"
        built = re.search(counts, self.build("a").stdout).groups()
        self.assertEqual(re.search(counts, done("inspect", self.store / "a.json").stdout).groups(), built)
        facts = json.loads(done("inspect", self.store / "a.json", "--json").stdout)
        self.assertEqual((str(facts["slabs"]), str(facts["files"])), built)
        self.assertIn(f"{built[1]} slab files", done("verify", self.store / "a.json").stdout)

    def test_a_plan_that_is_no_plan_yet_is_told_what_it_lacks(self):
        plan = ["plan", self.dalle, "--into", self.store, "--tms", "2154_5cm", "--name", "a"]
        self.assertIn("--pieces 200", ardoise(*plan).stderr)
        self.assertIn("--plan plan.json", ardoise(*plan, "--pieces", "2").stderr)
        self.assertRegex(done(*plan, "--dry-run").stdout, r"about \d+ MB would be written")
        self.assertFalse(self.store.exists())

    def test_a_build_that_is_finished_twice_was_finished_already(self):
        file = self.folder / "plan.json"
        done("plan", self.dalle, "--into", self.store, "--tms", "2154_5cm", "--name", "a", "--bottom", "20", "--pieces", "1",
             "--plan", file)
        done("work", file, "--piece", "0")
        self.assertRegex(done("finish", file).stdout, r"^\d+ slabs, ")
        self.assertEqual(done("finish", file).stdout, f"this build was finished already: {self.store / 'a.json'}\n")

    def test_a_repair_names_what_it_mended(self):
        self.build("a", "--slab", "1x1")
        slabs = sorted((self.store / "a/DATA").rglob("*.tif"))[:23]
        for slab in slabs:
            slab.unlink()
        said = done("verify", self.store / "a.json", "--repair").stdout
        mended = [line for line in said.splitlines() if line.startswith("mended: ")]
        self.assertEqual(mended[:20], [f"mended: {slab.relative_to(self.store / 'a')}" for slab in slabs[:20]])
        self.assertEqual(mended[20:], ["mended: and 3 more"])
        slabs[5].unlink()
        facts = json.loads(done("verify", self.store / "a.json", "--repair", "--json").stdout)
        self.assertEqual(facts["mended"], [str(slabs[5].relative_to(self.store / "a"))])

    def test_a_pyramid_is_removed_with_one_command_that_the_refusal_names(self):
        self.build("a")
        refusal = self.build("a", run=ardoise).stderr
        command = re.search(r"`ardoise (remove \S+)`", refusal)[1].split()
        said = done(*command).stdout.splitlines()
        self.assertEqual(said[0], f"removed: {self.store / 'a.json'}")
        self.assertRegex(said[-1], r"^[\d.]+ MB$")
        self.assertEqual(list(self.store.iterdir()), [])
        self.assertEqual(ardoise(*command).returncode, 1)

    def test_the_set_that_the_manual_gives_as_an_example_is_one(self):
        text = (PROJECT / "pyramid/README.md").read_text()
        example = self.folder / "communes.json"
        example.write_text(re.search(r"```json\n(.*?)```", text, re.DOTALL)[1])
        done("build", self.dalle, "--into", self.store, "--tms", example, "--name", "a")
        self.assertEqual(verify(self.store, "a")["damages"], [])
        self.assertAlmostEqual(inspect(self.store, "a")["levels"][-1]["cell_size"], 0.14)

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
