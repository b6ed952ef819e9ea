# SPDX-License-Identifier: Apache-2.0
"""deploy/slurm/build.sbatch on a real Slurm of two nodes, both of them here, with a task that dies and one that is repeated."""
import os
import shutil
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

from support.hamlets import BUILD, PRODUCTS, finished, start, write_hamlet
from support.places import BIN, PROJECT, contents, fresh_folder
from support.programs import DEADLINE
from support.waiting import wait_until

DAEMONS = ("munged", "slurmctld", "slurmd")
SEARCHED = os.environ["PATH"] + ":/usr/sbin"

CONFIGURATION = """\
ClusterName=journey
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge.socket
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MailProg=/bin/true
SchedulerParameters=sched_interval=1,batch_sched_delay=0
KillWait=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
NodeName=one NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=1
NodeName=two NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=1
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""

STAND_IN = """\
#!/usr/bin/python3
# `ardoise`, but for the first run of piece 1: that one stands still after a patch, as if its node were about to die.
import os, signal, subprocess, sys
ardoise = {ardoise!r}
first_run = os.environ.get("SLURM_ARRAY_TASK_ID") == "1" and "SLURM_RESTART_COUNT" not in os.environ
if sys.argv[1] != "work" or not first_run:
    os.execv(ardoise, [ardoise, *sys.argv[1:]])
worker = subprocess.Popen([ardoise, *sys.argv[1:], "--json"], stderr=subprocess.PIPE)
worker.stderr.readline()
worker.send_signal(signal.SIGSTOP)
open({halfway!r}, "w").close()
signal.pause()
"""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Cluster:
    """munged, slurmctld and two slurmd on the loopback, with all they need in a folder; stop() ends each of them."""

    def __init__(self, folder):
        self.folder, self.daemons = folder, []
        (folder / "state").mkdir()
        self.configuration = folder / "slurm.conf"
        self.configuration.write_text(CONFIGURATION.format(host=socket.gethostname(), ports=free_ports(3), folder=folder))
        self.environment = {**os.environ, "SLURM_CONF": str(self.configuration), "PATH": SEARCHED}
        try:
            self.start_all()
        except BaseException:
            self.stop()
            raise

    def start_all(self):
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        self.start("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={self.folder}/munge.socket",
                   *(f"--{file}-file={self.folder}/munge.{file}" for file in ("pid", "log", "seed")))
        wait_until((self.folder / "munge.socket").exists, self.logs)
        self.start("slurmctld", "-D")
        for node in ("one", "two"):
            self.start("slurmd", "-D", "-N", node)
        wait_until(lambda: self.ask("sinfo", "--noheader", "--format=%T %D") == "idle 2", self.logs)

    def start(self, *command):
        with (self.folder / f"{len(self.daemons)}-{command[0]}.log").open("w") as log:
            self.daemons.append(subprocess.Popen(command, env=self.environment, stdout=log, stderr=log))

    def stop(self):
        """The controller goes first, for it has the tasks that still run ended; munged last, as all the others ask it."""
        if len(self.daemons) > 1:
            self.ask("scancel", "--full", *self.jobs())
            wait_until(lambda: not self.jobs(), self.logs)
        for daemon in self.daemons[1:] + self.daemons[:1]:
            daemon.terminate()
            daemon.wait(DEADLINE)

    def jobs(self):
        """Those that wait, run or are about to end."""
        return self.ask("squeue", "--noheader", "--format=%A").split()

    def ask(self, *command):
        """What a command of Slurm answers; nothing where it fails."""
        result = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=DEADLINE, check=False)
        return result.stdout.strip() if result.returncode == 0 else ""

    def submit(self, *arguments, **environment):
        result = subprocess.run(["sbatch", "--parsable", *map(str, arguments)], capture_output=True, text=True,
                                env={**self.environment, **environment}, timeout=DEADLINE, check=False)
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()

    def state(self, job):
        return self.about(job).get("JobState", "")

    def about(self, job):
        words = self.ask("scontrol", "show", "job", job, "--oneliner").split()
        return dict(word.split("=", 1) for word in words if "=" in word)

    def requeue(self, job):
        """Runs a task once more, at once (of itself Slurm would let it wait for two minutes)."""
        number = self.about(job)["JobId"]
        runs = int(self.about(number)["Restarts"])
        wait_until(lambda: self.command_works("scontrol", "requeue", number), self.logs)

        def is_on_its_way():
            self.ask("scontrol", "update", f"JobId={number}", "StartTime=now")
            facts = self.about(number)
            return int(facts["Restarts"]) > runs and facts["JobState"] in ("RUNNING", "COMPLETED")

        wait_until(is_on_its_way, self.logs)

    def command_works(self, *command):
        return subprocess.run(command, env=self.environment, capture_output=True, timeout=DEADLINE,
                              check=False).returncode == 0

    def logs(self):
        return "\n".join(f"{file.name}:\n{file.read_text(errors='replace')}" for file in sorted(self.folder.glob("*.log")))


@unittest.skipUnless(all(shutil.which(daemon, path=SEARCHED) for daemon in DAEMONS), "Slurm is not there (slurm-wlm)")
@unittest.skipUnless(os.geteuid() == 0, "Slurm's daemons run as root")
class Slurm(unittest.TestCase):
    def setUp(self):
        self.folder = fresh_folder("slurm")
        home = tempfile.mkdtemp(prefix="ardoise-slurm-")  # short: the path of a socket has at most 107 bytes
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        self.cluster = Cluster(Path(home))
        self.addCleanup(self.cluster.stop)
        for number in range(10):
            write_hamlet(self.folder / "sources", number)
        self.halfway = self.folder / "halfway"
        stand_in = self.folder / "ardoise"
        stand_in.write_text(STAND_IN.format(ardoise=str(BIN / "ardoise"), halfway=str(self.halfway)))
        stand_in.chmod(0o755)
        self.told = {"ARDOISE": str(stand_in), "SOURCE_DATE_EPOCH": "1700000000",
                     "ARDOISE_WORK_OPTIONS": f"--cpus-per-task=1 --output={self.folder}/work-%a.log",
                     "ARDOISE_FINISH_OPTIONS": f"--output={self.folder}/finish.log"}

    def submit(self, pieces):
        """Plans through sbatch; the jobs that work and finish."""
        log = self.folder / "plan.log"
        job = self.cluster.submit(f"--output={log}", PROJECT / "deploy/slurm/build.sbatch", self.folder / "plan.json", pieces,
                                  self.folder / "sources", "--into", self.folder / "store", *BUILD, **self.told)
        self.wait_for_end(job)
        *_, said = log.read_text().splitlines()
        self.assertRegex(said, r"^work is job \d+, finish is job \d+$")
        words = said.replace(",", "").split()
        return words[3], words[-1]

    def wait_for_end(self, job, state="COMPLETED"):
        over = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL")
        wait_until(lambda: self.cluster.state(job) in over, self.cluster.logs)
        self.assertEqual(self.cluster.state(job), state, self.logs())

    def logs(self):
        return "\n".join(f"{file.name}: {file.read_text()}" for file in sorted(self.folder.glob("*.log")))

    def test_a_task_dies_and_another_is_repeated(self):
        work, finish = self.submit(pieces=4)
        wait_until(self.halfway.exists, self.cluster.logs)
        self.assertEqual(self.cluster.state(f"{work}_1"), "RUNNING")
        self.wait_for_end(f"{work}_0")
        self.cluster.requeue(f"{work}_0")  # done already: costs nothing, harms nothing
        self.cluster.requeue(f"{work}_1")  # killed in the midst of its piece
        for piece in range(4):
            self.wait_for_end(f"{work}_{piece}")
        self.wait_for_end(finish)
        self.assertEqual(self.cluster.about(f"{work}_1")["Restarts"], "1")
        self.check_result()

    def test_what_failed_is_not_finished_until_it_is_submitted_again(self):
        self.told["ARDOISE"] = str(BIN / "ardoise")
        log = self.folder / "refused.log"
        job = self.cluster.submit(f"--output={log}", PROJECT / "deploy/slurm/build.sbatch", self.folder / "plan.json", 4,
                                  self.folder / "nowhere", "--into", self.folder / "store", *BUILD, **self.told)
        self.wait_for_end(job, "FAILED")
        self.assertIn("nowhere", log.read_text())
        self.assertEqual(self.cluster.jobs(), [])

        last = sorted((self.folder / "sources").iterdir())[-1]
        content, modified = last.read_bytes(), last.stat().st_mtime_ns
        self.told["ARDOISE_WORK_OPTIONS"] += " --hold"
        work, finish = self.submit(pieces=4)
        last.unlink()
        self.cluster.ask("scontrol", "release", work)
        self.wait_for_end(f"{work}_3", "FAILED")
        self.wait_for_end(finish, "CANCELLED")
        self.assertEqual(list((self.folder / "store").glob("*.json")), [])

        last.write_bytes(content)
        os.utime(last, ns=(modified, modified))
        self.told["ARDOISE_WORK_OPTIONS"] = self.told["ARDOISE_WORK_OPTIONS"].replace(" --hold", "")
        _, finish = self.submit(pieces=4)
        self.wait_for_end(finish)
        self.check_result()

    def check_result(self):
        """What one machine builds of the same, to the byte."""
        store = self.folder / "store"
        by_slurm = contents(store)
        shutil.rmtree(store)
        code, said = finished(start("build", self.folder / "sources", "--into", store, *BUILD))
        self.assertEqual(code, 0, said)
        alone = contents(store)
        self.assertEqual({name.split("/")[0] for name in alone if name.endswith("checksums.txt")}, set(PRODUCTS))
        self.assertEqual({name for name in by_slurm.keys() | alone.keys() if by_slurm.get(name) != alone.get(name)}, set())
