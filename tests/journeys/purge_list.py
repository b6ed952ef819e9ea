# SPDX-License-Identifier: Apache-2.0
"""What a CDN must forget: no tile that changed is missing from the list, whatever happened to the command that makes it."""
import errno
import os
import shutil
import signal
import unittest

from support.hamlets import BUILD, finished, start, write_hamlet
from support.places import FAULT_SHIM, contents, fresh_folder, needs_shim
from support.programs import done, inspect


class PurgeLists(unittest.TestCase):
    """One pyramid of four dalles, of which one has changed since it was built."""

    def setUp(self):
        self.folder = fresh_folder(f"purge-{self._testMethodName}")
        self.store, self.sources = self.folder / "store", self.folder / "sources"
        self.descriptor, self.list = self.store / "ortho.json", self.folder / "out/purge.txt"
        self.list.parent.mkdir()
        for number in range(4):
            write_hamlet(self.sources, number)
        done("build", self.sources, "--into", self.store, *BUILD[:-2])
        write_hamlet(self.sources, 1, brightness=40)

    def purged(self, *command):
        """The list that the command hands over."""
        done(*command, self.descriptor, "--changed", self.list)
        return set(self.list.read_text().splitlines())

    def undisturbed(self):
        """What the list of an update is, in a copy of the store."""
        shutil.copytree(self.store, self.folder / "aside")
        done("update", self.folder / "aside/ortho.json", "--changed", self.list)
        shutil.rmtree(self.folder / "aside")
        tiles = set(self.list.read_text().splitlines())
        self.list.unlink()
        self.assertGreater(len(tiles), 10)
        return tiles

    def disturbed_update(self, below, call, at, deed):
        return start("update", self.descriptor, "--changed", self.list, LD_PRELOAD=FAULT_SHIM, ARDOISE_FAULT_BELOW=str(below),
                     ARDOISE_FAULT_CALL=call, ARDOISE_FAULT_AT=str(at), ARDOISE_FAULT_DO=str(deed))

    def revision(self):
        return inspect(self.store, "ortho")["revision"]

    def test_a_file_that_cannot_be_written_is_said_before_anything_is_done(self):
        before = contents(self.store)
        (self.folder / "file").touch()
        for file in (self.folder, self.folder / "file/purge.txt"):
            for command in ("update", "rollback"):
                code, said = finished(start(command, self.descriptor, "--changed", file))
                self.assertEqual(code, 1, said)
                self.assertIn(str(self.folder), said)
                self.assertIn("nothing was done", said)
                self.assertEqual(contents(self.store), before)

    def test_an_update_with_nothing_to_do_hands_out_the_last_list_again(self):
        tiles = self.purged("update")
        self.assertEqual(self.revision(), 2)
        self.list.unlink()
        self.assertEqual(self.purged("update"), tiles)
        self.assertEqual(self.revision(), 2)
        said = done("update", self.descriptor, "--changed", self.list).stdout
        self.assertRegex(said, rf"nothing to do; {self.list} holds the list of revision 2 once more: \d+ tiles")

    def test_a_pyramid_that_was_never_updated_has_an_empty_list(self):
        shutil.rmtree(self.store)
        done("build", self.sources, "--into", self.store, *BUILD[:-2])
        self.assertEqual(self.purged("update"), set())

    def test_a_dry_run_writes_no_list(self):
        done("update", self.descriptor, "--dry-run", "--changed", self.list)
        self.assertFalse(self.list.exists())

    def test_a_rollback_hands_out_what_the_update_had_changed(self):
        tiles = self.purged("update")
        self.assertEqual(self.purged("rollback"), tiles)
        self.assertEqual(self.revision(), 1)

    @needs_shim
    def test_an_update_that_is_killed_between_publishing_and_its_list(self):
        tiles = self.undisturbed()
        code, said = finished(self.disturbed_update(self.list.parent, "rename", 1, "kill"))
        self.assertEqual(code, -signal.SIGKILL, said)
        self.assertEqual(self.revision(), 2)
        self.assertFalse(self.list.exists())
        self.assertEqual(self.purged("update"), tiles)

    @needs_shim
    def test_no_rollback_forgets_a_list_that_is_owed(self):
        finished(self.disturbed_update(self.list.parent, "rename", 1, "kill"))
        checksums = self.store / "ortho/r2/checksums.txt"
        checksums.write_text("rotten\n")
        before = contents(self.store)
        code, said = finished(start("rollback", self.descriptor))
        self.assertEqual(code, 1, said)
        for word in (str(checksums), "a list is owed", "r2/changed.owed.txt", "purge everything of this layer once"):
            self.assertIn(word, said)
        self.assertEqual(contents(self.store), before)

    def test_that_nobody_knows_what_changed_is_no_empty_list(self):
        done("update", self.descriptor)
        (self.store / "ortho/r2/changed.txt").unlink()  # as it was published before lists were kept
        code, said = finished(start("update", self.descriptor, "--changed", self.list))
        self.assertEqual(code, 1, said)
        self.assertIn("nobody knows", said)
        self.assertIn("purge everything of this layer once", said)
        self.assertFalse(self.list.exists())

    @needs_shim
    def test_and_sources_that_change_before_it_is_run_again(self):
        tiles = self.undisturbed()
        finished(self.disturbed_update(self.list.parent, "rename", 1, "kill"))
        write_hamlet(self.sources, 3, brightness=20)
        later = self.purged("update")
        self.assertEqual(self.revision(), 3)
        self.assertLess(tiles, later)
        write_hamlet(self.sources, 3, brightness=30)
        self.assertLess(self.purged("update"), later)

    @needs_shim
    def test_a_disk_that_is_full_when_the_list_is_written(self):
        tiles = self.undisturbed()
        # The first file that is opened there only shows that one can be.
        code, said = finished(self.disturbed_update(self.list.parent, "open", 2, errno.ENOSPC))
        self.assertEqual(code, 1, said)
        for word in (str(self.list), os.strerror(errno.ENOSPC), "revision 2 is published", "hands out its list again"):
            self.assertIn(word, said)
        self.assertEqual(self.purged("update"), tiles)

    @needs_shim
    def test_nobody_rolls_back_while_an_update_is_at_work(self):
        done("update", self.descriptor)
        write_hamlet(self.sources, 2, brightness=20)
        process = self.disturbed_update(self.store, "rename", 1, "stop")
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        self.assertTrue(os.WIFSTOPPED(status))
        before = contents(self.store)
        for command in (["rollback"], ["update"]):
            code, said = finished(start(*command, self.descriptor))
            self.assertEqual(code, 1, said)
            self.assertIn("another process is working on this pyramid", said)
            self.assertEqual(contents(self.store), before)
        process.send_signal(signal.SIGCONT)
        code, said = finished(process)
        self.assertEqual(code, 0, said)
        self.assertEqual(self.revision(), 3)
