"""Leaf `checkpatch`: the script of the tree runs, alone; with the real one, every kind of message pleases it."""

import subprocess

import pytest

from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.tree import KernelTree, Person
from cocci_gen.series.assembly import SeriesOptions, build_series
from cocci_gen.series.ladder.checkpatch import SCRIPT, run_checkpatch
from cocci_gen.series.ladder.rungs import Passed, Rung
from cocci_gen.series.mails.mail import Mail

#: Says what it was given and what it can see.
FAKE = b"""\
use Cwd;
print "-:7: WARNING:ARGS: @ARGV\\n";
print "-:8: ERROR:SEEN: ", join(" ", sort map { s!.*/!!r } glob(getcwd() . "/*")), "\\n";
print "-:9: CHECK:STDIN: $_" while <STDIN>;
exit 1;
"""
MAIL = Mail("0001-x.patch", b"one line\n")


@pytest.fixture
def with_script(tmp_path, make_repository):
    """with_script(text) -> a tree with this checkpatch.pl and other scripts that must not be seen."""

    def make(script):
        files = {
            SCRIPT: script,
            "scripts/spelling.txt": b"teh||the\n",
            "scripts/get_maintainer.pl": b"die",
            ".checkpatch.conf": b"--evil\n",
        }
        return make_repository(tmp_path / "tree", files)

    return make


def test_the_script_sees_its_own_files_and_nothing_else(with_script):
    """What else lies in a tree may be anything, and must neither be read nor run."""
    with KernelTree.open(with_script(FAKE)) as tree:
        [complaints] = run_checkpatch(tree, [MAIL])

    assert complaints == (
        "WARNING:ARGS: --no-tree --terse --show-types --no-summary --color=never --no-signoff -",
        "ERROR:SEEN: checkpatch.pl spelling.txt",
        "CHECK:STDIN: one line",
    )


def test_signed_patches_are_checked_for_their_sign_off(with_script):
    """A patch that claims to be signed must be."""
    with KernelTree.open(with_script(FAKE)) as tree:
        [complaints] = run_checkpatch(tree, [MAIL], signed=True)

    assert "--no-signoff" not in complaints[0]


@pytest.mark.parametrize("script", [b"syntax error (", b"exit 7;", b"kill 9, $$;"])
def test_a_broken_script_is_no_verdict(with_script, script):
    """A script that does not run must not look like one that has nothing to say."""
    with KernelTree.open(with_script(script)) as tree, pytest.raises(KernelTreeError, match="does not run"):
        run_checkpatch(tree, [MAIL])


def test_a_broken_script_is_told_of_in_the_same_words(with_script):
    """The name of a temporary folder in index.md makes equal runs differ."""
    words = []
    with KernelTree.open(with_script(b"die 'no';")) as tree:
        for _ in range(2):
            with pytest.raises(KernelTreeError) as caught:
                run_checkpatch(tree, [MAIL])
            words.append(str(caught.value))

    assert words[0] == words[1]
    assert "checkpatch.pl line" in words[0]


def test_a_tree_without_the_script(demo_kernel, make_finding, run_facts):
    """Its patches are made all the same, and say that nobody looked."""
    with KernelTree.open(demo_kernel) as tree:
        with pytest.raises(KernelTreeError, match=r"has no scripts/checkpatch\.pl"):
            run_checkpatch(tree, [MAIL])
        findings = [make_finding(tree, "fs/demo/file.c", "demo_writepage1")]
        [series] = build_series(tree, findings, run_facts(tree, findings), SeriesOptions(Person("T", "t@x.org"))).series

    [result] = [result for result in series.patches[0].results if result.rung is Rung.CHECKPATCH]
    assert "no scripts/checkpatch.pl" in result.reason
    assert b"checkpatch has nothing to say" not in series.patches[0].mail.data


@pytest.mark.kernel
@pytest.mark.parametrize("version", ["6.1", "6.12"])
def test_the_real_script_has_nothing_to_say(version, debian_kernel, demo_kernel, make_finding, run_facts):
    """Messages, notes and recipients of both kinds, one and several findings each, as the kernel's own script sees them."""
    root = debian_kernel(version)
    for name in (SCRIPT, "scripts/spelling.txt", "scripts/const_structs.checkpatch"):
        text = subprocess.run(["git", "show", f"HEAD:{name}"], cwd=root, capture_output=True, check=True).stdout
        (demo_kernel / name).parent.mkdir(exist_ok=True)
        (demo_kernel / name).write_bytes(text)
    for words in (["add", "-A"], ["commit", "-q", "-m", "scripts"]):
        subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)
    places = [
        (f"fs/demo/{file}.c", f"demo_writepage{number}", kind)
        for file, numbers in (("file", (1, 2)), ("inode", (1,)))
        for number in numbers
        for kind in ("unlocks", "writeback")
    ]
    with KernelTree.open(demo_kernel) as tree:
        findings = [make_finding(tree, *place) for place in places]
        [series] = build_series(
            tree, findings, run_facts(tree, findings), SeriesOptions(Person("T. E. Ster", "t@x.org"))
        ).series
        finished = run_checkpatch(tree, [patch.mail for patch in series.patches])

    for patch in series.patches:
        assert Passed(Rung.CHECKPATCH) in patch.results, patch.results
    assert [found for found in finished if found] == []
