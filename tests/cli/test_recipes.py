"""The recipes of the README for hooks and CI do what they say, run as they stand there."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
GOOD = """\
static int demo_writepage(struct page *page, struct writeback_control *wbc)
{
	set_page_writeback(page);
	unlock_page(page);
	end_page_writeback(page);
	return 0;
}

const struct address_space_operations demo_aops = {
	.writepage = demo_writepage,
};
"""
BAD = GOOD.replace("\tset_page", "\tif (!page->index)\n\t\treturn -EIO;\n\tset_page")


def recipe(name):
    """The fenced text of the README whose comment names a file."""
    (found,) = [text for text in re.findall(r"```\w*\n(.*?)```", README, re.DOTALL) if f"# {name}" in text]
    return found


@pytest.fixture
def environment(tmp_path, need):
    """A PATH on which cocci-gen is this one, and a cache of its own."""
    need("spatch")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/cocci-gen"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {sys.executable} -m cocci_gen.cli "$@"\n')
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "XDG_CACHE_HOME": str(tmp_path / "cache")}


def git(root, *words, environment=None):
    """How a git command ended."""
    return subprocess.run(["git", *words], cwd=root, env=environment, capture_output=True, text=True, check=False)


def commit(root, text, subject, path="fs/demo.c"):
    """One more commit."""
    (root / path).write_text(text)
    git(root, "add", "-A")
    git(root, "commit", "-qm", subject)


def test_the_hook_lets_good_work_through_and_stops_the_rest(tmp_path, corpus, make_repository, environment):
    """A hook that does not run, or stops everything, is taken out on the first day."""
    root = make_repository(tmp_path / "linux", {**corpus.trees["6.1"], "fs/demo.c": GOOD.encode()})
    subprocess.run(["git", "clone", "-q", "--bare", root, tmp_path / "remote.git"], check=True)
    git(root, "remote", "add", "origin", str(tmp_path / "remote.git"))
    hook = root / ".git/hooks/pre-push"
    hook.write_text(recipe(".git/hooks/pre-push"))
    hook.chmod(0o755)
    commit(root, GOOD.replace("return 0;", "return 0; /* done */"), "good")
    good = git(root, "push", "origin", "main", environment=environment)
    assert 0 == good.returncode, good.stderr
    assert 0 == git(root, "push", "origin", "main:side", environment=environment).returncode
    assert 0 == git(root, "push", "origin", ":side", environment=environment).returncode  # a branch is taken away
    commit(root, BAD, "bad")
    bad = git(root, "push", "origin", "main", environment=environment)

    assert 1 == bad.returncode
    assert "bad\n  new   fs/demo.c:" in bad.stdout + bad.stderr
    assert 0 != git(root, "push", "origin", "main:new-branch", environment=environment).returncode
    commit(root, BAD.replace("return 0;", "return 0; /* done */"), "harmless, behind the bad one")
    later = git(root, "push", "origin", "main:another-branch", environment=environment)
    assert 1 == later.returncode
    assert "bad\n  new   fs/demo.c:" in later.stdout + later.stderr


def test_the_hook_lets_the_first_push_of_all_through(tmp_path, corpus, make_repository, environment):
    """Whoever begins a repository has no commit before the first one to compare with."""
    root = make_repository(tmp_path / "linux", {**corpus.trees["6.1"], "fs/demo.c": GOOD.encode()})
    subprocess.run(["git", "init", "-q", "--bare", tmp_path / "remote.git"], check=True)
    git(root, "remote", "add", "origin", str(tmp_path / "remote.git"))
    hook = root / ".git/hooks/pre-push"
    hook.write_text(recipe(".git/hooks/pre-push"))
    hook.chmod(0o755)
    first = git(root, "push", "origin", "main", environment=environment)

    assert 0 == first.returncode, first.stderr


def test_the_hook_of_a_module_takes_the_kernel_that_is_configured(tmp_path, corpus, make_repository, environment):
    """A module holds no rules: a hook that looks for them in it would stop every push."""
    kernel = make_repository(tmp_path / "linux", dict(corpus.trees["6.1"]))
    root = make_repository(tmp_path / "module", {"Kbuild": b"obj-m := demo.o\n", "demo.c": GOOD.encode()})
    subprocess.run(["git", "clone", "-q", "--bare", root, tmp_path / "remote.git"], check=True)
    git(root, "remote", "add", "origin", str(tmp_path / "remote.git"))
    git(root, "config", "cocci-gen.kernel", str(kernel))
    hook = root / ".git/hooks/pre-push"
    hook.write_text(recipe(".git/hooks/pre-push"))
    hook.chmod(0o755)
    commit(root, GOOD.replace("return 0;", "return (0);"), "good", "demo.c")
    good = git(root, "push", "origin", "main", environment=environment)
    commit(root, BAD, "bad", "demo.c")
    bad = git(root, "push", "origin", "main", environment=environment)

    assert 0 == good.returncode, good.stderr
    assert 1 == bad.returncode
    assert "bad\n  new   demo.c:" in bad.stdout + bad.stderr


class Runner:
    """What runs a job: a shell, the variables of the service and of the recipe, a machine on which nothing is installed yet."""

    def __init__(self, name, tmp_path, environment, kernel, upstream):
        self.name = name
        self.told = tmp_path / "told"
        self.work = tmp_path / "work"
        subprocess.run(["git", "clone", "-q", upstream, self.work], check=True)
        subprocess.run(["git", "tag", "v6.12"], cwd=kernel, check=True)
        for program in ("apt-get", "pipx"):
            (tmp_path / "bin" / program).write_text(f'#!/bin/sh\necho {program} "$@" >>{self.told}\n')
        (tmp_path / "bin/sudo").write_text('#!/bin/sh\nexec "$@"\n')
        for program in ("apt-get", "pipx", "sudo"):
            (tmp_path / "bin" / program).chmod(0o755)
        text = recipe(name).replace("/tmp/", f"{tmp_path}/")
        self.jobs = yaml.safe_load(text)
        self.base = git(upstream, "rev-parse", "HEAD").stdout.strip()
        self.variables = {
            **{name: value for name, value in environment.items() if name != "XDG_CACHE_HOME"},
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.file://{kernel}.insteadOf",
            "GIT_CONFIG_VALUE_0": "https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git",
        }

    def run(self, cocci_gen="https://code.example/cocci-gen"):
        """How the first step that fails ended, or the last."""
        if self.name.startswith(".github"):
            environment = {**self.jobs["env"], "COCCI_GEN": cocci_gen, "GITHUB_BASE_REF": "main"}
            lines = [step["run"] for step in self.jobs["jobs"]["locking-rules"]["steps"] if "run" in step]
        else:
            job = self.jobs["locking-rules"]
            environment = {**job["variables"], "COCCI_GEN": cocci_gen, "CI_MERGE_REQUEST_DIFF_BASE_SHA": self.base}
            lines = job["script"]
        environment = {name: value.replace("$CI_PROJECT_DIR", str(self.work)) for name, value in environment.items()}
        for line in lines:
            ended = subprocess.run(
                ["bash", "-e", "-c", line],
                cwd=self.work,
                env={**self.variables, **environment},
                capture_output=True,
                text=True,
                check=False,
            )
            if ended.returncode:
                return ended
        return ended


@pytest.fixture(params=[".github/workflows/locking-rules.yml", ".gitlab-ci.yml"])
def runner(request, tmp_path, corpus, make_repository, environment):
    """A runner of a forge, with a clone of a module that keeps to the rules."""
    kernel = make_repository(tmp_path / "kernel", dict(corpus.trees["6.1"]))
    files = {"Kbuild": b"obj-m := demo.o\n", "demo.c": GOOD.encode()}
    upstream = make_repository(tmp_path / "upstream", files)
    return Runner(request.param, tmp_path, environment, kernel, upstream)


def test_the_jobs_of_ci_fail_for_what_a_branch_breaks(runner):
    """A recipe that has to be mended before it runs is left alone; here every step runs as it stands in README."""
    commit(runner.work, GOOD.replace("return 0;", "return (0);"), "good", "demo.c")
    good = runner.run()
    assert 0 == good.returncode, good.stderr
    commit(runner.work, BAD, "bad", "demo.c")
    ended = runner.run()

    assert 1 == ended.returncode
    assert "bad\n  new   demo.c:" in ended.stdout
    told = runner.told.read_text()
    assert re.search("^apt-get install .*coccinelle", told, re.MULTILINE)
    assert "pipx install git+https://code.example/cocci-gen" in told


def test_the_jobs_of_ci_pass_where_something_could_not_be_examined(runner, tmp_path):
    """A change that breaks nothing would be stopped for what nobody can decide."""
    (tmp_path / "bin/cocci-gen").write_text("#!/bin/sh\nexit 3\n")

    assert 0 == runner.run().returncode


def test_the_jobs_of_ci_say_what_has_to_be_set(runner):
    """`pip install git+` says nothing of the variable that is missing."""
    ended = runner.run(cocci_gen="")

    assert 0 != ended.returncode
    assert "COCCI_GEN: say in" in ended.stderr
