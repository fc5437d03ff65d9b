"""What spatch writes, laid out as its surroundings are."""

import pytest

from cocci_gen.port.edits.layout import relaid

HEAD = b"static int\nf(struct a *a, struct b *b,\n    struct c *c, int d)\n{\n\treturn g(a,\n\t  b, c);\n}\n"


@pytest.mark.parametrize(
    ("before", "written", "wanted"),
    [
        (
            HEAD,
            HEAD.replace(
                b"f(struct a *a, struct b *b,\n    struct c *c, int d)",
                b"f(struct e *e, struct b *b,\n  struct c *c,\n  int d)",
            ),
            HEAD.replace(b"struct a *a", b"struct e *e"),
        ),
        (HEAD, HEAD.replace(b"g(a,\n\t  b, c)", b"g(a, x, b,\n\t\t c)"), HEAD.replace(b"g(a,\n", b"g(a, x,\n")),
        (
            b"f(struct a *a,\n    int b,\n          \n               \n    int c)\n{\n}\n",
            b"f(struct e *e, int b, int c)\n{\n}\n",
            b"f(struct e *e,\n    int b,\n          \n               \n    int c)\n{\n}\n",
        ),
        (
            b"f(int a\n          \n  , struct b *b\n     \n         \n  )\n{\n}\n",
            b"f(int a\n          \n  , struct long_b *b\n  \n  \n  )\n{\n}\n",
            b"f(int a\n          \n  , struct long_b *b\n     \n         \n  )\n{\n}\n",
        ),
        (
            b"{\n\tx->sec = a;\n\t/* why */\n\tx->nsec = b;\n}\n",
            b"{\n\tset(x, a, b);\n}\n",
            b"{\n\t/* why */\n\tset(x, a, b);\n}\n",
        ),
        (b"\ta->b->c = f(d);\n", b"\tset(a->b, f(d));\n", b"\tset(a->b, f(d));\n"),
        (b"\ta->b = a->c =\n\t\td;\n", b"\ta->c = set(d);\n", b"\ta->c = set(d);\n"),
        (b"\tf(a,\n  b->c);\n", b"\tf(a,\n\t  get(b));\n", b"\tf(a,\n  get(b));\n"),
        (b"\tx = (loff_t)p->a << 3;\n", b"\tx = (loff_t) o(p)->a << 3;\n", b"\tx = (loff_t)o(p)->a << 3;\n"),
        (b"\tx = (loff_t) p->a << 3;\n", b"\tx = (loff_t) o(p)->a << 3;\n", b"\tx = (loff_t) o(p)->a << 3;\n"),
        (
            b"\t\t\tloff_t start_of_what_comes = (loff_t)pages[number]->index << PAGE_SHIFT;\n",
            b"\t\t\tloff_t start_of_what_comes = (loff_t) folio_of(pages[number])->index << PAGE_SHIFT;\n",
            b"\t\t\tloff_t start_of_what_comes = (loff_t)folio_of(pages[number])->index << PAGE_SHIFT;\n",
        ),
        (
            b"static int f(struct a *, unsigned int);\n",
            b"static int f(struct b *b, const struct c *name,\n\t     struct a *, unsigned int);\n",
            b"static int f(struct b *, const struct c *, struct a *, unsigned int);\n",
        ),
        (
            b"static int f(struct a *a, unsigned int);\n",
            b"static int f(struct b *b, struct a *a, unsigned int);\n",
            b"static int f(struct b *b, struct a *a, unsigned int);\n",
        ),
        (b"\treturn f(a, b);\n", b"\treturn f(a * b, c *d);\n", b"\treturn f(a * b, c *d);\n"),
        (b"\treturn f(WET, a, b);\n", b"\treturn f(WET | a, b);\n", b"\treturn f(WET | a, b);\n"),
        (
            b"\treturn f(WET,\n\t\t a | B, b);\n",
            b"\treturn f(WET | a | B, b);\n",
            b"\treturn f(WET |\n\t\t a | B, b);\n",
        ),
    ],
    ids=[
        "a head",
        "an argument more",
        "lines of other kernels",
        "lines of other kernels behind the change",
        "a comment between",
        "a call around",
        "what began the line went",
        "around a line's first",
        "behind a cast",
        "behind a cast with a blank",
        "behind a cast in a line that grows too wide",
        "parameters without names",
        "parameters with names",
        "no declaration",
        "an operator in place of a comma",
        "an operator in place of a comma at the end of a line",
    ],
)
def test_lines_are_broken_as_they_were(before, written, wanted):
    """A reviewer would read changes of white space, and a comment would be lost."""
    assert wanted == relaid(before, written)


@pytest.mark.parametrize(
    ("before", "written", "wanted"),
    [
        (
            b"\treturn plant_all_of_them_there(map, dir, entry, NULL, DEEP | mode, 0,\n\t\t\t\t       NULL, 0);\n",
            b"\treturn ERR_PTR(plant_all_of_them_there(map, dir, entry, NULL, DEEP | mode, 0, NULL, 0));\n",
            b"\treturn ERR_PTR(plant_all_of_them_there(map, dir, entry, NULL,\n\t\t\t\t\t       DEEP | mode, 0, NULL, 0));\n",
        ),
        (
            b"\t\t\tlet_all_of_them_grow(map, plot, row->bed[3], of(a, b));\n",
            b"\t\t\tlet_all_of_them_grow(map, plot_of(entry->parent->there), row->bed[3], of(a, b));\n",
            b"\t\t\tlet_all_of_them_grow(map, plot_of(entry->parent->there),\n\t\t\t\t\t     row->bed[3], of(a, b));\n",
        ),
        (
            b"\tx = let_all_of_them_grow(map, plot, mode, row->bed[3], a_long_word, another_one_of_them);\n",
            b"\tx = let_all_of_them_grow(map, plot_of(e), mode, row->bed[3], a_long_word, another_one_of_them);\n",
            b"\tx = let_all_of_them_grow(map, plot_of(e), mode, row->bed[3], a_long_word, another_one_of_them);\n",
        ),
        (
            b"\tx = let_all_of_them_grow_for_a_year_and_a_day(plot, row->bed.of_roses);\n",
            b"\tx = let_all_of_them_grow_for_a_year_and_a_day(\n\t\tplot_of(entry->parent), row->bed.of_roses);\n",
            b"\tx = let_all_of_them_grow_for_a_year_and_a_day(\n\t\tplot_of(entry->parent), row->bed.of_roses);\n",
        ),
    ],
    ids=["in a call", "twice", "as wide before", "narrow already"],
)
def test_a_line_that_grew_too_wide_is_broken_at_commas(before, written, wanted):
    """Each such hunk would have to be laid out by hand before it could be sent."""
    assert wanted == relaid(before, written)


def test_a_line_does_not_grow_too_long():
    """What spatch broke for its length would be put together again."""
    before = b"\treturn some_function(%s, b);\n" % (b"a" * 44)
    written = b"\treturn some_function(%s,\n\t\t\t     a_new_argument, b);\n" % (b"a" * 44)

    assert written == relaid(before, written)


@pytest.mark.parametrize(
    ("before", "written"),
    [
        (b"\tf(a,\n#ifdef X\n\t  b,\n#endif\n\t  c);\n", b"\tf(a,\n#ifdef X\n\t  b,\n#endif\n\t  d,\n\t  c);\n"),
        (b"#define F(a) \\\n\tg(a, \\\n\t  b)\n", b"#define F(a) \\\n\tg(a, c, \\\n\t  b)\n"),
        (b"\tf(a, // why\n\t  b);\n", b"\tf(a, // why\n\t  c,\n\t  b);\n"),
    ],
    ids=["directives", "a macro", "a comment to the end of the line"],
)
def test_where_a_line_has_a_meaning_it_stays_as_spatch_wrote_it(before, written):
    """A directive or a comment would swallow code."""
    assert written == relaid(before, written)


@pytest.mark.parametrize(
    ("before", "written", "wanted"),
    [
        (b"int f(int b)\n", b"int f(int a\n      , int b)\n", b"int f(int a, int b)\n"),
        (b"int old;\n", b"int f(int a\n      , int b)\n", b"int f(int a,\n      int b)\n"),
        (b"int old;\n", b"int f(int a\n      ,\n      int b)\n", b"int f(int a,\n      int b)\n"),
        (b"int old;\n", b"int f(int a /* why */\n      , int b)\n", b"int f(int a /* why */\n      , int b)\n"),
    ],
    ids=["on one line as before", "before a parameter", "alone", "behind a comment"],
)
def test_a_comma_ends_a_line(before, written, wanted):
    """No reviewer takes a parameter list whose lines begin with commas."""
    assert wanted == relaid(before, written)


def test_an_else_stands_behind_the_brace_that_was_put_before_it():
    """checkpatch and every reader complain."""
    before = b"\tif (a)\n\t\tf(&b);\n\telse\n\t\tg();\n"
    written = b"\tif (a) {\n\t\tc = b;\n\t\tf(&c);\n\t}\n\telse\n\t\tg();\n"

    assert written.replace(b"}\n\telse", b"} else") == relaid(before, written)


@pytest.mark.parametrize(
    ("under", "wanted"),
    [
        (b"      struct b *b)\n{\n}\n", b"\t    struct b *b)\n{\n}\n"),
        (b"\tstruct b *b)\n{\n}\n", b"\tstruct b *b)\n{\n}\n"),
        (b"      struct b *%s)\n{\n}\n" % (b"b" * 60), b"      struct b *%s)\n{\n}\n" % (b"b" * 60)),
    ],
    ids=["under the bracket", "anywhere else", "too long"],
)
def test_parameters_stay_under_their_bracket(under, wanted):
    """A head that got another type would not be aligned any more, as checkpatch sees at once."""
    old, new = b"int f(struct a *a,\n", b"struct c *f(struct a *a,\n"

    assert new + wanted == relaid(old + under, new + under)


def test_a_tab_inside_a_line_is_as_wide_as_it_is():
    """spatch takes it for eight columns, and the parameters of `extern int\\tf(` stood two columns right of their bracket."""
    old = b"extern int\tf(struct meadow *meadow, struct plot *plot, int b);\n"
    new = b"extern int\tf(struct owner_of_it *owner,\n%sstruct meadow *meadow, struct plot *plot,\n%sint b);\n"
    spatch, wanted = (b" " * width for width in (20, 18))

    assert new % ((wanted.replace(b" " * 8, b"\t"),) * 2) == relaid(old, new % ((spatch.replace(b" " * 8, b"\t"),) * 2))


@pytest.mark.parametrize(
    ("before", "written", "wanted"),
    [
        (
            b"\tset(a,\n\t    &b->c);\n",
            b"\tset(a,\n\t    &t);t = get(b);t = t;\n",
            b"\tset(a,\n\t    &t);\n\tt = get(b);\n\tt = t;\n",
        ),
        (b"\ta();b();\n\tc();\n", b"\ta();b();\n\td();\n", b"\ta();b();\n\td();\n"),
        (b"\tc();\n", b"\tfor (a = 0;b;c)\n\t\td();\n", b"\tfor (a = 0;b;c)\n\t\td();\n"),
        (b"\tc();\n", b'\td("a;b");\n', b'\td("a;b");\n'),
    ],
    ids=["behind a call of two lines", "as it was", "in the head of a loop", "in a string"],
)
def test_a_statement_stands_on_a_line_of_its_own(before, written, wanted):
    """spatch 1.3 writes `set(&t);t = get(b);`, which no maintainer takes."""
    assert wanted == relaid(before, written)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (b"\tint i;\n\tg();\n}\n", b"\tint i;\n\n\tg();\n}\n"),
        (b"\tint i;\n\n\tg();\n}\n", b"\tint i;\n\n\tg();\n}\n"),
        (b"\tint i;\n}\n", b"\tint i;\n}\n"),
    ],
    ids=["gone", "kept", "nothing left below"],
)
def test_a_blank_line_does_not_go_with_the_statement_below_it(written, wanted):
    """checkpatch asks for one behind the declarations; spatch 1.3 takes it along."""
    assert wanted == relaid(b"\tint i;\n\n\tif (a)\n\t\tf();\n\tg();\n}\n", written)


@pytest.mark.parametrize(
    ("before", "written", "wanted"),
    [
        (b"\tif (a)\n\t\tf();\n\tx();\n", b"\tif (a) {\n\t\tg(b);\n\t}\n\tx();\n", b"\tif (a)\n\t\tg(b);\n\tx();\n"),
        (b"\telse\r\n\t\tf();\r\n", b"\telse {\r\n\t\tg(b);\r\n\t}\r\n", b"\telse\r\n\t\tg(b);\r\n"),
        (b"\tif (a) {\n\t\tf();\n\t}\n", b"\tif (a) {\n\t\tg(b);\n\t}\n", b"\tif (a) {\n\t\tg(b);\n\t}\n"),
        (b"\tif (a)\n\t\tf();\n", b"\tif (a) {\n\t\tg(b);\n\t\th();\n\t}\n", b"\tif (a) {\n\t\tg(b);\n\t\th();\n\t}\n"),
    ],
    ids=["if", "else, CRLF", "as it was written", "two statements"],
)
def test_one_statement_gets_no_braces(before, written, wanted):
    """spatch 1.3 puts them around what it writes under an `if`, and checkpatch complains."""
    assert wanted == relaid(before, written)


def test_parameters_that_do_not_fit_stand_on_more_lines():
    """They stood under a bracket that is further to the right by now, where two are too long for a line."""
    rest = b"struct mower *mower, struct blades *blades,\n%sint how)\n{\n}\n"
    old = b"static int mower_mows(struct meadow *meadow,\n\t\t      " + rest % b"\t\t      "
    head = b"static struct dried_hay *mower_mows_the(struct meadow *meadow,\n"
    lines = (b"struct mower *mower,", b"struct blades *blades,", b"int how)")
    wanted = b"".join(b"\t\t\t\t\t%s\n" % one for one in lines) + b"{\n}\n"

    assert head + wanted == relaid(old, head + b"\t\t      " + rest % b"\t\t      ")


@pytest.mark.parametrize(
    ("before", "written", "wanted"),
    [
        (
            b"\tcount = mow_the_meadow(meadow, meadow->mower, first,\n\t\t\t       count, blades, NULL);\n",
            b"\tcount = mow_the_meadow(first,\n\t\t\t       count, blades);\n",
            b"\tcount = mow_the_meadow(first, count, blades);\n",
        ),
        (
            b"\tcount = mow(first,\n\t\t    count, NULL);\n",
            b"\tcount = mow(first,\n\t\t    count);\n",
            b"\tcount = mow(first,\n\t\t    count);\n",
        ),
        (
            b"\tcount = mow_the_meadow(meadow, meadow->mower, first, /* all */\n\t\t\t       count, blades, NULL);\n",
            b"\tcount = mow_the_meadow(first, /* all */\n\t\t\t       count, blades);\n",
            b"\tcount = mow_the_meadow(first, /* all */\n\t\t\t       count, blades);\n",
        ),
        (
            b"\tmow_the_meadow(meadow, meadow->mower, meadow->first_of_all_rows,\n\t\t       NULL);\n",
            b"\tmow_the_lawn(meadow, meadow->mower, meadow->first_of_all_rows,\n\t\t       NULL);\n",
            b"\tmow_the_lawn(meadow, meadow->mower, meadow->first_of_all_rows,\n\t\t       NULL);\n",
        ),
    ],
    ids=["too long before", "broken for its sake", "a comment", "not shorter"],
)
def test_a_call_that_takes_less_is_one_line_again(before, written, wanted):
    """`block_write_end(pos,` on a line of its own looks as if something were missing."""
    assert wanted == relaid(before, written)


@pytest.mark.parametrize(
    ("before", "written", "wanted"),
    [
        (
            b"\t\tbed->a = bed->b = bed->c =\n\t\t\tsown_at(row->file.sown_at_first);\n",
            (
                b"\t\tset_of_first(bed,\n\t\t\t     set_of_second_sowing(bed, set_of_third_sowing(bed, "
                b"sown_at(row->file.sown_at_first))));\n"
            ),
            (
                b"\t\tset_of_first(bed,\n\t\t\tset_of_second_sowing(bed,\n\t\t\t\tset_of_third_sowing(bed,\n"
                b"\t\t\t\t\tsown_at(row->file.sown_at_first))));\n"
            ),
        ),
        (
            b"\tbed->a = bed->b = bed->c = sown_at(first);\n",
            b"\tset_of_first(bed,\n\t\t     set_of_second_sowing(bed, set_of_third_sowing(bed, sown_at(first))));\n",
            b"\tset_of_first(bed,\n\t\t     set_of_second_sowing(bed, set_of_third_sowing(bed, sown_at(first))));\n",
        ),
    ],
    ids=["too wide", "not too wide"],
)
def test_calls_within_calls_that_are_too_wide_stand_on_lines_of_their_own(before, written, wanted):
    """What three stores in a row became was 132 columns wide; checkpatch takes 100."""
    assert wanted == relaid(before, written)


def test_commas_are_not_of_two_kinds():
    """`f(page,get,wbc)` became `g(mapping, wbc,get)`, which nobody writes."""
    before, written = b"\treturn f(page,get,wbc);\n", b"\treturn g(mapping, wbc, get);\n"

    assert written == relaid(before, written)


def test_new_entries_stand_as_those_of_their_own_table_do():
    """Another table of the file has its signs in a column; one that has not would look as if it were half converted."""
    other = b"struct b c = {\n\t.first\t\t= f,\n\t.second\t\t= g,\n\t.third\t\t= h,\n};\n\n"
    before = other + b"struct a b = {\n\t.read = f,\n\t.write = g,\n\t.end = h,\n};\n"
    written = before.replace(b"\t.write = g,\n", b"\t.writes = gs,\n\t.move = m,\n")

    assert written == relaid(before, written)
