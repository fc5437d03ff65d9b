"""Rules of the document that changed, and who has to look at which function for it."""

import pytest

from cocci_gen.document.declarations import Prototype
from cocci_gen.document.diff import RuleChange
from cocci_gen.port.changes.declared import Method
from cocci_gen.port.changes.evolutions import MethodRenamed, ProtocolChanged
from cocci_gen.port.documents.protocols import asked_otherwise, protocol_changes, to_check
from cocci_gen.port.texts.instances import read_code
from cocci_gen.port.texts.parameters import steps_between
from cocci_gen.port.texts.trees import of_texts

DOCUMENT = """\
=====
Rules
=====

address_space_operations
========================
prototypes::

	int (*read_folio)(struct file *, struct folio *);
	int (*write_begin)(struct file *, struct folio **);

locking rules:

======================	========================
ops			{column}
======================	========================
read_folio:		{read}
write_begin:		{begin}
======================	========================
"""
CODE = b"""\
static int elm_read_folio(struct file *file, struct folio *folio)
{
	return 0;
}

static int elm_write_begin(struct file *file, struct folio **foliop)
{
	return 0;
}

static const struct address_space_operations elm_aops = {
	.read_folio = elm_read_folio,
	.write_begin = elm_write_begin,
};
"""


def kernel(name, **cells):
    """A kernel that is a document alone."""
    text = DOCUMENT.format(**({"column": "folio locked", "read": "yes", "begin": "locks the folio"} | cells))
    return of_texts(name, {"Documentation/filesystems/locking.rst": text.encode()})


def told(old, new, gone=()):
    """What has to be looked at, by function."""
    code = read_code([("elm.c", CODE)], frozenset())
    found = to_check(protocol_changes(old, new), code, lambda: asked_otherwise(old, new), gone)
    return [one.function for one in found]


def test_a_cell_that_asks_for_something_else_is_to_be_looked_at():
    """Nobody would look at a function that has to unlock its page by now."""
    assert ["elm_read_folio"] == told(kernel("old"), kernel("new", read="yes, unlocks"))


def test_a_cell_in_other_words_is_nothing_to_look_at():
    """Each method of a module would be told for a page that is called a folio."""
    assert [] == told(kernel("old", begin="locks the page"), kernel("new"))


def test_the_rules_of_a_method_that_went_go_with_it():
    """->writepage went with seventeen sentences, each of which would be told beside it."""
    gone = {("address_space_operations", "read_folio")}

    assert [] == told(kernel("old"), kernel("new", read="yes, unlocks"), gone)


def method(name, parameters):
    """A method of address spaces."""
    return Method(
        "address_space_operations", Prototype(name, "int", parameters, "", 1, 1, "", ()), "include/linux/fs.h"
    )


OLD, NEW = (("struct file *file", f"struct {tag} *{tag}") for tag in ("page", "folio"))
RENAMED = MethodRenamed(method("readpage", OLD), method("read_folio", NEW), steps_between(OLD, NEW))


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ("->readpage() unlocks the pages or the page.", "->read_folio() unlocks the folios or the folio.", 0),
        ("->readpage() unlocks the page.", "->read_folio() keeps the folio locked.", 1),
        ("->readpage() unlocks the page of a file.", "->read_folio() unlocks the folio of a folio.", 1),
        ("", "->read_folio() unlocks the folio.", 1),
    ],
    ids=["the same", "something else", "another word", "new"],
)
def test_a_sentence_with_the_new_names_of_methods_is_nothing_to_look_at(old, new, count):
    """Each of 21 ->readpage was told four times for a page that is called a folio (5.10 to 6.1)."""
    change = ProtocolChanged(RuleChange("address_space_operations", "read_folio", "sentence", "", old, new, 1, 2))
    code = read_code([("elm.c", CODE)], frozenset())

    assert count == len(to_check([change], code, lambda: (), (), [RENAMED]))
