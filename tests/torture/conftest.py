"""A small kernel, and the command line as a process whose surroundings are spoilt."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RULE = "*.read_folio.unlocks"


class Surroundings:
    """Runs the tool over a kernel of two breaches, in a namespace of its own if something is to be mounted."""

    def __init__(self, folder, kernel):
        self.folder, self.kernel, self.number = folder, kernel, 0

    def words(self, verb, *more, out=None, cache=None):
        """The words of `cocci-gen VERB` on the kernel."""
        place = ["--cache", str(cache or self.folder / "cache"), "--rule", RULE, "-j", "2"]
        place += ["-o", str(out)] if out else []
        return [sys.executable, "-m", "cocci_gen.cli", verb, "--kernel", str(self.kernel), *place, *map(str, more)]

    def say(self, words, *, mount="", **environment):
        """Run them, after a shell has mounted what it is told; (code, stdout, stderr)."""
        if mount:
            words = ["unshare", "-m", "sh", "-c", f'{mount} && exec "$@"', "sh", *words]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        ended = subprocess.run(
            words, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=300
        )
        assert "Traceback" not in ended.stderr, ended.stderr
        return ended.returncode, ended.stdout, ended.stderr

    def findings(self, out):
        """The lines of findings.jsonl."""
        return sorted((out / "findings.jsonl").read_text().splitlines())


@pytest.fixture
def surroundings(tmp_path, few_cases, need):
    """The kernel, and the tool."""
    need("spatch")
    return Surroundings(tmp_path, few_cases("linux", "early-error-return", "never-unlocks"))


@pytest.fixture
def mounts():
    """Skips where nothing can be mounted."""
    tried = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip("only root can mount a small disk in a namespace of its own")
