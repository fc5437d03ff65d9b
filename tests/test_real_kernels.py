"""The main job on Debian's kernels: what is found is what people have read, and the series of 6.1 can be sent.

The verdicts are facts in corpus/linux-VERSION.toml; whoever changes a rule reads what a scan then finds anew, and says so there.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from cocci_gen.findings.findings import Confidence
from cocci_gen.series.mails.mail import send_email_line

pytestmark = pytest.mark.kernel

ROOT = Path(__file__).resolve().parent.parent
RULES = ("address_space_operations.*.unlocks", "*.writeback")
OBLIGATION = re.compile(r"address_space_operations\.\w+\.(?:unlocks|writeback)")
VERSIONS = ("6.1", "6.12")
#: Of the accepted findings of high confidence, how many must be true.
PRECISION = 0.95
#: Of what people have read, how much may differ in a release of Debian's kernel that is not the one they read.
DRIFT = 0.2


def git(folder, *words):
    """What git prints, in a folder."""
    env = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    ended = subprocess.run(["git", *words], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert 0 == ended.returncode, f"git {words}: {ended.stderr}"
    return ended.stdout.strip()


def cocci_gen(command, kernel, out, cache, *words):
    """Run the command line over a kernel with the rules of this test; the run folder."""
    rules = [word for rule in RULES for word in ("--rule", rule)]
    argv = [
        sys.executable,
        "-m",
        "cocci_gen.cli",
        command,
        "--kernel",
        kernel,
        "-o",
        out,
        "--cache",
        cache,
        *rules,
        *words,
    ]
    ended = subprocess.run(map(str, argv), cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode in (0, 1), ended.stderr
    return out


def sparse(root, folder, paths):
    """A clone that borrows all objects and has only some folders in its work tree; made in a tenth of a second."""
    git(folder.parent, "clone", "-q", "--shared", "--no-checkout", str(root), str(folder))
    git(folder, "sparse-checkout", "set", "--cone", "--sparse-index", *paths)
    git(folder, "checkout", "-q")
    return folder


def findings(folder):
    """The findings of a run folder."""
    return [json.loads(line) for line in (folder / "findings.jsonl").read_text().splitlines()]


def facts(folder):
    """Everything of a checkout that a run must leave alone, read without refreshing the index."""
    return {
        "index": hashlib.sha256((folder / ".git/index").read_bytes()).hexdigest(),
        "config": (folder / ".git/config").read_text(),
        "head": (folder / ".git/HEAD").read_text(),
        "branches": git(folder, "for-each-ref", "refs/heads", "refs/remotes", "refs/tags"),
        "status": git(folder, "status", "--porcelain"),
        "stash": git(folder, "stash", "list"),
    }


@dataclass(frozen=True)
class Run:
    """One run: the folder that it wrote, the checkout that it read, and the facts of that before and after."""

    folder: Path
    checkout: Path
    before: dict
    after: dict


@pytest.fixture(scope="module")
def runs(tmp_path_factory, debian_kernel, kernel_cache):
    """runs("6.1") -> the run over that kernel, made once; the checkout is one that somebody is working in."""
    made = {}

    def run(version):
        if version not in made:
            place = tmp_path_factory.mktemp(f"linux-{version}")
            checkout = sparse(debian_kernel(version), place / "linux", ["fs/vboxsf", "fs/hostfs"])
            with (checkout / "fs/vboxsf/file.c").open("a") as file:
                file.write("somebody is working here\n")
            (checkout / "fs/hostfs/notes").write_text("a staged file\n")
            git(checkout, "add", "-f", "fs/hostfs/notes")
            before = facts(checkout)
            out = cocci_gen("run" if version == "6.1" else "scan", checkout, place / "out", kernel_cache)
            made[version] = Run(out, checkout, before, facts(checkout))
        return made[version]

    return run


# What is found.


def verdicts(version):
    """The verdicts of people on findings of these kinds."""
    data = tomllib.loads((ROOT / f"corpus/linux-{version}.toml").read_text(encoding="utf-8"))
    return [entry for entry in data["finding"] if OBLIGATION.fullmatch(entry["obligation"])]


def allowed(version, kernel):
    """How many findings may differ: none in the release that the verdicts are about."""
    judged = tomllib.loads((ROOT / f"corpus/linux-{version}.toml").read_text(encoding="utf-8"))["release"]
    subject = git(kernel, "log", "-1", "--format=%s")
    return 0 if judged in subject.split() else int(DRIFT * len(verdicts(version)))


def recorded(version, outcome):
    """(file, function, obligation, exit, condition, confidence) of what people have read, with how often."""
    keys = ("file", "function", "obligation", "exit", "condition", "confidence")
    return Counter(tuple(one[key] for key in keys) for one in verdicts(version) if one["outcome"] == outcome)


def reported(run, outcome):
    """The same of what the scan reports."""
    keys = ("file", "function", "obligation", "statement", "condition", "confidence")
    every = ({**one, **one["breach"]} for one in findings(run.folder) if one["verdict"] == outcome)
    return Counter(tuple(one[key] for key in keys) for one in every)


@pytest.mark.parametrize("outcome", ["accepted", "rejected"])
@pytest.mark.parametrize("version", VERSIONS)
def test_every_finding_has_been_read(runs, version, outcome, debian_kernel):
    """A finding that nobody has read may be false, and a rejected one may be true."""
    unread = reported(runs(version), outcome) - recorded(version, outcome)

    assert unread.total() <= allowed(version, debian_kernel(version)), unread


@pytest.mark.parametrize("outcome", ["accepted", "rejected"])
@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_that_was_read_is_missing(runs, version, outcome, debian_kernel):
    """A rule that became blind must not be taken for a cleaner kernel."""
    missing = recorded(version, outcome) - reported(runs(version), outcome)

    assert missing.total() <= allowed(version, debian_kernel(version)), missing


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_called_sure_is_true(version):
    """Nobody reads a second series of a tool that was wrong in the first; the two tests above tie this to the scan."""
    sure = [one for one in verdicts(version) if (one["outcome"], one["confidence"]) == ("accepted", "high")]

    assert sure
    assert len(sure) * PRECISION <= sum(one["verdict"] in ("taken", "letter") for one in sure)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_verdict_has_its_reason(version):
    """A verdict that nobody can check is an opinion."""
    silent = [one["function"] for one in verdicts(version) if len(one["reason"].split()) < 4]

    assert [] == silent


@pytest.mark.parametrize("function", ["vboxsf_writepage", "hostfs_writepage"])
def test_what_a_person_finds_in_five_minutes_is_found(runs, function):
    """Whoever tries the tool looks for these first."""
    found = [
        one for one in findings(runs("6.1").folder) if one["function"] == function and one["verdict"] == "accepted"
    ]

    assert {"high"} == {one["confidence"] for one in found}
    assert any(one["fix"] for one in found)


# The series of 6.1.


@dataclass(frozen=True)
class Applied:
    """The series, applied with git am to a checkout: the trees that came of each, and all of them on top of each other."""

    checkout: Path
    base: str
    trees: dict
    tip: str
    paths: tuple

    @property
    def folders(self):
        """The folders of the changed files."""
        return sorted({str(Path(path).parent) for path in self.paths})


@pytest.fixture(scope="module")
def listed(runs):
    """What series.json of the run over 6.1 says."""
    return json.loads((runs("6.1").folder / "series/series.json").read_text())["series"]


@pytest.fixture(scope="module")
def mails(runs, listed):
    """Folder of a series -> its patches, in order, without the cover letter."""
    place = runs("6.1").folder / "series"
    return {one["folder"]: [place / one["folder"] / patch["file"] for patch in one["patches"]] for one in listed}


@pytest.fixture(scope="module")
def applied(listed, mails, debian_kernel, tmp_path_factory):
    """Every series on the base, each alone and all together."""
    paths = sorted({path for one in listed for patch in one["patches"] for path in patch["paths"]})
    folders = sorted({str(Path(path).parent) for path in paths})
    checkout = sparse(debian_kernel("6.1"), tmp_path_factory.mktemp("am") / "linux", folders)
    base = git(checkout, "rev-parse", "HEAD")
    trees = {}
    for name, patches in mails.items():
        git(checkout, "checkout", "-q", "--detach", base)
        git(checkout, "am", "-q", *map(str, patches))
        trees[name] = git(checkout, "log", "--reverse", "--format=%T", f"{base}..").splitlines()
    git(checkout, "checkout", "-q", "--detach", base)
    for patches in mails.values():
        git(checkout, "am", "-q", *map(str, patches))
    return Applied(checkout, base, trees, git(checkout, "rev-parse", "HEAD"), tuple(paths))


def test_git_am_gives_the_trees_that_were_meant(listed, applied):
    """A patch that applies and gives something else is worse than one that does not apply."""

    assert listed
    assert {one["folder"]: [patch["tree"] for patch in one["patches"]] for one in listed} == applied.trees


def test_each_finding_to_be_sent_is_in_one_patch(runs, listed):
    """What is found and mended and then forgotten helps nobody; what is sent twice annoys."""
    mended = [one for one in findings(runs("6.1").folder) if one["verdict"] == "accepted" and one["fix"]]
    ready = [one["fingerprint"] for one in mended if one["confidence"] == "high"]
    beside = {
        one["fingerprint"] for one in mended if one["confidence"] == "moderate"
    }  # goes with a sure one of its function
    sent = [mark for one in listed for patch in one["patches"] for mark in patch["fingerprints"]]

    assert sorted(ready) == sorted(mark for mark in sent if mark not in beside)
    assert len(sent) == len(set(sent))


def test_checkpatch_has_nothing_to_say(mails, debian_kernel, tmp_path, need):
    """It is the first thing that a maintainer's machine says about a patch."""
    perl = need("perl")
    for name in ("checkpatch.pl", "spelling.txt", "const_structs.checkpatch"):
        (tmp_path / name).write_text(git(debian_kernel("6.1"), "show", f"HEAD:scripts/{name}"))
    complaints = {}
    for patch in (patch for patches in mails.values() for patch in patches):
        argv = [perl, tmp_path / "checkpatch.pl", "--no-tree", "--no-signoff", "--terse", patch]
        ended = subprocess.run(map(str, argv), cwd=tmp_path, capture_output=True, text=True, check=False)
        if ended.returncode or ended.stdout or ended.stderr:
            complaints[patch.name] = ended.stdout + ended.stderr

    assert {} == complaints


def bad_lines(program, text, folder):
    """How many lines of a file spatch cannot parse."""
    (folder / "file.c").write_text(text)
    argv = [program, "--parse-c", "--macro-file-builtins", ROOT / "templates/macros.h", "file.c"]
    ended = subprocess.run(map(str, argv), cwd=folder, capture_output=True, text=True, check=True)
    return int(re.search(r"nb bad = (\d+)", ended.stdout)[1])


def test_changed_files_parse(applied, need, tmp_path):
    """A fix may not break what could be read before."""
    spatch, worse = need("spatch"), {}
    for path in applied.paths:
        texts = (git(applied.checkout, "show", f"{commit}:{path}") for commit in (applied.base, applied.tip))
        before, after = (bad_lines(spatch, text, tmp_path) for text in texts)
        if after > before:
            worse[path] = (before, after)

    assert {} == worse


def changed_lines(diff):
    """What a diff takes away and adds, however it is laid out."""
    lines = (line.rstrip() for line in diff.split("\n"))
    return Counter(line for line in lines if re.match(r"[+-](?![+-]{2} )\s*\S", line) and line != "--")


def test_the_semantic_patch_of_a_mail_makes_the_patch(applied, mails, need, tmp_path):
    """A reviewer copies it out of the mail and runs it; where it makes more than the patch, it is not in the mail."""
    spatch, other, wide = need("spatch"), {}, 0
    for mail in (patch for patches in mails.values() for patch in patches):
        text = mail.read_text("utf-8")
        rules = re.findall(r"^  // <smpl>\n(.*?)^  // </smpl>", text, re.S | re.M)
        diff = text[text.index("\ndiff --git") :]
        made = Counter()
        for path, rule in product(re.findall(r"^\+\+\+ b/(\S+)", diff, re.M), rules):
            (tmp_path / "rule.cocci").write_text(re.sub(r"^  ", "", rule, flags=re.M))
            (tmp_path / "file.c").write_text(git(applied.checkout, "show", f"{applied.base}:{path}"))
            argv = [spatch, "--sp-file", "rule.cocci", "file.c"]
            made += changed_lines(subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=True).stdout)
        more = re.search(r"only\s+a\s+part\s+of\s+what\s+a\s+semantic\s+patch\s+makes", text) is not None
        wide += more
        if rules and not (made < changed_lines(diff) if more else changed_lines(diff) == made):
            other[mail.name] = made

    assert {} == other
    assert wide < len([patch for patches in mails.values() for patch in patches]) / 4


def test_the_findings_are_gone_and_none_is_new(listed, applied, kernel_cache, tmp_path):
    """Both commits are scanned in the same way, limited to the folders of the changed files."""
    words = [word for folder in applied.folders for word in ("--path", folder)]
    before, after = (
        findings(cocci_gen("scan", applied.checkout, tmp_path / commit, kernel_cache, "--rev", commit, *words))
        for commit in (applied.base, applied.tip)
    )
    old, new = ({one["fingerprint"]: one for one in found if one["verdict"] == "accepted"} for found in (before, after))
    mended = {mark for one in listed for patch in one["patches"] for mark in patch["fingerprints"]}
    gone = set(old) - set(new)

    assert set() == mended - gone
    # A return is reported by the surest of the ways to it; mended, it may show by a doubtful one, and by nothing else.
    surest = {}
    for mark in mended:
        one = old[mark]
        place = (one["file"], one["function"], one["obligation"])
        surest[place] = max(surest.get(place, 0), Confidence(one["confidence"]).rank)
    for mark in set(new) - set(old):
        one = new[mark]
        assert Confidence(one["confidence"]).rank < surest.get((one["file"], one["function"], one["obligation"]), 0), (
            one
        )
    # An exit that is mended for one rule may be mended for the other by the same edit; nothing else may vanish.
    assert exits(old, mended) == exits(old, gone)


def exits(found, marks):
    """Where findings are."""
    return {(found[mark]["file"], found[mark]["function"], found[mark]["line"]) for mark in marks}


def test_git_send_email_takes_all_of_it(mails, runs, need):
    """The lines that the run prints, with --dry-run: nothing is asked, nothing is refused."""
    need("git-send-email")
    sent = []
    for patches in mails.values():
        line = send_email_line(patches[0].parent)  # shown to users once every patch is signed off
        dry = line.replace("--confirm=always", "--confirm=never") + " --dry-run"
        ended = subprocess.run(
            ["bash", "-c", dry], cwd=runs("6.1").checkout, capture_output=True, text=True, check=False
        )
        assert 0 == ended.returncode, ended.stderr
        sent.append(ended.stdout.count("Result: OK"))

    with_covers = [len(list(patches[0].parent.glob("*.patch"))) for patches in mails.values()]
    assert sorted(with_covers) == sorted(sent)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_checkout_is_left_alone(runs, version):
    """HEAD, branches, index, status, configuration and unsaved work are the user's, not ours."""
    run = runs(version)

    assert run.before == run.after
    assert (run.checkout / "fs/vboxsf/file.c").read_text().endswith("somebody is working here\n")
