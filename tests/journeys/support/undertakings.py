# SPDX-License-Identifier: Apache-2.0
"""Commands that change a store: what it is before them, what it must be afterwards, and nothing between the two."""
import errno
import os
import shutil
import time
from pathlib import PurePath

from support.hamlets import BUILD, PRODUCTS, finished, start, write_hamlet
from support.places import contents
from support.programs import verify

TRACES = ("journal",)
"""Names of what lies in a revision's folder while it is worked on."""


class Undertaking:
    """A command, the store as it is before, and the store as the command leaves it when nobody disturbs it."""

    def __init__(self, test, folder, names, *command):
        self.test, self.store, self.names, self.command = test, folder / "store", names, command
        self.saved = folder / "saved"
        self.store.mkdir(exist_ok=True)
        shutil.copytree(self.store, self.saved)
        self.before = contents(self.store)
        began = time.monotonic()
        self.run_to_its_end()
        self.seconds = time.monotonic() - began
        self.after = contents(self.store)
        test.assertNotEqual(self.before, self.after)
        test.assertEqual(self.hidden(), [])

    def begin(self):
        """The store is as it was before."""
        shutil.rmtree(self.store)
        shutil.copytree(self.saved, self.store)

    def start(self, **environment):
        return start(*self.command, **environment)

    def published(self):
        """Names whose descriptor is the new one."""
        return {name for name in self.names if (self.store / f"{name}.json").exists()
                and (self.store / f"{name}.json").read_bytes() == self.after.get(f"{name}.json")}

    def hidden(self):
        return [name for name in contents(self.store) if any(part.startswith(".") for part in PurePath(name).parts)]

    def run_to_its_end(self):
        code, said = finished(self.start())
        self.test.assertEqual(code, 0, said)

    def check_between(self):
        """What readers see is the old or the new; what is half done is where they do not look."""
        now = contents(self.store)
        below_work = tuple(f".{name}.{work}" for name in self.names for work in ("building/", "repairing/", "removing/", "lock"))
        for name, content in now.items():
            path = PurePath(name)
            is_trace = path.name in TRACES or path.name.startswith(".") and path.suffix == ".part"
            if name.startswith(below_work) or is_trace and len(path.parts) > 1:
                continue
            self.test.assertTrue(content == self.before.get(name) or self.is_as_after(name, content), name)
        missing = {name for name in self.before if name in self.after} - now.keys()
        self.test.assertEqual(missing, set())
        self.check_readable()

    def check_readable(self):
        for file in self.store.glob("*.json"):
            self.test.assertEqual(verify(self.store, file.stem)["damages"], [])

    def check_end(self):
        """The same command has ended well: the store is to the byte what it is without any disturbance."""
        had_been_published = self.published()
        if had_been_published != set(self.names) or self.is_repeatable:
            self.run_to_its_end()
        now = contents(self.store)
        locks = {f".{name}.lock" for name in had_been_published}  # the next who works on it takes it along
        allowed = locks | {name for name in now if PurePath(name).name in TRACES and PurePath(name).parts[0] in had_been_published}
        differing = {name for name in (now.keys() | self.after.keys()) - allowed if not self.is_as_after(name, now.get(name))}
        self.test.assertEqual(differing, set())
        folders = {path.name for path in self.store.rglob(".*")} - locks
        self.test.assertEqual(folders, set())

    def is_as_after(self, name, content):
        return content == self.after.get(name)

    def admits_unread(self):
        """Whether it says of its last reads, those of the report, that they failed."""
        return any(os.strerror(errno.EIO) in report.read_text() for report in self.store.rglob("report.html"))

    is_repeatable = True
    """Whether the command may be given once more when all is done; a build may not, as the names are taken."""


class Build(Undertaking):
    """Two products of scattered dalles."""
    is_repeatable = False

    def __init__(self, test, folder, hamlets, jobs):
        for number in range(hamlets):
            write_hamlet(folder / "sources", number)
        super().__init__(test, folder, PRODUCTS, "build", folder / "sources", "--into", folder / "store", *BUILD,
                         "--jobs", jobs)


class Update(Undertaking):
    """One dalle came, one changed, one went."""

    def __init__(self, test, folder, hamlets, jobs):
        sources = folder / "sources"
        for number in range(hamlets - 1):
            write_hamlet(sources, number)
        code, said = finished(start("build", sources, "--into", folder / "store", *BUILD[:-2], "--jobs", jobs))
        test.assertEqual(code, 0, said)
        write_hamlet(sources, hamlets - 1)
        write_hamlet(sources, 1, brightness=40, size=(310, 240))
        (sources / "02.tif").unlink()
        super().__init__(test, folder, PRODUCTS[:1], "update", folder / "store/ortho.json", "--jobs", jobs)

    def is_as_after(self, name, content):
        """Of slabs that could not be read all tiles are listed: caches forget too much rather than too little."""
        return super().is_as_after(name, content) or name == self.purge_list and self.lists_enough(content)

    def lists_enough(self, content):
        return content is not None and set(content.splitlines()) >= set(self.after[self.purge_list].splitlines())

    def admits_unread(self):
        """Slabs are read for that list too, and where all their tiles have changed it is what it would have been."""
        return super().admits_unread() or self.lists_enough((self.store / self.purge_list).read_bytes())

    purge_list = "ortho/r2/changed.txt"


def two_revisions(test, folder, hamlets, jobs, options):
    """Builds a store with `options` and changes one dalle; returns the descriptor that was updated."""
    sources = folder / "sources"
    for number in range(hamlets):
        write_hamlet(sources, number)
    descriptor = folder / "store/ortho.json"
    for command in (["build", sources, "--into", folder / "store", *options], ["update", descriptor]):
        code, said = finished(start(*command, "--jobs", jobs))
        test.assertEqual(code, 0, said)
        write_hamlet(sources, 1, brightness=40)
    return descriptor


class Rollback(Undertaking):
    """Back to what was built, from an update that changed one dalle."""
    is_repeatable = False

    def __init__(self, test, folder, hamlets, jobs):
        descriptor = two_revisions(test, folder, hamlets, jobs, BUILD[:-2])
        super().__init__(test, folder, PRODUCTS[:1], "rollback", descriptor)


class Repair(Undertaking):
    """Slabs that were lost, cut short, or have rotted."""

    def __init__(self, test, folder, hamlets, jobs):
        for number in range(hamlets):
            write_hamlet(folder / "sources", number)
        code, said = finished(start("build", folder / "sources", "--into", folder / "store", *BUILD[:-2], "--jobs", jobs))
        test.assertEqual(code, 0, said)
        slabs = sorted((folder / "store/ortho").rglob("*.tif"))
        for number, slab in enumerate(slabs[::max(1, len(slabs) // 9)]):
            damage(slab, number)
        super().__init__(test, folder, PRODUCTS[:1], "verify", folder / "store/ortho.json", "--repair", "--jobs", jobs)

    def check_readable(self):
        """Nothing is worse than it was: check_between has seen that each file is the damaged or the good one."""


class Remove(Undertaking):
    """A pyramid of two revisions, with an update beside it that was never ended; another one stays."""
    is_repeatable = False

    def __init__(self, test, folder, hamlets, jobs):
        descriptor = two_revisions(test, folder, hamlets, jobs, BUILD)
        (folder / "store/.ortho.building").mkdir()
        (folder / "store/.ortho.building/journal").write_text("begun")
        super().__init__(test, folder, PRODUCTS[:1], "remove", descriptor)

    def published(self):
        """All is done when nothing of it is left."""
        left = [path for path in self.store.iterdir() if path.name.strip(".").startswith("ortho")]
        return set() if left else set(self.names)


def damage(slab, number):
    """One of three ways in which a disk loses bytes."""
    content = bytearray(slab.read_bytes())
    if number % 3 == 0:
        slab.unlink()
    elif number % 3 == 1:
        slab.write_bytes(content[:-40])
    else:
        content[-7] ^= 0xff
        slab.write_bytes(content)
