"""The review of findings: what is shown, what is asked, and what is written down."""

import io
import os
import pty
import re
import select
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console
from rich.text import Text

from cocci_gen.errors import UsageProblem
from cocci_gen.facts.calls.steps import Step
from cocci_gen.filters import Accepted, Reason, Rejected
from cocci_gen.findings.findings import Confidence, NoFix
from cocci_gen.runs.baseline import Status, read_baseline
from cocci_gen.runs.pages import Missing, list_line, page, shown
from cocci_gen.runs.review import Reviewer, Session, Terminal, find, queue
from cocci_gen.scan.pipeline import Judged

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def finding(make_finding, demo_source):
    """finding(function, confidence) -> a finding with a fix."""

    def make(function="a_writepage1", confidence=Confidence.HIGH):
        tree = SimpleNamespace(read=lambda path: demo_source("a"))
        made = make_finding(tree, "fs/demo/a.c", function, confidence=confidence)
        return replace(made, fix=replace(made.fix, diff="--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n"))

    return make


@pytest.fixture
def reviewer(tmp_path):
    """Somebody with a baseline that does not exist yet."""
    return Reviewer(tmp_path / "cocci-gen.toml", "A <a@x.example>", date(2025, 1, 31))


@pytest.fixture
def sit(reviewer, demo_source):
    """sit(findings, *answers) -> the session after it, and all that was shown."""

    def run(findings, *answers):
        waiting, screen = list(answers), io.StringIO()

        def ask(_):
            if not waiting:
                raise EOFError
            return waiting.pop(0)

        show = Console(file=screen, width=500).print
        terminal = Terminal(show, ask, lambda text: show(Text("PAGER "), text), lambda text: "written in an editor\n")
        session = Session(reviewer, lambda path: demo_source("a"), terminal)
        session.step(findings)
        assert [] == waiting
        return session, screen.getvalue()

    return run


def printed(judged, source):
    """A page as a terminal gets it."""
    screen = io.StringIO()
    Console(file=screen, width=500, force_terminal=True, markup=False).print(page(judged, None, source))
    return screen.getvalue()


def test_the_page_holds_what_a_judge_needs(finding, demo_source):
    """Whoever has to look elsewhere for the rule, the path or the reasons of a filter judges without them."""
    refused = Judged(finding(), Rejected((Reason("still_there", "the finding is still there"),)), ("applies", "parses"))
    text = re.sub(r"\x1b\[[0-9;]*m", "", printed(refused, lambda path: demo_source("a")))

    for words in (
        "fs/demo/a.c:",
        "a_writepage1() returns with the page locked",
        "address_space_operations.writepage.unlocks",
        "locking.rst:272:\n              writepage: yes, unlocks",
        "struct address_space_operations demo_aops (fs/demo/a.c:7)",
        "<- info is NULL",
        "  -old\n  +new",
        "checked: applies, parses",
        "filter still_there: the finding is still there",
    ):
        assert words in text
    assert re.search(r"^> +\d+ +return -EIO;   <- returns with the page locked$", text, re.MULTILINE)


def test_a_long_function_is_shown_around_its_path(finding):
    """Three hundred lines on a screen hide the two that matter."""
    body = b"".join(b"\tx = %d;\n" % number for number in range(300))
    code = b"static int a_writepage1(void)\n{\n" + body + b"\treturn 0;\n}\n"
    one = replace(finding(), line=150, evidence=(Step("fs/demo/a.c", 20, "here"), Step("fs/b.c", 2, "there")))
    text = re.sub(r"\x1b\[[0-9;]*m", "", printed(Judged(one, Accepted(), ()), lambda path: code))
    shown_lines = [int(number) for number in re.findall(r"^[> ] +(\d+)  ", text, re.MULTILINE)]

    assert [1, 2, *range(15, 26), *range(145, 156), *range(1, 8)] == shown_lines
    assert "..." in text


def test_a_doubt_speaks_against_a_finding_and_is_no_step_of_its_path(finding, demo_source):
    """Who judges would take it for a part of the proof."""
    steps = (Step("fs/demo/a.c", 2, "called"), Step("fs/demo/a.c", 3, "low: an old caller may hold it"))
    text = page(Judged(replace(finding(), evidence=steps), Accepted(), ()), None, lambda _: demo_source("a")).plain
    path, _, against = text.partition("fix\n")

    assert "called" in path
    assert "an old caller" not in path
    assert "doubt fs/demo/a.c:3: low: an old caller may hold it" in against


def test_a_tree_that_is_gone_leaves_the_rest_of_the_page(finding):
    """A verdict is often due after the checkout was removed."""
    text = printed(
        Judged(replace(finding(), fix=NoFix("none")), Accepted(), ()), lambda path: Missing("no such folder")
    )

    assert "cannot be shown: no such folder" in text
    assert "no fix: none" in text


@pytest.mark.parametrize("hostile", ["\x1b]0;owned\x07", "\x9b31m", "\u202e", "\u200b", "\r", "[red]x[/red]", "\udcff"])
def test_no_control_character_of_a_tree_reaches_the_terminal(finding, hostile):
    """A terminal obeys what it is sent: titles, clipboards and answers can be set from a comment in C."""
    one = finding()
    evil = replace(
        one,
        file=f"fs/{hostile}.c",
        function=f"f{hostile}",
        message=hostile,
        evidence=(Step(f"fs/{hostile}.c", 1, hostile),),
        fix=replace(one.fix, diff=f"+{hostile}\n"),
        obligation=replace(one.obligation, source=replace(one.obligation.source, quote=hostile)),
    )
    source = f"int x; /* {hostile} */\n".encode("utf-8", "surrogateescape")
    text = printed(Judged(evil, Rejected((Reason("f", hostile),)), (hostile,)), lambda path: source)
    bare = re.sub(r"\x1b\[[0-9;]*m", "", text)

    assert all(one.isprintable() or one == "\n" for one in bare)
    assert all(one.isprintable() for one in list_line(Judged(evil, Accepted(), ()), None))
    assert ("[red]x[/red]" in bare) == ("red" in hostile)


def test_endless_lines_are_cut():
    """A line of 2,000 columns pushes everything else off the screen."""

    assert f"{'x' * 300} [1700 more columns]" == shown("x" * 2000)


def test_each_answer_is_written_at_once(sit, reviewer, finding):
    """Whoever is interrupted after an hour keeps the hour."""
    findings = [Judged(finding(name), Accepted(), ()) for name in ("a_writepage1", "a_writepage2")]
    session, _ = sit(findings, "?", "r", "w", "  too \t old ", "a")

    assert (1, 1, 0) == (session.accepted, session.rejected, session.later)
    assert [(Status.WONTFIX, "too old"), (Status.ACCEPTED, "")] == [
        (one.status, one.reason) for one in read_baseline(reviewer.path).rulings
    ]
    assert {("A <a@x.example>", date(2025, 1, 31))} == {
        (one.who, one.date) for one in read_baseline(reviewer.path).rulings
    }


def test_a_rejection_without_a_reason_is_none(sit, reviewer, finding):
    """A bare no teaches nobody anything; the question comes again."""
    session, screen = sit([Judged(finding(), Accepted(), ())], "r", "", "", "r", "z", "b", "l")

    assert "no reason, so it is not rejected" in screen
    assert (0, 1, False) == (session.rejected, session.later, reviewer.path.exists())


def test_a_verdict_can_be_taken_back(sit, reviewer, finding):
    """A slip of the finger must not stay in the file, and must not cost the verdict that stood there before."""
    findings = [Judged(finding(name), Accepted(), ()) for name in ("a_writepage1", "a_writepage2")]
    reviewer.judge(findings[1], Status.SENT, "v1")
    session, screen = sit(findings, "u", "a", "r", "", "wrong", "u", "u", "l", "a", "q")

    assert (1, 0, 1) == (session.accepted, session.rejected, session.later)
    assert [(findings[1].finding.fingerprint, Status.ACCEPTED)] == [
        (one.fingerprint, one.status) for one in read_baseline(reviewer.path).rulings
    ]
    assert screen.count("1 of 2") == 2


def test_undo_restores_an_earlier_verdict(sit, reviewer, finding):
    """What somebody wrote yesterday is not to be lost by a slip today."""
    one = Judged(finding(), Accepted(), ())
    reviewer.judge(one, Status.SENT, "v1")
    sit([one, Judged(finding("a_writepage2"), Accepted(), ())], "a", "u", "q")

    assert [(Status.SENT, "v1")] == [(one.status, one.reason) for one in read_baseline(reviewer.path).rulings]


def test_one_verdict_serves_a_group_of_the_same_fix(sit, reviewer, finding):
    """Three findings that one change mends are one question."""
    findings = [Judged(finding(name), Accepted(), ()) for name in ("a_writepage1", "a_writepage2")]
    other = Judged(replace(finding(), fingerprint="0" * 16, fix=NoFix("none")), Accepted(), ())
    session, screen = sit([*findings, other], "g", "x", "g", "r", "", "not ours", "g", "q")

    assert (0, 2, 1) == (session.accepted, session.rejected, session.later)
    assert {"not ours"} == {one.reason for one in read_baseline(reviewer.path).rulings}
    assert "no other finding here has the same fix" in screen
    assert 2 == len(read_baseline(reviewer.path).rulings)


def test_a_group_is_taken_back_as_a_whole(sit, reviewer, finding):
    """One answer, one undo."""
    findings = [Judged(finding(name), Accepted(), ()) for name in ("a_writepage1", "a_writepage2")]
    last = Judged(replace(finding(), fingerprint="0" * 16, fix=NoFix("none")), Accepted(), ())
    session, _ = sit([*findings, last], "g", "a", "u", "q")

    assert (0, 3, ()) == (session.accepted, session.later, read_baseline(reviewer.path).rulings)


def test_the_queue_can_be_narrowed_and_widened(sit, finding):
    """Whoever judges one file system, or only sure ones, says so at the prompt."""
    findings = [Judged(finding(name), Accepted(), ()) for name in ("a_writepage1", "a_writepage2")]
    session, screen = sit(findings, "f", "HIGH writepage2", "f", "nothing", "f", "", "a", "q")

    assert ("1 of 1" in screen, "no finding has 'nothing'" in screen) == (True, True)
    assert (1, 1) == (session.accepted, session.later)


def test_what_a_filter_keeps_out_comes_after_it(sit, finding):
    """The review ended after the filter's last finding, and its user believed that all were judged."""
    findings = [Judged(finding(name), Accepted(), ()) for name in ("a_writepage1", "a_writepage2")]
    findings.append(Judged(replace(finding(), fingerprint="0" * 16), Accepted(), ()))
    session, screen = sit(findings, "f", "writepage2", "a", "x", "", "a", "l", "")

    assert "'x' is no answer here" in screen
    assert ("1 of 2" in screen, 2, 1) == (True, session.accepted, session.later)
    session, screen = sit(findings, "f", "writepage2", "a", "q")
    assert (1, 2, 2) == (session.accepted, session.later, screen.count(" of "))


def test_help_pager_and_editor_are_there(sit, reviewer, finding):
    """The keys explain themselves, long pages scroll, long reasons are written where one can write."""
    _, screen = sit([Judged(finding(), Accepted(), ())], "?", "p", "r", "", "e")

    assert "u  undo: take the last answer back" in screen
    assert "PAGER" in screen
    assert ["written in an editor"] == [one.reason for one in read_baseline(reviewer.path).rulings]


def test_code_is_coloured_as_c(finding, demo_source):
    """Keywords stand out; the text is the same."""
    text = printed(Judged(finding(), Accepted(), ()), lambda path: demo_source("a"))

    assert re.search(r"\x1b\[[0-9;]*mreturn\x1b", text)


@pytest.mark.parametrize("typed", ["if the caller holds it", "fixed", "wf", "5"])
def test_words_are_no_keys(sit, reviewer, finding, typed):
    """Who types the reason at the question for the status would have judged by its first letter."""
    _, screen = sit([Judged(finding(), Accepted(), ())], "r", typed, "wontfix", "not ours")

    assert f"{typed!r} is no answer here" in screen
    assert [Status.WONTFIX] == [one.status for one in read_baseline(reviewer.path).rulings]


@pytest.mark.parametrize("typed", ["x", "aa", "yes", ""])
def test_an_unknown_key_is_told(sit, finding, typed):
    """Silence, and the same question again, looks like a broken keyboard."""
    _, screen = sit([Judged(finding(), Accepted(), ())], typed, "q")

    assert ("is no answer here" if typed else "that needs an answer") in screen


def test_nothing_to_undo_is_told(sit, finding):
    """The same."""
    assert "there is no answer to take back" in sit([Judged(finding(), Accepted(), ())], "u", "q")[1]


@pytest.mark.parametrize("answers", [("q",), ()])
def test_leaving_keeps_the_rest_for_later(sit, finding, answers):
    """End of input is no verdict."""
    findings = [Judged(finding(name), Accepted(), ()) for name in ("a_writepage1", "a_writepage2")]
    session, _ = sit(findings, *answers)

    assert (0, 0, 2) == (session.accepted, session.rejected, session.later)


def test_the_surest_open_findings_come_first(finding, reviewer):
    """What filters reject or somebody has judged is out of the way unless asked for."""
    low = Judged(finding("a_writepage1", Confidence.LOW), Accepted(), ())
    high = Judged(finding("a_writepage2"), Accepted(), ())
    refused = replace(low, verdict=Rejected((Reason("f", "r"),)))

    assert (high, low) == queue([low, high, high], reviewer.baseline())
    assert () == queue([refused], reviewer.baseline())
    reviewer.judge(high, Status.SENT, "v1")
    assert (low,) == queue([low, high], reviewer.baseline())
    assert 2 == len(queue([low, high], reviewer.baseline(), everything=True))


def test_a_fingerprint_may_be_shortened_but_not_guessed(finding):
    """A verdict on the wrong finding is worse than none."""
    findings = [Judged(finding(name), Accepted(), ()) for name in ("a_writepage1", "a_writepage2")]
    wanted = findings[1].finding.fingerprint

    assert findings[1] == find(findings, wanted[:8])
    for wrong in ("", wanted[:1], "zzzz", f"{wanted}0"):
        with pytest.raises(UsageProblem):
            find(findings, wrong)


@pytest.fixture
def scanned(need, tmp_path, few_cases, cocci_gen_says, monkeypatch):
    """A folder with a run in `run` that has two findings."""
    need("spatch")
    monkeypatch.chdir(tmp_path)
    tree = few_cases("tree", "early-error-return", "error-in-loop")
    assert 1 == cocci_gen_says("scan", "--kernel", tree, "-o", "run", "--cache", "cache")[0]
    return tmp_path


def test_a_script_can_judge(scanned, cocci_gen_says):
    """Verdicts come from other tools too, and from people without a terminal."""
    first, second = (line.split() for line in cocci_gen_says("review", "run", "--list")[1].splitlines())
    code, stdout, _ = cocci_gen_says(
        "review", "run", "--accept", first[0], "--reject", second[0], "--reason", "sent as v1", "--status", "sent"
    )

    assert (0, 2) == (code, len(stdout.splitlines()))
    assert "" == cocci_gen_says("review", "run", "--list")[1]
    standings = [line.split()[2] for line in cocci_gen_says("review", "run", "--list", "--all")[1].splitlines()]
    assert ["accepted", "sent"] == standings
    assert "Test Person <person@test.example>" == read_baseline(scanned / "cocci-gen.toml").rulings[0].who
    assert "1 with 1 patch in" in cocci_gen_says("series", "run")[1]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "needs a terminal"),
        (("--reject", "zzzz", "--reason", "x"), "is the fingerprint of no finding"),
        (("--baseline", "tree/cocci-gen.toml", "--list"), "lies in the kernel tree"),
    ],
)
def test_misuse_is_told_in_one_line(scanned, cocci_gen_says, words, complaint):
    """A mistake must neither hang in a pipe nor end in a traceback."""
    code, _, stderr = cocci_gen_says("review", "run", *words)

    assert (2, True, False) == (code, complaint in stderr, (scanned / "cocci-gen.toml").exists())


@pytest.mark.usefixtures("scanned")
def test_a_rejection_by_script_needs_a_reason(cocci_gen_says):
    """The file is for those who come after."""
    wanted = cocci_gen_says("review", "run", "--list")[1].split()[0]
    code, _, stderr = cocci_gen_says("review", "run", "--reject", wanted)

    assert (2, True) == (code, "--reason" in stderr)


def test_a_real_terminal_is_served(scanned):
    """Prompts, keys and the end of input behave differently on a terminal than in a test."""
    try:
        child, terminal = pty.fork()
    except OSError as error:
        pytest.skip(f"no pseudo-terminal to be had here: {error}")
    if not child:
        words = [sys.executable, "-m", "cocci_gen.cli", "review", "run"]
        os.execve(sys.executable, words, {**os.environ, "PYTHONPATH": str(ROOT)})
    seen = b""
    for prompt, answer in (
        (b"[?]: ", b"r\n"),
        (b"[b]ack): ", b"\n"),
        (b"go back): ", b"the caller unlocks\n"),
        (b"2 of 2", b""),
    ):
        while prompt not in seen:
            assert select.select([terminal], [], [], 60)[0], seen
            seen += os.read(terminal, 65536)
        seen = seen.split(prompt, 1)[1]
        os.write(terminal, answer)
    os.write(terminal, b"q\n")
    try:
        while chunk := os.read(terminal, 65536):
            seen += chunk
    except OSError:  # the other end is closed
        pass

    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert b"0 accepted, 1 rejected, 1 left for later" in seen
    assert ["the caller unlocks"] == [one.reason for one in read_baseline(scanned / "cocci-gen.toml").rulings]


def test_a_beginning_that_is_too_short_is_called_so(finding):
    """ "Begins 1 fingerprints" did not tell what was missing."""
    one = Judged(finding("a_writepage1"), Accepted(), ())

    with pytest.raises(UsageProblem, match="is too short; at least four digits"):
        find([one], one.finding.fingerprint[:2])
    assert one == find([one], one.finding.fingerprint[:4])
