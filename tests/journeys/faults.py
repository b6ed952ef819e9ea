# SPDX-License-Identifier: Apache-2.0
"""A disk that fails at any one call, sources that change while they are read: one sentence, and nothing is lost."""
import errno
import os
import shutil
import signal
import subprocess
import unittest

from support.hamlets import finished, write_hamlet
from support.places import FAULT_SHIM, THOROUGH, contents, fresh_folder, needs_shim
from support.undertakings import Build, Remove, Repair, Rollback, Update

SPREAD = 3
"""Cases of each test in the default suite, and the last call of each kind; all there are in the thorough one."""

CHANGES = "open,write,sync,rename,mkdir,link,unlink"
TROUBLES = (  # an error, the calls it befalls, those that fail from then on
    (errno.ENOSPC, "open write sync mkdir link", "open,write,mkdir,link"),
    (errno.EDQUOT, "open write mkdir", "open,write,mkdir,link"),
    (errno.EROFS, "open rename unlink link", CHANGES),
    (errno.EIO, "open write sync rename mkdir link unlink close read", ""),
    (errno.ENOLCK, "flock", "flock"),
    (errno.EOPNOTSUPP, "flock", "flock"))

NOBODY_NEEDS_TO_HEAR = ("unlink", "link", "close")
"""Calls that may fail unheard: what is only tidied up, a link in whose place a copy does, a file that was only read."""


def trouble_of(call, at):
    """One of the errors that befall this call, another for the next."""
    fitting = [(error, then) for error, calls, then in TROUBLES if call in calls.split()]
    return fitting[at % len(fitting)]


def shim(below, call, at, deed, then=""):
    return {"LD_PRELOAD": FAULT_SHIM, "ARDOISE_FAULT_BELOW": str(below), "ARDOISE_FAULT_CALL": call,
            "ARDOISE_FAULT_AT": str(at), "ARDOISE_FAULT_DO": str(deed), "ARDOISE_FAULT_THEN": then}


def spread(cases):
    """All of them, or some from the whole length; of each call at least the last one."""
    if THOROUGH or len(cases) <= SPREAD:
        return cases
    chosen = {round(i * (len(cases) - 1) / (SPREAD - 1)) for i in range(SPREAD)}
    last_of_call = {case[0]: number for number, case in enumerate(cases)}
    return [cases[number] for number in sorted(chosen | set(last_of_call.values()))]


class FaultCase(unittest.TestCase):
    """One thread, so that the calls come in the same order each time."""

    def undertake(self, kind):
        self.folder = fresh_folder(f"faults-{self._testMethodName}")
        return kind(self, self.folder, hamlets=4, jobs=1)

    def count_calls(self, undertaking, below):
        """How often an undisturbed run makes each call."""
        report = self.folder / "calls"
        undertaking.begin()
        code, said = finished(undertaking.start(**shim(below, "", 0, ""), ARDOISE_FAULT_REPORT=str(report)))
        self.assertEqual(code, 0, said)
        counts = {call: int(number) for call, number in map(str.split, report.read_text().splitlines())}
        self.assertGreater(sum(counts.values()), 0)
        return counts

    def check_sentence(self, code, said, undertaking):
        self.assertEqual(code, 1, said)
        self.assertTrue(said.startswith(f"ardoise {undertaking.command[0]}: "), said)
        self.assertIn(f"{self.folder}/", said)


@needs_shim
class EachCallFails(FaultCase):
    def fail_each_call(self, kind, passing_over=()):
        undertaking = self.undertake(kind)
        counts = self.count_calls(undertaking, undertaking.store)
        cases = [(call, at) for call in counts if call not in passing_over for at in range(1, counts[call] + 1)]
        for call, at in spread(cases):
            error, then = trouble_of(call, at)
            with self.subTest(f"{call} {at} of {counts[call]}: {errno.errorcode[error]}"):
                undertaking.begin()
                code, said = finished(undertaking.start(**shim(undertaking.store, call, at, error, then)))
                if code == 0 and call == "read":
                    self.assertTrue(undertaking.admits_unread(), undertaking.store)
                elif code != 0 or call not in NOBODY_NEEDS_TO_HEAR:
                    self.check_sentence(code, said, undertaking)
                undertaking.check_between()
                undertaking.check_end()

    def test_build(self):
        self.fail_each_call(Build)

    def test_update(self):
        self.fail_each_call(Update)

    def test_repair(self):
        # To repair, a slab that cannot be read is one that is damaged.
        self.fail_each_call(Repair, passing_over=["read"])

    def test_rollback(self):
        # A slab that cannot be read is one all of whose tiles are listed.
        self.fail_each_call(Rollback, passing_over=["read"])

    def test_remove(self):
        self.fail_each_call(Remove)


@needs_shim
class KilledAtEachCall(FaultCase):
    """What a clock would hardly hit: the instants between two steps of publishing."""

    def kill_at_each_call(self, kind):
        undertaking = self.undertake(kind)
        counts = self.count_calls(undertaking, undertaking.store)
        cases = [(call, at) for call in CHANGES.split(",") for at in range(1, counts[call] + 1)]
        for call, at in spread(cases):
            with self.subTest(f"{call} {at} of {counts[call]}"):
                undertaking.begin()
                code, said = finished(undertaking.start(**shim(undertaking.store, call, at, "kill")))
                self.assertEqual(code, -signal.SIGKILL, said)
                undertaking.check_between()
                undertaking.check_end()

    def test_build(self):
        self.kill_at_each_call(Build)

    def test_update(self):
        self.kill_at_each_call(Update)

    def test_repair(self):
        self.kill_at_each_call(Repair)

    def test_rollback(self):
        self.kill_at_each_call(Rollback)

    def test_remove(self):
        self.kill_at_each_call(Remove)


@needs_shim
class SourcesFail(FaultCase):
    def test_no_read_succeeds_any_more(self):
        undertaking = self.undertake(Build)
        sources = self.folder / "sources"
        counts = self.count_calls(undertaking, sources)
        refused = 0
        for (call, at) in spread([("read", at) for at in range(1, counts["read"] + 1)]):
            with self.subTest(f"{call} {at} of {counts[call]}"):
                undertaking.begin()
                code, said = finished(undertaking.start(**shim(sources, call, at, errno.EIO, then="read")))
                if code != 0:  # the last reads are the report's, which does without
                    self.check_sentence(code, said, undertaking)
                    self.assertIn(f"{sources}/", said)
                    refused += 1
                undertaking.check_between()
                undertaking.check_end()
        self.assertGreater(refused, 0)

    def change_meanwhile(self, change):
        """The last dalle is changed when all are described and none is read; returns it and what the build says."""
        undertaking = self.undertake(Build)
        undertaking.begin()
        source = sorted((self.folder / "sources").iterdir())[-1]
        process = undertaking.start(**shim(undertaking.store, "rename", 1, "stop"))
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        self.assertTrue(os.WIFSTOPPED(status))
        change(source)
        process.send_signal(signal.SIGCONT)
        code, said = finished(process)
        self.check_sentence(code, said, undertaking)
        self.assertIn(str(source), said)
        undertaking.check_between()
        return undertaking, source

    def test_a_source_vanishes(self):
        aside = fresh_folder("faults-aside")
        undertaking, source = self.change_meanwhile(lambda source: shutil.move(source, aside))
        shutil.move(aside / source.name, source)  # with its time: what is done stays done
        undertaking.check_end()

    def test_a_source_is_cut_short(self):
        whole = []

        def cut(source):
            whole.append((source.read_bytes(), source.stat().st_mtime_ns))
            os.truncate(source, source.stat().st_size // 2)

        undertaking, source = self.change_meanwhile(cut)
        (content, modified), = whole
        source.write_bytes(content)
        os.utime(source, ns=(modified, modified))
        undertaking.check_end()

    def test_a_source_is_replaced_by_another_of_the_same_size(self):
        def replace(source):
            other = write_hamlet(self.folder / "later", int(source.stem), brightness=60)
            os.replace(other, source)

        undertaking, source = self.change_meanwhile(replace)
        # The same command builds from what is there now, as it does where nothing was begun.
        undertaking.run_to_its_end()
        after_change = contents(undertaking.store)
        self.assertNotEqual(after_change, undertaking.after)
        undertaking.begin()
        undertaking.run_to_its_end()
        self.assertEqual(contents(undertaking.store), after_change)


@needs_shim
class NoLocks(FaultCase):
    def test_a_file_system_without_locks_is_named_with_its_remedy_and_keeps_nothing(self):
        undertaking = self.undertake(Build)
        counts = self.count_calls(undertaking, undertaking.store)
        self.assertGreater(counts["flock"], 1)  # the pyramid's, and a journal's
        for at in range(1, counts["flock"] + 1):
            for error in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP):
                with self.subTest(f"flock {at}: {errno.errorcode[error]}"):
                    shutil.rmtree(undertaking.store, ignore_errors=True)
                    code, said = finished(undertaking.start(**shim(undertaking.store, "flock", at, error, "flock")))
                    self.check_sentence(code, said, undertaking)
                    self.assertIn(f"cannot be locked: {os.strerror(error)}; mount this file system with locks", said)
                    self.assertFalse(undertaking.store.exists() and list(undertaking.store.iterdir()), said)


class ReadOnly(FaultCase):
    def test_a_store_that_is_mounted_read_only(self):
        for kind in (Build, Update, Repair, Rollback, Remove):
            with self.subTest(kind.__name__):
                undertaking = self.undertake(kind)
                undertaking.begin()
                self.mount_read_only(undertaking.store)
                try:
                    code, said = finished(undertaking.start())
                finally:
                    subprocess.run(["umount", undertaking.store], check=True)
                self.check_sentence(code, said, undertaking)
                self.assertIn(os.strerror(errno.EROFS), said)
                self.assertEqual(contents(undertaking.store), undertaking.before)
                undertaking.check_end()

    def mount_read_only(self, folder):
        mounts = [["mount", "--bind", folder, folder], ["mount", "-o", "remount,bind,ro", folder]]
        for number, mount in enumerate(mounts):
            if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
                if number:
                    subprocess.run(["umount", folder], check=True)
                self.skipTest("a folder cannot be mounted here")
