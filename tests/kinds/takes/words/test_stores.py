"""What the text of a function says of members that it sets, and whom it calls."""

from cocci_gen.kinds.takes.words.stores import Storing, stores_of

TEXT = """\
static int own(struct loc *loc) { return 0; }
static int f(struct loc *loc, int n)
{
	loc->bh = bed_get(n);
	if (BED_FULL(n))
		own(loc);
	elsewhere(loc);
	return f(loc, n);
}
"""


def test_a_text_says_what_it_puts_into_a_member(facts_of):
    """Else the graph of every function of a folder would be read, or the buffer that a helper leaves in `loc->bh` is nobody's."""
    index = facts_of({"fs/a.c": TEXT}).index
    (definition,) = index.definitions("f")
    names = frozenset({"bed_get", "BED_FULL", "own", "elsewhere", "if"})
    helpers = frozenset({"own", "elsewhere"})
    assert stores_of(index).of(definition) == Storing(names, helpers, True, ("bed_get",), False, {})
    own = stores_of(index).of(index.definitions("own")[0])
    assert own == Storing(frozenset(), frozenset(), False, (), False, {})


def test_a_text_says_what_it_puts_where_a_pointer_leads(facts_of):
    """Else a buffer that a helper leaves in `*out` is nobody's."""
    text = (
        "int g(int n, struct bed **out)\n{\n\tstruct bed *bed;\n\n\tbed = bed_get(n);\n\t*out = bed;\n\treturn 0;\n}\n"
    )
    index = facts_of({"fs/a.c": text}).index
    found = stores_of(index).of(index.definitions("g")[0])
    assert (True, {"bed": frozenset({"bed_get"})}) == (found.points, found.pointed)


def test_only_a_name_of_one_meaning_is_followed(facts_of):
    """What a macro or one of two variants does to a structure cannot be told from the call."""
    twins = {"fs/arm/b.c": "int elsewhere(struct loc *loc) { return 0; }\n"}
    index = facts_of({"fs/a.c": TEXT, **twins, "fs/x86/b.c": twins["fs/arm/b.c"]}).index
    (definition,) = index.definitions("f")
    assert [one.name for one in stores_of(index).helpers(definition)] == ["own"]


def test_a_name_in_two_cases_is_a_function_as_well(facts_of):
    """What `box_V1_raw()` or `readSuper()` puts where it is told was nobody's: only small letters were taken for a function."""
    index = facts_of({"fs/a.c": "int readSuper(int n) { return 0; }\nint SUPER(int n) { return 0; }\n"}).index
    (read,) = index.definitions("readSuper")

    assert stores_of(index).callee("readSuper", "fs/a.c") == read
    assert stores_of(index).callee("SUPER", "fs/a.c") is None
