"""The recipes of the README for hooks and CI do what they say, run as they stand there."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.parametrize(
    ("name", "variable"),
    [(".github/workflows/locking-rules.yml", "GITHUB_BASE_REF"), (".gitlab-ci.yml", "CI_MERGE_REQUEST_DIFF_BASE_SHA")],
)
def test_the_jobs_of_ci_fail_for_what_a_branch_breaks(tmp_path, corpus, make_repository, environment, name, variable):
    """Run as the runner does it: a shell, the variables of the service, the clone of the branch."""
    kernel = make_repository(tmp_path / "linux", dict(corpus.trees["6.1"]))
    files = {"Kbuild": b"obj-m := demo.o\n", "demo.c": GOOD.encode()}
    upstream = make_repository(tmp_path / "upstream", files)
    subprocess.run(["git", "clone", "-q", upstream, tmp_path / "work"], check=True)
    (line,) = re.findall(r"^ *- (?:run: )?(cocci-gen check .*)$", recipe(name), re.MULTILINE)
    base = "main" if variable == "GITHUB_BASE_REF" else git(upstream, "rev-parse", "HEAD").stdout.strip()

    def job():
        env = {**environment, "LINUX": str(kernel), variable: base}
        return subprocess.run(
            ["sh", "-e", "-c", line], cwd=tmp_path / "work", env=env, capture_output=True, text=True, check=False
        )

    commit(tmp_path / "work", GOOD + "\n", "good", "demo.c")
    assert 0 == job().returncode, job().stderr
    commit(tmp_path / "work", BAD, "bad", "demo.c")
    ended = job()

    assert 1 == ended.returncode
    assert "bad\n  new   demo.c:" in ended.stdout
