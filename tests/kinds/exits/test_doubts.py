"""Leaf beside `exits`, `exit_doubts`: why a finding is not believed to the full, and that plain ones are."""

import pytest

from cocci_gen.findings.findings import Confidence
from cocci_gen.kinds.registry import RULES

HEAD = "static int demo_writepage(struct page *page, struct writeback_control *wbc{0})\n{{\n"
OPS = "static const struct address_space_operations demo_aops = { .writepage = demo_writepage };\n"


LATE = "\tint ret;\n\n\tif (!page->x) {\n\t\tret = PTR_ERR(bio);\n\t\tgoto out;\n\t}\n"


def dropped(condition, before=""):
    """A ->writepage that unlocks the page and does nothing else under a condition, and writes it otherwise."""
    return f"{before}\tif ({condition}) {{\n\t\tunlock_page(page);\n\t\treturn 0;\n\t}}\n\tsubmit_bio(b);\n\treturn 0;"


@pytest.fixture
def doubts(facts_of, make_obligation):
    """doubts(kind, code, line) -> (confidence, doubts) of the return on that line; the code begins on line 3."""

    def find(kind, code, line, more=""):
        facts = facts_of({"fs/a.c": HEAD.format(more) + code + "\n}\n" + OPS})
        rule = RULES[kind][0]
        (duty,) = rule.duties(make_obligation("writepage", kind), facts)[0]
        (suspect,) = rule.judge(duty, [line], "")
        words = [step.note for step in suspect.finding.evidence if step.note.startswith(("low: ", "moderate: "))]
        return suspect.finding.confidence, words

    return find


@pytest.mark.parametrize(
    ("kind", "code", "line"),
    [
        ("unlocks", "\tif (!page->x)\n\t\treturn -EIO;\n\tunlock_page(page);\n\treturn 0;", 4),
        ("unlocks", "\tint n = i_size_read(inode);\n\n\tif (n < 4)\n\t\treturn -EIO;\n\tsubmit_bio(bio);\n\treturn 0;", 6),
        ("unlocks", f"{LATE}\tsubmit_bio(bio);\n\treturn 0;\nout:\n\treturn ret;", 12),
        ("unlocks", "\tif (is_shutdown(sb))\n\t\treturn -EIO;\n\tunlock_page(page);\n\treturn 0;", 4),
        ("writeback", dropped("page->index > 9"), 5),
        ("writeback", "\tint rc = work();\n\n\tif (rc)\n\t\tClearPageUptodate(page);\n\tunlock_page(page);\n\treturn rc;", 8),
        ("writeback", dropped("!is_shutdown(sb)"), 5),
        ("writeback", "\tmapping_set_error(page->mapping, -EIO);\n\tunlock_page(page);\n\treturn 0;", 5),
    ],
    ids=["plain", "size of something else", "late error", "shutdown does not excuse", "no size", "void and failed", "alive",
         "only notes it"],
)  # fmt: skip
def test_plain_breaches_are_believed(doubts, kind, code, line):
    """A doubt that fires everywhere would empty the series."""

    assert (Confidence.HIGH, []) == doubts(kind, code, line)


@pytest.mark.parametrize(
    ("kind", "code", "line", "words"),
    [
        ("writeback", dropped("unlikely(f2fs_cp_error(sbi))"), 5,
         "low: `f2fs_cp_error(sbi)`: the file system drops the data on purpose"),
        ("writeback", dropped("is_drop_cache(inode)"), 5,
         "low: `is_drop_cache(inode)`: the file system drops the data on purpose"),
        ("writeback", dropped("nothing(page->x)").replace("unlock_page", "ClearPageUptodate(page);\n\t\tunlock_page"), 6,
         "low: the path declares the contents void and succeeds"),
        ("writeback", dropped("page->index > end", "\tloff_t size = i_size_read(inode);\n\tlong end = size >> 12;\n\n"), 8,
         "low: the page lies beyond the end of the file"),
        ("writeback", dropped("page->index == n && !rest", "\tlong n = i_size_read(i);\n\tlong rest = n & ~PAGE_MASK;\n\n"), 8,
         "low: the page lies beyond the end of the file"),
        ("unlocks", "\tif (PagePrivate(page))\n\t\tunlock_page(page);\n\treturn 0;", 5,
         "low: `PagePrivate(page)` is asked whether the page is another's to unlock"),
        ("unlocks", "\tvoid *p = kmap(page);\n\n\tif (!p)\n\t\treturn -ENOMEM;\n\tunlock_page(page);\n\treturn 0;",
         6, "low: `p` comes from kmap(), which does not fail"),
        ("writeback", "\tcancel_dirty_page(page);\n\tunlock_page(page);\n\treturn 0;", 5,
         "low: the path clears the dirty bit on purpose"),
        ("unlocks", "\tif (page->x) {\n\t\tsubmit_bio(bio);\n\t\treturn 0;\n\t}\n\treturn 0;", 7,
         "low: this is no early error, and elsewhere the page is handed on (line 4: submit_bio() starts I/O)"),
        ("unlocks", "\tfinish(page->mapping, page->index);\n\treturn 0;", 4,
         "low: finish() at line 3 may find the page by `page->mapping`"),
        ("unlocks", "\tstruct address_space *m = page->mapping;\n\n\tfinish(m, 1);\n\treturn 0;", 6,
         "low: finish() at line 5 may find the page by `m`"),
        ("writeback", "\tstruct buffer_head *bh = page_buffers(page);\n\n\tjournal(bh);\n\tunlock_page(page);\n\treturn 0;", 7,
         "low: the buffers of the page go to journal() at line 5"),
        ("unlocks", "\tstruct buffer_head *bh = page_buffers(page), *arr[8];\n\n\tarr[n] = bh;\n\tread(arr[0]);\n\treturn 0;", 7,
         "low: the buffers of the page go to read() at line 6"),
        ("unlocks", "\tif (page->x)\n\t\treturn -EIO;\n\tint = ;\n\tunlock_page(page);\n\treturn 0;", 4,
         "moderate: a part of demo_writepage() did not parse"),
    ],
    ids=["shutdown", "dropped", "void", "beyond the end", "at the end", "asked", "kmap", "cleared",
         "handed on", "mapping", "mapping by name", "buffers", "buffers in an array", "partial"],
)  # fmt: skip
def test_doubts(doubts, kind, code, line, words):
    """Each of these was false, or nothing to send, every time that it was seen in 6.1 and 6.12."""
    confidence, found = doubts(kind, code, line)

    assert Confidence(words.split(":")[0]) == confidence
    assert words in "\n".join(found)


def test_what_a_helper_leaves_undone_its_caller_may_know(facts_of, make_obligation):
    """nfs has nothing to write where it finds no request; the helper says so, and its caller unlocks."""
    helper = (
        "static int demo_flush(struct page *page)\n{\n\tif (!page->x)\n\t\treturn 0;\n"
        "\tset_page_writeback(page);\n\treturn 0;\n}\n"
    )
    code = "\tint ret = demo_flush(page);\n\n\tunlock_page(page);\n\treturn ret;\n}\n"
    facts = facts_of({"fs/a.c": helper + HEAD.format("") + code + OPS})
    duties = RULES["writeback"][0].duties(make_obligation("writepage", "writeback"), facts)[0]
    (found,) = [RULES["writeback"][0].judge(duty, [4], "") for duty in duties if duty.graph.name == "demo_flush"]

    assert [Confidence.LOW] == [suspect.finding.confidence for suspect in found]


def test_the_way_that_breaks_more_than_the_letter_is_told(doubts):
    """`fb8bc4c74ae4`: a label that serves an excused refusal and a lost page was low because the refusal comes first."""
    code = "\tif (page->index > i_size_read(inode) >> 12)\n\t\tgoto out;\n"
    code += "\tret = write_inode(inode);\n\tif (ret)\n\t\tgoto out;\n"
    code += "\tset_page_writeback(page);\nout:\n\tunlock_page(page);\n\treturn ret;"
    confidence, found = doubts("writeback", code, 11)

    assert (Confidence.HIGH, []) == (confidence, found)


def test_private_data_may_hold_the_page(doubts):
    """What comes in as `void *` may be a structure that keeps the page."""
    code = "\tfinish(data);\n\treturn 0;\n}\nstatic void finish(void *data)\n{\n\t(void)data;"
    confidence, found = doubts("unlocks", code, 4, more=", void *data")

    assert (Confidence.LOW, ["low: finish() at line 3 may find the page by `data`"]) == (confidence, found)


@pytest.mark.parametrize(
    ("test", "levels"),
    [
        pytest.param("data->keeps", [Confidence.MODERATE], id="of-the-caller"),
        pytest.param("d->keeps", [Confidence.MODERATE], id="by-another-name"),
        pytest.param("!data", [], id="none-is-given"),
        pytest.param("page->keeps", [], id="of-the-page"),
    ],
)
def test_what_a_callback_is_given_along_is_its_callers_word(doubts, test, levels):
    """Whether some caller says so, the page does not tell: mpage's callback kept it for one of its two."""
    code = f"\tstruct fill *d = data;\n\tif ({test})\n\t\treturn -EAGAIN;\n\tunlock_page(page);\n\treturn 0;"
    confidence, found = doubts("unlocks", code, 5, more=", void *data")

    assert confidence == (*levels, Confidence.HIGH)[0]
    assert len(levels) == len(found)


def test_what_is_done_to_private_data_may_unlock_the_page(doubts):
    """The owner that ->write_begin left in it holds the page, and whoever cannot be looked into may unlock that one."""
    unlocks = "\n}\nstatic void finish(struct owner *owner)\n{\n\tunlock_page(owner->page);"

    for code in ("\tfinish(data);\n\treturn 0;" + unlocks, "\tfinish(data);\n\treturn 0;"):
        assert ["low: no feasible path"] == doubts("unlocks", code, 4, more=", void *data")[1]


def test_the_lowest_doubt_decides(doubts):
    """Two doubts are not less than one."""
    code = "\tfinish(page->mapping);\n\tif (page->x)\n\t\treturn -EIO;\n\tint = ;\n\tunlock_page(page);\n\treturn 0;"
    confidence, found = doubts("unlocks", code, 5)

    assert (Confidence.LOW, 2) == (confidence, len(found))
