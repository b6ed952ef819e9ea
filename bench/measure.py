# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks share: what a process has used, turns taken one after the other, tables."""

import contextlib
import fcntl
import os
import platform
import re
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RELEASE = ROOT / "build" / "release"
ARDOISE = RELEASE / "bin" / "ardoise"
ARDOISE_SERVER = RELEASE / "bin" / "ardoise-server"
WORK = ROOT / "build" / "bench"


# --- what has to be there ------------------------------------------------------------------------


def require(*programs, ours=(ARDOISE, ARDOISE_SERVER), kit="test"):
    """Ends the script, naming what is missing, unless all programs are there or `deploy/install-deps` brings them."""
    for program in ours:
        if not program.exists():
            sys.exit(f"{program.name} is not built; run deploy/quickstart --no-serve first")
    if _missing(programs):
        print("installing what is compared with:", ", ".join(_missing(programs)), file=sys.stderr)
        subprocess.run([ROOT / "deploy" / "install-deps", kit], stdout=sys.stderr, check=False)
    if missing := _missing(programs):
        sys.exit(f"still missing after deploy/install-deps {kit}: {', '.join(missing)}")


def _missing(programs):
    return [program for program in programs if not program_called(program)]


def program_called(name):
    """Its path, also where only root looks; the path of a file is itself."""
    if Path(name).is_absolute() and Path(name).exists():
        return name
    return shutil.which(name, path=os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin")


def dalles(given, size="4x4"):
    """The folder of orthos given by the user, or else of a sample city of `size` dalles, made once."""
    if given:
        return Path(given)
    city = WORK / f"city-{size}"
    if not (city / "complete").exists():
        print(f"making a sample city of {size} dalles", file=sys.stderr)
        shutil.rmtree(city, ignore_errors=True)
        subprocess.run([ARDOISE, "sample", "--into", city, "--dalles", size, "--years", "2022"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        (city / "complete").touch()
    return city / "2022" / "ortho"


# --- what a process has used ---------------------------------------------------------------------


def family(pid):
    """A process and its descendants."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(entry.name)] = int(_stat(entry.name)[1])
    found = [pid]
    for member in found:
        found += [child for child, parent in parents.items() if parent == member]
    return found


def _stat(pid):
    """The fields of /proc/PID/stat from the third (state) on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def cpu_seconds(pids):
    """User and system time of processes, all their threads included, to the nanosecond: each one's CPU clock, as
    clock_getcpuclockid(3) would name it."""
    return sum(time.clock_gettime(~pid << 3 | 2) for pid in pids)


def megabytes_read(pids):
    """What processes had fetched from disk, pages of mapped files included."""
    return sum(int(re.search(r"^read_bytes: (\d+)", Path(f"/proc/{pid}/io").read_text(), re.M)[1])
               for pid in pids) / 1e6


@dataclass
class Memory:
    """Megabytes resident, shared pages counted in proportion. `own` leaves out pages of mapped files."""

    pss: float = 0
    own: float = 0


def memory(pids):
    """Of several processes together, from smaps_rollup."""
    total = Memory()
    for pid in pids:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        pss, files = (int(re.search(rf"^{key}:\s+(\d+)", rollup, re.M)[1]) for key in ("Pss", "Pss_File"))
        total.pss += pss / 1024
        total.own += (pss - files) / 1024
    return total


@dataclass
class Used:
    """What commands run one after the other have used: seconds, seconds, megabytes at the worst moment."""

    wall: float = 0
    cpu: float = 0
    peak: float = 0


def run(commands, environment=None):
    """Runs commands to their end; user + system time and peak memory as the kernel accounts them."""
    used = Used()
    for command in commands:
        start = time.monotonic()
        process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, env={**os.environ, **(environment or {})})
        complaint = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"{command[0]} failed: {complaint.decode(errors='replace').strip()}")
        used.wall += time.monotonic() - start
        used.cpu += usage.ru_utime + usage.ru_stime
        used.peak = max(used.peak, usage.ru_maxrss / 1024)
    return used


# --- the network between those who ask and those who answer ---------------------------------------


CONGESTION_CONTROL = Path("/proc/sys/net/ipv4/tcp_congestion_control")


def use_own_network():
    """Goes on, as the same command, in a network of its own, if root may make one: some machines pace even their
    loopback (BBR), with timers whose cost lands on whoever runs at that moment."""
    mark = "ARDOISE_BENCH_NETWORK"
    if os.geteuid() == 0 and shutil.which("unshare") and mark not in os.environ:
        os.environ[mark] = "own"
        os.execvp("unshare", ["unshare", "--net", "--", sys.executable, *sys.argv])
    if os.environ.get(mark) == "own":
        with socket.socket() as any_socket:
            fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
        CONGESTION_CONTROL.write_text("reno")


SIOCSIFFLAGS, IFF_UP = 0x8914, 1


# --- taking turns --------------------------------------------------------------------------------


def take_turns(contenders, rounds):
    """(round, contender) so that all meet the same weather; who begins changes from round to round."""
    for number in range(rounds):
        shift = number % len(contenders)
        for contender in contenders[shift:] + contenders[:shift]:
            yield number, contender


def cores():
    """The core that serves and the core that asks: the same one where there is no other."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


def pinned(core, command):
    return ["taskset", "-c", str(core), *(str(word) for word in command)]


def free_address():
    """A loopback address and port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@contextlib.contextmanager
def serving(command, url):
    """Runs a server as long as the block lasts, from its first answer on; gives its processes."""
    with tempfile.TemporaryFile(mode="w+") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_for_answer(process, url, log)
            yield family(process.pid)
        finally:
            stop(process)


def stop(process):
    """Asks it to end, and after ten seconds ends it."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_for_answer(process, url, log):
    for _ in range(6000):
        if process.poll() is not None:
            log.seek(0)
            sys.exit(f"a server has ended before it answered: {log.read().strip()}")
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(url, timeout=5).read()
            return
        time.sleep(0.01)
    sys.exit(f"{url} does not answer")


# --- saying it -----------------------------------------------------------------------------------


def number(value):
    """Two or three figures that matter: 71,300, 28.4, 0.97, 0.0031."""
    if value >= 100:
        step = 10 ** (len(str(int(value))) - 3)
        return f"{round(value / step) * step:,}"
    if 0 < value < 0.1:
        return f"{value:.2g}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def spread(values):
    """The median, and between what it lies."""
    return f"{number(statistics.median(values))} ({number(min(values))} to {number(max(values))})"


def ratios(ours, theirs):
    """Round by round, then the median of the rounds."""
    return spread([mine / other for mine, other in zip(ours, theirs)])


def table(heads, rows):
    """A Markdown table; the first column is text, the others figures."""
    print("| " + " | ".join(heads) + " |")
    print("| --- |" + " ---: |" * (len(heads) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def machine():
    """One line: where the figures were taken."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    system = re.search(r'PRETTY_NAME="(.*)"', Path("/etc/os-release").read_text())
    return (f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, "
            f"{system[1] if system else platform.system()}, {_compiler()}, TCP {CONGESTION_CONTROL.read_text().strip()}, "
            f"load {os.getloadavg()[0]:.1f} at the start")


def _compiler():
    """The flags that the release was compiled with."""
    cache = RELEASE / "CMakeCache.txt"
    entries = dict(re.findall(r"^(CMAKE_\w+):\w+=(.*)$", cache.read_text(), re.M)) if cache.exists() else {}
    version = subprocess.run([entries.get("CMAKE_CXX_COMPILER", "c++"), "--version"], capture_output=True, text=True,
                             check=False).stdout.partition("\n")[0]
    kind = entries.get("CMAKE_BUILD_TYPE", "").upper()
    return f"{version}, {entries.get(f'CMAKE_CXX_FLAGS_{kind}', '')} {entries.get('CMAKE_CXX_FLAGS', '')}".strip()
