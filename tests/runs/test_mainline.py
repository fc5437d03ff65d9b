"""What became of the code of a finding in another revision."""

import dataclasses
import subprocess

import pytest

from cocci_gen.findings.findings import NoFix, apply_edits
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.runs.mainline import Fate, standings

PLACE = ("fs/demo/file.c", "demo_writepage1", "unlocks")


@pytest.fixture
def fate(demo_kernel, make_finding):
    """fate(change, subject) -> Standing of the finding after a commit that changes the bytes of its file."""

    def find(change, subject="a change", finding_of=lambda finding: finding):
        with KernelTree.open(demo_kernel) as tree:
            finding = finding_of(make_finding(tree, *PLACE))
            file = demo_kernel / PLACE[0]
            text = change(file.read_bytes(), finding)
            file.write_bytes(text) if text else file.unlink()
            for words in (["add", "-A"], ["commit", "-q", "--allow-empty", "-m", subject]):
                subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)
            with KernelTree.open(demo_kernel) as mainline:
                return standings(tree, mainline, [finding])[finding.fingerprint]

    return find


def test_lines_that_move_change_nothing(fate):
    """A function that has only moved would be told as another, and nobody would dare to send the patch."""

    assert fate(lambda text, _: b"/* moved */\n\n" + text).fate is Fate.SAME


def test_a_fix_that_is_there_is_named_by_its_commit(fate):
    """A patch for what upstream has mended already costs its sender the trust of the list."""
    found = fate(lambda text, finding: b"\n" + apply_edits(text, finding.fix.edits), "demo: unlock it")

    assert found.fate is Fate.FIXED
    assert found.commit.endswith('("demo: unlock it")')
    assert "fixed in HEAD, by " in found.words


@pytest.mark.parametrize("gone", [lambda text, _: b"", lambda text, _: text.replace(b"demo_writepage1", b"demo_wp")])
def test_code_that_went_is_gone(fate, gone):
    """What is gone can only be mended in stable trees."""

    assert fate(gone).fate is Fate.GONE


def test_another_change_is_no_fix(fate):
    """An unlock somewhere else in the function must not hide the breach."""
    change = lambda text, _: text.replace(b"\tint err;\n", b"\tint err = 0;\n")  # noqa: E731

    assert fate(change).fate is Fate.CHANGED
    without = lambda finding: dataclasses.replace(finding, fix=NoFix("x"))  # noqa: E731
    assert fate(lambda text, _: text.replace(b" = 0", b" = 1"), finding_of=without).fate is Fate.CHANGED
