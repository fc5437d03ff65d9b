"""Functions that did more than the one that takes their place."""

import pytest

from cocci_gen.port.changes.declared import Function
from cocci_gen.port.changes.evolutions import FunctionGone
from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.lessons.initialisers import Table, initialiser_rules
from cocci_gen.port.lessons.support import Rejected
from cocci_gen.port.lessons.work_beside import given_up, lost_beside, with_refusals, with_work_beside
from cocci_gen.port.texts.terms import HOLE, function_term, replaced

OLD = {
    "leave_all": "void leave_all(struct shed *shed)\n{\n\tif (shed->root)\n\t\tsweep(shed->root);\n\tleave(shed);\n}",
    "leave_named": "void leave_named(struct shed *shed)\n{\n\tWARN_ON(!shed);\n\t/* sweep(shed); */\n\tleave(at(shed));\n}",
    "burn": "void burn(struct shed *shed)\n{\n\tsweep(shed->root);\n}",
    "sweep": "void sweep(struct broom *broom)\n{\n}",
    "at": "struct shed *at(struct shed *shed)\n{\n\treturn shed;\n}",
}
NEW = {"leave": "void leave(struct shed *shed)\n{\n\tshed->root = NULL;\n}"}


def of(texts):
    """Definitions by name."""
    return lambda name: texts.get(name, "")


@pytest.mark.parametrize(
    ("old", "new", "now", "beside"),
    [
        ("leave_all", "leave", NEW, ("sweep",)),
        ("leave_all", "leave", {"leave": "void leave(struct shed *shed)\n{\n\tsweep(shed->root);\n}"}, ()),
        ("leave_all", "stay", NEW, ()),
        ("leave_named", "leave", NEW, ()),
        ("burn", "leave", NEW, ()),
        ("unknown", "leave", NEW, ()),
    ],
    ids=["given up", "done by it now", "another one", "assertions and values", "did not call it", "nobody knows"],
)
def test_what_is_called_beside_the_successor_is_given_up(old, new, now, beside):
    """A file system would compile, and leave behind what the old function took down."""
    assert beside == given_up(old, new, of(OLD), of(now))


def term(text):
    """A statement as a term, E0 a metavariable."""
    return replaced(function_term(f"void f(void) {{ {text} }}".encode()), {("identifier", "E0"): (HOLE, 0)})


@pytest.mark.parametrize(
    ("right", "lost"),
    [("leave(E0);", ["the call of sweep()"]), ("sweep(E0->root); leave(E0);", []), ("stay(E0);", [])],
)
def test_a_rule_may_not_give_it_up(right, lost):
    """All of the tree may have done so, with changes elsewhere that the module does not get."""
    assert lost == list(lost_beside(Template(term("leave_all(E0);"), term(right), ()), of(OLD), of(NEW)))


def test_nor_may_a_rule_for_the_name_alone():
    """Most rules for a function that another one follows are of this sort: `f` becomes `g`, wherever it stands."""
    template = Template(("identifier", "leave_all"), ("identifier", "leave"), ())

    assert ["the call of sweep()"] == list(lost_beside(template, of(OLD), of(NEW)))


GONE = FunctionGone(Function("leave_all", "void", ("struct shed *shed",), "a.h", 1), ())


@pytest.mark.parametrize(("beside", "rules"), [((), 1), (("sweep",), 0)])
def test_no_table_names_what_does_less(beside, rules):
    """Four tables of the tree did, and none of them tells what became of the rest."""
    tables = [
        Table(f"fs/a{number}/a.c", "ops", "sheds", {"leave": "leave_all"}, {"leave": "leave"}) for number in range(4)
    ]

    assert rules == len(initialiser_rules([GONE], tables, gives_up=lambda old, new: beside))


def test_a_person_is_told_what_it_did_beside():
    """Whoever reads that most use leave() would use it too."""
    told = {"leave_all()": "of 4 functions that do without it by now, 4 use leave()"}

    assert {"leave_all()": f"{told['leave_all()']}; it called leave() and sweep()"} == with_work_beside(
        told, [GONE], lambda old, new: ("sweep",)
    )
    assert told == with_work_beside(told, [GONE], lambda old, new: ())


@pytest.mark.parametrize("said", [True, False])
def test_a_person_is_told_what_the_examples_gave_up(said):
    """Whoever takes leave() by hand would keep the call behind it, and do it twice."""
    told = {"leave_all()": "of 4 functions that do without it by now, 4 use leave()"}
    template = Template(("identifier", "leave_all"), ("identifier", "leave"), ())
    refused = [Rejected(template, "they gave up sweep() with it", said)] * 2

    wanted = {"leave_all()": f"{told['leave_all()']}; they gave up sweep() with it"} if said else told
    assert wanted == with_refusals(told, [GONE], refused)
