# SPDX-License-Identifier: Apache-2.0
"""deploy/kubernetes/build.yaml: what a cluster would refuse or regret is not in it, and its commands build a pyramid."""
import unittest

import yaml

from support.hamlets import finished, start, write_hamlet
from support.places import PROJECT, contents, fresh_folder

MANIFEST = PROJECT / "deploy/kubernetes/build.yaml"

FIELDS = {  # those of batch/v1 and core/v1 that a Job like ours may have: another one is a mistyped one
    "job": "apiVersion kind metadata spec",
    "metadata": "name labels",
    "spec": "backoffLimit backoffLimitPerIndex completionMode completions maxFailedIndexes parallelism podFailurePolicy template"
            " activeDeadlineSeconds ttlSecondsAfterFinished suspend",
    "template": "metadata spec",
    "pod": "restartPolicy automountServiceAccountToken securityContext containers volumes nodeSelector tolerations affinity"
           " priorityClassName terminationGracePeriodSeconds imagePullSecrets",
    "pod security": "runAsNonRoot runAsUser runAsGroup fsGroup fsGroupChangePolicy supplementalGroups seccompProfile",
    "container": "name image imagePullPolicy command args env resources securityContext volumeMounts",
    "container security": "allowPrivilegeEscalation readOnlyRootFilesystem capabilities",
    "rule": "action onExitCodes onPodConditions",
}
STEPS = ("plan", "work", "finish")


def option(arguments, name):
    return arguments[arguments.index(name) + 1]


class Jobs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.jobs = dict(zip(STEPS, yaml.safe_load_all(MANIFEST.read_text()), strict=True))
        cls.pods = {step: job["spec"]["template"]["spec"] for step, job in cls.jobs.items()}
        cls.containers = {step: pod["containers"][0] for step, pod in cls.pods.items()}

    def check_fields(self, what, value):
        self.assertEqual(set(value) - set(FIELDS[what].split()), set(), what)

    def test_every_field_is_one_of_the_interface(self):
        for step, job in self.jobs.items():
            pod, container = self.pods[step], self.containers[step]
            for what, value in (("job", job), ("metadata", job["metadata"]), ("spec", job["spec"]), ("pod", pod),
                                ("template", job["spec"]["template"]), ("metadata", job["spec"]["template"]["metadata"]),
                                ("pod security", pod["securityContext"]), ("container", container),
                                ("container security", container["securityContext"])):
                self.check_fields(what, value)
            for rule in job["spec"]["podFailurePolicy"]["rules"]:
                self.check_fields("rule", rule)

    def test_they_are_jobs_and_told_apart_by_their_step(self):
        for step, job in self.jobs.items():
            self.assertEqual((job["apiVersion"], job["kind"]), ("batch/v1", "Job"))
            self.assertEqual(job["metadata"]["name"], f"ardoise-{step}")
            self.assertEqual(job["metadata"]["labels"]["app.kubernetes.io/component"], step)
            self.assertEqual(job["spec"]["template"]["metadata"]["labels"], job["metadata"]["labels"])
            self.assertEqual(self.containers[step]["command"] + self.containers[step]["args"][:1], ["ardoise", step])

    def test_each_piece_has_its_index(self):
        spec, arguments = self.jobs["work"]["spec"], self.containers["work"]["args"]
        self.assertEqual(spec["completionMode"], "Indexed")  # else no JOB_COMPLETION_INDEX is there
        self.assertEqual(spec["completions"], int(option(self.containers["plan"]["args"], "--pieces")))
        self.assertLessEqual(1, spec["parallelism"])
        self.assertLessEqual(spec["parallelism"], spec["completions"])
        self.assertNotIn("--piece", arguments)
        self.assertNotIn("backoffLimit", spec)  # it would count the failures of all pieces together
        self.assertLessEqual(1, spec["backoffLimitPerIndex"])
        self.assertLessEqual(spec["maxFailedIndexes"], spec["completions"])
        for step in ("plan", "finish"):
            self.assertLessEqual(1, self.jobs[step]["spec"]["backoffLimit"])
            self.assertNotIn("completions", self.jobs[step]["spec"])

    def test_failures_are_told_apart(self):
        for step, job in self.jobs.items():
            self.assertEqual(self.pods[step]["restartPolicy"], "Never")  # a podFailurePolicy wants it
            drained, mistyped = job["spec"]["podFailurePolicy"]["rules"]
            self.assertEqual((drained["action"], drained["onPodConditions"]), ("Ignore", [{"type": "DisruptionTarget"}]))
            self.assertEqual(mistyped["action"], "FailJob")
            self.assertEqual(mistyped["onExitCodes"],
                             {"containerName": self.containers[step]["name"], "operator": "In", "values": [2]})

    def test_nobody_is_root(self):
        for step in STEPS:
            security, own = self.pods[step]["securityContext"], self.containers[step]["securityContext"]
            self.assertIs(security["runAsNonRoot"], True)
            self.assertGreater(security["runAsUser"], 0)
            self.assertGreater(security["runAsGroup"], 0)
            self.assertIs(self.pods[step]["automountServiceAccountToken"], False)
            self.assertIs(own["allowPrivilegeEscalation"], False)
            self.assertIs(own["readOnlyRootFilesystem"], True)
            self.assertEqual(own["capabilities"], {"drop": ["ALL"]})

    def test_volumes_are_mounted_and_sources_are_never_written(self):
        for step in STEPS:
            volumes = {volume["name"]: volume["persistentVolumeClaim"] for volume in self.pods[step]["volumes"]}
            mounts = {mount["name"]: mount for mount in self.containers[step]["volumeMounts"]}
            self.assertEqual(volumes.keys(), mounts.keys())
            self.assertIs(volumes["sources"]["readOnly"], True)
            self.assertIs(mounts["sources"]["readOnly"], True)
            self.assertNotIn("readOnly", mounts["store"])
            places = tuple(mount["mountPath"] + "/" for mount in mounts.values())
            for argument in self.containers[step]["args"]:
                if argument.startswith("/"):
                    self.assertTrue(f"{argument}/".startswith(places), argument)
        self.assertEqual(len({str(self.pods[step]["volumes"]) for step in STEPS}), 1)

    def test_threads_are_as_many_as_the_cores_that_are_asked_for(self):
        for step in STEPS:
            resources, arguments = self.containers[step]["resources"], self.containers[step]["args"]
            self.assertEqual(resources["limits"]["memory"], resources["requests"]["memory"])
            if "--jobs" in arguments:  # else there would be one for each of the node's
                self.assertEqual(option(arguments, "--jobs"), resources["requests"]["cpu"])
            else:
                self.assertEqual(step, "finish")

    def test_the_commands_build_a_pyramid(self):
        folder = fresh_folder("kubernetes")
        for number in range(6):
            write_hamlet(folder / "sources", number)

        def here(arguments):
            """A container's arguments with its mounts in our folder, and few pieces, as there are few patches."""
            for name in ("sources", "store"):
                arguments = [f"{folder}{argument}" if f"{argument}/".startswith(f"/{name}/") else argument
                             for argument in arguments]
            return ["3" if before == "--pieces" else argument for before, argument in zip([None, *arguments], arguments)]

        def run(*arguments, **environment):
            code, said = finished(start(*arguments, **environment))
            self.assertEqual(code, 0, said)

        plan, work, finish = (here(self.containers[step]["args"]) for step in STEPS)
        run(*plan)
        for index in (2, 0, 1, 0):
            run(*work, JOB_COMPLETION_INDEX=str(index))
        run(*finish)
        by_pods = contents(folder / "store")
        run(*finish)  # a pod that was lost when all was done is replaced
        self.assertEqual(contents(folder / "store"), by_pods)
        (folder / "store").rename(folder / "elsewhere")
        run("build", *plan[1:plan.index("--plan")])
        self.assertEqual(contents(folder / "store"),
                         {name: content for name, content in by_pods.items() if not name.endswith(".plan")})
