"""What documents say of methods in running text."""

from cocci_gen.document.beside import read_beside
from cocci_gen.document.obligations import Obligation, Unread
from cocci_gen.document.spoken import spoken

TEXT = """\
=======
Changes
=======

---

**mandatory**

->evict_inode() must drop them.  Caller does not.

It may sleep.

Nobody is spoken of.

---

d_hash and d_compare are called without locks::

	->evict_inode();

* never use ->d_lock there

The rest must stay.

->open() must return.
"""
METHODS = (
    ("super_operations", "evict_inode"),
    ("dentry_operations", "d_hash"),
    ("dentry_operations", "d_compare"),
    ("file_operations", "open"),
    ("vm_operations_struct", "open"),
)


def test_a_sentence_is_about_the_method_that_was_named_last_in_its_item():
    """A new paragraph that does not go on, and a line of dashes, end what was said of a method; what is quoted says nothing."""
    found = [(one.struct, one.method, one.clause.text) for one in spoken("a.rst", TEXT, METHODS)]

    assert found[1:] == [
        ("", "", "**mandatory**"),
        ("super_operations", "evict_inode", "->evict_inode() must drop them."),
        ("super_operations", "evict_inode", "Caller does not."),
        ("super_operations", "evict_inode", "It may sleep."),
        ("", "", "Nobody is spoken of."),
        ("dentry_operations", "d_hash", "d_hash and d_compare are called without locks::"),
        ("dentry_operations", "d_compare", "d_hash and d_compare are called without locks::"),
        ("", "d_lock", "* never use ->d_lock there"),
        ("", "", "The rest must stay."),
        ("", "open", "->open() must return."),
    ]


def test_what_is_not_read_of_it_is_told_with_the_reason():
    """A sentence of porting.rst that asks for something was passed over without a word."""
    path = "Documentation/filesystems/porting.rst"
    vfs = "".join(
        f"struct {struct} {{\n int (*{method})(void);\n}};\n``{method}``\n  It is.\n" for struct, method in METHODS
    )
    clear = "->evict_inode() goes.  clear_inode() must be called exactly once on each call of ->evict_inode().\n"
    found = read_beside({"vfs.rst": vfs, path: f"{TEXT}\n---\n\n{clear}"})
    unread = {one.text: one.problem for one in found if isinstance(one, Unread)}

    assert unread == {
        "->evict_inode() must drop them.": "no reading fits",
        "* never use ->d_lock there": "no document declares a method ->d_lock",
        "The rest must stay.": "it names no method",
        "->open() must return.": "->open of file_operations, vm_operations_struct?",
    }
    assert [("super_operations.evict_inode.must_call", ("clear_inode",))] == [
        (one.id, one.names) for one in found if isinstance(one, Obligation)
    ]
