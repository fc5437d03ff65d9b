"""The process: exit code 1 means findings only, whatever becomes of the streams, the terminal and this program."""

import contextlib
import fcntl
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CRASH = "import cocci_gen.cli as cli\ncli.documents.tables.callback = lambda **_: {0}\ncli.main()\n"


@pytest.fixture
def kernel(tmp_path, corpus, make_repository):
    """A small kernel."""
    return make_repository(tmp_path / "kernel", dict(corpus.trees["6.1"]))


@pytest.fixture
def environment(tmp_path):
    """What the command line gets from its environment."""
    (tmp_path / "tmp").mkdir()
    return {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "tmp")}


def crashed(script, environment, **options):
    """A process whose `tables` does something else."""
    words = [sys.executable, "-c", CRASH.format(script), "tables", "--kernel", "x"]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=60, **options)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("(_ for _ in ()).throw(MemoryError)", "MemoryError"),
        ("(lambda f: f(f))(lambda f: f(f))", "RecursionError"),
        ("(_ for _ in ()).throw(ValueError('a\\x1b[31m'))", "ValueError: a?[31m"),
    ],
)
def test_a_crash_has_a_code_and_a_line_of_its_own(environment, script, words):
    """A traceback with exit code 1 is `findings` for whatever runs us by night."""
    ended = crashed(script, environment)

    assert (ended.returncode, ended.stdout) == (70, "")
    (line,) = ended.stderr.splitlines()
    found = re.fullmatch(r"cocci-gen: a fault of cocci-gen itself \((.*)\); the report is (.*)", line)
    assert found[1].startswith(words)
    report = Path(found[2]).read_text()
    assert "Traceback" in report
    assert "'tables', '--kernel', 'x'" in report


def test_a_report_that_cannot_be_written_is_said(environment):
    """On a full disk the place of the fault must still be known."""
    script = "__import__('resource').setrlimit(__import__('resource').RLIMIT_FSIZE, (0, 0)) or 1 / 0"
    ended = crashed(script, environment)

    assert ended.returncode == 70
    assert "not written (there is no room for it); it ends with" in ended.stderr


@pytest.mark.parametrize("closed", ["0<&-", ">&-", "2>&-", "0<&- >&- 2>&-"])
def test_closed_streams_are_no_crash(environment, kernel, tmp_path, closed):
    """cron jobs and daemons close them; the next file that is opened would get the number of stderr."""
    words = (
        f"exec {sys.executable} -m cocci_gen.cli scan --kernel {kernel} -o out --cache cache --rule '*.bmap.*' {closed}"
    )
    ended = subprocess.run(
        ["sh", "-c", words], env=environment, cwd=tmp_path, capture_output=True, check=False, timeout=300
    )

    assert ended.returncode == 0, ended.stderr
    assert b"Traceback" not in ended.stderr
    assert (tmp_path / "out/run.json").exists()


@pytest.mark.parametrize("words", ["--help", "tables --kernel {0}", "schema run"])
def test_what_was_to_be_shown_and_is_lost_is_told(environment, kernel, words):
    """`findings RUN >&-` showed nothing, and said by its code that it had."""
    line = f"exec {sys.executable} -m cocci_gen.cli {words.format(kernel)} >&-"
    ended = subprocess.run(["sh", "-c", line], env=environment, capture_output=True, text=True, check=False, timeout=60)

    assert (2, "") == (ended.returncode, ended.stdout)
    assert "cocci-gen: the standard output is closed, so what was to be shown is lost" in ended.stderr


@pytest.mark.parametrize("words", ["--help", "tables --kernel {0}", "obligations --kernel {0}"])
def test_a_reader_that_has_seen_enough_is_no_finding(environment, kernel, words):
    """`cocci-gen tables | head -n 1` is no error, and exit code 1 would be `findings`."""
    reader, writer = os.pipe()
    os.close(reader)
    argv = [sys.executable, "-m", "cocci_gen.cli", *words.format(kernel).split()]
    ended = subprocess.run(
        argv, env=environment, stdout=writer, stderr=subprocess.PIPE, text=True, check=False, timeout=60
    )
    os.close(writer)

    assert (ended.returncode, ended.stderr) == (141, "")


@pytest.mark.parametrize(("words", "code"), [("", 2), ("--help", 0), ("nonsense", 2), ("tables", 2), ("--version", 0)])
def test_usage_keeps_its_codes(environment, words, code):
    """What click answers is not taken for something else."""
    argv = [sys.executable, "-m", "cocci_gen.cli", *words.split()]

    assert code == subprocess.run(argv, env=environment, capture_output=True, check=False, timeout=60).returncode


def test_a_closed_terminal_ends_the_run_with_all_its_children(environment, small_kernel, tmp_path, need):
    """SIGHUP would leave spatch computing, and its folders in /tmp; and the last line has nobody to read it."""
    spatch = tmp_path / "spatch"
    spatch.write_text(
        f'#!/bin/sh\ncase "$*" in *--sp-file*) echo $$ >>{tmp_path}/pids; sleep 600;; esac\nexec {need("spatch")} "$@"\n'
    )
    spatch.chmod(0o755)
    words = [
        "scan",
        "--kernel",
        small_kernel,
        "-o",
        "out",
        "--cache",
        "cache",
        "--spatch",
        spatch,
        "--rule",
        "*.writepage.*",
    ]
    try:
        main, terminal = pty.openpty()
    except OSError as error:
        pytest.skip(f"no pseudo-terminal to be had here: {error}")
    process = subprocess.Popen(
        [sys.executable, "-m", "cocci_gen.cli", *map(str, words)],
        env=environment, cwd=tmp_path, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no threads here
    )  # fmt: skip
    os.close(terminal)
    os.set_blocking(main, False)
    deadline = time.monotonic() + 120
    while not (tmp_path / "pids").exists() and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.1)
        with contextlib.suppress(BlockingIOError):  # who is read by nobody waits when 4 KB of progress are shown
            os.read(main, 1 << 16)
    os.close(main)  # the terminal is gone: SIGHUP for its session

    assert process.wait(60) == 130
    assert (tmp_path / "pids").exists()
    assert not [pid for pid in (tmp_path / "pids").read_text().split() if Path(f"/proc/{pid}").exists()]
    assert not list((tmp_path / "tmp").iterdir())


def test_a_write_to_a_terminal_that_is_gone_is_no_full_disk(environment):
    """The kernel refuses the line ahead of SIGHUP where the process is slow, and the exit code spoke of a bad output."""
    try:
        main, terminal = pty.openpty()
    except OSError as error:
        pytest.skip(f"no pseudo-terminal to be had here: {error}")
    code = "import os, sys, click; from cocci_gen.cli.session import Group\n"
    code += "@click.group(cls=Group)\ndef top(): pass\n@top.command()\ndef say():\n"
    code += "    sys.stdin.read(1); [print('x', flush=True) for _ in range(9)]\ntop(['say'])"
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdin=subprocess.PIPE, stdout=terminal, stderr=terminal
    )
    os.close(terminal)
    os.close(main)
    process.communicate(b"x", timeout=60)

    assert process.returncode == 130


def test_nohup_is_obeyed(environment):
    """Who says nohup wants the run to outlive the terminal."""
    script = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); " + CRASH.replace("\n", ";").format(
        "print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)"
    )
    words = [sys.executable, "-c", script, "tables", "--kernel", "x"]

    assert "True" in subprocess.run(words, env=environment, capture_output=True, text=True, check=False).stdout
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL


@pytest.mark.parametrize("module", ["click", "cocci_gen.cli.session", "cocci_gen.cli.settings"])
def test_ctrl_c_while_modules_are_read_is_one_line(environment, module):
    """In the first moments it ended in forty lines of Python's import machinery."""
    script = (
        "import builtins, os, signal\nplain = builtins.__import__\n"
        "def read(name, *rest):\n"
        f"    if name == {module!r}: os.kill(os.getpid(), signal.SIGINT)\n"
        "    return plain(name, *rest)\n"
        "builtins.__import__ = read\nfrom cocci_gen.start import main\nmain()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=60
    )

    assert (130, "", "cocci-gen: interrupted\n") == (ended.returncode, ended.stdout, ended.stderr)
