"""Duties that outlive their row: what ->writepage owed is owed for each folio of ->writepages."""

from cocci_gen.document.obligations import Declined, RuleSource, read_obligations
from cocci_gen.document.successors import PER_FOLIO, lost_row, successors
from cocci_gen.document.tables import read_document

DOCUMENT = """\
address_space_operations
========================
prototypes::

	int (*writepages)(struct address_space *, struct writeback_control *);
{prototype}
locking rules:

============== ========================
ops            folio locked
============== ========================
writepages:
{row}read_folio:    yes, unlocks
============== ========================

->writepages() may write more than it was asked for.

->writepages() starts I/O on dirty folios.
{sentence}
"""
KEPT = {
    "prototype": "\tint (*writepage)(struct page *, struct writeback_control *);\n",
    "row": "writepage:     yes, unlocks\n",
    "sentence": "\n->writepage() must call set_page_writeback() and unlock the page.\n",
}


def bound(**parts):
    """The successors in a small document."""
    text = DOCUMENT.format(**{"prototype": "", "row": "", "sentence": "", **parts})
    return list(successors(read_obligations(read_document(text.encode(), "locking.rst"))))


def test_the_duty_of_a_lost_row_is_bound_where_its_code_went():
    """The newest kernel lost ->writepage; five file systems that unlocked dirty folios would fall silent with it."""
    found = bound()

    ids = [f"address_space_operations.writepages.{kind}" for kind in ("writeback", "unlocks")]
    assert [(one, PER_FOLIO) for one in ids] == [(one.id, one.mode) for one in found]
    assert all("no row for ->writepage" in one.condition and "starts I/O" in one.source.quote for one in found)


def test_with_the_row_its_own_words_are_the_source():
    """A reader wants the sentence that demands it."""
    written, unlocked = bound(**KEPT)

    assert ("", True) == (written.condition, "set_page_writeback()" in written.source.quote)
    assert ("", True) == (unlocked.condition, "yes, unlocks" in unlocked.source.quote)


def test_a_document_without_writepages_gives_none():
    """There is nothing to bind it to."""
    text = DOCUMENT.format(prototype="", row="", sentence="").replace("writepages", "readahead")

    assert [] == list(successors(read_obligations(read_document(text.encode(), "locking.rst"))))


def test_a_lock_goes_over_with_the_method():
    """->remount_fs has a row and hardly an implementation; those of ->reconfigure would deadlock unseen."""
    text = """\
super_operations
================
prototypes::

	int (*remount_fs) (struct super_block *, int *, char *);

locking rules:

============== ============
ops            s_umount
============== ============
remount_fs:    write
============== ============
"""
    found = successors(read_obligations(read_document(text.encode(), "locking.rst")))

    assert [("fs_context_operations.reconfigure.no_relock", "s_umount", "exclusive", 12)] == [
        (one.id, one.resource, one.mode, one.source.line) for one in found
    ]


SUPER = """\
super_operations
================
prototypes::

	void (*put_super) (struct super_block *);

locking rules:

============== ============
ops            s_umount
============== ============
put_super:     write
============== ============
"""


def test_a_lock_goes_over_from_a_row_that_is_gone():
    """A document without ->remount_fs says nothing of ->reconfigure's lock, and the deadlock is as real as before."""
    said = RuleSource("mount_api.rst", 292, "Called to effect reconfiguration")
    beside = [
        Declined("fs_context_operations", "reconfigure", "described", said.quote, said, "says what it is for"),
        Declined("fs_context_operations", "get_tree", "described", "Called to create", said, "says what it is for"),
    ]
    [one] = successors(read_obligations(read_document(SUPER.encode(), "locking.rst")), beside)

    assert ("fs_context_operations.reconfigure.no_relock", "s_umount", "exclusive") == (one.id, one.resource, one.mode)
    assert (said, "remount_fs") == (one.source, lost_row(one))


def test_a_method_that_no_document_speaks_of_is_not_bound():
    """An obligation without words that it stands on could not be shown to anybody."""
    assert [] == list(successors(read_obligations(read_document(SUPER.encode(), "locking.rst"))))
