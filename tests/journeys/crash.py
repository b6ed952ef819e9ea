# SPDX-License-Identifier: Apache-2.0
"""Killed at any instant, again and again: the store is the old one or the new one, and the same command still ends well."""
import random
import signal
import subprocess
import unittest

from support.places import THOROUGH, fresh_folder
from support.programs import DEADLINE
from support.undertakings import Build, Repair, Update

KILLS = 68 if THOROUGH else 4
"""Of each command."""
IN_A_ROW = 3
"""Kills, at the most, before the command is let end."""


class KilledAtAnyInstant(unittest.TestCase):
    """Ten dalles on two threads; instants are shares of what an undisturbed run takes here."""

    def kill_again_and_again(self, kind):
        undertaking = kind(self, fresh_folder(f"crash-{kind.__name__}"), hamlets=10, jobs=2)
        instants = random.Random(kind.__name__)
        kills = 0
        while kills < KILLS:
            undertaking.begin()
            for _ in range(IN_A_ROW):
                if not self.killed_after(instants.random() * undertaking.seconds, undertaking):
                    break
                kills += 1
                undertaking.check_between()
            undertaking.check_end()

    def killed_after(self, seconds, undertaking):
        """False if the command has ended before."""
        process = undertaking.start()
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate(timeout=DEADLINE)
        return process.returncode == -signal.SIGKILL

    def test_build(self):
        self.kill_again_and_again(Build)

    def test_update(self):
        self.kill_again_and_again(Update)

    def test_repair(self):
        self.kill_again_and_again(Repair)
