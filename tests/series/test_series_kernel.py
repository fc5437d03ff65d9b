"""Stage 8 on a real kernel: a hundred patches in a minute, none of them touching the checkout that they borrow from."""

import os
import random
import subprocess

import pytest

from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.findings.findings import Breach, Confidence, Edit, Finding, Fix, Registration, fingerprint, split_lines
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person
from cocci_gen.series.assembly import SeriesOptions, build_series
from cocci_gen.series.ladder.rungs import Passed, Rung

RULES = "Documentation/filesystems/locking.rst"
PATCH = "@releases exists@\n@@\n f(...)\n {\n ... when != unlock_page(...)\n+unlock_page(page);\n return -EIO;\n }\n"


@pytest.fixture
def borrowed(debian_kernel, tmp_path):
    """A bare repository that borrows the objects of Debian's 6.1, so that refs can be written."""
    root = debian_kernel("6.1")
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.strip()
    folder = tmp_path / "linux.git"
    for words in (["init", "-q", "--bare", str(folder)],):
        subprocess.run(["git", *words], check=True, capture_output=True)
    (folder / "objects/info/alternates").write_text(f"{root}/.git/objects\n")
    subprocess.run(["git", "update-ref", "refs/heads/main", head], cwd=folder, check=True, capture_output=True)
    return folder


def some_findings(tree, count):
    """Made-up findings at the first plain return of random files of fs/."""
    row = next(n for n, line in enumerate(tree.read(RULES).split(b"\n"), 1) if line.startswith(b"writepage:"))
    quote = " ".join(tree.read(RULES).decode().split("\n")[row - 1].split())
    rule = Obligation(
        "address_space_operations", "writepage", "unlocks", "page", "folio locked", "x", RuleSource(RULES, row, quote)
    )
    paths = [path for path in tree.blobs() if path.startswith("fs/") and path.endswith(".c")]
    findings = []
    for path in random.Random(4).sample(paths, len(paths)):
        lines = split_lines(tree.read(path))
        place = next(
            (n for n, line in enumerate(lines, 1) if line.startswith(b"\treturn ") and line.endswith(b";\n")), None
        )
        if place is None:
            continue
        fix = Fix((Edit(place, (), (b"\tunlock_page(page);\n",)),), PATCH, "")
        breach = Breach(lines[place - 1].decode().strip(), "", True, 0, ("unlock_page",), "page", "page")
        table = Registration("address_space_operations", "a_ops", path, 1)
        mark = fingerprint(rule.id, path, "f", "x")
        findings.append(Finding(mark, rule, path, "f", place, "m", Confidence.HIGH, breach, (table,), (), PATCH, fix))
        if len(findings) == count:
            break
    return findings


@pytest.mark.kernel
def test_a_hundred_patches_in_a_minute(borrowed, run_facts):
    """Whoever waits longer for a series than for the scan will not run it again.

    Measured is the work of all processes: 120 s of it are a minute on two cores, however busy the machine is.
    """
    with KernelTree.open(borrowed, "main") as tree:
        findings = some_findings(tree, 100)
        before = os.times()
        built = build_series(tree, findings, run_facts(tree, findings), SeriesOptions(Person("T. Ester", "t@x.org")))
        after = os.times()

    patches = [patch for series in built.series for patch in series.patches]
    assert (len(patches), built.left_out) == (100, ())
    assert sum(after[:4]) - sum(before[:4]) < 120
    assert max(len(series.patches) for series in built.series) <= 16
    assert all(Passed(Rung.MAIL) in patch.results for patch in patches)
    assert len({patch.subject for patch in patches}) == 100
    assert max(patch.envelope.size for patch in patches) <= 20
