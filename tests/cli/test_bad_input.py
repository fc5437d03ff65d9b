"""Bad input, a full disk, Ctrl-C: one clear sentence, the right exit code, nothing half-written, and the next run goes on.

Everything goes through the real command line: what is limited or killed in a process of its own, all else in this one.
"""

import json
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: A process that may write no whole file must leave no half of its compiled code, which later ones would trip over.
_PLAIN = {"PYTHONIOENCODING": "utf-8:strict", "PYTHONDONTWRITEBYTECODE": "1"}
RULES = "Documentation/filesystems/locking.rst"
NOTHING, FOUND, USAGE, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 130
DEMO = """\
#include <linux/fs.h>
static int {0}_writepage(struct page *page, struct writeback_control *wbc)
{{
	if (!page->{0})
		return -EIO;
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return 0;
}}
static const struct address_space_operations {0}_aops = {{ .writepage = {0}_writepage }};
"""
NAMES = ("ada", "bob", "cid", "dan", "eve", "fay")


@pytest.fixture(scope="module")
def kernel(tmp_path_factory, corpus, make_repository):
    """kernel({path: text}) -> a small kernel with these files and six file systems, each with a breach; nobody changes it."""
    plain = dict(corpus.trees["6.1"]) | {f"fs/{name}/inode.c": DEMO.format(name).encode() for name in NAMES}
    made = {}

    def make(more=None, without=()):
        files = {path: text for path, text in (plain | (more or {})).items() if path not in without}
        key = tuple(sorted(files.items()))
        if key not in made:
            made[key] = make_repository(tmp_path_factory.mktemp("kernels") / "kernel", files)
        return made[key]

    return make


@pytest.fixture
def environment(tmp_path):
    """What the command line gets from its environment: a folder for temporary files that must be empty afterwards."""
    (tmp_path / "tmp").mkdir()
    return {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "tmp"), **_PLAIN}


@pytest.fixture
def cli(tmp_path, environment):
    """cli(*words) -> how `cocci-gen` ended; `limit` is the size above which it can write no file, `stdout` its output."""

    def run(*words, limit=None, stdout=subprocess.PIPE):
        argv = [sys.executable, "-m", "cocci_gen.cli", *map(str, words)]
        options = {"cwd": tmp_path, "env": environment, "text": True, "stdout": stdout, "stderr": subprocess.PIPE}
        if limit is not None:
            options["preexec_fn"] = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        return subprocess.run(argv, check=False, timeout=300, **options)

    return run


@pytest.fixture
def cli_here(tmp_path, monkeypatch, cocci_gen_says):
    """cli_here(*words) -> how `cocci-gen` ended, run in this process: to start one costs more than to be refused."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        return subprocess.CompletedProcess(words, *cocci_gen_says(*words))

    return run


def scanning(command_line, tmp_path):
    """scan(kernel, *words) -> how a scan of one rule into tmp_path/out ended."""

    def run(root, *words, rule="*.writepage.unlocks", out="out", cache="cache", **options):
        return command_line(
            "scan", "--kernel", root, "-o", tmp_path / out, "--cache", tmp_path / cache, "-j", 2, "--rule", rule, *words,
            **options,
        )  # fmt: skip

    return run


@pytest.fixture
def scan(cli, tmp_path):
    """A scan in a process of its own."""
    return scanning(cli, tmp_path)


@pytest.fixture
def scan_here(cli_here, tmp_path):
    """A scan in this process."""
    return scanning(cli_here, tmp_path)


@pytest.fixture
def program(tmp_path, need):
    """program(script) -> a spatch that runs this script before it becomes the real one; `$jobs` is the number of its job."""
    real, jobs = need("spatch"), tmp_path / "jobs"

    def make(script):
        path = tmp_path / "spatch"
        path.write_text(
            f'#!/bin/sh\ncase "$*" in *--sp-file*)\n'
            f"echo $$ >>{jobs}; jobs=$(grep -nx $$ {jobs} | tail -n 1 | cut -d: -f1)\n{script}\n;; esac\n"
            f'exec {real} "$@"\n'
        )
        path.chmod(0o755)
        return path

    return make


def said(ended, code):
    """The one sentence of a run that ended with this code, progress left out; a failure when there is more."""
    assert (code, "") == (ended.returncode, "Traceback" if "Traceback" in ended.stderr else ""), ended.stderr
    stages = r"(?:reading|parsing|noting|looking for|spatch looks|spatch makes|trying) .*"
    lines = [line for line in ended.stderr.splitlines() if not re.fullmatch(stages, line)]
    assert 1 == len(lines), ended.stderr
    assert lines[0].startswith("cocci-gen: ")
    return lines[0]


def files_below(folder):
    """Every file below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def findings(folder):
    """The findings of a run folder."""
    return [json.loads(line) for line in (folder / "findings.jsonl").read_text().splitlines()]


def counts(folder):
    """The figures of a run folder."""
    return json.loads((folder / "run.json").read_text())["counts"]


# What is asked for cannot be.


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--kernel", "nowhere"), "there is no folder nowhere"),
        (("--kernel", "empty"), "empty is not the top of a git repository"),
        (("--rev", "v9.9"), "has no revision 'v9.9'"),
        (("--rev", "--all"), "has no revision '--all'"),
        (
            ("--spatch", "no-such-spatch"),
            "there is no program 'no-such-spatch' in PATH; install Coccinelle 1.1.1 or newer",
        ),
        (("--spatch", "/bin/echo"), "`/bin/echo --version` does not answer like spatch; install Coccinelle"),
        (("--spatch", "old/spatch"), "is version 1.0.8, which is too old; install Coccinelle 1.1.1 or newer"),
        (("--rule", "*.writpage.*"), "--rule '*.writpage.*' matches no obligation"),
        (("--path", "fs/nosuch"), "--path 'fs/nosuch': there is no such file or folder"),
        (("-o", "file"), "file: cannot be the folder of a run"),
        (("-o", "file/below"), "file/below: cannot be the folder of a run"),
        (("--cache", "file"), "cannot make the cache file/jobs.sqlite: File exists; name another folder by --cache"),
        (("--baseline", "nosuch.toml"), "nosuch.toml"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_said_in_one_sentence(kernel, scan_here, tmp_path, words, sentence):
    """A user who makes a mistake needs to know which, and the way out, and must find nothing that looks like a result."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("mine")
    (tmp_path / "old").mkdir()
    (tmp_path / "old/spatch").write_text("#!/bin/sh\necho spatch version 1.0.8 compiled with OCaml\n")
    (tmp_path / "old/spatch").chmod(0o755)
    root, words = (words[1], words[2:]) if words[0] == "--kernel" else (kernel(), words)

    assert sentence in said(scan_here(root, *words), USAGE)
    assert not (tmp_path / "out").exists()
    assert "mine" == (tmp_path / "file").read_text()


@pytest.mark.parametrize("words", [("--kernel", "other"), ("--rev", "HEAD", "--rev", "v9.9")])
def test_of_several_kernels_none_is_passed_over_in_silence(scan_here, words, tmp_path):
    """Only the last one was looked at, and the others seemed to be clean."""
    ended = scan_here("linux", *words)
    says = f"{words[0]} names 2 of which only one would be looked at; without --module there is one kernel"

    assert (2, "", True) == (ended.returncode, ended.stdout, says in ended.stderr)
    assert not (tmp_path / "out").exists()


def test_a_tree_without_rules(kernel, scan_here):
    """Whoever points at another repository is told which file a kernel would have."""
    root = kernel(without=(RULES,))

    told = said(scan_here(root), USAGE)

    assert f"{root}: HEAD has no {RULES}; is it a kernel of 5.3 or later?" in told
    assert "A module outside the kernel is named with --module DIR" in told


@pytest.mark.parametrize("command", ["scan", "tables", "obligations"])
def test_a_broken_table_is_named_by_file_and_line(kernel, cli_here, corpus, command, tmp_path):
    """The table is somebody's to mend, and they must find it."""
    lines = corpus.trees["6.1"][RULES].split(b"\n")
    row = next(number for number, line in enumerate(lines) if line.startswith(b"writepage:"))
    lines[row - 1] = b"======= no border"
    words = ("-o", tmp_path / "out") if command == "scan" else ()
    sentence = said(cli_here(command, "--kernel", kernel({RULES: b"\n".join(lines)}), *words), USAGE)

    assert re.search(rf"{re.escape(RULES)}:\d+: ", sentence), sentence
    assert abs(int(re.search(r"rst:(\d+)", sentence)[1]) - row) <= 3


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "has no run.json; make one with `cocci-gen scan -o "),
        ("nonsense", "is no run of this version of cocci-gen"),
    ],
)
def test_a_folder_that_holds_no_run(cli_here, tmp_path, text, sentence):
    """A series of half a run would be sent."""
    (tmp_path / "out").mkdir()
    if text is not None:
        (tmp_path / "out/run.json").write_text(text)

    assert sentence in said(cli_here("series", tmp_path / "out"), USAGE)


# What cannot be examined.


def test_what_spatch_cannot_parse_is_counted_and_the_rest_stands(kernel, scan_here, tmp_path, need):
    """No finding is only worth something where somebody looked; one odd function must not cost the others."""
    need("spatch")
    odd = DEMO.format("odd").replace("\tredirty", "\tstruct path p = { .a = b = c, };\n\tredirty")
    ended = scan_here(kernel({"fs/odd/inode.c": odd.encode()}))
    (missing,) = map(json.loads, (tmp_path / "out/unexamined.jsonl").read_text().splitlines())

    assert (FOUND, len(NAMES)) == (ended.returncode, len(findings(tmp_path / "out")))
    assert ("odd_writepage", True) == (missing["function"], missing["reason"].startswith("spatch cannot parse it: "))
    assert {"spatch cannot parse it": 1} == counts(tmp_path / "out")["not_examined_by_reason"]
    assert f"not examined  1 (see {tmp_path / 'out/unexamined.jsonl'})" in ended.stdout


@pytest.mark.parametrize(
    ("script", "reason"),
    [("[ $jobs != 3 ] || exit 2", "spatch failed: "), ("[ $jobs != 3 ] || sleep 600", "spatch did not finish in 5 s")],
    ids=["fails", "hangs"],
)
def test_a_job_that_fails_makes_a_run_incomplete(kernel, scan_here, program, tmp_path, script, reason):
    """The results stand, the exit code tells that there may be more, and the next run tries again."""
    root, spatch = kernel(), program(script)
    ended = scan_here(root, "--spatch", spatch, "--timeout", "5")
    (missing,) = map(json.loads, (tmp_path / "out/unexamined.jsonl").read_text().splitlines())

    assert (INCOMPLETE, len(NAMES) - 1) == (ended.returncode, len(findings(tmp_path / "out")))
    assert missing["reason"].startswith(reason)
    assert (FOUND, len(NAMES)) == (scan_here(root, "--timeout", "5").returncode, len(findings(tmp_path / "out")))


def test_a_spatch_that_says_nothing_makes_no_kernel_clean(kernel, scan_here, program, tmp_path):
    """A wrapper that swallows the jobs would be exit 0, and the right spatch would find its answers in the cache."""
    root, silent = kernel(), program("exit 0")
    ended = scan_here(root, "--spatch", silent)

    assert (INCOMPLETE, []) == (ended.returncode, findings(tmp_path / "out"))
    assert len(NAMES) == counts(tmp_path / "out")["not_examined"]
    assert (FOUND, len(NAMES)) == (scan_here(root).returncode, len(findings(tmp_path / "out")))


# A full disk.


def test_a_disk_that_is_full_from_the_start(kernel, scan, tmp_path, need):
    """Before any work is done, the user is told to make room."""
    need("spatch")
    sentence = said(scan(kernel(), limit=8192), USAGE)

    assert "free some space" in sentence
    assert not (tmp_path / "out").exists()


def test_a_disk_that_fills_up_during_the_jobs(kernel, scan, scan_here, tmp_path, need):
    """What was finished is kept, and the next run goes on from there."""
    need("spatch")
    root = kernel()
    scan_here(root, rule="*.bmap.*")  # makes the index
    jobs = count_rows(tmp_path / "cache/jobs.sqlite")
    sentence = said(scan(root, limit=65536), USAGE)

    assert "free some space" in sentence
    assert jobs < count_rows(tmp_path / "cache/jobs.sqlite")
    assert FOUND == scan_here(root).returncode
    assert 0 < counts(tmp_path / "out")["jobs_from_cache"] < counts(tmp_path / "out")["jobs"]
    assert len(NAMES) == len(findings(tmp_path / "out"))


def count_rows(store):
    """How many pieces of work a cache holds."""
    with sqlite3.connect(store) as database:
        (rows,) = database.execute("SELECT count(*) FROM work_1").fetchone()
    database.close()
    return rows


def test_a_disk_that_fills_up_at_the_end(kernel, scan, scan_here, tmp_path, need):
    """Half a list of findings must not look like all of them."""
    need("spatch")
    root = kernel(
        {f"fs/{name}/inode.c": DEMO.format(name).encode() for name in ("gus", "hal", "ian")}
    )  # more than a limit
    scan_here(root, rule="*.writepage.*", out="first")
    assert 36864 < (tmp_path / "first/findings.jsonl").stat().st_size
    sentence = said(scan(root, rule="*.writepage.*", limit=36864), USAGE)

    assert "findings.jsonl: cannot be written (File too large); nothing else was lost" in sentence
    assert {"findings.jsonl", "run.json"}.isdisjoint(files_below(tmp_path / "out"))
    assert [] == [name for name in files_below(tmp_path / "out") if "/.cocci-gen-" in f"/{name}"]
    assert FOUND == scan_here(root, rule="*.writepage.*").returncode
    assert findings(tmp_path / "first") == findings(tmp_path / "out")


def test_an_output_that_cannot_be_written(kernel, cli):
    """`cocci-gen tables > /full/disk` must not end in a traceback."""
    with Path("/dev/full").open("w") as full:
        ended = cli("tables", "--kernel", kernel(), stdout=full)

    assert "the output cannot be written: No space left on device" in said(ended, USAGE)


# Ctrl-C.


def started(environment, folder, *words):
    """A scan that runs in a process group of its own, as a shell starts it."""
    argv = [sys.executable, "-m", "cocci_gen.cli", "scan", "-o", "out", "--cache", "cache", "-j", "2", *map(str, words)]
    return subprocess.Popen(
        argv, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def ended_by(process, number, *, group=True):
    """Send a signal, to the whole group as the terminal does; how the process ended, in `subprocess.run`'s words."""
    (os.killpg if group else os.kill)(process.pid, number)
    _, stderr = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, "", stderr)


def wait_for(condition):
    """Wait until something is so; a failure after two minutes."""
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def alive(groups):
    """Processes of these process groups that still run, ten seconds given for their end."""
    deadline = time.monotonic() + 10
    while True:
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                state, _, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(group) in groups and state not in "ZX":
                found.append(folder.name)
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("number", "group"), [(signal.SIGINT, True), (signal.SIGTERM, False)], ids=["Ctrl-C", "kill"]
)  # fmt: skip
def test_an_interrupted_run_leaves_no_orphans_and_loses_nothing(
    kernel, scan_here, program, environment, tmp_path, number, group
):
    """The programs that hang are killed, what is done is kept, and the second run needs no more than the rest."""
    root = kernel()
    spatch = program(f"[ $jobs -lt 5 ] || {{ echo $$ >>{tmp_path}/hanging; sleep 600; }}")
    hanging = tmp_path / "hanging"
    process = started(environment, tmp_path, "--kernel", root, "--rule", "*.writepage.unlocks", "--spatch", spatch)
    wait_for(lambda: hanging.exists() and hanging.read_text().count("\n") == 2)
    ended = ended_by(process, number, group=group)

    assert "interrupted; what was finished is kept, the same command goes on from there" in said(ended, INTERRUPTED)
    assert [] == alive({process.pid, *map(int, hanging.read_text().split())})
    assert [] == list((tmp_path / "tmp").iterdir())
    assert not (tmp_path / "out").exists()

    (tmp_path / "jobs").unlink()
    assert FOUND == scan_here(root, "--spatch", program("")).returncode
    figures = counts(tmp_path / "out")
    assert figures["jobs_from_cache"] >= 3
    assert figures["jobs"] - figures["jobs_from_cache"] == (tmp_path / "jobs").read_text().count("\n")
    assert FOUND == scan_here(root, out="fresh", cache="fresh-cache").returncode
    assert findings(tmp_path / "fresh") == findings(tmp_path / "out")


@pytest.fixture
def long_kernel(tmp_path, corpus):
    """A kernel whose first piece is read at once, and the other two take seconds."""
    root = tmp_path / "long.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", root], check=True)
    files = {RULES: corpus.trees["6.1"][RULES]}
    for number in range(1500):
        count = 1 if number < 500 else 250
        functions = (f"int f{number}_{n}(void)\n{{\n\treturn g(1, {n});\n}}\n" for n in range(count))
        files[f"fs/d{number:04}/a.c"] = "".join(functions).encode()
    parts = [b"commit refs/heads/main\ncommitter t <t@t> 1700000000 +0000\ndata 1\nx\n"]
    parts += [b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(text), text) for path, text in files.items()]
    subprocess.run(["git", "fast-import", "--quiet"], cwd=root, input=b"".join(parts), check=True)
    return root


@pytest.mark.parametrize(
    ("number", "group"), [(signal.SIGINT, True), (signal.SIGKILL, False)], ids=["Ctrl-C", "kill -9"]
)  # fmt: skip
def test_an_interrupted_index_goes_on_from_there(long_kernel, scan_here, environment, tmp_path, need, number, group):
    """A whole kernel takes minutes to parse; nobody wants to pay for them twice, nor finds the workers later."""
    need("spatch")
    process = started(environment, tmp_path, "--kernel", long_kernel, "--rule", "*.writepage.unlocks")
    wait_for(lambda: parsed(tmp_path))
    ended = ended_by(process, number, group=group)

    if number == signal.SIGINT:
        assert "interrupted" in said(ended, INTERRUPTED)
    assert [] == alive({process.pid})
    done = parsed(tmp_path)
    assert 0 < done < 1500  # else nothing was interrupted
    again = scan_here(long_kernel)
    assert NOTHING == again.returncode
    left = [line for line in again.stderr.splitlines() if line.startswith("reading ")]
    assert [f"reading {1500 - done} files that the index lacks"] == left


def parsed(folder):
    """How many files the index knows."""
    for store in (folder / "cache").glob("index-*.sqlite"):
        database = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
        try:
            (rows,) = database.execute("SELECT count(*) FROM blob").fetchone()
        except sqlite3.OperationalError:
            return 0
        finally:
            database.close()
        return rows
    return 0


@pytest.mark.parametrize("words", [("--kernel", ""), ("--kernel=",), ("--kernel", "x", "--module", ""), ("--cache=",)])
def test_an_option_that_is_given_nothing_is_named(cocci_gen_says, words):
    """A script in which nobody has set $LINUX would look at the current folder."""
    code, _, err = cocci_gen_says("check", *words, "--since", "HEAD~1")

    assert 2 == code
    assert f"{words[-2] if len(words) > 1 else words[0][:-1]} is given an empty value" in err


def test_a_value_that_ends_in_an_equals_sign_is_no_empty_one(cocci_gen_says):
    """A reason of a verdict may end as it likes."""
    _, _, err = cocci_gen_says("review", "nowhere", "--reason", "--x = y =")

    assert "empty value" not in err
