"""The main job on Debian's kernels: what a fresh scan reports is what people have judged, and the series holds."""

import os
import subprocess
import tomllib
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from cocci_gen.baseline import Baseline
from cocci_gen.findings import Confidence, Fix
from cocci_gen.job_cache import JobCache
from cocci_gen.kernel_tree import KernelTree
from cocci_gen.pipeline import ScanOptions
from cocci_gen.runs import Request, make_run, make_series
from cocci_gen.spatch import Slice, SpatchRunner

pytestmark = [pytest.mark.kernel, pytest.mark.timeout(1500)]

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("6.1", "6.12")


def git(folder, *words, **more):
    """A git command that must work; its output without the last line end."""
    ended = subprocess.run(["git", *words], cwd=folder, capture_output=True, check=False, **more)
    assert ended.returncode == 0, ended.stderr.decode()
    return ended.stdout.decode("utf-8", "surrogateescape").strip()


@pytest.fixture(scope="session")
def borrowed(debian_kernel, tmp_path_factory):
    """borrowed("6.1") -> a bare repository with the objects of Debian's kernel, whose refs a test may write."""

    def make(version):
        root = debian_kernel(version)
        head = git(root, "rev-parse", "HEAD")
        folder = tmp_path_factory.mktemp("borrowed") / f"linux-{version}.git"
        git(root, "init", "-q", "--bare", str(folder))
        (folder / "objects/info/alternates").write_text(f"{root}/.git/objects\n")
        git(folder, "update-ref", "refs/heads/main", head)
        git(folder, "symbolic-ref", "HEAD", "refs/heads/main")
        return folder

    return make


@pytest.fixture(scope="session")
def scanned(borrowed, kernel_cache, tmp_path_factory):
    """scanned("6.1") -> a finished run of all rules over a kernel, made once in a session."""
    done = {}

    def scan(version):
        if version not in done:
            out = tmp_path_factory.mktemp("run") / version
            repository = borrowed(version)
            with KernelTree.open(repository) as tree:
                request = Request(ScanOptions(jobs=2), out, kernel_cache, "spatch", "a test")
                run = make_run(tree, request)
            done[version] = SimpleNamespace(run=run, out=out, repository=repository)
        return done[version]

    return scan


def key(file, function, obligation, confidence):
    """What a finding and a verdict have in common; several of one function are counted."""
    return file, function, obligation, confidence


def recorded(version):
    """The verdicts of people on a kernel."""
    return tomllib.loads((ROOT / f"corpus/linux-{version}.toml").read_text(encoding="utf-8"))["finding"]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_sure_finding_was_judged_by_a_person(version, scanned):
    """A new or changed rule would otherwise send findings that nobody has read in the kernel's source."""
    told = [one.finding for one in scanned(version).run.accepted if one.finding.obligation.kind != "prototype"]
    sure = Counter(
        key(one.file, one.function, one.obligation.id, one.confidence.value)
        for one in told
        if one.confidence is not Confidence.LOW
    )

    judged = Counter(
        key(one["file"], one["function"], one["obligation"], one["confidence"]) for one in recorded(version)
    )

    assert {one: count for one, count in sure.items() if judged[one] < count} == {}


@pytest.mark.parametrize("version", VERSIONS)
def test_what_was_judged_true_and_sure_is_still_found(version, scanned):
    """A rule made stricter could lose true findings without anybody noticing."""
    told = {
        key(one.finding.file, one.finding.function, one.finding.obligation.id, one.finding.confidence.value)
        for one in scanned(version).run.accepted
    }

    wanted = {
        key(one["file"], one["function"], one["obligation"], one["confidence"])
        for one in recorded(version)
        if one["verdict"] == "true" and one["confidence"] == "high"
    }

    assert wanted - told == set()


@pytest.mark.parametrize("version", VERSIONS)
def test_sure_findings_are_true(version, scanned):
    """Three wrong patches, and nobody opens the fourth: 95 of 100 high findings must be true, 70 of moderate ones."""
    verdicts = {
        key(one["file"], one["function"], one["obligation"], one["confidence"]): one["verdict"] == "true"
        for one in recorded(version)
    }
    for level, least in ((Confidence.HIGH, 0.95), (Confidence.MODERATE, 0.7)):
        true = [
            verdicts[key(one.file, one.function, one.obligation.id, level.value)]
            for one in (judged.finding for judged in scanned(version).run.accepted)
            if one.confidence is level and one.obligation.kind != "prototype"
        ]

        assert sum(true) >= least * len(true)


def test_the_two_that_a_person_finds_in_five_minutes(scanned):
    """vboxsf_writepage() and hostfs_writepage() of 6.1 break the contract in plain sight, and each has a right fix."""
    fixed = {
        (one.finding.function, one.finding.obligation.short): one.finding.fix.diff
        for one in scanned("6.1").run.accepted
        if isinstance(one.finding.fix, Fix)
    }

    assert "+\t\tunlock_page(page);" in fixed["vboxsf_writepage", "writepage.unlocks"]
    assert "+\tset_page_writeback(page);" in fixed["hostfs_writepage", "writepage.writeback"]
    assert "+\tend_page_writeback(page);" in fixed["hostfs_writepage", "writepage.writeback"]


@pytest.fixture(scope="session")
def series(scanned):
    """The series of 6.1, with the state of the borrowed repository before and after."""
    done = scanned("6.1")
    with KernelTree.open(done.repository) as tree:
        before = tree.state()
        made = make_series(tree, done.out, Baseline())
        after = tree.state()
        return SimpleNamespace(made=made, before=before, after=after, commit=tree.commit, **vars(done))


def test_the_series_leaves_the_repository_alone(series):
    """HEAD, index and work tree are the user's; a tool that changes them is not run a second time."""
    assert series.before == series.after


def test_every_patch_of_the_series_is_taken_by_git_am(series, tmp_path):
    """A mail that git am does not turn back into the same tree is no patch."""
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--shared", "--no-checkout", str(series.repository), str(clone))
    git(clone, "sparse-checkout", "set", "fs/vboxsf")
    git(clone, "checkout", "-q", "main")
    for one in series.made.made.series:
        git(clone, "checkout", "-q", series.commit)
        mails = sorted(
            str(path) for path in (series.out / "series" / one.slug).glob("0*.patch") if "/0000-" not in str(path)
        )
        git(clone, "am", "-q", *mails)

        assert git(clone, "rev-parse", "HEAD^{tree}") == git(series.repository, "rev-parse", f"{one.ref}^{{tree}}")
        for patch in one.patches:
            assert all(git(clone, "cat-file", "-t", f"HEAD:{path}") == "blob" for path in patch.paths)


def test_checkpatch_of_the_tree_has_nothing_to_say(series, debian_kernel):
    """The first thing that a maintainer's machine does with a patch."""
    script = debian_kernel("6.1") / "scripts/checkpatch.pl"
    mails = sorted(str(path) for path in (series.out / "series").glob("*/0*.patch") if "/0000-" not in str(path))
    ended = subprocess.run(
        ["perl", str(script), "--no-signoff", "--no-tree", "--terse", "--no-summary", *mails],
        capture_output=True,
        text=True,
        check=False,
        cwd=debian_kernel("6.1"),
    )

    assert ended.stdout == ""
    assert ended.returncode == 0


def test_the_patched_files_parse_and_their_findings_are_gone(series, kernel_cache, tmp_path):
    """A fix that leaves its finding, or brings another one, would be sent with a false claim in its message."""
    mended = {
        (file, function)
        for one in series.made.made.series
        for patch in one.patches
        for file, function in ((f.file, f.function) for f in fixed_by(series, patch.fingerprints))
    }
    for one in series.made.made.series:
        paths = tuple(sorted({path for patch in one.patches for path in patch.paths if path.endswith(".c")}))
        if not paths:
            continue
        with KernelTree.open(series.repository, one.ref) as tree:
            options = ScanOptions(paths=paths, jobs=2)
            run = make_run(tree, Request(options, tmp_path / one.slug, kernel_cache, "spatch", "a test"))
            with JobCache(kernel_cache / "jobs.sqlite") as cache, SpatchRunner(cache, 2) as runner:
                for path in paths:
                    assert runner.parse_check(Slice(path, tree.read(path))).bad_lines == before(series, runner, path)
        left = {
            (judged.finding.file, judged.finding.function, judged.finding.obligation.id)
            for judged in run.accepted
            if judged.finding.confidence is Confidence.HIGH
        }
        earlier = {
            (judged.finding.file, judged.finding.function, judged.finding.obligation.id)
            for judged in series.run.accepted
            if judged.finding.confidence is Confidence.HIGH
        }

        assert left <= earlier
        assert not {(file, function) for file, function, _ in left} & (mended - unmended(series))


def before(series, runner, path):
    """Lines of the unpatched file that spatch does not understand."""
    with KernelTree.open(series.repository, series.commit) as tree:
        return runner.parse_check(Slice(path, tree.read(path))).bad_lines


def fixed_by(series, fingerprints):
    """The findings of some fingerprints."""
    return [one.finding for one in series.run.accepted if one.finding.fingerprint in fingerprints]


def unmended(series):
    """Functions that also have a high finding for which there is no fix."""
    return {
        (one.finding.file, one.finding.function)
        for one in series.run.accepted
        if not isinstance(one.finding.fix, Fix) and one.finding.confidence is Confidence.HIGH
    }


def test_git_send_email_takes_the_series(series, need):
    """The exact command that the tool prints must work as it stands."""
    need("git-send-email")
    for one in series.made.made.series:
        mails = sorted(str(path) for path in (series.out / "series" / one.slug).glob("0*.patch"))
        ended = subprocess.run(
            ["git", "send-email", "--dry-run", "--confirm=never", "--quiet", "--thread", "--no-chain-reply-to", *mails],
            cwd=series.repository,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "GIT_SEND_EMAIL_NOTTY": "1"},
        )

        assert ended.returncode == 0, ended.stderr
