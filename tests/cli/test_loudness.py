"""How much is told, where it is written, and what need not be typed every time."""

import os
import re
from pathlib import Path

import pytest


@pytest.fixture
def scan(need, tmp_path, few_cases, cocci_gen_says, monkeypatch):
    """scan(*main options) -> how a scan of a small kernel ends."""
    need("spatch")
    monkeypatch.chdir(tmp_path)
    tree = few_cases("tree", "early-error-return")
    words = ("scan", "--kernel", tree, "--rule", "*.read_folio.unlocks", "-o", "run", "--cache", "cache", "-j", 1)
    return lambda *options: cocci_gen_says(*options, *words)


def test_quiet_tells_results_and_nothing_else(scan):
    """A script that mails stderr must not mail progress."""
    code, stdout, stderr = scan("-q")

    assert (1, "") == (code, stderr)
    assert "early-error-return/read_folio_unlocks.c:" in stdout


def test_findings_are_written_into_a_pipe(scan, cocci_gen_says):
    """`-o /dev/stdout` of root would put a plain file in the place of a device that all programs use."""
    scan("-q")
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)

    assert 1 == cocci_gen_says("findings", "run", "-o", "pipe")[0]
    assert b"early-error-return/read_folio_unlocks.c:" in os.read(reader, 4096)
    assert Path("pipe").is_fifo()
    os.close(reader)


def test_findings_go_into_a_folder_that_is_there(scan, cocci_gen_says):
    """What a slip of the keyboard makes is never looked into, and the page of the night before is sent again."""
    scan("-q")
    code, _, stderr = cocci_gen_says("findings", "run", "--format", "html", "-o", "nihgts/run.html")

    assert (2, False) == (code, Path("nihgts").exists())
    assert "-o nihgts/run.html: there is no folder nihgts" in stderr


def test_verbose_tells_times_and_the_log_keeps_them(scan):
    """Where the minutes went is asked afterwards; the log goes on where it ended."""
    first = scan("-v", "--log", "a.log")[2]
    scan("--log", "a.log")
    log = Path("a.log").read_text()

    assert re.search(r"^facts: \d+ in \d+\.\d s$", first, re.MULTILINE)
    assert re.search(r"^\d{4}-\S+ \S+ INFO facts: \d+ in \d+\.\d s$", log, re.MULTILINE)
    assert 2 == log.count("INFO cocci-gen")


def test_without_a_terminal_the_stages_are_told_in_words(scan):
    """`facts: 541` in the log of a CI job says nothing to whoever has to find out where it hangs."""
    lines = scan()[2].splitlines()

    assert "looking for what 1 rule binds" in lines
    assert "spatch looks at 1 function" in lines
    assert not [line for line in lines if re.fullmatch(r"\w+: \d+", line)]


def test_a_check_of_many_changes_tells_no_stages_without_a_terminal(need, few_cases, cocci_gen_says, tmp_path):
    """They come once per change, and only the first would be told."""
    need("spatch")
    tree = few_cases("tree", "early-error-return")
    for path in tree.rglob("read_folio_unlocks.c"):
        path.write_text(path.read_text() + "\nint more;\n")
    words = ("check", "--kernel", tree, "--worktree", "--rule", "*.read_folio.unlocks", "--cache", tmp_path / "c")

    assert "" == cocci_gen_says(*words)[2]


def test_an_error_stands_in_the_log_too(cocci_gen_says, tmp_path):
    """A cron job whose stderr is lost leaves a trace."""
    code, _, stderr = cocci_gen_says(
        "--log", tmp_path / "a.log", "scan", "--kernel", tmp_path / "gone", "-o", tmp_path / "o"
    )
    line = stderr.strip().removeprefix("cocci-gen: ")

    assert 2 == code
    assert f"ERROR {line}\n" in (tmp_path / "a.log").read_text()


@pytest.fixture
def configured(tmp_path, few_cases, need, cocci_gen_says, monkeypatch):
    """configured(text, *words) -> how a scan with this configuration ends."""
    need("spatch")
    monkeypatch.chdir(tmp_path)
    few_cases("tree", "early-error-return")

    def run(text, *words):
        (tmp_path / "config.toml").write_text(text)
        return cocci_gen_says("--config", "config.toml", *(words or ("scan",)))

    return run


def test_options_of_a_scan_may_stand_in_a_file(configured):
    """What is the same every day is written once; what is typed goes before it."""
    text = '[scan]\nkernel = ["tree"]\nout = "run"\nrule = ["*.read_folio.unlocks"]\njobs = 1\ncache = "cache"\n'

    assert 1 == configured(text)[0]
    assert Path("run/run.json").exists()
    assert 2 == configured(text, "scan", "--rule", "no.such.rule")[0]
    assert "no.such.rule" in configured(text, "scan", "--rule", "no.such.rule")[2]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[scan]\nrules = []\n", ".toml:2: 'rules' is no option of scan; perhaps rule"),
        ("[scan]\nqqq = []\n", ".toml:2: 'qqq' is no option of scan; `cocci-gen scan --help` names them"),
        ("[scna]\n", ".toml:1: 'scna' is unknown; there is only [scan]"),
        ("\nscna = 1\n", ".toml:2: 'scna' is unknown; there is only [scan]"),
        ("scan = 1\n", ".toml:1: write [scan]"),
        ("[scan\n", "is no TOML"),
        ("[scan]\nout = ['a']\n", "out takes one value"),
        ("[scan]\njobs = {}\n", ".toml:2: jobs takes texts and numbers"),
        ("[scan]\n\njobs = 'x'\n", ".toml:3: jobs: 'x' is not a valid integer range"),
        ("[scan]\njobs = 0\n", ".toml:2: jobs: 0 is not in the range"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(configured, text, complaint):
    """A typo must not silently scan something else."""
    code, _, stderr = configured(text)

    assert (2, 1) == (code, len(stderr.splitlines()))
    assert complaint in stderr


def test_a_file_in_the_current_folder_is_not_taken(scan):
    """A tree that is unpacked and scanned where it lies must not name the program that is run."""
    Path("config.toml").write_text('[scan]\nspatch = "/bin/evil"\n')
    Path("cocci-gen").mkdir()
    Path("cocci-gen/config.toml").write_text('[scan]\nspatch = "/bin/evil"\n')

    assert 1 == scan()[0]


def test_a_wrong_file_is_no_matter_of_verbs_that_do_not_read_it(configured):
    """A slip in the options of scans kept one from looking at findings."""
    code, stdout, stderr = configured("[scan]\njobz = 3\n", "schema", "run")

    assert (0, "", True) == (code, stderr, stdout.startswith("{"))


@pytest.mark.parametrize("option", ["--config", "--baseline", "--document"])
@pytest.mark.usefixtures("scan")
def test_a_fifo_is_not_waited_for(option, cocci_gen_says):
    """Nobody writes into it: the scan would stand there without a word."""
    os.mkfifo("pipe")
    words = (option, "pipe", "scan") if option == "--config" else ("scan", option, "pipe")
    code, _, err = cocci_gen_says(*words, "--kernel", "tree", "-o", "out", "--cache", "cache")

    assert 2 == code
    assert "is a FIFO" in err


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to(path)])
@pytest.mark.usefixtures("scan")
def test_verdicts_that_cannot_be_read_are_not_left_out(cocci_gen_says, make):
    """A `cocci-gen.toml` that is a folder, or a link to nowhere, looks like a file that nobody has written yet."""
    make(Path("cocci-gen.toml"))
    code, _, err = cocci_gen_says("scan", "--kernel", "tree", "-o", "out", "--cache", "cache")

    assert 2 == code
    assert "cocci-gen.toml" in err
    assert 1 == len(err.strip().splitlines())
