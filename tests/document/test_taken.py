"""What each row of a table implies beside its words."""

from cocci_gen.document.beside import read_beside
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


WITHOUT_ROWS = """\
file_operations
===============
prototypes::

	int (*iterate_shared) (struct file *, struct dir_context *);

locking rules:
	All may block.
"""
BESIDE = """\
Tables::

	struct fs_context_operations {
		int (*get_tree)(struct fs_context *fc);
	};

   * ::

	int (*get_tree)(struct fs_context *fc);

     Finds it.
"""


def test_what_is_described_without_a_row_gives_back_as_well():
    """->iterate_shared has sentences alone, ->get_tree a document of its own; neither tells of locks of others."""
    found = list(
        taken(
            read_obligations(read_document(WITHOUT_ROWS.encode(), "locking.rst")),
            read_beside({"mount_api.rst": BESIDE}),
        )
    )

    assert [("file_operations", "iterate_shared", 8), ("fs_context_operations", "get_tree", 11)] == [
        (one.struct, one.method, one.source.line) for one in found
    ]
    assert {"gives_back"} == {one.kind for one in found}


def test_what_a_method_hands_out_locked_is_looked_after_elsewhere():
    """->get_tree that returns with s_umount held, as it has to, would be a method that loses a lock."""
    text = BESIDE.replace("Finds it.", "It should set fc->root to the mountable root.")

    found = taken((), read_beside({"mount_api.rst": text}))

    assert [("s_umount",)] == [one.names for one in found if one.kind == "gives_back"]


def test_each_row_implies_that_what_was_taken_is_given_back():
    """Pages that a method hands to its caller are looked after by another rule."""
    found = list(taken(read_obligations(read_document(DOCUMENT.encode(), "locking.rst"))))

    assert [("read_folio", ()), ("write_begin", ("page",))] == [
        (o.method, o.names) for o in found if o.kind == "gives_back"
    ]
    assert ["read_folio", "write_begin"] == [o.method for o in found if o.kind == "must_not_call"]
