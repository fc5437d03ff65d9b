"""Leaf `duties`: which functions an obligation binds, how it came to them, and what could not be examined."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.states.known import given
from cocci_gen.kinds.page_duty import DELEGATIONS, bound_duties, resource_parameter, taken
from cocci_gen.kinds.page_words import page_words

OPS = "static const struct address_space_operations demo_aops = { .writepage = demo_writepage };\n"
HEAD = "static int demo_writepage(struct page *page, struct writeback_control *wbc)"


@pytest.fixture
def bound(facts_of, make_obligation):
    """bound(C text, method) -> (duties, unexamined); every call that does something to the page takes the obligation."""

    def find(text, method="writepage", delegates=lambda duty, touch: True):
        facts = facts_of({"fs/a.c": text}, methods=(method,))
        return bound_duties(make_obligation(method), facts.index, facts.effects, delegates)

    return find


def test_an_implementation_is_bound(bound):
    """The function, its page, and the table through which the VFS reaches it are what every rule starts from."""
    (duty,), missing = bound(HEAD + "\n{\n\tunlock_page(page);\n\treturn 0;\n}\n" + OPS)

    assert ("demo_writepage", "fs/a.c") == (duty.graph.name, duty.definition.path)
    assert ("page", "struct page *") == (duty.resource_name, duty.resource_type)
    assert [("address_space_operations", "demo_aops", "fs/a.c", 6)] == [
        (one.struct, one.variable, one.file, one.line) for one in duty.registrations
    ]
    assert [("unlock_page", 3)] == [(touch.callee, touch.line) for touch in duty.touches]
    assert ((), ()) == (duty.chain, missing)


def test_tables_that_share_a_function_share_one_duty(bound):
    """Two tables are two registrations of one finding, not two findings."""
    (duty,), _ = bound(HEAD + " { return 0; }\n" + OPS + OPS.replace("demo_aops", "other_aops"))

    assert ["demo_aops", "other_aops"] == [one.variable for one in duty.registrations]


def test_an_assigned_method_says_so(bound):
    """The evidence must not name a table that is none."""
    (duty,), _ = bound(HEAD + " { return 0; }\nvoid set(struct o *ops) { ops->writepage = demo_writepage; }\n")

    assert [("(assigned)", "ops->writepage")] == [(one.struct, one.variable) for one in duty.registrations]


def test_a_delegate_inherits_the_obligation(bound):
    """Half of all implementations only call a helper; the breach is in the helper."""
    helper = "static int helper(int n, struct folio *folio) { folio_unlock(folio); return n; }\n"
    duties, _ = bound(helper + HEAD + "\n{\n\treturn helper(1, page_folio(page));\n}\n" + OPS)

    assert [("demo_writepage", "page"), ("helper", "folio")] == [(one.graph.name, one.resource_name) for one in duties]
    assert [("fs/a.c", 4, "demo_writepage() hands the obligation on to helper()")] == [
        (step.file, step.line, step.note) for step in duties[1].chain
    ]
    assert duties[0].registrations == duties[1].registrations


def test_a_constant_that_every_caller_passes_is_known(bound):
    """`a5d8b9d94e18`: the branch that belongs to another method is none of this one; two callers that differ tell nothing."""
    helper = "static int helper(struct page *p, void *other) { unlock_page(p); return 0; }\n"
    one, _ = bound(helper + HEAD + " { return helper(page, NULL); }\n" + OPS)
    two, _ = bound(helper + HEAD + " { if (page->x) return helper(page, page->x); return helper(page, NULL); }\n" + OPS)

    assert given([("other", "NULL")]) == one[1].given
    assert () == two[1].given


def test_the_pages_of_a_control_come_first(bound):
    """A function that gets a page or a readahead_control is bound by the one that it is called with."""
    text = "static void both(struct readahead_control *rac, struct page *page)\n"
    text += "{ page = readahead_page(rac); unlock_page(page); }\n"
    text += "static void demo_readahead(struct readahead_control *rac) { both(rac, NULL); }\n"
    duties, _ = bound(text + OPS.replace("writepage", "readahead"), "readahead")

    assert [("both", "page", 1)] == [(one.graph.name, one.resource_name, len(one.starts)) for one in duties]


def test_who_is_no_delegate_inherits_nothing(bound):
    """A helper that unlocks for reasons of its own owes nothing."""
    helper = "static int helper(struct page *page) { unlock_page(page); return 0; }\n"
    duties, _ = bound(helper + HEAD + " { return helper(page); }\n" + OPS, delegates=lambda duty, touch: False)

    assert ["demo_writepage"] == [one.graph.name for one in duties]


def test_delegates_that_call_each_other_end(bound):
    """A cycle of helpers must not hang the run."""
    text = (
        "static int b(struct page *p);\n"
        "static int a(struct page *p) { unlock_page(p); return b(p); }\n"
        "static int b(struct page *p) { return a(p); }\n"
    )
    duties, _ = bound(text + HEAD + " { return a(page); }\n" + OPS)

    assert ["demo_writepage", "a", "b"] == [one.graph.name for one in duties]


def test_a_chain_of_delegates_has_an_end(bound):
    """What lies deeper is left to the effects, which call it unknown."""
    chain = "static int f0(struct page *p) { unlock_page(p); return 0; }\n"
    for number in range(1, 8):
        chain += f"static int f{number}(struct page *p) {{ return f{number - 1}(p); }}\n"
    duties, _ = bound(chain + HEAD + " { return f7(page); }\n" + OPS)

    assert DELEGATIONS + 1 == len(duties)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (OPS, "no definition of the function in this tree"),
        ("MAKES(writepage) // later\n" + OPS, "MAKES(writepage) makes it, and what that stands for is not read"),
        ("MAKES(page)\n" + OPS, "no definition of the function in this tree"),
        ("static int demo_writepage(int page) { return 0; }\n" + OPS, "has no page or folio parameter"),
        ("static int demo_writepage(struct page *) { return 0; }\n" + OPS, "has no page or folio parameter"),
    ],
)
def test_what_cannot_be_examined_is_listed(bound, text, reason):
    """A function that is left out in silence counts as clean."""
    duties, (missing,) = bound(text)

    assert ((), "demo_writepage", reason) == (duties, missing.function, missing.reason)
    assert ("fs/a.c", "address_space_operations.writepage.unlocks") == (missing.path, missing.obligation)


def test_what_the_parser_gives_up_on_is_listed(bound, monkeypatch):
    """No graph means not examined, never clean."""
    monkeypatch.setattr("cocci_gen.facts.tree.index.graph_of", lambda *_: None)
    duties, (missing,) = bound(HEAD + " { return 0; }\n" + OPS)

    assert ((), "tree-sitter sees no function there") == (duties, missing.reason)


READAHEAD = "static const struct address_space_operations demo_aops = { .readahead = demo_readahead };\n"


def test_readahead_owes_for_the_pages_that_it_takes(bound):
    """What it does not take, the VFS unlocks; the duty begins where a page is taken."""
    text = """\
static void demo_readahead(struct readahead_control *rac)
{
	struct folio *folio;

	while ((folio = readahead_folio(rac)))
		demo_read(folio);
}
"""
    (duty,), _ = bound(text + READAHEAD, "readahead")

    assert ("folio", "struct folio *") == (duty.resource_name, duty.resource_type)
    assert [5] == [duty.graph.nodes[number].line for number in duty.starts]
    assert ["demo_read"] == [touch.callee for touch in duty.touches]


def test_readahead_that_hands_its_control_on_binds_the_callee(bound):
    """Most file systems pass the control to one helper that takes the pages."""
    text = """\
static int helper(struct readahead_control *rac, int n)
{
	struct page *page = readahead_page(rac);

	return n;
}
static void demo_readahead(struct readahead_control *rac)
{
	helper(rac, 1);
}
"""
    (duty,), _ = bound(text + READAHEAD, "readahead")

    assert ("helper", "page", "struct page *") == (duty.graph.name, duty.resource_name, duty.resource_type)
    assert ["demo_readahead() hands the pages on to helper()"] == [step.note for step in duty.chain]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("int f(struct file *file, struct folio *folio)", 1),
        ("int f(const struct page *page)", 0),
        ("int f(struct page **pages)", None),
        ("int f(struct page *)", None),
        ("int f(struct pages *page)", None),
        ("int f(void)", None),
    ],
)
def test_the_parameter_that_holds_the_page(head, expected):
    """A wrong parameter makes every statement about the page a statement about something else."""

    assert expected == resource_parameter(graph_of(f"{head} {{ }}".encode(), 1), ("page", "folio"))


def test_where_pages_are_taken():
    """The obligation of ->readahead begins at these nodes."""
    graph = graph_of(b"void f(void)\n{\n\ta();\n\tp = readahead_page(r);\n\tq = __readahead_folio(r);\n}", 1)

    assert [4, 5] == [graph.nodes[number].line for number in taken(graph, page_words().readahead)]
