# SPDX-License-Identifier: Apache-2.0
"""Waiting for what other programs bring about."""
import time

from support.programs import DEADLINE


def wait_until(condition, what):
    """The first true answer of `condition`; asks often, and gives up at the deadline."""
    end = time.monotonic() + DEADLINE
    while not (answer := condition()):
        assert time.monotonic() < end, f"waited in vain: {what() if callable(what) else what}"
        time.sleep(0.1)
    return answer
