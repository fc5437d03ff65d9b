"""The one place that starts programs: argument list, clean environment, time and memory limits, never a shell.

Every program gets a process group of its own, so that a watchdog or Ctrl-C ends it with all its children; a Ctrl-C that
is typed at the terminal reaches this process alone, which then decides.  Linux only (prlimit).
"""

from __future__ import annotations

import os
import resource
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 18
#: The programs of this process that run, which are the leaders of their sessions.
_live: set[int] = set()
_starting = threading.Lock()
_NOWHERE = Path("/nonexistent")
#: By which a terminal, a shell or a system asks a process to end.
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_TOKEN = "COCCI_GEN_PROCESS"
#: What a program may take where its caller says nothing: enough for git on the largest kernel, little for a machine.
_MEMORY = 8 << 30
_OUTPUT = 1 << 30


@dataclass(frozen=True, slots=True)
class Completed:
    """The program ended by itself; a negative `returncode` is the signal that ended it."""

    argv: tuple[str, ...]
    returncode: int
    stdout: bytes
    stderr: bytes


@dataclass(frozen=True, slots=True)
class ProgramTimedOut:
    """The program was still running (or its children held its output open) after `seconds`; all were killed."""

    argv: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class NotStarted:
    """The program could not be started: missing, not executable, no such folder, out of memory."""

    argv: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Flooded:
    """The program wrote more than `limit` bytes and was killed."""

    argv: tuple[str, ...]
    limit: int


Ended = Completed | ProgramTimedOut | NotStarted | Flooded


class _LateError(Exception):
    """The deadline has passed."""


class _FloodError(Exception):
    """The output limit has passed."""


class Running:
    """The programs that were started with it and still run; another thread ends them all with `kill_all`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def kill_all(self) -> None:
        """Kill every process group that is still running, and refuse new programs from now on."""
        with self._lock:
            self._stopped = True
            for process in self._processes:
                _kill_group(process)

    @property
    def stopped(self) -> bool:
        """Whether `kill_all` was called: what ended since then did not end by itself."""
        return self._stopped

    def start(self, start: _Start) -> subprocess.Popen[bytes]:
        """Start a program and remember it; OSError once `kill_all` was called."""
        with self._lock:
            if self._stopped:
                raise OSError("interrupted")
            try:
                with (
                    uninterrupted(),
                    _starting,
                ):  # a child that nobody knows of would outlive us, or be killed as a stray
                    process = start.popen()
                    self._processes.add(process)
                    _live.add(process.pid)
            except KeyboardInterrupt:  # raised behind the block: the caller will never hold the process
                with process:
                    _kill_group(process)
                self._processes.discard(process)
                raise
            return process

    def ended(self, process: subprocess.Popen[bytes]) -> None:
        """Forget a program that has been reaped."""
        with self._lock:
            self._processes.discard(process)
            _live.discard(process.pid)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ctrl-C, SIGTERM and SIGHUP wait until the block is done; only the main thread gets them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    late: list[int] = []
    before = {number: signal.getsignal(number) for number in ENDINGS}
    caught = {number: handler for number, handler in before.items() if callable(handler)}
    for caught_number in caught:
        signal.signal(caught_number, lambda number, _: late.append(number))
    try:
        yield
    finally:
        for number, handler in caught.items():
            signal.signal(number, handler)
        for late_number in late:
            signal.raise_signal(late_number)


@dataclass(frozen=True, slots=True)
class _Start:
    """What `subprocess.Popen` is to be told."""

    argv: tuple[str | bytes, ...]
    cwd: Path
    env: Mapping[str, str]
    has_input: bool
    hears_errors: bool = True

    def popen(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.argv,
            cwd=self.cwd,
            env={**self.env, _TOKEN: _token()},
            stdin=subprocess.PIPE if self.has_input else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if self.hears_errors else subprocess.DEVNULL,
            start_new_session=True,
        )


def kill_strays() -> int:
    """Kill what programs of this process that have ended left behind in sessions of their own; how many there were."""
    token = f"{_TOKEN}={_token()}".encode()
    strays = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if folder.stat().st_uid != os.geteuid() or token not in (folder / "environ").read_bytes().split(b"\0"):
                continue
            with _starting:
                if os.getsid(int(folder.name)) in _live:
                    continue
                os.kill(int(folder.name), signal.SIGKILL)
            strays += 1
        except OSError:
            continue  # it has ended
    return strays


def _token() -> str:
    """What every program of this process finds in its environment, and hands on to its own."""
    return f"{process_namespace()}.{os.getpid()}"


def process_namespace() -> int:
    """The namespace in which the numbers of processes mean something."""
    return Path("/proc/self/ns/pid").stat().st_ino


def clean_environment(home: Path, **extra: str) -> dict[str, str]:
    """A home folder -> an environment that holds nothing of the caller's but PATH, plus `extra`.

    No GIT_* of the caller survives, no locale, no pager, no editor; git asks nothing, fetches nothing, takes no lock
    that it can do without and reads no configuration but the repository's own.  Only PATH is taken over.
    """
    return {
        # Not the folder at hand, which is often a kernel tree: a `git` in it would be a program of that tree.
        "PATH": os.pathsep.join(folder for folder in os.get_exec_path() if folder.startswith("/")),
        "HOME": os.fspath(home),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_PAGER": "cat",
        "GIT_EDITOR": ":",
        **extra,
    }


def run(
    argv: Sequence[str | bytes],
    *,
    cwd: Path,
    timeout: float,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    memory_bytes: int = _MEMORY,
    output_bytes: int = _OUTPUT,
    running: Running | None = None,
) -> Ended:
    """An argument list -> how the program ended; never raises for what the program does.

    `env` defaults to `clean_environment` with a home that does not exist.  `memory_bytes` limits the address space,
    `output_bytes` stdout and stderr together.  An exception in here (KeyboardInterrupt) kills the whole group.
    """
    words = tuple(os.fsdecode(word) for word in argv)
    start = _Start(tuple(argv), cwd, clean_environment(_NOWHERE) if env is None else env, bool(stdin))
    running = running or Running()
    deadline = time.monotonic() + timeout
    try:
        process = running.start(start)
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in an argument
        return NotStarted(words, _why_not(error, words, cwd))
    try:
        _limit(process, timeout, memory_bytes)
        stdout, stderr = _exchange(process, stdin, deadline, output_bytes)
        process.wait(max(0.0, deadline - time.monotonic()))
    except (_LateError, subprocess.TimeoutExpired):
        return ProgramTimedOut(words, timeout)
    except _FloodError:
        return Flooded(words, output_bytes)
    finally:
        _reap(process)
        running.ended(process)
    return Completed(words, process.returncode, stdout, stderr)


def begin(argv: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes] | NotStarted:
    """An argument list -> a program that is kept running and is to be ended with `end`; what it says on stderr is not heard."""
    try:
        process = Running().start(_Start(tuple(argv), cwd, env, has_input=True, hears_errors=False))
    except (OSError, ValueError) as error:
        return NotStarted(tuple(argv), _why_not(error, tuple(argv), cwd))
    _limit(process, 3600.0, _MEMORY)
    return process


def end(process: subprocess.Popen[bytes], owner: int) -> None:
    """End a program that was begun, but not from within a process that was forked off its owner, whose number is given."""
    if os.getpid() == owner:
        _reap(process)
        _live.discard(process.pid)


def describe(ended: Ended) -> str:
    """How a program ended, in words for a person: `git ended with status 128: fatal: ...`."""
    program = ended.argv[0] if ended.argv else "nothing"
    match ended:
        case ProgramTimedOut(seconds=seconds):
            return f"{program} was stopped after {seconds:g} s"
        case NotStarted(reason=reason):
            return f"{program} could not be started: {reason}"
        case Flooded(limit=limit):
            return f"{program} was stopped after writing {limit} bytes"
        case Completed(returncode=code, stderr=stderr):
            how = f"was killed by {_signal_name(-code)}" if code < 0 else f"ended with status {code}"
            words = "; ".join(stderr.decode("utf-8", "backslashreplace").strip().splitlines()[:4])
            return f"{program} {how}" + (f": {words}" if words else "")


def _exchange(
    process: subprocess.Popen[bytes], stdin: bytes, deadline: float, output_bytes: int
) -> tuple[bytes, bytes]:
    """Feed stdin and collect stdout and stderr until both are closed; raise at the deadline or the output limit."""
    assert process.stdout is not None
    assert process.stderr is not None
    kept = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
    pending, size = memoryview(stdin), 0
    with selectors.PollSelector() as selector:
        for pipe in (process.stdout, process.stderr):
            selector.register(pipe, selectors.EVENT_READ)
        if process.stdin is not None:
            os.set_blocking(process.stdin.fileno(), False)
            selector.register(process.stdin, selectors.EVENT_WRITE)
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                raise _LateError
            for key, _ in selector.select(left):
                if key.fd in kept:
                    chunk = os.read(key.fd, _CHUNK)
                    kept[key.fd] += chunk
                    size += len(chunk)
                    if size > output_bytes:
                        raise _FloodError
                    finished = not chunk
                else:
                    pending = pending[_write(key.fd, pending) :]
                    finished = not pending
                if finished:
                    selector.unregister(key.fileobj)
                    if key.fd not in kept and process.stdin is not None:
                        process.stdin.close()
    return bytes(kept[process.stdout.fileno()]), bytes(kept[process.stderr.fileno()])


def _write(descriptor: int, pending: memoryview) -> int:
    """How much of `pending` is done with: all of it where the program no longer reads."""
    try:
        return os.write(descriptor, pending[:_CHUNK])
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        return len(pending)


def _limit(process: subprocess.Popen[bytes], timeout: float, memory_bytes: int) -> None:
    """Limit memory and CPU time of a program that has just started.

    From outside (prlimit) and not by a `preexec_fn`, which is slow and unsafe with threads.  The CPU limit only matters
    when this process is killed and so cannot watch any more: no orphan computes for ever.
    """
    cpu = int(timeout * (os.cpu_count() or 1)) + 10
    try:
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (cpu, cpu))
        resource.prlimit(process.pid, resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    except (ProcessLookupError, PermissionError, ValueError):
        return  # it has ended already, or a stricter limit is in force


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the program and all its children; the group is named after the program, which has not been reaped yet."""
    if process.returncode is not None:
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _reap(process: subprocess.Popen[bytes]) -> None:
    """Leave nothing behind: no process of the group, no zombie, no open pipe."""
    _kill_group(process)
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with suppress(BrokenPipeError):  # what it has not read will not be read
                pipe.close()


def _why_not(error: OSError | ValueError, words: tuple[str, ...], cwd: Path) -> str:
    """Why a program did not start, in words; Popen names the folder or the program in `filename`."""
    if isinstance(error, FileNotFoundError):
        if not cwd.is_dir():
            return f"the folder {cwd} does not exist"
        way_out = "; install git (Debian: apt install git)" if words[:1] == ("git",) else ""
        return f"there is no program {words[0]!r} in PATH{way_out}" if words else "no program given"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)


def _signal_name(number: int) -> str:
    """`11` -> `SIGSEGV`."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
