#!/usr/bin/env python3
"""Time cocci-gen on a whole kernel, and in the same run plain spatch with the committed semantic patches on that tree.

Usage: .ci/bench.py KERNEL [ANOTHER VERSION] [--part pages|rules|check|peer].  The caches are fresh ones in a temporary folder;
the kernel is only read (changed files are commits in borrowing clones).  Memory is that of the whole process tree, twice a
second.  Ends with 1 when a limit of the project is passed.  Times on a busy machine say little; so the last lines are ratios of
CPU seconds within this run, next to plain spatch with the committed semantic patches, which stand for the same rules.
"""

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JOBS = 2
PARTS = ("pages", "rules", "check", "peer")
LONGEST = 3600.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a command may take, 0 where nothing is said: CPU seconds, seconds on two idle cores, GB."""

    cpu: float = 0
    seconds: float = 0
    gigabytes: float = 0.6

    def __str__(self) -> str:
        said = ((self.cpu, "CPU s"), (self.seconds, "s"), (self.gigabytes, "GB"))
        return ", ".join(f"{limit:g} {unit}" for limit, unit in said if limit)


NO_LIMITS = Limits(gigabytes=0)


@dataclass(frozen=True, slots=True)
class Run:
    """One timed command and its limits."""

    what: str
    seconds: float
    cpu: float
    gigabytes: float
    status: int
    allowed: Limits
    parsed: int

    def over(self) -> bool:
        """Whether a limit was passed, or the command failed (1 says that there are findings)."""
        allowed = (self.allowed.cpu, self.allowed.seconds, self.allowed.gigabytes)
        limits = zip((self.cpu, self.seconds, self.gigabytes), allowed, strict=True)
        return self.status not in (0, 1) or any(limit and value > limit for value, limit in limits)


def memory_of(top: int) -> int:
    """What a process and all its descendants hold of memory, in bytes; what several share counts once."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue  # it has ended meanwhile
    total = 0
    for process in parents:
        ancestor = process
        while ancestor not in (0, top):
            ancestor = parents.get(ancestor, 0)
        if ancestor == top:
            total += own_memory(process)
    return total


def own_memory(process: int) -> int:
    """What one process holds of memory that no file stands behind, in bytes; 0 once it has ended.  Pages of git's packs, which
    lie in the cache of the disk too, would count a quarter of a gigabyte."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().split("\n")
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss_Anon:"))


def timed(what: str, argv: list[str], cache: Path, allowed: Limits = NO_LIMITS) -> Run:
    """Run a command with its own cache folder, and print its line of the table."""
    cwd = Path(tempfile.mkdtemp(dir=cache))
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "LC_ALL": "C.UTF-8"}
    peak = 0
    start, before = time.monotonic(), children_cpu()
    with (
        (cwd / "output").open("wb") as output,
        (cwd / "progress").open("wb") as progress,
        subprocess.Popen(argv, cwd=cwd, env=environment, stdout=output, stderr=progress) as process,
    ):
        while process.poll() is None and time.monotonic() - start < LONGEST:
            peak = max(peak, memory_of(process.pid))
            try:
                process.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                continue
        process.kill()
    seconds = time.monotonic() - start
    found = re.search(rb"^index: (\d+)$", (cwd / "progress").read_bytes(), re.MULTILINE)
    parsed = int(found[1]) if found else 0
    run = Run(what, seconds, children_cpu() - before, peak / 1e9, process.returncode, allowed, parsed)
    limits = f"(limit {allowed})" if str(allowed) else ""
    verdict = " OVER" if run.over() else ""
    print(
        f"{what:52} {seconds:8.1f} s {run.cpu:8.1f} CPU s {run.gigabytes:6.2f} GB  exit {run.status}  {limits}{verdict}",
        flush=True,
    )
    return run


def children_cpu() -> float:
    """The CPU seconds of all children that have ended, with theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def obligations_of(command: str, kernel: Path) -> set[str]:
    """The ids of all obligations of a kernel: a rule that it does not have is no option of a scan."""
    words = [command, "obligations", "--kernel", str(kernel), "--format", "json"]
    listed = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)
    return {f"{one['struct']}.{one['method']}.{one['kind']}" for one in listed["readings"]}


def ratio(what: str, one: float, other: float) -> None:
    """A line of the last table."""
    print(f"{what:76} {one / other if other else 0:6.2f}", flush=True)


def git(repository: Path, *words: str, stdin: bytes = b"", index: Path | None = None) -> str:
    """A git command's answer."""
    who = {f"GIT_{role}_{part}": "bench@localhost" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    environment = {**os.environ, **who, **({"GIT_INDEX_FILE": str(index)} if index else {})}
    ended = subprocess.run(
        ["git", "-C", str(repository), *words], input=stdin, env=environment, capture_output=True, check=True
    )
    return ended.stdout.decode().strip()


def with_one_file_changed(kernel: Path, folder: Path, path: str) -> Path:
    """A bare clone that borrows the kernel's objects, whose HEAD has one function of a file call something more."""
    clone = folder / f"{path.replace('/', '-')}.git"
    git(folder, "clone", "-q", "--shared", "--bare", str(kernel), str(clone))
    text = subprocess.run(["git", "-C", str(clone), "show", f"HEAD:{path}"], capture_output=True, check=True).stdout
    text = text.replace(b"\n\treturn ", b"\n\tcond_resched();\n\treturn ", 1)
    blob = git(clone, "hash-object", "-w", "--stdin", stdin=text)
    index = folder / "index"
    git(clone, "read-tree", "HEAD", index=index)
    git(clone, "update-index", "--cacheinfo", f"100644,{blob},{path}", index=index)
    tree = git(clone, "write-tree", index=index)
    git(clone, "update-ref", "HEAD", git(clone, "commit-tree", tree, "-p", "HEAD", "-m", "one file changed"))
    return clone


class Bench:
    """The parts of the bench over one kernel; each has a cache of its own below a temporary folder."""

    def __init__(self, kernel: Path, second: Path | None, folder: Path) -> None:
        self.kernel = kernel
        self.second = second
        self.folder = folder
        self.command = str(ROOT / ".venv/bin/cocci-gen")
        #: Hundreds of functions lead to what the first changes, and a few to what the second does.
        self.changed, self.little = (
            with_one_file_changed(kernel, folder, path) for path in ("fs/ext4/inode.c", "fs/minix/inode.c")
        )
        self.runs: dict[str, Run] = {}
        #: CPU seconds of plain spatch with the committed semantic patches.
        self.plain = 0.0

    def scan(self, name: str, what: str, tree: Path, limits: Limits, *more: str) -> None:
        """Scan a tree with the cache of the part that `name` begins with."""
        cache = self.folder / name.partition(" ")[0]
        cache.mkdir(exist_ok=True)
        out = Path(tempfile.mkdtemp(dir=cache)) / "out"
        argv = [self.command, "scan", "--kernel", str(tree), "-j", str(JOBS), "-o", str(out), *more]
        self.runs[name] = timed(what, argv, cache, limits)

    def pages(self) -> None:
        """Two kinds, on the whole kernel and on a part of it."""
        rules = ("--rule", "unlocks", "--rule", "writeback")
        self.scan("pages", "unlocks + writeback, whole kernel, cold", self.kernel, Limits(), *rules)
        self.scan("pages again", "unlocks + writeback, second run", self.kernel, Limits(cpu=0.7), *rules)
        self.scan("pages changed", "unlocks + writeback, one file in fs/ changed", self.changed, Limits(cpu=3), *rules)
        parts = ("--path", "fs", "--path", "mm")
        self.scan("part", "unlocks + writeback, fs and mm, cold", self.kernel, Limits(), *parts, *rules)

    def rules(self) -> None:
        """All kinds, and another version after this one."""
        self.whole()
        self.scan("all again", "all rules, second run", self.kernel, Limits(cpu=0.7))
        self.scan("all changed", "all rules, one file in fs/ changed", self.changed, Limits(cpu=3))
        self.scan("all little", "all rules, one file of minix changed", self.little, Limits(cpu=3))
        if self.second is not None:
            self.scan("all second", "all rules, another version", self.second, Limits())
        self.runs["usage"] = timed("--help", [self.command, "--help"], self.folder, Limits(cpu=0.15))

    def whole(self) -> None:
        """The scan that others follow."""
        if "all" not in self.runs:
            self.scan("all", "all rules, whole kernel, cold", self.kernel, Limits(cpu=100, seconds=60))

    def check(self) -> None:
        """A commit of a kernel that was scanned: where hundreds of functions lead to it, where few do, and the same again."""
        self.whole()
        for name, what, tree in (
            ("check much", "check of a commit, hundreds lead to it", self.changed),
            ("check little", "check of a commit, few lead to it", self.little),
            ("check again", "check of the same commit again", self.little),
        ):
            argv = [self.command, "check", "--kernel", str(tree), "--since", "HEAD~1", "-j", str(JOBS)]
            self.runs[name] = timed(what, argv, self.folder / "all", Limits())

    def peer(self) -> None:
        """Plain spatch with the committed semantic patches, and a scan with the same rules."""
        patches = sorted((ROOT / "semantic_patches").rglob("*.cocci"))
        asked = obligations_of(self.command, self.kernel)
        names = [f"{patch.parent.name}.{patch.stem}" for patch in patches]
        equal = [word for name in names if name in asked for word in ("--rule", name)]
        self.scan("same", "the rules of the committed semantic patches, cold", self.kernel, Limits(), *equal)
        for patch in patches:
            argv = ["spatch", "--very-quiet", "-D", "report", "--no-includes", "--include-headers", "-j", str(JOBS)]
            argv += ["--sp-file", str(patch), "--dir", str(self.kernel)]
            self.plain += timed(f"plain spatch, {patch.name}", argv, self.folder).cpu

    def ratios(self) -> None:
        """Of what was timed."""
        print("\nratios of CPU seconds", flush=True)
        cpu = {name: run.cpu for name, run in self.runs.items()} | {"plain": self.plain}
        for what, one, other in (
            ("the same rules: cocci-gen cold / plain spatch", "same", "plain"),
            ("all rules cold / plain spatch with the committed ones", "all", "plain"),
            ("all rules: one file changed / cold", "all changed", "all"),
            ("all rules: nothing changed / cold", "all again", "all"),
            ("check of a commit that few functions lead to / cold", "check little", "all"),
            ("all rules: another version, after this one / cold", "all second", "all"),
        ):
            if cpu.get(one) and cpu.get(other):
                ratio(what, cpu[one], cpu[other])
        if "all second" in self.runs:
            parsed = (self.runs[name].parsed for name in ("all second", "all"))
            ratio("files that it parsed / files that the first parsed", *parsed)


def main(kernel: Path, second: Path | None, parts: list[str]) -> int:
    """The parts, one after another; the exit status."""
    folder = Path(tempfile.mkdtemp(prefix="cocci-gen-bench-"))
    try:
        bench = Bench(kernel, second, folder)
        print(f"{kernel}, {len(os.sched_getaffinity(0))} cores, {JOBS} jobs, load {os.getloadavg()[0]:.1f}", flush=True)
        for part in parts:
            {"pages": bench.pages, "rules": bench.rules, "check": bench.check, "peer": bench.peer}[part]()
        bench.ratios()
        return int(any(run.over() for run in bench.runs.values()))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description="Times on a whole kernel.")
    asked.add_argument("kernel", type=Path)
    asked.add_argument("second", type=Path, nargs="?", help="another version, scanned after it")
    asked.add_argument("--part", choices=PARTS, action="append", help="this part alone; repeatable")
    said = asked.parse_args()
    sys.exit(main(said.kernel.resolve(), said.second.resolve() if said.second else None, said.part or list(PARTS)))
