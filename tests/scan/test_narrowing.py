"""Of what a semantic patch changes the breach's part is kept; the one that a mail shows is to change no more."""

from types import SimpleNamespace

import pytest

from cocci_gen.coccinelle.spatch import Clean, Matched, Patched
from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.findings.edits import Edit
from cocci_gen.scan.narrowing import Nearness, Wide

TWO = """\
static int demo_writepage(struct page *page, struct writeback_control *wbc)
{
	int err = 0;

	if (page->x) {
		count_it();
		goto out;
	}
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	if (page->y)
		goto out;
	err = 1;
out:
	return err;
}
static const struct address_space_operations demo_aops = { .writepage = demo_writepage };
"""
MENDED = "\t\tcount_it();\n\t\tunlock_page(page);\n\t\tgoto out;\n"
FIRST = TWO.replace("\t\tcount_it();\n\t\tgoto out;\n", MENDED)
BOTH = FIRST.replace(
    "\tif (page->y)\n\t\tgoto out;\n", "\tif (page->y) {\n\t\tunlock_page(page);\n\t\tgoto out;\n\t}\n"
)


def answering(narrow):
    """A spatch whose rules mend both jumps, unless they say what stands before the first: then `narrow` is what comes of it."""

    def answer(job):
        text = job.slice.text.decode()
        if "\n* return" in job.semantic_patch:
            line = text.split("\n").index("\treturn err;") + 1
            return Clean() if "unlock_page(page);\n\t\tgoto" in text else Matched("key", (line,))
        if "unlock_page(page);\n\t\tgoto" in text:
            return Clean()
        return Patched("key", (narrow if "count_it" in job.semantic_patch else BOTH).encode(), b"")

    return answer


def test_a_semantic_patch_that_mends_too_much_is_narrowed(scanned):
    """A reviewer who ran the one of the mail would get the second unlock as well."""
    found, _ = scanned(answering(FIRST), TWO)
    (one,) = found.findings

    assert " count_it();\n+unlock_page" in one.finding.fix.semantic_patch
    assert () == one.finding.fix.beyond


@pytest.mark.parametrize(("loop", "told"), [("for (; n; n--)", 0), ("while (n)", 0), ("if (n)", 1)])
def test_what_tells_exits_apart_is_looked_for_further_out(scanned, loop, told):
    """The nearest test may be that of another exit too; then its block is taken, and then the loop around that."""
    same = "\t{}\n\t\tif (page->x) {{\n\t\t\tcount_it();\n\t\t\tgoto out;\n\t\t}}\n"
    text = TWO.replace("\tif (page->x) {\n\t\tcount_it();\n\t\tgoto out;\n\t}\n", same.format(loop))
    first = text.replace("\t\t\tgoto out;", "\t\t\tunlock_page(page);\n\t\t\tgoto out;", 1)
    both = first.replace("\tif (page->y)\n\t\tgoto", "\tif (page->y) {\n\t\tunlock_page(page);\n\t\tgoto")

    def answer(job):
        done = "unlock_page(page);\n\t\t\tgoto" in job.slice.text.decode()
        if "\n* return" in job.semantic_patch:
            line = job.slice.text.decode().split("\n").index("\treturn err;") + 1
            return Clean() if done else Matched("key", (line,))
        return (
            Clean() if done else Patched("key", (first if f"\n {loop}\n" in job.semantic_patch else both).encode(), b"")
        )

    found, _ = scanned(answer, text)
    assert told == len(found.findings[0].finding.fix.beyond)


@pytest.mark.parametrize("narrow", [BOTH, TWO.replace("count_it", "count_all")], ids=["as wide", "another change"])
def test_where_it_mends_too_much_all_the_same_is_told(scanned, narrow):
    """The mail must not say that its semantic patch made the patch and no more."""
    found, _ = scanned(answering(narrow), TWO)
    (one,) = found.findings

    assert " count_it();\n" not in one.finding.fix.semantic_patch
    assert {11, 13} == set(one.finding.fix.beyond)


@pytest.mark.parametrize(("behind", "told"), [("\t} else {\n\t\tcount_more();\n\t}\n", True), ("\t}\n", False)])
def test_an_else_behind_the_exit_is_named(scanned, behind, told):
    """An `if` with an `else` is another pattern than one without."""
    text = TWO.replace("\t\tgoto out;\n\t}\n", f"\t\tgoto out;\n{behind}", 1)
    seen = []

    def answer(job):
        seen.append(job.semantic_patch)
        if "\n* return" in job.semantic_patch:
            return Matched("key", (job.slice.text.decode().split("\n").index("\treturn err;") + 1,))
        return Patched("key", text.replace("\t\tgoto out;", "\t\tunlock_page(page);\n\t\tgoto out;").encode(), b"")

    scanned(answer, text)
    assert told == any(" else other_branch" in one for one in seen)


ROUND = """int f(struct a *a)
{
again:
	begin(a);
	if (try(a))
		goto out;
	box = take_it(a);
	if (try(box))
		goto out;
	end(box);
	goto again;
out:
	return 0;
}
"""
TAKES = (
    " f(...)\n {\n ... when any\n take_it(...)\n ... when any\n     when != put_it(box)\n+put_it(box);\n goto out;\n"
)


@pytest.mark.parametrize(
    ("change", "line", "head"),
    [
        (("", ""), 6, "begin"),
        (("end(box)", "begin(box)"), 6, ""),
        (("begin(a);", "begin(a);\n\tlook(a);"), 7, "look"),
        (("", ""), 9, ""),
        (("take_it", "other"), 6, ""),
    ],
    ids=["the head", "called twice", "the nearest", "behind the taking", "taken by another"],
)
def test_what_a_further_round_begins_with(change, line, head):
    """A call that is made on the way as well would keep the semantic patch from making anything."""
    text = ROUND.replace(*change)
    one = SimpleNamespace(
        duty=SimpleNamespace(graph=graph_of(text.encode(), 1)), slice=SimpleNamespace(text=text.encode())
    )
    narrower = Wide(one, (0,), TAKES, frozenset(), (Edit(line, (), (b"put_it(box);",)),)).narrower(Nearness.ROUND)

    assert narrower == (TAKES.replace("     when", f"     when != {head}(...)\n     when", 1) if head else "")
