"""Rules of the document that changed, and who has to look at which function for it."""

from cocci_gen.port.documents.protocols import asked_otherwise, protocol_changes, to_check
from cocci_gen.port.texts.instances import read_code
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
