"""Leaf `checkpatch`: only a script that the user names runs, alone; with the real one, every kind of message pleases it."""

import subprocess

import pytest

from cocci_gen.errors import UsageProblem
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person
from cocci_gen.series.assembly import SeriesOptions, build_series
from cocci_gen.series.ladder.checkpatch import run_checkpatch
from cocci_gen.series.ladder.rungs import NotRun, Passed, Rung
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
def with_script(tmp_path, need):
    """with_script(text) -> a checkpatch.pl of this text, beside other files that must not be seen."""
    need("perl")

    def make(script):
        for name, text in {
            "checkpatch.pl": script,
            "spelling.txt": b"teh||the\n",
            "get_maintainer.pl": b"die",
            ".checkpatch.conf": b"--evil\n",
        }.items():
            (tmp_path / name).write_bytes(text)
        return tmp_path / "checkpatch.pl"

    return make


def test_the_script_sees_its_own_files_and_nothing_else(with_script):
    """What else lies beside it may be anything, and must neither be read nor run."""
    [complaints] = run_checkpatch(with_script(FAKE), [MAIL])

    assert complaints == (
        "WARNING:ARGS: --no-tree --terse --show-types --no-summary --color=never --no-signoff -",
        "ERROR:SEEN: checkpatch.pl spelling.txt",
        "CHECK:STDIN: one line",
    )


def test_signed_patches_are_checked_for_their_sign_off(with_script):
    """A patch that claims to be signed must be."""
    [complaints] = run_checkpatch(with_script(FAKE), [MAIL], signed=True)

    assert "--no-signoff" not in complaints[0]


@pytest.mark.parametrize("script", [b"syntax error (", b"exit 7;", b"kill 9, $$;"])
def test_a_broken_script_is_no_verdict(with_script, script):
    """A script that does not run must not look like one that has nothing to say."""
    with pytest.raises(UsageProblem, match="does not run"):
        run_checkpatch(with_script(script), [MAIL])


def test_a_broken_script_is_told_of_in_the_same_words(with_script):
    """The name of a temporary folder makes equal runs differ."""
    words = []
    for _ in range(2):
        with pytest.raises(UsageProblem) as caught:
            run_checkpatch(with_script(b"die 'no';"), [MAIL])
        words.append(str(caught.value))

    assert words[0] == words[1]
    assert "at checkpatch.pl line" in words[0]


def test_a_script_that_cannot_be_read_is_told(tmp_path):
    """With the name of the option that it came from."""
    with pytest.raises(UsageProblem, match=r"--checkpatch takes a checkpatch\.pl"):
        run_checkpatch(tmp_path / "nowhere.pl", [MAIL])


def test_that_of_the_tree_is_not_run(demo_kernel, make_finding, run_facts, tmp_path):
    """A repository from elsewhere would have its program run by whoever makes a series for it."""
    script = demo_kernel / "scripts/checkpatch.pl"
    script.parent.mkdir(exist_ok=True)
    script.write_text(f'open(my $f, ">", "{tmp_path}/canary"); exit 0;')
    for words in (["add", "-A"], ["commit", "-q", "-m", "scripts"]):
        subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)
    with KernelTree.open(demo_kernel) as tree:
        findings = [make_finding(tree, "fs/demo/file.c", "demo_writepage1")]
        [series] = build_series(tree, findings, run_facts(tree, findings), SeriesOptions(Person("T", "t@x.org"))).series

    assert not (tmp_path / "canary").exists()
    assert NotRun(Rung.CHECKPATCH, "not asked for") in series.patches[0].results
    assert b"checkpatch has nothing to say" not in series.patches[0].mail.data


@pytest.mark.kernel
@pytest.mark.parametrize("version", ["6.1", "6.12"])
def test_the_real_script_has_nothing_to_say(version, debian_kernel, demo_kernel, make_finding, run_facts, tmp_path):
    """Messages, notes and recipients of both kinds, one and several findings each, as the kernel's own script sees them."""
    for name in ("checkpatch.pl", "spelling.txt", "const_structs.checkpatch"):
        words = ["git", "show", f"HEAD:scripts/{name}"]
        text = subprocess.run(words, cwd=debian_kernel(version), capture_output=True, check=True).stdout
        (tmp_path / name).write_bytes(text)
    script = tmp_path / "checkpatch.pl"
    places = [
        (f"fs/demo/{file}.c", f"demo_writepage{number}", kind)
        for file, numbers in (("file", (1, 2)), ("inode", (1,)))
        for number in numbers
        for kind in ("unlocks", "writeback")
    ]
    with KernelTree.open(demo_kernel) as tree:
        findings = [make_finding(tree, *place) for place in places]
        options = SeriesOptions(Person("T. E. Ster", "t@x.org"), checkpatch=script)
        [series] = build_series(tree, findings, run_facts(tree, findings), options).series
    finished = run_checkpatch(script, [patch.mail for patch in series.patches])

    for patch in series.patches:
        assert Passed(Rung.CHECKPATCH) in patch.results, patch.results
        assert b"checkpatch has nothing to say" in b" ".join(patch.mail.data.split())
    assert [found for found in finished if found] == []
