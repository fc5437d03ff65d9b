"""The file of people's verdicts: what it accepts, how it is written, and what a run makes of it."""

import json
import tomllib
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from cocci_gen.errors import RuleDocumentError, StorageError
from cocci_gen.filters import Accepted, Reason, Rejected
from cocci_gen.findings.findings import Confidence
from cocci_gen.runs.baseline import Baseline, Ruling, Status, read_baseline, record
from cocci_gen.runs.rulings import FILTER, Scope, for_series, ruled, stale_rulings
from cocci_gen.scan.pipeline import Judged

PRINT = "0123456789abcdef"
OBLIGATION = "address_space_operations.writepage.unlocks"


def ruling(fingerprint=PRINT, status=Status.FALSE_POSITIVE, reason="the caller unlocks", **others):
    """A verdict of a person."""
    words = {"obligation": OBLIGATION, "file": "fs/demo/a.c", "function": "a_writepage1", "who": "A <a@x.example>"}
    return Ruling(fingerprint, **{**words, **others}, status=status, reason=reason, date=date(2025, 1, 31))


BLOCK = """\
[[verdict]]
fingerprint = "0123456789abcdef"
obligation = "address_space_operations.writepage.unlocks"
file = "fs/demo/a.c"
function = "a_writepage1"
status = "false-positive"
reason = "the caller unlocks"
date = 2025-01-31
who = "A <a@x.example>"
"""


def test_a_verdict_is_read_as_the_manual_shows_it(tmp_path):
    """The format that people type from the documentation must be the one that is read."""
    path = tmp_path / "cocci-gen.toml"
    path.write_text(BLOCK)

    assert Baseline((ruling(),)) == read_baseline(path)


def test_a_recorded_verdict_is_read_back(tmp_path):
    """A verdict that comes back changed would reject something else than what was judged."""
    path = tmp_path / "work" / "cocci-gen.toml"
    odd = ruling(reason='says "no" \\ \x1b[31m\ttab\nline \U0001f41b \x7f é', file="fs/\udcff.c")
    record(path, odd)

    (read,) = read_baseline(path).rulings

    assert odd.reason == read.reason
    assert "fs/\\xff.c" == read.file
    assert b"\x1b" not in path.read_bytes()


def test_order_and_comments_stay(tmp_path):
    """The file is reviewed as a diff: a new verdict may only add lines, a changed one only change its own."""
    path = tmp_path / "cocci-gen.toml"
    other = BLOCK.replace(PRINT, "f" * 16)
    path.write_text(f"# Ours.\n\n{BLOCK}\n# The next one was hard.\n{other}")

    record(path, ruling("a" * 16))
    record(path, ruling(status=Status.WONTFIX, reason="too old"))

    changed = BLOCK.replace("false-positive", "wontfix").replace("the caller unlocks", "too old")
    expected = f"# Ours.\n\n{changed}\n# The next one was hard.\n{other}\n{BLOCK.replace(PRINT, 'a' * 16)}"
    assert expected == path.read_text()


def test_headings_inside_strings_mislead_nobody(tmp_path):
    """A reason that quotes the format must not make the writer cut the file in the wrong place."""
    path = tmp_path / "cocci-gen.toml"
    quoting = BLOCK.replace('"the caller unlocks"', "'''\n[[verdict]]\nstatus = \"sent\"\n'''")
    path.write_text(quoting + "\n" + BLOCK.replace(PRINT, "f" * 16))

    record(path, ruling("f" * 16, Status.SENT, "v1"))

    assert [(PRINT, Status.FALSE_POSITIVE), ("f" * 16, Status.SENT)] == [
        (one.fingerprint, one.status) for one in read_baseline(path).rulings
    ]


def test_a_link_stays_a_link(tmp_path):
    """People keep such files in a repository of their own and link to them."""
    target = tmp_path / "real.toml"
    target.write_text(BLOCK)
    link = tmp_path / "cocci-gen.toml"
    link.symlink_to(target)

    record(link, ruling("a" * 16))

    assert link.is_symlink()
    assert 2 == len(tomllib.loads(target.read_text())["verdict"])


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[[verdict]]\nfingerprint = \n", 2, "is no TOML"),
        ("# x\n[[verdict]\n", 2, "is no TOML"),
        (f"# x\n{BLOCK.replace('false-positive', 'wrong')}", 7, "there are false-positive, sent"),
        (f"{BLOCK}\n{BLOCK}", 12, "in line 1 already"),
        (BLOCK.replace(PRINT, "0123"), 2, "16 hex digits"),
        (BLOCK.replace('reason = "the caller unlocks"', 'reason = " "'), 7, "needs a reason"),
        (BLOCK.replace("2025-01-31", '"yesterday"'), 8, "2025-01-31"),
        (BLOCK.replace("2025-01-31", "2025-01-31T10:00:00"), 8, "2025-01-31"),
        (BLOCK.replace("who =", "whom ="), 9, "'whom' is unknown"),
        (BLOCK.replace('who = "A <a@x.example>"', ""), 1, "has no who"),
        (BLOCK.replace('"fs/demo/a.c"', "7"), 4, "must be a string"),
        (f"keep = 4\n{BLOCK}", 1, "'keep' is unknown"),
        ("[verdict]\nstatus = 'sent'\n", 1, "two brackets"),
        ("verdict = [3]\n", 0, "write [[verdict]]"),
    ],
)
def test_a_broken_file_is_told_with_its_line(tmp_path, text, line, words):
    """A verdict that is passed over in silence comes back as a patch on a list."""
    path = tmp_path / "cocci-gen.toml"
    path.write_text(text)

    with pytest.raises(RuleDocumentError) as caught:
        read_baseline(path)

    assert (line, True) == (caught.value.line, words in str(caught.value))


def test_bytes_that_are_no_text_are_told_with_their_line(tmp_path):
    """An editor with another encoding must not end in a traceback."""
    path = tmp_path / "cocci-gen.toml"
    path.write_bytes(b"# one\n# \xff\n")

    with pytest.raises(RuleDocumentError, match="UTF-8") as caught:
        read_baseline(path)

    assert 2 == caught.value.line


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    """Half a baseline would bring every judged finding back."""
    path = tmp_path / "cocci-gen.toml"
    path.write_text(BLOCK)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cocci_gen.runs.baseline.os.fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        record(path, ruling("a" * 16))

    assert (BLOCK, [path]) == (path.read_text(), list(tmp_path.iterdir()))


@pytest.fixture
def judged(make_finding, demo_source):
    """judged(confidence) -> an accepted finding."""

    def make(confidence=Confidence.HIGH):
        tree = SimpleNamespace(read=lambda path: demo_source("a"))
        return Judged(make_finding(tree, "fs/demo/a.c", "a_writepage1", confidence=confidence), Accepted(), ())

    return make


def test_a_verdict_rejects_and_its_removal_accepts(judged):
    """A run folder is read again after verdicts have changed: what counts is what the file says now."""
    one = judged()
    against = Baseline((ruling(one.finding.fingerprint),))
    (rejected,) = ruled([one], against)

    assert Rejected((Reason(FILTER, "false-positive: the caller unlocks (A <a@x.example>, 2025-01-31)"),)) == (
        rejected.verdict
    )
    assert (one,) == ruled([rejected], Baseline())


def test_acceptance_overrules_no_filter(judged):
    """A person can say that a finding is real, not that its fix parses."""
    one = judged()
    refused = Judged(one.finding, Rejected((Reason("still_there", "the finding is still there"),)), ())
    taken = Baseline((ruling(one.finding.fingerprint, Status.ACCEPTED, ""),))

    assert (refused,) == ruled([refused], taken)
    assert () == for_series([refused], taken)


def test_a_person_lifts_a_moderate_finding_into_the_series(judged):
    """What somebody has read and accepted need not be of high confidence."""
    one = judged(Confidence.MODERATE)

    assert () == for_series([one], Baseline())
    assert (one,) == for_series([one], Baseline((ruling(one.finding.fingerprint, Status.ACCEPTED, ""),)))


def test_a_likely_breach_beside_a_sure_one_goes_with_it(judged):
    """A patch that mends two of three exits looks forgotten; a breach of another function, or a doubtful one, is not drawn in."""
    sure, likely = judged(), judged(Confidence.MODERATE)
    likely = replace(likely, finding=replace(likely.finding, fingerprint="1" * 16))
    elsewhere = replace(likely, finding=replace(likely.finding, fingerprint="2" * 16, function="other"))
    doubtful = replace(likely, finding=replace(likely.finding, fingerprint="3" * 16, confidence=Confidence.LOW))
    breach = replace(likely.finding.breach, resource_name="other")
    another = replace(likely, finding=replace(likely.finding, fingerprint="4" * 16, breach=breach))
    suppressed = Baseline((ruling("1" * 16, Status.FALSE_POSITIVE, "no"),))

    assert (sure, likely) == for_series([sure, likely, elsewhere, doubtful, another], Baseline())
    assert (sure,) == for_series([sure, likely], suppressed)


SCOPE = Scope(frozenset({OBLIGATION}), True, (), frozenset())


@pytest.mark.parametrize(
    ("scope", "reasons"),
    [
        (SCOPE, ["no longer found there"]),
        (Scope(frozenset({OBLIGATION}), True, ("fs/demo",), frozenset()), ["no longer found there"]),
        (Scope(frozenset({OBLIGATION}), True, ("fs/dem",), frozenset()), []),
        (Scope(frozenset(), True, (), frozenset()), ["the rules of this tree ask for no such thing"]),
        (Scope(frozenset(), False, (), frozenset()), []),
        (Scope(SCOPE.obligations, True, (), frozenset({(OBLIGATION, "fs/demo/a.c", "a_writepage1")})), []),
        (Scope(SCOPE.obligations, True, (), frozenset({(OBLIGATION, "fs/demo/a.c", "")})), []),
    ],
)
def test_only_what_was_examined_is_stale(scope, reasons):
    """A run over a part of the tree knows nothing of the rest; calling that stale would empty the file."""
    found = stale_rulings(Baseline((ruling(),)), [], scope, lambda: ["fs/demo/a.c"])

    assert reasons == [one.reason for one in found]


def test_a_stale_verdict_names_its_likely_heir(judged):
    """When the code has changed a little, the old verdict probably still tells what to think of it."""
    one = judged()
    old = ruling(obligation=one.finding.obligation.id, function=one.finding.function, file="fs/old/a.c")
    (stale,) = stale_rulings(Baseline((old,)), [one], SCOPE, lambda: ["fs/demo/a.c"])

    assert ("the file is gone", (one.finding.fingerprint,)) == (stale.reason, stale.perhaps)


def test_a_verdict_holds_from_scan_to_series_and_survives_a_moved_line(
    need, tmp_path, few_cases, cocci_gen_says, monkeypatch
):
    """Whoever has judged a finding once must not meet it again because somebody added a line above it."""
    need("spatch")
    monkeypatch.chdir(tmp_path)
    old, new = few_cases("old", "early-error-return"), few_cases("new", "early-error-return", above=b"/* More. */\n")
    assert 1 == cocci_gen_says("scan", "--kernel", old, "-o", "first", "--cache", "cache")[0]
    (found,) = [json.loads(line) for line in (tmp_path / "first/findings.jsonl").read_text().splitlines()]
    record(
        tmp_path / "cocci-gen.toml", ruling(found["fingerprint"], file=found["file"], obligation=found["obligation"])
    )
    record(tmp_path / "cocci-gen.toml", ruling("f" * 16, file="fs/gone.c"))

    code, stdout, stderr = cocci_gen_says("run", "--kernel", new, "-o", "second", "--cache", "cache")

    counts = json.loads((tmp_path / "second/run.json").read_text())
    (again,) = [json.loads(line) for line in (tmp_path / "second/findings.jsonl").read_text().splitlines()]
    assert (0, found["fingerprint"], found["line"] + 1) == (code, again["fingerprint"], again["line"])
    assert {"baseline": 1} == counts["counts"]["rejected_by_filter"]
    assert ["f" * 16] == [one["fingerprint"] for one in counts["baseline"]["stale"]]
    assert f"stale verdict: {'f' * 16} false-positive fs/gone.c a_writepage1(): the file is gone" in stderr
    assert "0 with 0 patches" in stdout
    assert "0 with 0 patches" in cocci_gen_says("series", "first", "--kernel", old)[1]


def test_a_baseline_that_is_not_there_is_an_error(tmp_path, few_cases, cocci_gen_says):
    """A mistyped name would send every judged finding again."""
    tree = few_cases("tree")
    code, _, stderr = cocci_gen_says("scan", "--kernel", tree, "-o", tmp_path / "o", "--baseline", tmp_path / "x.toml")

    assert (2, True) == (code, "x.toml cannot be read" in stderr)


def test_what_the_tree_brings_along_decides_nothing(tmp_path, few_cases, cocci_gen_says, monkeypatch):
    """A hostile tree could hide its findings, and the user's own file would dirty the checkout."""
    tree = few_cases("tree")
    (tree / "cocci-gen.toml").write_text("broken = [")
    monkeypatch.chdir(tree)

    code, _, stderr = cocci_gen_says("scan", "--kernel", tree, "-o", tmp_path / "o", "--baseline", "cocci-gen.toml")

    assert (2, True) == (code, "lies in the kernel tree" in stderr)
    assert 0 == cocci_gen_says("scan", "--kernel", tree, "-o", tmp_path / "o", "--cache", tmp_path / "c")[0]
