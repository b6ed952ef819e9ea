# SPDX-License-Identifier: Apache-2.0
"""Files out of memory, and a disk that is slow.

Such a disk is an image that nbdkit serves, later than it could; nbdfuse makes a file of what nbdkit serves, losetup a
disk of that file. Several requests go on at a time, as on a disk of many heads or one that is far away.
"""

import contextlib
import os
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import measure
from build_cases.sources import made_once

MILLISECONDS = 10  # that every read takes
AT_A_TIME = 16  # reads; one connection of nbdfuse has hardly more than one under way
READ_AHEAD = 128  # kB, the kernel's default

PROGRAMS = ("nbdkit", "nbdfuse", "fusermount3", "losetup", "mkfs.ext4", "mount", "umount")
DEVICES = (Path("/dev/fuse"), Path("/dev/loop-control"))


class NoSlowDisk(Exception):
    """Why there is none."""


# --- files in memory and out of it ---------------------------------------------------------------


def forget(folder):
    """Drops the files' pages from the page cache; what is not yet on disk is written first, or it would stay."""
    for file in _files(folder):
        descriptor = os.open(file, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def recall(folder):
    """Reads all files, which fetches their pages into the page cache."""
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for _ in pool.map(Path.read_bytes, _files(folder)):
            pass


def _files(folder):
    return (file for file in folder.rglob("*") if file.is_file())


# --- the slow disk -------------------------------------------------------------------------------


@contextlib.contextmanager
def slow(data, folder):
    """Store and files of `data` once more, on such a disk as long as the block lasts; gives where. `folder`: for what the
    disk is made of."""
    _require()
    image = made_once(data.folder / "disk", lambda made: _make_image(data, made)) / "image"
    socket, link, place = folder / "disk.socket", folder / "disk", folder / "slow"
    link.mkdir()
    place.mkdir()
    with contextlib.ExitStack() as undone:
        undone.enter_context(_running(folder, "nbdkit", "-f", "--exit-with-parent", "-r", "-U", socket, "--filter=delay",
                                      "file", image, f"rdelay={MILLISECONDS}ms"))
        undone.enter_context(_running(folder, "nbdfuse", "-r", "-C", AT_A_TIME, link / "nbd", "--unix", socket))
        undone.callback(_run, "fusermount3", "-u", link)
        # Direct: or the file's own pages would be kept, and be quick.
        device = _tell("losetup", "-f", "--show", "-r", "--direct-io=on", link / "nbd")
        undone.callback(_run, "losetup", "-d", device)
        Path("/sys/block", Path(device).name, "queue/read_ahead_kb").write_text(str(READ_AHEAD))
        _tell("mount", "-o", "ro", device, place)
        undone.callback(_run, "umount", place)
        yield place


def _require():
    if os.geteuid() != 0:
        raise NoSlowDisk("only root may mount a disk")
    if missing := [program for program in PROGRAMS if not measure.program_called(program)]:
        raise NoSlowDisk(f"{', '.join(missing)} missing; run deploy/install-deps bench")
    if missing := [str(device) for device in DEVICES if not device.exists()]:
        raise NoSlowDisk(f"this machine has no {' and no '.join(missing)}")


def _make_image(data, folder):
    """A file system of what the servers of tiles read, and nothing else."""
    content, image = folder / "content", folder / "image"
    for part in (data.store, data.files):
        shutil.copytree(part, content / part.name, copy_function=os.link)
    with image.open("wb") as empty:
        empty.truncate(2 * sum(file.stat().st_size for file in _files(content)) + 2**26)  # what stays empty takes nothing
    _tell("mkfs.ext4", "-q", "-b", 4096, "-i", 8192, "-m", 0, "-O", "^has_journal", "-d", content, image)
    shutil.rmtree(content)


@contextlib.contextmanager
def _running(folder, program, *arguments):
    """From when it is ready, which its PID file says; away from the core that serves, and from the terminal's Ctrl-C: it
    ends after what stands on it."""
    ready, log = folder / f"{program}.pid", folder / f"{program}.log"
    command = measure.pinned(measure.cores()[1], [measure.program_called(program), "-P", ready, *arguments])
    with log.open("w") as words:
        process = subprocess.Popen(command, stderr=words, start_new_session=True)
    try:
        while not ready.exists():
            if process.poll() is not None:
                raise NoSlowDisk(f"{program} has ended: {_in_a_line(log.read_text())}")
            time.sleep(0.01)
        yield
    finally:
        measure.stop(process)


def _tell(program, *arguments):
    """What it has said."""
    done = subprocess.run([measure.program_called(program), *map(str, arguments)], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise NoSlowDisk(f"{program} has failed: {_in_a_line(done.stderr)}")
    return done.stdout.strip()


def _in_a_line(words):
    return " ".join(words.split())


def _run(program, *arguments):
    """What is not undone is no matter of one case: it ends the script."""
    measure.run([[measure.program_called(program), *arguments]])
