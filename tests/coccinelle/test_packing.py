"""A job on one function: it must say what the job on the whole file says, and be the same where only the rest is another."""

from dataclasses import replace

import pytest

from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.jobs import NOWHERE, Clean, Failed, Job, Matched, NotParsed, Patched, Slice
from cocci_gen.coccinelle.packing import packed, unpacked
from cocci_gen.coccinelle.spatch import SpatchRunner, run_job

STAR = """\
// Generated from line 7: told to people
@unlocked exists@
symbol page;
@@
leaks(...) {
... when != unlock_page(page)
* return ...;
}
"""
PATCH = STAR.replace("* return", "+ unlock_page(page);\n  return")
ABOVE = b"""\
#include <linux/fs.h>
/* A remark about bad( that opens nothing. */
#define bad(page) (page)->mapping == OTHER \\
	|| !(page)->index
#define unused(x) bad(x)
typedef unsigned int (*answer_t)(void);
enum places { OTHER, THERE };
struct state {
	int kept;
};
static int fine(struct page *page)
{
}
static const char *words = "int odd(void) {";
"""
LEAKS = b"""\
static answer_t
leaks(struct page *page)
{
	if (bad(page))
		return (answer_t)-EIO;
	unlock_page(page);
	return 0;
}
"""
BELOW = b"static struct file_operations ops = {\n\t.open = leaks,\n};\n"
FIRST, LAST = ABOVE.count(b"\n") + 1, ABOVE.count(b"\n") + LEAKS.count(b"\n")


def job(text=ABOVE + LEAKS + BELOW, patch=STAR, focus=(FIRST, LAST)):
    """A job on leaks()."""
    return Job("x.y.unlocks", patch, (), Slice("fs/a.c", text), 60.0, focus, as_written=True)


@pytest.fixture
def engine(tmp_path, need):
    """How spatch is run."""
    need("spatch")
    with JobCache(tmp_path / "jobs.sqlite") as cache, SpatchRunner(cache, 1) as runner:
        yield runner.engine


@pytest.mark.parametrize("patch", [STAR, PATCH], ids=["star", "patch"])
def test_the_outcome_is_that_of_the_whole_file(engine, patch):
    """Lines that are told wrong are judged as those of another statement, and a fix would be cut out of the wrong place."""
    whole, pack = job(patch=patch), packed(job(patch=patch))
    expected, found = run_job(whole, engine).outcome, unpacked(pack, run_job(pack.job, engine).outcome)
    assert isinstance(expected, Matched | Patched)
    assert replace(expected, job_key="") == replace(found, job_key="")


def test_what_the_function_needs_is_kept_and_nothing_else():
    """Without the macro spatch could not parse the function; with the rest no two versions of a kernel would share a job."""
    text = packed(job()).job.slice.text
    kept = [b"#define bad", b"|| !(page)->index", b"typedef unsigned int (*answer_t)(void);", b"enum places {"]
    assert all(one in text for one in kept)
    gone = [b"include", b"remark", b"unused", b"struct state", b"fine(", b"words", b"ops"]
    assert not any(one in text for one in gone)


def test_another_place_in_another_file_is_the_same_job(engine):
    """Else nothing of an earlier version of a kernel would be known in the next one."""
    other = ABOVE.replace(b"#include", b"#include <linux/mm.h>\n#include").replace(b"int kept;", b"long kept;")
    moved = job(other + LEAKS, STAR.replace("line 7", "line 9"), (FIRST + 1, LAST + 1))
    assert engine.key(packed(job()).job) == engine.key(packed(moved).job)
    macro = job(ABOVE.replace(b"->index", b"->count") + LEAKS + BELOW)
    assert engine.key(packed(job()).job) != engine.key(packed(macro).job)


@pytest.mark.parametrize(
    "whole",
    [replace(job(), focus=None), replace(job(), focus=NOWHERE), replace(job(), as_written=False)],
    ids=["no focus", "nowhere", "with isomorphisms"],
)
def test_a_job_that_may_look_elsewhere_stays_whole(whole):
    """A rule of a person's own may name types, and what a file declares decides them."""
    assert packed(whole).job is whole
    assert unpacked(packed(whole), Matched("", (1,))) == Matched("", (1,))


def test_what_is_said_of_more_than_the_function_fails():
    """A line outside of the function would be told as one of the file's that nobody looked at."""
    pack = packed(job())
    inside, outside = Matched("", (pack.at + 4,)), Matched("", (1,))
    assert unpacked(pack, inside) == Matched("", (FIRST + 4,))
    assert isinstance(unpacked(pack, outside), Failed)
    assert isinstance(unpacked(pack, Patched("", b"// new\n" + pack.job.slice.text, b"")), Failed)
    assert unpacked(pack, Clean()) == Clean()
    assert unpacked(pack, NotParsed("why", pack.at, pack.at + 2)) == NotParsed("why", FIRST, FIRST + 2)
    assert unpacked(pack, NotParsed("why")) == NotParsed("why")
