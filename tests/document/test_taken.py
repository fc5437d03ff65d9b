"""What each row of a table implies beside its words."""

from cocci_gen.document.obligations import read_obligations
from cocci_gen.document.tables import read_document
from cocci_gen.document.taken import taken

DOCUMENT = """\
address_space_operations
========================
prototypes::

	int (*read_folio)(struct file *, struct folio *);
	int (*write_begin)(struct file *, struct folio **);

locking rules:

============== ========================
ops            folio locked
============== ========================
read_folio:    yes, unlocks
write_begin:   locks the folio
============== ========================
"""


def test_each_row_implies_that_what_was_taken_is_given_back():
    """Pages that a method hands to its caller are looked after by another rule."""
    found = list(taken(read_obligations(read_document(DOCUMENT.encode(), "locking.rst"))))

    assert [("read_folio", ()), ("write_begin", ("page",))] == [
        (o.method, o.names) for o in found if o.kind == "gives_back"
    ]
    assert ["read_folio", "write_begin"] == [o.method for o in found if o.kind == "must_not_call"]


def test_methods_of_files_have_no_row_and_give_back_all_the_same():
    """A block that ->iterate_shared keeps is lost as one that ->lookup keeps; what devices take is theirs."""
    methods = "\tint (*iterate_shared)(struct file *);\n\tint (*open)(struct file *);\n"
    text = f"file_operations\n===============\nprototypes::\n\n{methods}"
    found = list(taken(read_obligations(read_document(text.encode(), "locking.rst"))))

    assert {"file_operations.iterate_shared.gives_back", "file_operations.iterate_shared.must_not_call"} == {
        one.id for one in found
    }
