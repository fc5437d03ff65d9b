"""Programs: what comes back, what is killed, and what never reaches a child."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cocci_gen import programs, temporary
from cocci_gen.kernel.tree import KernelTree

ROOT = Path(__file__).resolve().parent.parent


def run_shell(script, folder, **limits):
    """A shell script -> how it ended."""
    return programs.run(["sh", "-c", script], cwd=folder, **{"timeout": 20.0, **limits})


def is_running(pid):
    """Whether a process is there and not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone_soon(pid):
    """Whether a process ends within ten seconds."""
    deadline = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not is_running(pid)


def read_soon(path):
    """The text of a file that another process writes, once its line is complete."""
    deadline = time.monotonic() + 10
    while not (path.exists() and path.read_text().endswith("\n")) and time.monotonic() < deadline:
        time.sleep(0.01)
    return path.read_text()


def test_streams_and_status_are_kept_apart(tmp_path):
    """A complaint on stderr would otherwise become part of a patch."""
    ended = run_shell("printf out; printf err >&2; exit 3", tmp_path)

    assert programs.Completed(("sh", "-c", "printf out; printf err >&2; exit 3"), 3, b"out", b"err") == ended


def test_much_input_and_much_output_do_not_block_each_other(tmp_path):
    """Writing all of stdin before reading would hang as soon as both pipes are full."""
    data = bytes(range(256)) * 40_000

    ended = programs.run(["cat"], cwd=tmp_path, timeout=20.0, stdin=data)

    assert isinstance(ended, programs.Completed)
    assert data == ended.stdout


def test_a_program_need_not_read_its_input(tmp_path):
    """git may stop reading at the first bad line, which must not raise BrokenPipeError here."""
    ended = programs.run(["true"], cwd=tmp_path, timeout=20.0, stdin=b"x" * 10_000_000)

    assert isinstance(ended, programs.Completed)
    assert ended.returncode == 0


@pytest.mark.parametrize("script", ["sleep 1000 & echo $! >pid; wait", "sleep 1000 & echo $! >pid"])
def test_a_late_program_is_killed_with_its_children(tmp_path, script):
    """Killing only the program itself would leave what it started computing for ever."""
    ended = run_shell(script, tmp_path, timeout=0.5)

    assert programs.ProgramTimedOut(("sh", "-c", script), 0.5) == ended
    assert gone_soon(int((tmp_path / "pid").read_text()))


def test_a_program_that_closes_its_output_is_still_watched(tmp_path):
    """Waiting for the end of the output alone would let a silent program run for ever."""
    ended = run_shell("exec >&- 2>&-; sleep 1000", tmp_path, timeout=0.5)

    assert isinstance(ended, programs.ProgramTimedOut)


def test_endless_output_ends_the_program(tmp_path):
    """A program that prints without end would fill the memory of this one."""
    ended = programs.run(["yes"], cwd=tmp_path, timeout=20.0, output_bytes=1_000_000)

    assert programs.Flooded(("yes",), 1_000_000) == ended
    assert programs.describe(ended) == "yes was stopped after writing 1000000 bytes"


def test_memory_is_limited(tmp_path):
    """One pathological file must not push the whole machine into swap."""
    script = "import time; time.sleep(0.2); bytearray(1 << 30)"

    ended = programs.run([sys.executable, "-c", script], cwd=tmp_path, timeout=20.0, memory_bytes=1 << 29)

    assert isinstance(ended, programs.Completed)
    assert b"MemoryError" in ended.stderr


def test_an_orphan_cannot_compute_for_ever(tmp_path):
    """After a kill -9 of this process nobody watches the clock, so the kernel must limit the CPU time."""
    ended = run_shell("sleep 0.2; cat /proc/self/limits", tmp_path, timeout=7.0)

    assert isinstance(ended, programs.Completed)
    limit = next(line for line in ended.stdout.decode().splitlines() if line.startswith("Max cpu time"))
    assert "unlimited" not in limit


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["no-such-program-of-ours"], "there is no program 'no-such-program-of-ours' in PATH"),
        (["/etc/passwd"], "Permission denied"),
        (["echo", "a\0b"], "embedded null byte"),
    ],
)
def test_a_program_that_cannot_start_says_why(tmp_path, argv, words):
    """A missing program is a sentence for the user, not a traceback."""
    ended = programs.run(argv, cwd=tmp_path, timeout=5.0)

    assert isinstance(ended, programs.NotStarted)
    assert words in programs.describe(ended)


def test_a_git_that_is_missing_says_where_it_comes_from(tmp_path, monkeypatch):
    """Nothing works without it, and a bare container has none."""
    monkeypatch.setenv("PATH", str(tmp_path))
    told = programs.describe(programs.run(["git", "version"], cwd=tmp_path, timeout=5.0))

    assert "there is no program 'git' in PATH; install git (Debian: apt install git)" in told


def test_a_missing_folder_is_not_taken_for_a_missing_program(tmp_path):
    """Popen raises the same error for both, and the wrong word sends the user to apt."""
    ended = programs.run(["true"], cwd=tmp_path / "gone", timeout=5.0)

    assert programs.NotStarted(("true",), f"the folder {tmp_path / 'gone'} does not exist") == ended


def test_a_signal_has_a_name(tmp_path):
    """`status -11` tells nobody that spatch crashed."""
    assert programs.describe(run_shell("kill -SEGV $$", tmp_path)) == "sh was killed by SIGSEGV"


def test_nothing_is_ever_given_to_a_shell(tmp_path):
    """A revision or file name with shell characters would otherwise be a command."""
    ended = programs.run(["printf", "%s", "$(touch pwned);touch pwned"], cwd=tmp_path, timeout=5.0)

    assert isinstance(ended, programs.Completed)
    assert ended.stdout == b"$(touch pwned);touch pwned"
    assert not list(tmp_path.iterdir())


def test_a_child_sees_nothing_of_the_users_environment(tmp_path, monkeypatch):
    """GIT_DIR, LANG or GIT_CONFIG_COUNT of the caller would change what is read and printed."""
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "LANGUAGE", "GIT_CONFIG_COUNT", "COCCINELLE_HOME"):
        monkeypatch.setenv(name, "hostile")

    ended = programs.run(["env"], cwd=tmp_path, timeout=5.0)

    assert isinstance(ended, programs.Completed)
    assert b"hostile" not in ended.stdout
    assert b"LC_ALL=C.UTF-8\n" in ended.stdout
    assert b"GIT_OPTIONAL_LOCKS=0\n" in ended.stdout


def test_another_thread_can_end_everything(tmp_path):
    """Ctrl-C reaches the main thread only, and the workers wait in theirs."""
    running = programs.Running()
    ends = []
    worker = threading.Thread(
        target=lambda: ends.append(run_shell("sleep 1000 & echo $! >pid; wait", tmp_path, running=running))
    )
    worker.start()
    pid = int(read_soon(tmp_path / "pid"))

    running.kill_all()
    worker.join(10)

    assert [-signal.SIGKILL] == [end.returncode for end in ends]
    assert gone_soon(pid)
    assert running.stopped
    assert isinstance(run_shell("true", tmp_path, running=running), programs.NotStarted)


def test_ctrl_c_while_a_program_is_started_takes_it_along(tmp_path, monkeypatch):
    """Between fork and the first line that knows of the child, nobody could end it."""
    born = []

    class Popen(subprocess.Popen):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            born.append(self.pid)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(programs.subprocess, "Popen", Popen)
    with pytest.raises(KeyboardInterrupt):
        programs.run(["sleep", "1000"], cwd=tmp_path, timeout=100)

    assert gone_soon(born[0])
    assert signal.default_int_handler == signal.getsignal(signal.SIGINT)


def test_ctrl_c_takes_the_children_along(tmp_path):
    """An interrupted run must not leave programs behind, though they are in process groups of their own."""
    script = (
        "from pathlib import Path; from cocci_gen import programs\n"
        "programs.run(['sh', '-c', 'echo $$ >pid; sleep 1000'], cwd=Path('.'), timeout=100)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, stderr=subprocess.PIPE
    ) as process:
        pid = int(read_soon(tmp_path / "pid"))
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=20)

    assert b"KeyboardInterrupt" in stderr
    assert gone_soon(pid)


def test_a_child_with_a_session_of_its_own_is_found(tmp_path):
    """`setsid` leaves the process group that is killed; such a child would compute for ever."""
    ended = run_shell(
        "setsid sh -c 'echo $$ >pid; exec sleep 1000' >/dev/null 2>&1 & while [ ! -s pid ]; do :; done", tmp_path
    )
    pid = int((tmp_path / "pid").read_text())
    assert isinstance(ended, programs.Completed)
    assert is_running(pid)

    assert programs.kill_strays() == 1
    assert gone_soon(pid)
    assert programs.kill_strays() == 0


def test_what_runs_is_no_stray(tmp_path):
    """A git that another thread reads from must not be killed with what is left behind."""
    ends = []
    worker = threading.Thread(target=lambda: ends.append(run_shell("echo $$ >pid; sleep 2; echo done", tmp_path)))
    worker.start()
    read_soon(tmp_path / "pid")

    assert programs.kill_strays() == 0
    worker.join(20)
    assert ends[0].stdout == b"done\n"


def test_temporary_folders_of_the_dead_are_swept(tmp_path, monkeypatch):
    """After a kill -9 nobody removes them; those of the living and of other containers are not ours to remove."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    mine = temporary.prefix("job")
    with subprocess.Popen(["true"]) as process:
        process.wait()
    dead = mine.replace(f"-{os.getpid()}-", f"-{process.pid}-")
    namespace, other = mine.split("-")[3], mine.replace(f"-{os.getpid()}-", f"-{process.pid}-")
    other = other.replace(namespace, str(int(namespace) + 1))
    for name in (f"{mine}a", f"{dead}b", f"{other}c", "cocci-gen-job", "cocci-gen-crash-x.txt", "unrelated"):
        (tmp_path / name).mkdir()
    (tmp_path / f"{dead}link").symlink_to(tmp_path / "unrelated")

    assert temporary.sweep() == 1
    assert not (tmp_path / f"{dead}b").exists()
    assert len(list(tmp_path.iterdir())) == 6


def test_a_number_that_was_given_out_again_keeps_no_folder(tmp_path, monkeypatch):
    """On a busy machine the numbers of processes are used up within minutes."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    words = temporary.prefix("git").split("-")
    earlier = "-".join([*words[:-2], str(int(words[-2]) - 1), "abc"])
    (tmp_path / earlier).mkdir()

    assert (1, []) == (temporary.sweep(), list(tmp_path.iterdir()))


def test_every_verb_that_opens_a_tree_sweeps(tmp_path, monkeypatch, make_repository):
    """A check that a CI job kills each time would fill /tmp, where nobody scans."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    root = make_repository(tmp_path / "tree", {"Makefile": b"VERSION = 6\n"})
    with subprocess.Popen(["true"]) as process:
        process.wait()
    left = tmp_path / f"{temporary.prefix('check').replace(f'-{os.getpid()}-', f'-{process.pid}-')}abc"
    left.mkdir()
    with KernelTree.open(root):
        assert not left.exists()
