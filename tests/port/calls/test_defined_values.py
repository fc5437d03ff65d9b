"""Macros that take more by now, and the constants that their old definitions had there."""

import pytest

from cocci_gen.port.calls.defined_values import value_rules
from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.rules import Declarations
from cocci_gen.port.texts.trees import of_texts

OLD = b"""
#define DEFINE_PERCH(name)	\\
	struct perch name = PERCH_INIT(name, 1)	/* one bird alone */
#define perch_sway(perch)	perch_bend(perch, (WIDE))
#define PERCH_INIT(perch, n)	{ .birds = n }
void perch_bend(struct perch *perch, int how);
"""
NEW = b"""
#define DEFINE_PERCH(_name, _n)	\\
	struct perch _name = PERCH_INIT(_name, _n)
#define perch_sway(perch, how)	perch_bend((perch), how)
#define PERCH_INIT(perch, n)	{ .birds = n }
void perch_bend(struct perch *perch, int how);
"""
CODE = """static DEFINE_PERCH(elder);
DEFINE_PERCH(alder%s);

void f(struct perch *perch)
{
	perch_sway(perch%s);
	perch_bend(perch, 1);
}
"""


def rules(old=OLD, new=NEW):
    """The rules for a header that is this by now."""
    sides = [read_headers([("a.h", text)]) for text in (old, new)]
    kernels = [of_texts("a", {"a.h": text}) for text in (old, new)]
    return list(value_rules(compare(*sides, (), ()), *kernels))


def test_what_a_macro_had_for_everyone_is_given_by_everyone(workshop):
    """Each declaration of a semaphore would be left to a person who reads the old header."""
    made = rules()
    ported = apply_rules(made, {"a.c": (CODE % ("", "")).encode()}, workshop.runner)

    assert (CODE % (", 1", ", WIDE")).replace("elder", "elder, 1") == ported.texts["a.c"].decode()
    assert () == ported.refused
    assert {Declarations()} == {one.ground for one in made}


@pytest.mark.parametrize(
    "given",
    [
        {"old": OLD.replace(b"1)", b"count)")},
        {"old": OLD.replace(b"name, 1", b"2, 1")},
        {"old": OLD.replace(b"name, 1", b"1, name")},
        {"old": OLD.replace(b"= PERCH_INIT", b"= PERCH_MAKE")},
        {"old": OLD.replace(b"birds = n", b"birds = (n)").replace(b"PERCH_INIT(perch, n)", b"PERCH_INIT(n)")},
        {"old": OLD + b"#define DEFINE_PERCH(name)	struct perch name = PERCH_INIT(name, 2)\n"},
        {"old": b"#ifdef CONFIG_BIRDS\n" + OLD + b"#endif\n"},
        {"new": NEW.replace(b"_name, _n)\n#", b"_name, 1)\n#")},
        {"new": NEW.replace(b"_name, _n)\n#", b"_n, _n)\n#")},
        {"new": NEW.replace(b"\tstruct perch _name", b"\tstatic struct perch _name")},
    ],
    ids=[
        "no constant", "lost", "in another order", "another function", "one that changed", "two definitions",
        "for some alone", "not used", "used twice", "more than that",
    ],
)  # fmt: skip
def test_what_changed_otherwise_as_well_is_left(given):
    """Somebody would give a constant that means something else by now."""
    assert [] == [one for one in rules(**given) if "DEFINE_PERCH" in one.evolution]
