"""Hand-over of a series: branches on request, and sign-offs for what a person has reviewed."""

import json
import subprocess
import tomllib

import pytest

from cocci_gen.errors import UsageProblem
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.runs.baseline import Baseline, read_baseline
from cocci_gen.runs.made_series import make_branches, make_series
from cocci_gen.runs.making import Request, make_run
from cocci_gen.scan.pipeline import ScanOptions


@pytest.fixture
def finished(few_cases, tmp_path, need):
    """An open tree with one breach, and the folder of its scan."""
    need("spatch")
    out = tmp_path / "run"
    with KernelTree.open(few_cases("hand-over", "early-error-return")) as tree:
        run = make_run(tree, Request(ScanOptions(jobs=1), out, tmp_path / "cache", "spatch", "a test"))
        yield tree, out, run


def test_branches_are_made_on_request_and_never_over_others(finished):
    """A branch of the user's that moved would be work lost."""
    tree, out, _ = finished
    made = make_series(tree, out, Baseline()).made

    [name] = make_branches(tree, made, "locking")
    tip = tree.git("rev-parse", f"refs/heads/{name}").decode().strip()

    assert made.series[0].patches[-1].commit.oid == tip
    with pytest.raises(UsageProblem, match="exists already"):
        make_branches(tree, made, "locking")


def test_only_what_was_reviewed_is_signed(finished, tmp_path):
    """A sign-off certifies that a person has looked; without one in the baseline, --signoff signs nothing."""
    tree, out, run = finished
    [mark] = {one.finding.fingerprint for one in run.accepted if one.finding.obligation.kind == "unlocks"}
    path = tmp_path / "cocci-gen.toml"
    one = next(one.finding for one in run.accepted if one.finding.fingerprint == mark)
    path.write_text(
        f'[[verdict]]\nfingerprint = "{mark}"\nobligation = "{one.obligation.id}"\nfile = "{one.file}"\n'
        f'function = "{one.function}"\nstatus = "accepted"\nreason = "read"\ndate = 2026-11-23\nwho = "A <a@a.example>"\n'
    )
    tomllib.loads(path.read_text())

    unread = make_series(tree, out, Baseline(), signoff=True).made.series[0].patches[0]
    unasked = make_series(tree, out, read_baseline(path)).made.series[0].patches[0]
    signed = make_series(tree, out, read_baseline(path), signoff=True).made.series[0].patches[0]

    assert (False, False, True) == (unread.signed, unasked.signed, signed.signed)
    body = subprocess.run(
        ["git", "log", "-1", "--format=%B", signed.commit.oid],
        cwd=tree.root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Signed-off-by: Test Person <person@test.example>" in body.splitlines()


def test_what_has_no_fix_is_told_beside_what_has_one(finished):
    """A finding without a fix is in no series; who gets a patch of the same function must read of it all the same."""
    tree, out, run = finished
    [mended] = [one.finding for one in run.accepted if one.finding.obligation.kind == "unlocks"]
    path = out / "findings.jsonl"
    [line] = [line for line in path.read_text().splitlines() if mended.fingerprint in line]
    other = {
        **json.loads(line),
        "fingerprint": "f" * 16,
        "line": mended.line + 1,
        "fix": None,
        "message": "another exit",
    }
    path.write_text(
        path.read_text() + json.dumps(other) + "\n" + json.dumps({**other, "confidence": "low", "message": "a doubt"})
    )

    notes = " ".join(make_series(tree, out, Baseline()).made.series[0].patches[0].mail.data.decode().split())
    assert "another exit. There is no fix for it here" in notes
    assert "a doubt" not in notes
