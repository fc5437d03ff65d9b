"""Leaf of stage 3, `effects`: what a function may do to the page that it is given, and what is not known of it."""

from dataclasses import replace

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import Given, aliases, is_alias
from cocci_gen.facts.pages.pages import DEPTH, Effects


def graph(body, head="int demo(struct page *page)"):
    """The control flow of a function with that body."""
    return graph_of(f"{head}\n{{\n{body}\n}}\n".encode(), 1)


@pytest.fixture
def effect(index_of):
    """effect(body, *helpers) -> what `int demo(struct page *page)` with that body does to its page."""

    def find(body, *helpers, head="int demo(struct page *page)"):
        index = index_of({"fs/a.c": "\n".join((*helpers, f"{head}\n{{\n{body}\n}}\n"))})
        (definition,) = index.definitions("demo")
        return Effects(index).of(definition, Given(0))

    return find


@pytest.mark.parametrize(
    "text",
    ["page", "(struct page *)page", "&folio->page", "page_folio(page)", "(page)", "a ? page : b", "a ? b : folio", "&page->lru",
     "page_folio((struct page *)page)", "nth_page(page, 1)"],
)  # fmt: skip
def test_other_words_for_the_page(text):
    """An unlock under another name of the page is an unlock."""

    assert is_alias(text, {"page", "folio"}, call_vocabulary())


@pytest.mark.parametrize("text", ["pages", "page->mapping", "&page->flags", "f(page)", "page->index", "1", "page + 1"])
def test_what_only_speaks_of_the_page(text):
    """`page->mapping` handed to a helper does not hand over the page."""

    assert not is_alias(text, {"page"}, call_vocabulary())


def test_aliases_are_followed_from_name_to_name():
    """`folio = page_folio(page); p = &folio->page;` are three names for one page."""
    found = graph(
        "struct folio *folio = page_folio(page); p = &folio->page; q = p; other = f(page); q |= z; p->x = page;"
    )

    assert {"page", "folio", "p", "q"} == aliases(found, "page")


@pytest.mark.parametrize(
    ("body", "marks"),
    [
        ("rcu_assign_pointer(*slot, page);", {"escape"}),
        ("WRITE_ONCE(box->page, page);", {"escape"}),
        ("box->link = bits | (unsigned long)page;", set()),
        ("smp_store_release(&box->page, page);", {"escape"}),
        ("WRITE_ONCE(page->index, 1);", set()),
        ("RCU_INIT_POINTER(box->page, NULL);", set()),
        ("n = folio_page_idx(folio, page); VFS_BUG_ON_INODE(n, page); p = list_prev_entry(page, lru);", set()),
        ("p = kmalloc_objs(page, 3);", set()),
    ],
)
def test_macros_of_include_linux_do_what_their_names_say(effect, body, marks):
    """A header's macro has no definition, and all that passes it would count as not seen: 14 functions of 6.12."""

    assert marks == effect(body).marks


def test_primitives_have_their_marks(effect):
    """The words of pagemap.h are where all knowledge begins."""
    found = effect(
        "unlock_page(page); set_page_writeback(page); end_page_writeback(page); redirty_page_for_writepage(w, page);"
    )

    assert {"release", "start", "end", "redirty"} == found.marks
    assert "unlock_page()" == found.reason("release")
    assert "" == found.reason("escape")


def test_a_helper_does_what_its_callees_do(effect):
    """A helper that unlocks, at any depth, is the most tempting false finding of all."""
    helpers = (
        "static void inner(int a, struct folio *folio) { folio_unlock(folio); }",
        "static void outer(struct page *p) { if (x) inner(1, page_folio(p)); }",
    )
    found = effect("outer(page);", *helpers)

    assert {"release"} == found.marks
    assert "outer() -> inner() -> folio_unlock()" == found.reason("release")


def test_a_helper_that_only_looks_is_neutral(effect):
    """Were every helper distrusted, nothing would ever be found."""

    assert set() == effect("look(page);", "static int look(struct page *p) { return p->index + PageDirty(p); }").marks


def test_only_the_position_of_the_page_counts(effect):
    """A helper may release one of its pages and only read the other."""
    helper = "static void move(struct page *from, struct page *to) { unlock_page(to); look(from->index); }"

    assert set() == effect("move(page, other);", helper).marks
    assert {"release"} == effect("move(other, page);", helper).marks


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("nowhere_defined(page);", "nowhere_defined() has no definition that the index shows"),
        ("ops->go(page);", "a call through the pointer ops->go"),
    ],
)
def test_what_cannot_be_seen_is_unknown(effect, body, words):
    """An unknown callee may unlock; to trust it either way would be a guess."""
    found = effect(body)

    assert ({"unknown"}, words) == (found.marks, found.reason("unknown"))


def test_what_is_not_given_the_page_does_nothing_to_it(effect):
    """Calls without the page among their arguments end no path."""

    assert set() == effect("nowhere_defined(1); ops->go(page->mapping); unlock_page(other);").marks


def test_known_neutral_calls_need_no_definition(effect):
    """kmap(), pr_err(), ClearPageUptodate() and their like are macros that tree-sitter cannot follow."""

    assert set() == effect("kaddr = kmap(page); pr_err(page); ClearPageUptodate(page); put_page(page);").marks


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("x->page = page;", True),
        ("*pagep = page;", True),
        ("struct ctx ctx = { .page = page, 1 };", False),
        ("struct ctx ctx = { .page = page, 1 }; x->ctx = &ctx;", True),
        ("struct ctx ctx; ctx.page = page; x->ctx = &ctx;", True),
        ("struct page *v[2]; v[0] = page;", False),
        ("list_add(&page->lru, head);", True),
        ("p = page;", False),
        ("x->index = page->index;", False),
        ("struct ctx ctx = { .index = page->index };", False),
        ("x->count += page;", False),
        ("struct ctx ctx; ctx.page = page; *out = ctx;", True),
        ("struct ctx ctx; ctx.page = page; x->count = ctx.count;", False),
    ],
)
def test_a_page_that_is_kept_escapes(effect, body, kept):
    """Whoever keeps the page may unlock it later."""
    marks = effect(body, "static void list_add(struct list_head *a, struct list_head *b) { b->next = a; }").marks

    assert kept is ("escape" in marks)


def test_io_takes_whatever_it_is_given(effect):
    """Behind submit_bio() the completion owns the page, even though the call is given a bio only."""

    assert {"hand_on"} == effect("submit_bio(bio);").marks


def test_clearing_the_dirty_tag_is_starting_writeback(effect):
    """Two file systems do by hand what set_page_writeback() does."""

    assert {"start"} == effect("__xa_clear_mark(&m->i_pages, i, PAGECACHE_TAG_DIRTY);").marks
    assert set() == effect("__xa_clear_mark(&m->i_pages, i, PAGECACHE_TAG_TOWRITE);").marks


def test_all_definitions_of_a_name_count(index_of):
    """CONFIG twins differ; the path may run through either."""
    twin = "static void twin(struct page *p) {{ {0} }}\n"
    text = twin.format("unlock_page(p);") + twin.format("p->index;") + "int demo(struct page *page) { twin(page); }\n"
    index = index_of({"fs/a.c": text})

    assert {"release"} == Effects(index).of(index.definitions("demo")[0], Given(0)).marks


@pytest.mark.parametrize(
    ("body", "words"),
    [("int = ; return 0;", "a part of demo() did not parse"), ("return 0;", "")],
)
def test_a_function_that_parsed_in_part_is_unknown(effect, body, words):
    """An unlock may stand in the part that nobody read."""

    assert words == effect(body).reason("unknown")


def test_a_parameter_without_a_name_is_unknown(effect):
    """What cannot be followed by name cannot be judged."""

    assert {"unknown"} == effect("return 0;", head="int demo(struct page *)").marks


def test_recursion_ends_and_loses_nothing(effect):
    """Two functions that call each other must not hang the run, nor hide what either does."""
    other = "int demo(struct page *page);\nstatic void other(struct page *p) { unlock_page(p); demo(p); }"

    assert {"release", "redirty"} == effect("other(page); set_page_dirty(page);", other).marks


@pytest.mark.parametrize(("levels", "expected"), [(DEPTH - 1, {"release"}), (DEPTH, {"unknown"})])
def test_what_lies_too_deep_is_unknown(effect, levels, expected):
    """Somewhere the search must end, and there it must not say "neutral"."""
    chain = ["static void f0(struct page *p) { unlock_page(p); }"]
    chain += [f"static void f{number}(struct page *p) {{ f{number - 1}(p); }}" for number in range(1, levels)]

    assert expected == effect(f"f{levels - 1}(page);", *chain).marks


def test_an_answer_does_not_depend_on_who_asked_first(index_of):
    """What is remembered about a function in the middle of a deep chain must not be the cut-off answer."""
    chain = ["static void f0(struct page *p) { unlock_page(p); }"]
    chain += [f"static void f{number}(struct page *p) {{ f{number - 1}(p); }}" for number in range(1, DEPTH + 2)]
    index = index_of({"fs/a.c": "\n".join(chain)})
    deep, shallow = (index.definitions(f"f{number}")[0] for number in (DEPTH + 1, 3))
    effects = Effects(index)

    assert {"unknown"} == effects.of(deep, Given(0)).marks
    assert {"release"} == effects.of(shallow, Given(0)).marks


def test_an_answer_within_a_cycle_is_not_kept_half(index_of):
    """While a cycle is open its inner answers lack a part; they must not be remembered as the whole."""
    text = (
        "static void b(struct page *p);\n"
        "static void a(struct page *p) { b(p); unlock_page(p); }\n"
        "static void b(struct page *p) { a(p); set_page_dirty(p); }\n"
    )
    index = index_of({"fs/a.c": text})
    effects = Effects(index)

    assert [{"release", "redirty"}] * 2 == [effects.of(index.definitions(name)[0], Given(0)).marks for name in "ab"]


def test_touches_say_where_and_what(index_of):
    """The evidence of a finding lists every touch with its line."""
    text = "int demo(struct page *page)\n{\n\tunlock_page(page);\n\tx->page = page;\n\tlook(page->index);\n\treturn 0;\n}\n"
    index = index_of({"fs/a.c": text})
    found = Effects(index).touches(index.graph(index.definitions("demo")[0]), "fs/a.c", {"page"})

    assert [
        (3, "unlock_page", {"release"}, "unlock_page()"),
        (4, "", {"escape"}, "x->page keeps it"),
    ] == [(touch.line, touch.callee, touch.marks, touch.note) for touch in found]


def test_no_word_has_two_readings():
    """A call that is both neutral and marked would be judged by the order of the tests."""
    words = call_vocabulary()

    assert set() == set(words.marks) & (words.hands_on | words.neutral | words.alias)


@pytest.mark.parametrize(("body", "known"), [('log(1, "at %p\\n", page);', True), ('log(1, "page", page);', False)])
def test_what_prints_does_nothing_to_the_page(effect, body, known):
    """A macro that prints is not to be seen, and hid what became of the page."""
    assert known is (not effect(body).marks)


def test_who_keeps_what_he_counted_keeps_his_own(index_of):
    """A callee that takes a reference of its own and stores it, or gives it to I/O, leaves the caller's alone."""
    text = "int demo(struct page *page)\n{\n\tget_page(page);\n\tx->page = page;\n\tsubmit_bio(page);\n}\n"
    index = index_of({"fs/a.c": text})
    (definition,) = index.definitions("demo")
    counting = replace(call_vocabulary(), counts=frozenset({"get_page"}))

    assert {"escape", "hand_on"} <= Effects(index).of(definition, Given(0)).marks
    assert set() == Effects(index, counting).of(definition, Given(0)).marks
