"""Leaf `c_source`: what tree-sitter sees of a C file, and that what it does not see is said."""

import pytest

from cocci_gen.code.texts.source import SourceEntry, blank_attributes, file_facts

SOURCE = b"""\
static int demo_writepage(struct page *page)
	__releases(page_lock)
{
	return 0;
}

struct page * __must_check
demo_get(void)
{
	return NULL;
}

static inline void demo_nothing(void) { }
"""
BROKEN = b"""\
static int demo_broken(void)
{
	int = ;
	return 0;
}

static int demo_fine(void)
{
	return 0;
}

@@@ garbage
"""


def functions(text):
    """The functions of a file, by name."""
    return {span.name: span for span in file_facts(text, frozenset()).functions}


def entries(text, *methods):
    """(struct tag, variable, method, function) of every entry of a file."""
    found = file_facts(text, frozenset(methods)).entries
    return [(entry.tag, entry.variable, entry.method, entry.function) for entry in found]


def test_functions_are_found_with_their_lines():
    """A wrong line would send the reader of a finding, and the slice of its job, to another function."""
    found = functions(SOURCE)

    assert ["demo_writepage", "demo_get", "demo_nothing"] == list(found)
    assert [(1, 5), (7, 11), (13, 13)] == [(span.line, span.last_line) for span in found.values()]


def test_a_span_is_the_text_of_the_function():
    """Slices are cut at these offsets; one byte off and spatch reads half a function."""
    span = functions(SOURCE)["demo_get"]

    assert SOURCE[span.start : span.end].startswith(b"struct page *")
    assert SOURCE[span.start : span.end].endswith(b"return NULL;\n}")


def test_static_and_inline_are_told():
    """A name is looked up in other files only where it is not static."""
    found = functions(SOURCE)

    assert (True, False) == (found["demo_writepage"].static, found["demo_writepage"].inline)
    assert (False, False) == (found["demo_get"].static, found["demo_get"].inline)
    assert (True, True) == (found["demo_nothing"].static, found["demo_nothing"].inline)


def test_a_function_with_an_error_is_not_whole():
    """What did not parse must not be trusted, and must not take its neighbours with it."""
    found = functions(BROKEN)

    assert (False, True) == (found["demo_broken"].whole, found["demo_fine"].whole)


def test_what_did_not_parse_between_functions_is_a_hole():
    """A function that vanished in garbage would be missing in silence."""

    assert ((12, 12),) == file_facts(BROKEN, frozenset()).holes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"int f(void) __releases(&a->lock) {}", b"int f(void)                      {}"),
        (b"__init int f(void) {}", b"       int f(void) {}"),
        (b"noinline int __init f(void) {}", b"         int        f(void) {}"),
        (b"int a __attribute__((aligned(8)));", b"int a                            ;"),
        (b"list_for_each_entry(a, b, c) {", b"while              (a, b, c) {"),
        (b"scoped_guard(mutex, &lock) {", b"while       (mutex, &lock) {"),
        (b"out:\n\tlist_for_each(a, b)\n\t\tf(a);", b"out:\n\twhile        (a, b)\n\t\tf(a);"),
        (b"do { f(); } list_for_each(a, b);", b"do { f(); } while        (a, b);"),
        (b"else list_for_each(a, b) {", b"else while        (a, b) {"),
        (b"#endif\n\tlist_for_each(a, b) {", b"#endif\n\twhile        (a, b) {"),
        (b"x(); // all\n\tlist_for_each(a, b) {", b"x(); // all\n\twhile        (a, b) {"),
        (b"/* all */ list_for_each(a, b) {", b"/* all */ while        (a, b) {"),
        (b"\tif (a)\n\t\tlist_for_each(a, b) {", b"\tif (a)\n\t\twhile        (a, b) {"),
        (b"container_of(p, struct foo, bar)", b"container_of(p,        foo, bar)"),
        (b"min_t(unsigned int, a, b)", b"min_t(T___________, a, b)"),
        (b"int a __attribute__((x,\n\ty(8)));", b"int a                  \n       ;"),
    ],
)
def test_macros_that_are_no_c_are_blanked_in_place(text, expected):
    """tree-sitter drops a function for one attribute macro; a changed length would move every offset behind it."""

    assert expected == blank_attributes(text)


@pytest.mark.parametrize(
    "text",
    [
        b"int my__init(void);",
        b"int f__printf(1, 2);",
        b"int do_notrace(void);",
        b"int __init_all(void);",
        b"MY_STATIC int a;",
        b"int box_foreach(struct box *box)\n{",
        b"struct box *box_foreach(int a)\n{",
        b"\terr = box_foreach(box, &a);",
        b"\treturn box_foreach(box, &a);",
        b"\tif (box_foreach(box, &a) < 0) {",
        b"\tbox_foreach(box, f(&a));",
        b"\tops->foreach(box) {",
        b"\t}\n\tbox_foreach(box, f(&a));",
    ],
)
def test_what_only_ends_or_begins_as_an_attribute_stays(text):
    """The patterns begin with a letter of the word, and look behind it for the rest of another one."""
    assert blank_attributes(text) == text


def test_entries_of_operations_tables():
    """Each way to write an entry that is missed is an implementation that is never examined."""
    text = b"""\
static const struct address_space_operations demo_aops = {
	.writepage	= demo_writepage,
	.read_folio	= &demo_read_folio,
	.dirty_folio	= (void *)demo_dirty,
};
static const struct demo_ops nested = { .sub = { .read = demo_read }, };
"""

    assert [
        ("address_space_operations", "demo_aops", "writepage", "demo_writepage"),
        ("address_space_operations", "demo_aops", "read_folio", "demo_read_folio"),
        ("address_space_operations", "demo_aops", "dirty_folio", "demo_dirty"),
        ("demo_ops", "nested", "read", "demo_read"),
    ] == entries(text)


def test_tables_in_an_array_keep_its_name():
    """A finding names the table through which the VFS reaches the function."""
    text = b"static struct file_operations all[] = {\n\t{ .open = a_open },\n\t[1] = { .open = b_open },\n};\n"

    assert {("file_operations", "all", "open", "a_open"), ("file_operations", "all", "open", "b_open")} == set(
        entries(text)
    )


def test_the_older_way_to_name_a_member_counts():
    """Modules of companies still write what gcc had before C99; their methods would be bound by no rule."""
    text = b"""\
static struct address_space_operations demo_aops =
{
	writepage:	demo_writepage,
#ifdef DEMO
	read_folio:	&demo_read_folio,
#endif
};
static int demo_pick(int x)
{
	return x ? writepage : demo_writepage;
}
"""
    assert [
        ("address_space_operations", "demo_aops", "writepage", "demo_writepage"),
        ("address_space_operations", "demo_aops", "read_folio", "demo_read_folio"),
    ] == entries(text)


def test_entries_that_name_no_function_are_left_out():
    """`.writepage = NULL` implements nothing, and neither does a number or a structure that holds no methods."""
    text = b"""\
static struct address_space_operations demo_aops = { .writepage = NULL, .bmap = 0 };
static struct demo_thing thing = { .writepage = demo_writepage };
static struct address_space_operations *pointer = &demo_aops;
"""

    assert [] == entries(text)


def test_a_macro_that_writes_entries_is_expanded():
    """Some file systems write their tables by a macro of the same file, with the functions as its arguments."""
    text = b"""\
#define DEMO_OPS(write) \\
	.writepage = write, \\
	.readpage = demo_read
static const struct address_space_operations demo_aops = { DEMO_OPS(demo_write) };
static const struct address_space_operations other_aops = DEMO_OPS(other_write);
"""

    assert [
        ("address_space_operations", "demo_aops", "writepage", "demo_write"),
        ("address_space_operations", "demo_aops", "readpage", "demo_read"),
        ("address_space_operations", "other_aops", "writepage", "other_write"),
        ("address_space_operations", "other_aops", "readpage", "demo_read"),
    ] == entries(text)


def test_assignments_to_a_method_count_as_entries():
    """A table that is filled at run time binds its functions as much as an initialiser does."""
    text = b"""\
void demo_set(struct demo *demo)
{
	demo->ops->writepage = demo_writepage;
	demo->ops->writepage = NULL;
	demo->count = demo_count;
}
"""

    assert (SourceEntry("", "demo->ops->writepage", "writepage", "demo_writepage", 3),) == file_facts(
        text, frozenset({"writepage"})
    ).entries
    assert [] == entries(text, "readpage")


def test_a_callback_that_stands_for_a_method_counts_as_entry():
    """fuse has its ->writepage contract only in what it hands to write_cache_pages()."""
    text = (
        b"int f(void)\n{\n\treturn write_cache_pages(m, wbc, fill, &data);\n}\n"
        b"int g(void)\n{\n\tread_cache_page(m, 0, NULL, f);\n\treturn read_cache_page(m, 0, (filler_t *)fill_one, f);\n}\n"
    )
    found = file_facts(text, frozenset({"writepage", "read_folio"})).entries

    assert [
        ("", "write_cache_pages()", "writepage", "fill", 3),
        ("", "read_cache_page()", "read_folio", "fill_one", 8),
    ] == [(entry.tag, entry.variable, entry.method, entry.function, entry.line) for entry in found]


def test_a_file_without_bodies_is_not_parsed(monkeypatch):
    """Register headers of 10 MB hold nothing; parsing them costs a third of the whole index."""
    monkeypatch.setattr("cocci_gen.code.texts.source.parse", lambda text: pytest.fail("it was parsed"))

    assert ((), ()) == (
        file_facts(b"#define A 1\nint demo(void);\n" * 9, frozenset()).functions,
        file_facts(b"", frozenset()).entries,
    )


def test_bytes_that_are_no_text_survive():
    """Old drivers hold Latin-1 comments; an exception there would end the run."""
    text = b"/* caf\xe9 */\nint demo_caf(void)\n{\n\treturn '\xe9';\n}\n"

    assert [2] == [span.line for span in functions(text).values()]


ALONE = b"""int a(struct file *file, struct dir_context *ctx)
{
	return 0;
}

WRAP_DIR_ITER(a)%s
const struct file_operations a_ops = {
	.iterate_shared	= shared_a,
};

MADE_HEAD(b)
static int c(void)
{
	return 0;
}
"""


@pytest.mark.parametrize("behind", [b"", b" // FIXME!", b"\t/* by hand */\n", b";"])
def test_a_macro_without_a_semicolon_hides_no_table_below_it(behind):
    """The directories of seven file systems of 6.12 would have no method that anybody looks at."""
    text = ALONE % behind
    facts = file_facts(text, ())

    assert [("a_ops", "iterate_shared", "shared_a")] == [
        (one.variable, one.method, one.function) for one in facts.entries
    ]
    assert ["int a(", "static int c("] == [
        text[one.start : one.start + 20].decode().partition("(")[0] + "(" for one in facts.functions
    ]


def test_a_word_of_c_is_no_function():
    """What hangs on a function called `if` hung on nearly all functions of the kernel, as all mention the word."""
    text = b"int f(void)\n{\n\tg();\n}\n\telse if (b) {\n\t\tg();\n\t}\nint h(void)\n{\n\treturn 1;\n}\n"
    facts = file_facts(text, frozenset())
    assert [span.name for span in facts.functions] == ["f", "h"]
    assert facts.holes == ((5, 7),)


def test_a_function_that_does_not_end_ends_where_the_next_one_begins():
    """A macro of pktgen.c had 3,900 lines with 71 functions for its body: who calls any of them counted as who calls it."""
    text = b"int f(void)\n{\n\tif (a) {\n\treturn 0;\n}\n\nint h(void)\n{\n\treturn 1;\n}\nint k(void)\n{\n\treturn 1;\n}\n"
    spans = file_facts(text, frozenset()).functions
    assert [(span.name, span.line, span.last_line, span.whole) for span in spans] == [
        ("f", 1, 6, False),
        ("h", 7, 10, True),
        ("k", 11, 14, True),
    ]
    assert text[spans[0].start : spans[0].end].endswith(b"}\n\n")
