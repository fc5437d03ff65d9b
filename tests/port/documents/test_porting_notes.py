"""What the document about porting says since, of the code at hand."""

import pytest

from cocci_gen.port.documents.porting_notes import PORTING_RST, noted, notes_between
from cocci_gen.port.texts.instances import read_code
from cocci_gen.port.texts.trees import of_texts

OLD = "Title\n\n---\n\n**mandatory**\n\n->keep() holds the gate.  Call shut() first.\n"
CODE = b"""\
static int f(struct shed *s)
{
	/* open_up(s) */
	s->open_up(s);
	return open_up(s) + shut(s);
}
static const struct shed_operations o = {
	.tidy = f,
};
"""


def told(new, old=OLD, code=CODE, fresh=()):
    """(line, evolution, reason) of what is told of the code."""
    kernels = [of_texts(name, {PORTING_RST: text.encode()}) for name, text in (("old", old), ("new", new))]
    code = read_code([("a.c", code)], frozenset())
    left = noted(notes_between(*kernels), code, code, fresh=fresh)
    return [(one.line, one.evolution, one.reason.partition(" says since: ")[2]) for one in left]


@pytest.mark.parametrize(("fresh", "lines"), [((), [5]), (("open_up",), [])])
def test_who_calls_what_the_old_kernel_did_not_have_has_done_what_is_asked(fresh, lines):
    """A module that builds on both kernels was told to call what it calls."""
    found = told(f"{OLD}\n---\n\n**mandatory**\n\nUse open_up() in place of setting the gate.\n", fresh=fresh)

    assert lines == [line for line, _, _ in found]


@pytest.mark.parametrize(
    ("note", "lines"),
    [
        ("->tidy() instances are now called with the gate open.", [8]),
        ("open_up() must not be called there any more.", [5]),
        ("->other() has another meaning.  They call open_up() before.", []),
        ("The gate is green.  ->tidy() instances may open it.", [8]),
        ("The gate is green.", []),
    ],
    ids=["a method", "a function", "named on the way", "named later", "names nothing"],
)
def test_a_new_section_is_told_where_the_code_uses_what_it_is_about(note, lines):
    """A method whose caller holds something else by now compiles as before, and nobody would look at it."""
    found = told(f"{OLD}\n---\n\n**mandatory**\n\n{note}\n")

    assert lines == [line for line, _, _ in found]
    assert {" ".join(note.split())} >= {reason for _, _, reason in found}


@pytest.mark.parametrize(
    ("old", "new"),
    [("", ""), ("holds the", "holds  the\n"), ("the gate", "teh gate"), ("mandatory", "recommended")],
    ids=["the same", "other lines", "other spelling", "another word above"],
)
def test_what_it_said_before_is_not_told(old, new):
    """Everybody would read about the changes of ten years, or of a letter."""
    assert [] == told(OLD.replace(old, new), code=CODE.replace(b"tidy", b"keep"))


@pytest.mark.parametrize(
    ("new", "lines"),
    [("->tidy() may wait.", []), ("->tidy() may wait; the gate is shut.", [8]), ("->tidy() may.", [8])],
    ids=["its first half", "another second half", "another sentence"],
)
def test_half_of_a_sentence_is_no_news(new, lines):
    """The end of `->iterate_shared() is added; it does what ->iterate() did` went with ->iterate(), and all of them were told."""
    old = f"{OLD}\n---\n\n->tidy() may wait; the gate is open then.\n"

    assert lines == [line for line, _, _ in told(old.replace("->tidy() may wait; the gate is open then.", new), old)]


def test_a_page_that_is_a_folio_by_now_is_no_news():
    """A sentence of ten years ago was told again when somebody put the new word into it."""
    old = f"{OLD}\n---\n\n->tidy() gets pages.\n"

    assert [] == told(old.replace("pages", "folios"), old)
    assert [8] == [line for line, _, _ in told(old.replace("pages", "portfolios"), old)]


def test_a_section_that_says_something_else_is_told_by_its_new_sentence():
    """The paragraph would be taken for known as its first half is."""
    new = OLD.replace("Call shut() first.", "It is an error to call shut() there, as it is shut.")

    assert [(5, "shut()", "It is an error to call shut() there, as it is shut.")] == told(new)


def test_a_kernel_without_the_document_says_nothing():
    """A tree of another age would stop the port."""
    assert () == notes_between(of_texts("old", {}), of_texts("new", {PORTING_RST: OLD.encode()}))


OLD_HEAD, NEW_HEAD = (
    b"int elm_weed(struct plot *plot, int depth, bool deep)",
    b"int elm_weed(struct plot *plot, int depth)",
)


@pytest.mark.parametrize(
    ("head", "note", "is_told"),
    [
        (NEW_HEAD, "->weed() does not get its last argument any more.", False),
        (NEW_HEAD, "->weed() is called with the gate open.", True),
        (OLD_HEAD, "->weed() does not get its last argument any more.", True),
    ],
    ids=["done before", "another matter", "done by the port"],
)
def test_a_prototype_that_the_code_had_before_is_not_told(workshop, pair, head, note, is_told):
    """Who had followed a change by a condition on the version was sent there again; what the note says besides was not read."""
    module = pair("module")
    assert OLD_HEAD in module["elm.c"]
    module["elm.c"] = module["elm.c"].replace(OLD_HEAD, head)
    text = pair("new")[PORTING_RST] + f"\n---\n\n**mandatory**\n\n{note}\n".encode()
    port = workshop.port(module, new={PORTING_RST: text})

    assert is_told == any("->weed" in one.evolution and "says since" in one.reason for one in port.leftovers)


def test_a_call_that_the_port_wrote_is_not_told():
    """A place was left to a person that a patch of the same run had just made right."""
    kernels = [
        of_texts(name, {PORTING_RST: text.encode()})
        for name, text in (("old", OLD), ("new", f"{OLD}\n---\n\nUse set_gate().\n"))
    ]
    before, after = (
        read_code([("a.c", b"void f(struct shed *s)\n{\n\t%s;\n\tset_gate(s, 1);\n}\n" % one)], frozenset())
        for one in (b"s->gate = 0", b"set_gate(s, 0)")
    )

    assert [4] == [one.line for one in noted(notes_between(*kernels), before, after)]


def test_a_new_name_is_told_where_the_port_wrote_it_alone():
    """A branch for the new kernel, which calls it by the new name already, was left to a person like any other."""
    note = "dig_one() has been renamed to dig_row().  It asks nobody any more."
    kernels = [
        of_texts(name, {PORTING_RST: text.encode()})
        for name, text in (("old", OLD), ("new", f"{OLD}\n---\n\n{note}\n"))
    ]
    before, after = (
        read_code([("a.c", b"void f(struct shed *s)\n{\n\t%s(s);\n\tdig_row(s);\n}\n" % one)], frozenset())
        for one in (b"dig_one", b"dig_row")
    )
    left = [
        [one.line for one in noted(notes_between(*kernels), before, after, fresh=fresh)] for fresh in ((), ("dig_row",))
    ]

    assert [[3, 4], [3]] == left


@pytest.mark.parametrize(
    ("header", "own", "lines"),
    [
        (b"void *open_up(size_t size);\n", (), []),
        (b"void open_up(struct shed *shed);\n", (), [5]),
        (b"struct shed *open_up(int n);\n", (), [5]),
        (b"int shut(int n);\n", (), [5]),
        (b"void open_up(struct shed *shed);\n", ("open_up",), []),
    ],
    ids=["of nothing", "of a structure", "gives one", "unknown", "the code's own"],
)
def test_what_is_called_everywhere_is_not_what_a_note_means(header, own, lines):
    """Each kmalloc() of a module without an inode would be told that inodes are allocated otherwise by now."""
    texts = [OLD, f"{OLD}\n---\n\nSheds are made by raise_shed() rather than open_up().\n"]
    old, new = (of_texts("a", {PORTING_RST: text.encode(), "include/linux/shed.h": header}) for text in texts)
    code = read_code([("a.c", CODE)], frozenset())

    assert lines == [one.line for one in noted(notes_between(old, new), code, code, (), own)]
