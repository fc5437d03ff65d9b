"""What readers objected to is told of a message, and of none that says the same well."""

import pytest

from cocci_gen.series.words.objections import PROSE_LINES, objections


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ("f() returns at line 12 and leaves it locked.", "f() returns when g() fails and leaves it locked."),
        ("See fs/demo/file.c:12 for it.", "See f() in fs/demo/file.c for it."),
        ("It fails when g() returns non-zero.", "It fails when g() fails."),
        ("It fails when DEMO_SB(sb) is not set.", "It fails when kzalloc() fails."),
        ("The file system was not told.", "The fault dirties it without g()."),
        ("It might be lost.", "It is lost."),
        ("The semantic patch below mends that.", "Call unlock_page() there."),
        ("It leaks when g() fails while it is held.", "It leaks when g() fails while bh is held."),
        (
            "Return what vmf_error() makes of the error or VM_FAULT_OOM.",
            "Return what vmf_error() makes of the error, or VM_FAULT_OOM when kmalloc() fails.",
        ),
        ("It is still in use when the file system is unmounted.", "It stays, and umount complains of busy inodes."),
        ("f() returns -EIO, and the data is lost silently.", "f() returns 0, and the data is lost silently."),
        (
            "f() returns VM_FAULT_RETRY when g() is interrupted by a fatal signal: the rest is lost silently.",
            "g() is interrupted by a fatal signal: what a process that shares the memory stores is lost silently.",
        ),
        (
            "VM_FAULT_SIGBUS would end that too, but reports an error.",
            "A killed task takes the fault again, without sleeping.",
        ),
        (
            "The count that a freeze of the super block waits for is never brought down again.",
            "Lockdep complains that it is held when the task returns to user space.",
        ),
        ("word\n" * (PROSE_LINES + 1), "word\n" * PROSE_LINES + '  "a quotation"\n\nAssisted-by: a:1'),
    ],
)
def test_what_is_objected_to(bad, good):
    """A complaint that comes back with each reading is a rule; one that hits good words is noise nobody reads."""
    assert len(objections(bad)) == 1
    assert objections(good) == ()
