"""Leaf `uncommitted`: whoever has not committed yet is told by every verb that his changes were not looked at, and how."""

import re
import subprocess
from pathlib import Path

import pytest

from cocci_gen.cli import main

RULE = "*.read_folio.unlocks"
SAYS = re.compile(r"note: (\S+) has uncommitted changes in (\d+ files?); this looks at HEAD \((.*)\)")
BY_CHECK = "`cocci-gen check --worktree` looks at the changes"
#: Verbs that look at no commit of a repository.
ELSEWHERE = {"generate", "schema", "completion", "man", "clean", "corpus check", "corpus accept", "corpus precision"}
ELSEWHERE |= {"corpus unread"}
#: verb -> its words; {kernel} is dirty, {run} is a run on its HEAD.
VERBS = {
    "scan": "scan --kernel {kernel} --cache {cache} -o {new} --rule {rule}",
    "run": "run --kernel {kernel} --cache {cache} -o {new} --rule {rule}",
    "tables": "tables --kernel {kernel}",
    "tables diff": "tables diff --kernel {kernel} HEAD HEAD",
    "tables beside": "tables beside --kernel {kernel}",
    "obligations": "obligations --kernel {kernel}",
    "check": "check --kernel {kernel} --cache {cache} --since HEAD --rule {rule}",
    "series": "series {run}",
    "findings": "findings {run}",
    "explain": "explain {run} unlocks",
    "review": "review {run} --list",
    "batch": "batch {config}",
    "port": "port --kernel {kernel} --path fs --list --cache {cache}",
    "corpus mutate": "corpus mutate --kernel {kernel} --count 1 --kind prototype --cache {cache}",
}


@pytest.fixture(scope="module")
def places(tmp_path_factory, corpus, make_repository, cocci_gen_says):
    """Where things lie: a kernel with one breach, a run on it, the configuration of a batch."""
    folder = tmp_path_factory.mktemp("uncommitted")
    every = corpus.kernel("6.1")
    files = {path: text for path, text in every.items() if not path.startswith("fs/")}
    path = "fs/early-error-return/read_folio_unlocks.c"
    kernel = make_repository(folder / "linux", {**files, path: every[path]})
    config = folder / "batch.toml"
    config.write_text(
        f'output = "nights"\ncache = "cache"\n[[tree]]\npath = "linux"\nrevisions = ["HEAD"]\nrules = ["{RULE}"]\n'
    )
    found = {"kernel": kernel, "cache": folder / "cache", "config": config, "rule": RULE, "run": folder / "run"}
    found |= {"new": folder / "new", "file": kernel / path}
    code, _, err = cocci_gen_says(*VERBS["scan"].replace("{new}", "{run}").format(**found).split())
    assert 1 == code, err
    assert "uncommitted" not in err
    (kernel / path).write_bytes(b"/* not committed */\n" + every[path])
    return found


def _verbs(group=main, before=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _verbs(command, (*before, name))
        if getattr(command, "invoke_without_command", True):
            yield " ".join((*before, name))


def test_every_verb_is_tried():
    """A verb that is added later must say it too."""
    verbs = set(_verbs()) - {"corpus"}

    assert verbs == set(VERBS) | ELSEWHERE


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_says_that_it_looks_at_head(places, cocci_gen_says, need, verb):
    """Else the change is believed to be clean."""
    need("spatch")
    code, _, err = cocci_gen_says(*VERBS[verb].format(**places).split())
    said = SAYS.findall(err)

    assert code in ((2,) if verb == "port" else (0, 1)), (
        err
    )  # from HEAD to HEAD there is nothing to port, which it says
    way = "`port --to WORKTREE` takes the changes along" if verb == "port" else BY_CHECK
    assert [(str(places["kernel"]), "1 file", way)] == said


def test_the_way_it_names_works(places, cocci_gen_says, need, tmp_path):
    """`check --worktree` looks at the changes, and so it does not say that it does not."""
    need("spatch")
    words = ("check", "--kernel", places["kernel"], "--cache", places["cache"], "--worktree", "--rule", RULE)
    run = tmp_path / "run"
    code, out, err = cocci_gen_says(*words, "-o", run)

    assert (0, "") == (code, "".join(SAYS.findall(err)))
    assert "1 change" in out
    assert "looks at HEAD" not in cocci_gen_says("findings", run)[2]


def test_another_revision_and_quiet_say_nothing(places, cocci_gen_says):
    """Who names a tag knows that it is one; who asks for silence gets it."""
    subprocess.run(["git", "commit", "-q", "--allow-empty", "-m", "x"], cwd=places["kernel"], check=True)
    try:
        named = cocci_gen_says("tables", "--kernel", places["kernel"], "--rev", "HEAD~1")
        quiet = cocci_gen_says("-q", "tables", "--kernel", places["kernel"])
    finally:
        subprocess.run(["git", "reset", "-q", "--soft", "HEAD~1"], cwd=places["kernel"], check=True)

    assert ["", ""] == [named[2], quiet[2]]


def test_both_repositories_of_a_module_are_told(places, cocci_gen_says, make_repository, tmp_path, need):
    """Either may be the one that was edited, and only the module's changes are what `check --worktree` would look at there."""
    need("spatch")
    module = make_repository(tmp_path / "mod", {"Makefile": b"obj-m := a.o\n", "a.c": places["file"].read_bytes()})
    (module / "a.c").write_bytes(b"int x;\n")
    words = ("scan", "--kernel", places["kernel"], "--module", module, "--cache", places["cache"], "--rule", RULE)
    _, _, err = cocci_gen_says(*words, "-o", tmp_path / "out")

    assert {str(places["kernel"]), str(module)} == {root for root, _, _ in SAYS.findall(err)}
    ways = {root: way for root, _, way in SAYS.findall(err)}
    assert ways[str(module)] == BY_CHECK
    assert "--worktree" not in ways[str(places["kernel"])]


def test_there_is_one_place_that_opens():
    """A verb that opens a tree by itself would say nothing."""
    folder = Path(__file__).resolve().parents[2] / "cocci_gen/cli"
    others = {
        "uncommitted.py",
        "clean.py",
        "check.py",
        "port.py",
        "series.py",
    }  # refs; has it a commit; --build; --mainline REV

    assert others >= {path.name for path in folder.glob("*.py") if "KernelTree.open(" in path.read_text()}


def test_a_slow_git_costs_seconds_only(places, monkeypatch):
    """In a checkout that was copied git reads every file again; no note is worth minutes."""
    from cocci_gen import programs
    from cocci_gen.kernel.tree import KernelTree
    from cocci_gen.kernel.worktree import changed_paths

    with KernelTree.open(places["kernel"]) as tree:
        asked = []

        def slow(*words, timeout=600.0, **_):
            asked.append(timeout)
            return programs.ProgramTimedOut(words, timeout)

        monkeypatch.setattr(tree, "run_git", slow)
        assert () == changed_paths(tree, hurried=True)
        assert asked[0] < 10
