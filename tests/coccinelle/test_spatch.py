"""Stage 5: what spatch really said, whatever it did, and what is left of a run that is cut short.

The real spatch shows that its behaviour is read rightly; a fake one, a shell script, shows what happens when it hangs,
crashes or babbles.
"""

import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.jobs import load_outcome, load_report
from cocci_gen.coccinelle.parse_report import Hole, ParseReport, read_report
from cocci_gen.coccinelle.script_free import refuse_scripts
from cocci_gen.coccinelle.spatch import (
    Clean,
    Failed,
    Job,
    Matched,
    NotParsed,
    Patched,
    Slice,
    SpatchRunner,
    TimedOut,
    run_job,
)
from cocci_gen.coccinelle.words import UNDECLARABLE
from cocci_gen.errors import SemanticPatchRefused, SpatchUnavailable, StorageError

ROOT = Path(__file__).resolve().parents[2]
STAR = """\
@unlocked exists@
identifier fn, p;
@@
fn(..., struct page *p, ...) {
... when != unlock_page(p)
* return ...;
}
"""
PATCH = STAR.replace("* return", "+ unlock_page(p);\n  return")
LEAKS = b"""\
static int leaks(struct page *page)
{
	if (bad(page))
		return -EIO;
	unlock_page(page);
	return 0;
}
"""
FINE = b"static int fine(struct page *page)\n{\n\tunlock_page(page);\n\treturn 0;\n}\n"
#: spatch 1.1.1 cannot parse it, and no macro can help.
HOLE = b"static int hole(struct page *page)\n{\n\tstruct path p = { .a = b = c, };\n\treturn 0;\n}\n"


@pytest.fixture
def cache(tmp_path):
    """An empty cache."""
    with JobCache(tmp_path / "cache" / "jobs.sqlite") as cache:
        yield cache


@pytest.fixture
def runner(cache, need):
    """The real spatch."""
    with SpatchRunner(cache, 2, need("spatch")) as runner:
        yield runner


@pytest.fixture
def fake(tmp_path, cache):
    """fake(script) -> a runner whose spatch is that shell script; $calls names a file that gets a line for every call.

    It says that it looks at the slice, as the real one does, unless `silent`.
    """
    calls = tmp_path / "calls"

    def make(script, version="1.1.1", silent=False, **options):
        program = tmp_path / "spatch"
        words = "" if silent else "printf 'init_defs_builtins: macros.h\\nHANDLING: slice.c\\n' >&2\n"
        answer = f"spatch version {version} compiled with OCaml version 4.13.1"
        program.write_text(
            f'#!/bin/sh\ncalls={calls}\ncase "$*" in --version) echo "{answer}"; exit 0;; esac\n'
            f'case "$*" in *--parse-c*) echo "nb good = 9,  nb bad = 0 ="; exit 0;; esac\n'
            f'echo "$*" >>"$calls"\n{words}{script}\n'
        )
        program.chmod(0o755)
        return SpatchRunner(cache, options.pop("jobs", 2), str(program), **options)

    make.calls = lambda: calls.read_text().splitlines() if calls.exists() else []
    return make


def job(text=LEAKS, semantic_patch=STAR, **more):
    """A job on a slice of that text."""
    return Job("demo.writepage.unlocks", semantic_patch, (), Slice("fs/demo.c", text), **more)


def outcome(runner, *jobs):
    """The outcome of the only job, or the outcomes of several."""
    outcomes = [outcome for _, outcome in runner.run(jobs)]
    return outcomes[0] if len(jobs) == 1 else outcomes


def is_running(pid):
    """Whether a process is there and not a zombie, ten seconds given for its end."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                return False
        except (FileNotFoundError, ProcessLookupError):
            return False
        time.sleep(0.02)
    return True


def wait_for_lines(path, number):
    """Wait until other processes have written that many lines; a failure after a minute."""
    deadline = time.monotonic() + 60
    while not (path.exists() and path.read_text().count("\n") >= number):
        assert time.monotonic() < deadline, f"{path} does not get {number} lines"
        time.sleep(0.01)


# What the real spatch says.


def test_stars_give_the_lines_they_matched(runner):
    """The line is where the finding points to."""
    matched = outcome(runner, job())

    assert isinstance(matched, Matched)
    assert matched.lines == (4,)


def test_a_starred_statement_of_several_lines_gives_them_all(runner):
    """Stage 6 decides which line it names."""
    text = LEAKS.replace(b"return -EIO;", b"return foo(a,\n\t\t\t   b);")

    assert outcome(runner, job(text)).lines == (4, 5)


def test_a_patch_gives_the_whole_new_text(runner):
    """The fix is taken from the text that spatch writes, never from the diff that it prints."""
    patched = outcome(runner, job(semantic_patch=PATCH))

    assert isinstance(patched, Patched)
    assert b"\tif (bad(page)) {\n\t\tunlock_page(page);\n\t\treturn -EIO;\n\t}\n" in patched.text
    assert patched.diff.startswith(b"--- a/slice.c\n+++ b/slice.c\n@@ -1,7 +1,9 @@\n")


@pytest.mark.parametrize("semantic_patch", [STAR, PATCH], ids=["star", "patch"])
@pytest.mark.parametrize("text", [FINE, b"int other;\n", b""], ids=["fine", "token missing", "empty"])
def test_nothing_to_report_is_clean(runner, semantic_patch, text):
    """Exit 255 with `-o can not be applied` is how spatch says that a file is unchanged."""
    assert outcome(runner, job(text, semantic_patch)) == Clean()


@pytest.mark.parametrize("semantic_patch", [STAR, PATCH], ids=["star", "patch"])
def test_what_spatch_cannot_parse_is_not_clean(runner, semantic_patch):
    """spatch leaves out the function without a word and exits 0."""
    assert outcome(runner, job(HOLE, semantic_patch)) == NotParsed(
        "spatch cannot parse `struct path p = { .a = b = c, };`", 1, 5
    )


@pytest.mark.parametrize("word", sorted(UNDECLARABLE))
def test_words_that_smpl_keeps_for_itself_can_be_written(runner, word):
    """A variable called `error` is common; a fix that names it must not fail because SmPL cannot declare it."""
    text = f"int f(int {word})\n{{\n\tif ({word})\n\t\treturn {word};\n\tdone();\n\treturn 0;\n}}\n".encode()
    patch = f"@r@\n@@\n\n+undo({word});\n return {word};\n"

    assert f"undo({word});".encode() in outcome(runner, job(text, patch)).text


def test_a_hole_elsewhere_does_not_matter(runner):
    """A function is examined or not; what stands beside it in the slice is not asked for."""
    lines = FINE.count(b"\n")
    before = outcome(runner, job(FINE + HOLE, focus=(1, lines)))
    after = outcome(runner, job(HOLE + FINE, focus=(6, 5 + lines)))
    inside = outcome(runner, job(FINE + HOLE, focus=(lines + 1, lines + 5)))

    assert [Clean(), Clean()] == [before, after]
    assert isinstance(inside, NotParsed)


@pytest.mark.parametrize(
    ("text", "words"),
    [(b"\xef\xbb\xbf" + LEAKS, "byte order mark"), (LEAKS + b"int a\0b;\n", "NUL byte")],
    ids=["BOM", "NUL"],
)
def test_files_that_spatch_swallows_whole_are_not_clean(runner, text, words):
    """Exit 0, no output, nothing examined."""
    assert words in outcome(runner, job(text)).reason
    assert words in runner.parse_check(Slice("x.c", text)).holes[0].reason


@pytest.mark.parametrize(
    "text",
    [
        LEAKS.replace(b"-EIO;", b"-EIO; /* J\xe9r\xf4me */"),
        LEAKS.replace(b"\n", b"\r\n"),
        LEAKS.rstrip(b"\n"),
        LEAKS.replace(b"{\n", b"{\n\f\n", 1),
        LEAKS.replace(b"\tif", b'\tchar *s = "\xe2\x80\xa8";\n\tif'),
        b"int a\n-- b;\n" + LEAKS,
    ],
    ids=["latin-1", "CRLF", "no newline", "form feed", "line separator", "column 0 dashes"],
)
def test_odd_bytes_change_neither_lines_nor_text(runner, text):
    """Bytes that Python or diff take for line ends, headers or characters would shift every finding after them."""
    line = text[: text.index(b"return -EIO")].count(b"\n") + 1
    matched, patched = outcome(runner, job(text), job(text, PATCH))

    assert line in matched.lines
    assert patched.text.replace(b"\r", b"").count(b"unlock_page") > 1
    assert set(text.split(b"\n")[: line - 2]) <= set(patched.text.split(b"\n"))


@pytest.mark.parametrize(
    ("semantic_patch", "words"),
    [
        ("@@ @@\n- foo(;\n+ bar();\n", "parse error"),
        ("", "unexpected code before the first rule"),
        ("@@ identifier f; @@\nf(...) { ... }\n", "No rules apply"),
    ],
    ids=["syntax", "empty", "no change"],
)
def test_what_is_wrong_with_a_semantic_patch_is_said(runner, semantic_patch, words):
    """A rule that can never match would otherwise look like a clean kernel."""
    failed = outcome(runner, job(b"void x(void)\n{\n\tfoo(flagname);\n}\n", semantic_patch))

    assert isinstance(failed, Failed)
    assert words in failed.reason


def test_virtual_rules_choose_the_mode(runner):
    """The committed semantic patches hold the same rule for several modes."""
    both = "virtual patch\nvirtual context\n" + STAR.replace("exists@", "depends on context exists@") + "\n"
    both += PATCH.replace("@unlocked exists@", "@mend depends on patch exists@")
    context, patch = (
        replace(job(semantic_patch=both), defines=("context",)),
        replace(job(semantic_patch=both), defines=("patch",)),
    )
    matched, patched, failed = outcome(runner, context, patch, replace(patch, defines=("org",)))

    assert matched.lines == (4,)
    assert b"if (bad(page)) {" in patched.text
    assert "virtual rule org not supported" in failed.reason


def test_one_pathological_file_cannot_take_all_memory(runner, cache):
    """It fails alone, with the reason."""
    poor = SpatchRunner(cache, 1, runner.engine.program, memory_bytes=48 << 20)
    failed = outcome(poor, job(LEAKS * 3000))

    assert isinstance(failed, Failed)
    assert "out of memory" in failed.reason.lower() or "killed" in failed.reason


def test_the_name_of_a_file_is_never_a_command(runner, tmp_path, monkeypatch):
    """spatch hands file names to a shell; ours are always slice.c and rule.cocci."""
    folder = tmp_path / "t;touch pwned"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    odd = replace(job(), slice=Slice("x;touch pwned;.c", LEAKS))
    matched, patched = outcome(runner, odd, replace(odd, semantic_patch=PATCH))

    assert matched.lines == (4,)
    assert isinstance(patched, Patched)
    assert not list(tmp_path.rglob("pwned"))
    assert not list(folder.iterdir())


def test_results_come_in_the_order_of_the_jobs(runner, tmp_path):
    """The same run must print the same, whatever -j."""
    jobs = [job(b"// %d\n" % number + (LEAKS if number % 2 else FINE)) for number in range(20)]
    with JobCache(tmp_path / "other.sqlite") as other:
        alone = outcome(SpatchRunner(other, 1, runner.engine.program), *jobs)

    assert alone == outcome(runner, *jobs)
    assert [Clean, Matched] * 10 == [type(one) for one in alone]


def test_an_outcome_is_found_again_and_only_by_the_same_work(runner):
    """A stale outcome would be a wrong one; the path of the slice and the patience do not matter."""
    outcome(runner, job())
    same = [job(), job(timeout=5.0), replace(job(), slice=Slice("other.c", LEAKS)), replace(job(), obligation="x.y.z")]
    other = [job(LEAKS + b"\n"), job(semantic_patch=STAR + "\n"), job(focus=(1, 2)), replace(job(), defines=("a",))]
    key = runner.engine.key

    assert {key(job())} == {key(one) for one in same}
    assert len({key(one) for one in [job(), *other]}) == 5
    assert key(job()) != replace(runner.engine, version="1.3.0").key(job())
    assert key(job()) != replace(runner.engine, macros=b"").key(job())
    outcome(runner, *same)
    assert runner.cached_jobs == 4


def test_any_executor_will_do(runner, cache):
    """A Dask cluster gives an executor too; jobs and outcomes must travel."""
    jobs = [job(b"// %d\n" % number + text) for number in range(3) for text in (LEAKS, FINE, HOLE)]
    with ProcessPoolExecutor(2) as pool:
        elsewhere = outcome(SpatchRunner(cache, program=runner.engine.program, executor=pool), *jobs)

    assert elsewhere == outcome(runner, *jobs)
    assert runner.cached_jobs == 9
    assert pickle.loads(pickle.dumps(run_job(jobs[0], runner.engine))).outcome == elsewhere[0]


# Which lines spatch can parse.


def test_the_parse_report_says_which_lines_are_missing(runner):
    """`This function was not examined` needs to know where the hole begins and ends."""
    report = runner.parse_check(Slice("x.c", LEAKS + b"\n" + HOLE + FINE))

    assert report.hole_in(1, 7) is None
    assert report.hole_in(14, 18) is None
    assert report.hole_in(9, 13) == report.holes[0]
    assert report.bad_lines > 0
    assert ParseReport(10, 0, ()).hole_in(1, 10) is None


def test_a_perfect_file_has_no_hole(runner):
    """The usual case."""
    assert runner.parse_check(Slice("x.c", LEAKS)) == ParseReport(6, 0, ())


def test_a_function_cut_off_by_the_end_of_the_file_is_a_hole(runner):
    """An unbalanced brace loses the rest of the file, and spatch marks no line as the bad one."""
    assert runner.parse_check(Slice("x.c", FINE + b"int cut(void)\n{\n\tif (x) {\n\treturn 0;\n}\n")).hole_in(6, 10)


@pytest.mark.parametrize(
    "text",
    [
        "int f(void)\n{\n\tscoped_guard(mutex, &lock) {\n\t\tfoo(a);\n\t}\n\treturn 0;\n}\n",
        "int f(void)\n{\n\tscoped_cond_guard(rwsem, return 1, &lock) {\n\t\tfoo(a);\n\t}\n\treturn 0;\n}\n",
        "int f(void)\n{\n\tchar *a __free(kfree) = NULL;\n\tkfree(a->b);\n\treturn 0;\n}\n",
        "int f(void)\n{\n\tdo {\n\t\tx();\n\t} for_each_vma(vmi, vma);\n\treturn 0;\n}\n",
        "static DEFINE_PER_CPU(struct bh_lru, lrus);\n",
        "SYSCALL_DEFINE2(foo, unsigned int, fd, char __user *, name)\n{\n\treturn 0;\n}\n",
        "static noinline_for_stack __must_check int __cold f(void __user *p) __must_hold(&lock)\n{\n\treturn 0;\n}\n",
        'int f(void)\n{\n\tprintk(KERN_ERR "x" KBUILD_MODNAME "y");\n\treturn 0;\n}\n',
    ],
)
def test_the_macro_file_opens_what_spatch_cannot_read_alone(runner, text):
    """Without it every function with such a word is left out."""
    assert runner.parse_check(Slice("x.c", text.encode())).holes == ()


def test_a_guard_is_no_loop(runner):
    """A loop has a way around its body, and then a release inside would not count."""
    body = b"\t\tunlock_page(page);\n\t}\n\treturn 0;\n}\n"
    plain = b"static int f(struct page *page)\n{\n\tscoped_guard(mutex, &lock) {\n" + body
    conditional = b"static int f(struct page *page)\n{\n\tscoped_cond_guard(mutex_intr, return 1, &lock) {\n" + body

    assert outcome(runner, job(plain)) == Clean()
    assert isinstance(outcome(runner, job(conditional)), Clean | Matched)


def test_parse_reports_are_kept(runner, fake):
    """The same file is checked before and after each fix."""
    first = runner.parse_check(Slice("x.c", HOLE))
    broken = fake("", memory_bytes=1)
    broken.engine = replace(runner.engine, program="/bin/false")

    assert first == broken.parse_check(Slice("x.c", HOLE))
    assert broken.parse_check(Slice("x.c", FINE)).holes == (Hole(1, 6, "/bin/false ended with status 1"),)


def test_one_parse_serves_all_semantic_patches_of_a_slice(fake, tmp_path):
    """Half of the time of a clean job goes into the parse check, and a method has several obligations."""
    runner = fake("exit 0", jobs=1)
    program = tmp_path / "spatch"
    program.write_text(program.read_text().replace("*--parse-c*) ", f"*--parse-c*) echo x >>{tmp_path}/parses; "))
    outcomes = outcome(runner, *[job(semantic_patch=f"// {number}\n{STAR}") for number in range(5)])

    assert [Clean()] * 5 == outcomes
    assert (tmp_path / "parses").read_text() == "x\n"


def test_errors_without_a_place_are_a_hole_of_the_whole_file():
    """spatch may complain about a line of its macro file; then nothing is known to be good."""
    totals = b"nb good = 3,  nb passed = 0 ===> 0%\nnb good = 3,  nb bad = 2 ====> 60% good or passed\n"
    nowhere = read_report(b"a;\nb;\n", totals, b"")
    elsewhere = read_report(b"a;\nb;\n", totals, b"badcount: 1\nBAD:!!!!! c\n")
    nothing = read_report(b"a;\nb;\n", b"", b"")

    assert [(1, 3)] * 3 == [(one.holes[0].first, one.holes[0].last) for one in (nowhere, elsewhere, nothing)]


# What a spatch does that is broken, or somebody else's.


def test_a_hanging_spatch_is_stopped_with_its_children(fake, tmp_path):
    """spatch's own timer counts CPU time only, and its diff processes outlive it."""
    runner = fake(f"sleep 100 & echo $! >{tmp_path}/pid; wait")

    assert outcome(runner, job(timeout=0.5)) == TimedOut(0.5)
    assert not is_running(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo 'EXN: Failure in slice.c' >&2", "ended with status 0: EXN: Failure in slice.c"),
        ("echo unheard of >&2; exit 7", "ended with status 7: unheard of"),
        ("exit 255", "ended with status 255"),
        ("kill -SEGV $$", "was killed by SIGSEGV"),
        ("yes", "was stopped after writing"),
        ("echo hello", "no diff"),
        ("printf -- '--- slice.c\\n+++ x\\n@@ -1,2 +1,1 @@\\n-a\\n'", "damaged"),
        ("printf -- '--- slice.c\\n+++ x\\n@@ -1,1 +0,0 @@\\n-forged\\n'", "does not fit the slice"),
        ("printf -- '--- slice.c\\n+++ x\\n@@ -99,1 +0,0 @@\\n-return 0;\\n'", "does not fit the slice"),
        ("printf -- '--- slice.c\\n+++ x\\n@@ -0,0 +1,1 @@\\n+added\\n'", "does not fit the slice"),
    ],
)
def test_whatever_is_not_known_to_be_fine_has_failed(fake, script, words):
    """spatch exits 0 on many of its own failures, and half a diff would be half the findings."""
    failed = outcome(fake(script), job())

    assert isinstance(failed, Failed)
    assert words in failed.reason


def test_the_names_that_spatch_makes_up_are_left_out(fake):
    """They hold the number of a process, and equal runs are to give equal files."""
    runner = fake("echo 'diff: ./cocci-output-26219-13c265-slice.c: gone' >&2; exit 2")

    assert "diff: ./slice.c: gone" in outcome(runner, job()).reason


def test_closing_a_runner_kills_what_has_left_its_group(fake, tmp_path):
    """A wrapper that daemonises itself would compute on after the run."""
    runner = fake(f"setsid sh -c 'echo $$ >{tmp_path}/pid; exec sleep 600' >/dev/null 2>&1 & sleep 1")
    outcome(runner, job())
    runner.close()

    assert not is_running(int((tmp_path / "pid").read_text()))


SILENCE = {
    "nothing": "exit 0",
    "only the macros": "echo init_defs_builtins: macros.h >&2",
    "another file": "printf 'init_defs_builtins: macros.h\nHANDLING: other.c\n' >&2",
}


@pytest.mark.parametrize("patch", [STAR, PATCH], ids=["star", "patch"])
@pytest.mark.parametrize("said", SILENCE)
def test_silence_is_not_cleanliness(fake, runner, said, patch):
    """A spatch that is replaced by a wrapper, or is cut off, exits 0 without a word: that would be a clean kernel, for good."""
    wrong = fake(SILENCE[said], silent=True)
    assert isinstance(outcome(wrong, job(semantic_patch=patch)), Failed)

    assert isinstance(outcome(runner, job(semantic_patch=patch)), Matched | Patched)


@pytest.mark.parametrize(
    ("first", "before", "printed"),
    [
        ("", "     (ONCE) already tagged but only removed, so safe\n", ""),
        ("", "", "warning: mends, node 17: unlock(...)[1,2] in f may be inconsistently modified\n"),
        ("SPECIAL NAMES: adding bool as a type\n", "", ""),
        ("", "Unable to parse #if condition: OLDER(3,1,0)\n", ""),
        ("", "SPECIAL NAMES: adding DEFINE_MUTEX as a declarer\nSPECIAL NAMES: adding for_each as a iterator\n", ""),
    ],
    ids=["star", "1.3.0", "1.3.0 of bool", "conditional", "1.3.0 of declarers"],
)
def test_a_remark_is_no_failure(fake, first, before, printed):
    """Two stars on one token are remarked on, and what 1.3.0 adds once; taken for a failure, finding or fix would be lost."""
    looked = f"init_defs_builtins: macros.h\n{first}HANDLING: slice.c\n{before}diff = \n"
    said = f"printf '{printed}'; printf '{looked}' >&2"

    assert isinstance(outcome(fake(said, silent=True), job()), Clean)


def test_a_parse_without_totals_is_no_report(fake, cache):
    """It would be kept as a file that spatch cannot parse, and the right spatch would not be asked again."""
    runner = fake("exit 0")
    program = Path(runner.engine.program)
    program.write_text(program.read_text().replace('echo "nb good = 9,  nb bad = 0 ="; ', ""))

    assert outcome(runner, job()) == Failed("spatch --parse-c printed no totals")
    assert runner.parse_check(Slice("x.c", FINE)).holes[0].reason == "spatch --parse-c printed no totals"
    assert len(cache) == 0


@pytest.mark.parametrize("script", ["true", "echo x >result.c; echo more", "rm -f result.c; exit 255"])
def test_a_patch_needs_its_result(fake, script):
    """Exit 0 without the file that -o names is no `unchanged`."""
    assert isinstance(outcome(fake(script), job(semantic_patch=PATCH)), Failed)


def test_failures_and_delays_are_tried_again(fake):
    """What may go well next time is never kept."""
    runner = fake('case $(wc -l <"$calls") in 1) exit 3;; 2) sleep 100;; *) exit 0;; esac')
    outcomes = [outcome(runner, job(timeout=0.5)) for _ in range(4)]

    assert [Failed, TimedOut, Clean, Clean] == [type(one) for one in outcomes]
    assert len(fake.calls()) == 3


def test_a_broken_row_of_the_cache_is_only_done_again(fake, cache):
    """A cache from another version must not end the run or become an outcome."""
    runner = fake("exit 0")
    for row in (b"\xff", b"[]", b'["clean", 1]', b'["matched", "key"]', b'{"clean": 1}', b'["patched", 1, 2, 3]'):
        assert load_outcome(row) is None
        assert load_report(row) is None
    cache.put(runner.engine.key(job()), b"\xff no JSON")

    assert outcome(runner, job()) == Clean()


def test_every_job_has_an_empty_folder_of_its_own(fake, tmp_path, monkeypatch):
    """A .cocciconfig or json.py in the home or current folder would be obeyed by spatch."""
    (tmp_path / ".cocciconfig").write_text("[spatch]\n\toptions = --python evil\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COCCINELLE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    outcome(fake(f"(echo $HOME; pwd; echo $COCCINELLE_HOME; ls -A) >{tmp_path}/seen"), job())
    home, folder, cocci, *files = (tmp_path / "seen").read_text().splitlines()

    assert home == folder != str(tmp_path)
    assert cocci == ""
    assert ["macros.h", "rule.cocci", "slice.c"] == files
    assert not Path(folder).exists()


def test_options_are_words_and_not_a_command_line(fake):
    """A virtual rule is a name; anything else could be an option for spatch."""
    runner = fake("exit 0")
    outcome(runner, replace(job(), defines=("context", "report")))

    assert "--temp-files . -D context -D report --sp-file rule.cocci slice.c" in fake.calls()[0]
    for name in ("--python=evil", "a b", "", "a\n"):
        with pytest.raises(SemanticPatchRefused, match="not the name of a virtual rule"):
            outcome(runner, replace(job(), defines=(name,)))


@pytest.mark.parametrize(
    "text",
    [
        "@script:python@\n@@\nimport os\n",
        "@ script : python depends on r @\n@@\npass\n",
        "@initialize:ocaml@\n@@\nlet _ = 1\n",
        "@finalize:python@\n@@\npass\n",
        "@initialize /* x */ : // y\npython@\n@@\npass\n",
        '@r@\nexpression x : script:python() { __import__("os").system("touch pwned") };\n@@\n- f(x);\n',
        "#spatch --python /tmp/evil\n@@ @@\n- f();\n",
        "@@ @@\n- f();\n  # spatch --python evil\n",
        'using "evil.iso"\n@@ @@\n- f();\n',
        '@r using "evil.iso"@\n@@\n- f();\n',
        '#include "evil.cocci"\n@@ @@\n- f();\n',
        "// @script:python@\n@@ @@\n- f();\n",
    ],
)
def test_scripts_are_refused_before_spatch_starts(fake, text):
    """A semantic patch may run any program, and even its syntax check runs the initialize block."""
    with pytest.raises(SemanticPatchRefused, match="script-free SmPL only"):
        outcome(fake("exit 0"), job(semantic_patch=text))
    assert [] == fake.calls()


@pytest.mark.parametrize(
    "text",
    [
        STAR,
        "virtual patch\n/// Finalize the description: before using it.\n" + PATCH,
        "@r@\nidentifier script, initialize;\n@@\n- script(initialize);\n",
        "@@ @@\n #include <linux/fs.h>\n+#include <linux/mm.h>\n",
    ],
)
def test_harmless_words_are_not_refused(text):
    """A gate that stops honest rules gets removed."""
    assert refuse_scripts(text) is None


@pytest.mark.parametrize("version", ["1.1.1", "1.1.1-00504-gd6ef0ae1", "1.2", "1.3.0", "1.3.1", "2.0.0"])
def test_later_versions_will_do(fake, version):
    """Debian trixie has 1.3.0, and distributions append to the number."""
    assert version == fake("", version=version).version


@pytest.mark.parametrize("version", ["1.0.8", "1.1.0", "1.0.8.deb", "0.9"])
def test_an_old_spatch_is_refused_with_the_way_out(fake, version):
    """Older ones lack options, and their silence would pass for a clean kernel."""
    with pytest.raises(SpatchUnavailable, match=r"is version .* too old; install Coccinelle 1\.1\.1 or newer"):
        fake("", version=version)


@pytest.mark.parametrize(
    ("program", "words"),
    [("no-spatch-here", "there is no program 'no-spatch-here' in PATH"), ("true", "does not answer like spatch")],
)
def test_a_missing_spatch_is_said_with_the_way_out(cache, program, words):
    """The first thing that goes wrong on a new machine."""
    with pytest.raises(SpatchUnavailable) as caught:
        SpatchRunner(cache, program=program)

    assert words in str(caught.value)
    assert "apt install coccinelle" in str(caught.value)


# Runs that are cut short.


def test_a_full_cache_ends_the_run_with_one_clear_error(fake, cache):
    """Going on without a journal would lose hours of work at the next Ctrl-C."""
    runner = fake("exit 0")
    outcome(runner, job())
    cache._execute("PRAGMA max_page_count = 1")
    many = [job(semantic_patch=f"// {number}\n{STAR}") for number in range(200)]

    with pytest.raises(StorageError, match="database or disk is full"):
        outcome(runner, *many)
    assert outcome(runner, job()) == Clean()


@pytest.mark.parametrize("script", ["exit 0", "echo 'Sys_error(\"x: No space left on device\")' >&2; exit 2"])
def test_a_full_temporary_folder_ends_the_run_with_one_clear_error(fake, tmp_path, monkeypatch, script):
    """Every job would fail the same way, thousands of times."""
    if script == "exit 0":
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))

    with pytest.raises(StorageError, match="TMPDIR"):
        outcome(fake(script), job())


def test_closing_the_results_early_leaves_nothing_running(fake, tmp_path):
    """A caller that has seen enough must not wait for jobs that hang."""
    go = tmp_path / "go"  # the first ends when the second has begun to wait, else nobody would begin it
    first_ends = f'test $(wc -l <"$calls") = 1 && {{ until test -e {go}; do sleep 0.02; done; exit 0; }}'
    runner = fake(f"{first_ends}; sleep 100 & echo $! >>{tmp_path}/pids; wait", jobs=1)

    def jobs():
        for number in range(5):
            if number == 2:
                go.touch()
            yield job(semantic_patch=f"// {number}\n{STAR}")

    results = runner.run(jobs())
    _, first = next(results)
    wait_for_lines(tmp_path / "pids", 1)
    results.close()

    assert first == Clean()
    assert not any(is_running(int(pid)) for pid in (tmp_path / "pids").read_text().split())
    assert len(fake.calls()) == 2


def test_an_error_in_the_jobs_is_not_swallowed(fake):
    """Rendering a semantic patch may fail halfway; what was begun is ended and the error comes out."""

    def jobs():
        yield job()
        raise SemanticPatchRefused("halfway")

    with pytest.raises(SemanticPatchRefused, match="halfway"):
        list(fake("exit 0").run(jobs()))


INTERRUPTED = """
import sys
from pathlib import Path
from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.spatch import Job, Slice, SpatchRunner
with JobCache(Path(sys.argv[1])) as cache, SpatchRunner(cache, 2, sys.argv[2]) as runner:
    jobs = [Job("x", f"// {number}\\n" + sys.argv[3], (), Slice("x.c", b""), 1000.0) for number in range(50)]
    for _, outcome in runner.run(jobs):
        print(type(outcome).__name__, flush=True)
"""


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_run_goes_on_where_it_stopped(fake, cache, tmp_path, end):
    """Ctrl-C and kill -9 lose the jobs in flight and no others, and Ctrl-C leaves no process behind."""
    hanging = fake(
        f"test $(head -1 rule.cocci | tr -dc 0-9) -lt 10 && exit 0; echo $$ >>{tmp_path}/pids; exec sleep 100"
    )
    argv = [sys.executable, "-c", INTERRUPTED, str(cache.path), hanging.engine.program, STAR]
    with subprocess.Popen(
        argv, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert [b"Clean\n"] * 10 == [process.stdout.readline() for _ in range(10)]
        wait_for_lines(tmp_path / "pids", 2)
        process.send_signal(end)
        process.communicate(timeout=20)
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    if end == signal.SIGKILL:
        for pid in pids:  # nobody was left to do it; the CPU limit would end a real one
            os.kill(pid, signal.SIGKILL)

    again = fake("exit 0")
    jobs = [Job("x", f"// {number}\n{STAR}", (), Slice("x.c", b""), 1000.0) for number in range(50)]

    assert [Clean()] * 50 == outcome(again, *jobs)
    assert again.cached_jobs == 10
    assert not any(is_running(pid) for pid in pids)


def test_leaving_the_runner_ends_what_its_caller_forgot(fake, tmp_path):
    """Ctrl-C in the caller's own code leaves the iterator half used, with jobs still queued."""
    with fake(f"echo $$ >>{tmp_path}/pids; exec sleep 100") as runner:
        results = runner.run(job(semantic_patch=f"// {number}\n{STAR}") for number in range(9))
        reader = threading.Thread(target=lambda: list(results))
        reader.start()
        wait_for_lines(tmp_path / "pids", 2)
    reader.join(10)

    assert not reader.is_alive()
    assert len(fake.calls()) == 2


def test_a_pattern_is_taken_as_it_is_written(runner):
    """The isomorphisms of spatch, which cost half of a job, would have it match what the search of paths does not mean."""
    text = b"static int f(struct page *page)\n{\n\tif (%s)\n\t\treturn 1;\n\treturn 0;\n}\n"
    star = "@r@ expression e; @@\n* if (e == NULL) return 1;\n"

    assert isinstance(outcome(runner, job(text % b"page == NULL", star, as_written=True)), Matched)
    assert outcome(runner, job(text % b"!page", star, as_written=True)) == Clean()
    assert isinstance(outcome(runner, job(text % b"!page", star)), Matched)  # a person's rule means them too


@pytest.mark.parametrize(
    ("before", "after", "well"),
    [((9, 0), (10, 0), True), ((9, 0), (0, 10), False), ((9, 4), (9, 5), True), ((9, 4), (5, 9), False)],
)
def test_lines_that_are_added_to_a_hole_make_it_no_worse(before, after, well):
    """A fix of a function that is read with its macros written out adds lines to what spatch does not read in the file itself."""
    assert ParseReport(*after, ()).is_as_good_as(ParseReport(*before, ())) is well
