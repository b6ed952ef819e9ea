# SPDX-License-Identifier: Apache-2.0
"""A build that is killed leaves the old store or the new pyramid, and the same command works afterwards."""
import json
import signal
import subprocess
import unittest

from support.places import BIN, CITY_DALLES, fresh_folder
from support.programs import DEADLINE, Server, ardoise, done, verify


class Killed(unittest.TestCase):
    """One small build, killed at one instant after another."""

    def setUp(self):
        self.store = fresh_folder(f"kill-{self._testMethodName}")
        dalle = sorted(CITY_DALLES.glob("*.tif"))[-1]
        self.command = ["build", str(dalle), "--into", str(self.store), "--tms", "2154_5cm", "--slab", "4x4", "--json",
                        "--bottom", "20", "--product", "ortho=1,2,3:jpg:85", "--product", "irc=4,1,2:jpg:85"]

    def layers(self):
        """What a server makes of the store; it must not complain."""
        with Server(self.store) as server:
            return sorted(layer["name"] for layer in json.loads(server.get("/layers.json").text)["layers"])

    def check_afterwards(self):
        """Published pyramids are whole; those that are not can be built by the same command."""
        published = {path.stem for path in self.store.glob("*.json")}
        self.assertEqual(set(self.layers()), published)
        for name in published:
            self.assertEqual(verify(self.store, name)["damages"], [])
        if published != {"ortho", "irc"}:
            done(*self.command)
        self.assertEqual(self.layers(), ["irc", "ortho"])
        for name in ("ortho", "irc"):
            self.assertEqual(verify(self.store, name)["damages"], [])

    def kill_when(self, instant):
        """Kills the build at the first line of its progress for which `instant` is true; false if it ended before."""
        process = subprocess.Popen([str(BIN / "ardoise"), *self.command], stderr=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, text=True)
        for line in process.stderr:
            if instant(json.loads(line)):
                process.kill()
                break
        process.stderr.close()
        code = process.wait(DEADLINE)
        self.assertIn(code, (0, -signal.SIGKILL))
        return code != 0

    def test_at_once(self):
        process = subprocess.Popen([str(BIN / "ardoise"), *self.command], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        process.kill()
        process.wait(DEADLINE)
        self.assertEqual(list(self.store.glob("*.json")), [])
        self.check_afterwards()

    def test_when_the_first_slab_is_written(self):
        self.assertTrue(self.kill_when(lambda progress: progress["done"] >= 1))
        self.assertEqual(list(self.store.glob("*.json")), [])
        self.check_afterwards()

    def test_halfway(self):
        self.assertTrue(self.kill_when(lambda progress: 2 * progress["done"] >= progress["total"]))
        self.assertEqual(list(self.store.glob("*.json")), [])
        self.check_afterwards()

    def test_when_the_last_slab_is_written(self):
        self.kill_when(lambda progress: progress["done"] == progress["total"])
        self.check_afterwards()

    def test_twice_in_a_row(self):
        for _ in range(2):
            self.assertTrue(self.kill_when(lambda progress: 3 * progress["done"] >= progress["total"]))
        self.check_afterwards()

    def test_between_the_slabs_and_the_descriptor(self):
        # Such an instant is too short to be hit: here is what it leaves.
        done(*self.command)
        for name in ("irc", "ortho"):
            (self.store / f"{name}.json").unlink()
        (self.store / "irc.list").unlink()
        self.assertEqual(self.layers(), [])
        self.check_afterwards()

    def test_between_two_products(self):
        done(*self.command)
        ortho = (self.store / "ortho.json").read_bytes()
        for file in ("irc.json", "irc.list"):
            (self.store / file).unlink()
        self.assertEqual(self.layers(), ["ortho"])
        self.check_afterwards()
        self.assertEqual((self.store / "ortho.json").read_bytes(), ortho)
        again = ardoise(*self.command)
        self.assertEqual(again.returncode, 1)
        self.assertIn("there is a pyramid of that name already", again.stderr)

    def test_politely(self):
        process = subprocess.Popen([str(BIN / "ardoise"), *self.command], stderr=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, text=True)
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.stderr.close()
        self.assertNotEqual(process.wait(DEADLINE), 0)
        self.check_afterwards()
