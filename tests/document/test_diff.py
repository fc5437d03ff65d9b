"""What changed in the rules between two revisions, for people who keep a file system out of the tree."""

import json

import pytest

from cocci_gen.document.diff import diff_documents, diff_to_json, diff_to_text
from cocci_gen.document.tables import read_document

OLD = """\
demo_operations
===============

prototypes::

\tint (*readpage)(struct file *, struct page *);
\tint (*open) (struct inode *, struct file *f);
\tint (*gone)(void);

locking rules:
\tall may block

=========== ================ =======
ops         PageLocked(page) i_mutex
=========== ================ =======
readpage:   yes, unlocks
open:       no               yes
gone:       no
=========== ================ =======

->open() is called early. It must not block.

->readpage() unlocks the page when it is done.
"""
CHANGES = {
    "readpage)(struct file *, struct page *)": "read_folio)(struct file *, struct folio *)",
    "int (*gone)(void);": "int (*fresh)(void);",
    "readpage:  ": "read_folio:",
    "gone:       no": "fresh:      yes",
    "open:       no               yes": "open:       yes",
    "PageLocked(page) i_mutex": "folio locked     i_mutex",
    "->readpage() unlocks the page when": "->read_folio() unlocks the folio when",
    "It must not block.": "It returns zero.",
}


def changed(text, changes):
    """The text with each key of `changes` replaced."""
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


def diff(old, new):
    """The changes between two documents given as text."""
    return diff_documents(read_document(old.encode(), "old"), read_document(new.encode(), "new"))


def test_every_sort_of_change_is_reported_once():
    """A change that is not told is a rule that an out-of-tree file system breaks without knowing."""
    found = [(one.how, one.what, one.method, one.column, one.old, one.new) for one in diff(OLD, changed(OLD, CHANGES))]

    assert found == [
        ("changed", "column", "", "folio locked", "PageLocked(page)", "folio locked"),
        ("changed", "method", "read_folio", "", "readpage", "read_folio"),
        (
            "changed",
            "prototype",
            "read_folio",
            "",
            "int (*readpage)(struct file *, struct page *);",
            "int (*read_folio)(struct file *, struct folio *);",
        ),
        (
            "changed",
            "sentence",
            "read_folio",
            "",
            "->readpage() unlocks the page when it is done.",
            "->read_folio() unlocks the folio when it is done.",
        ),
        ("changed", "cell", "open", "folio locked", "no", "yes"),
        ("removed", "cell", "open", "i_mutex", "yes", ""),
        ("removed", "sentence", "open", "", "It must not block.", ""),
        ("added", "sentence", "open", "", "", "It returns zero."),
        ("added", "method", "fresh", "", "", "int (*fresh)(void); fresh: yes"),
        ("removed", "method", "gone", "", "int (*gone)(void); gone: no", ""),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"struct file *f)": "struct file*)"}, id="name of a parameter"),
        pytest.param({"called early. It must": "called\nearly.  It must"}, id="wrapped"),
        pytest.param({"all may block": "All may block."}, id="case and stop"),
        pytest.param({"\tint (*gone)(void);\n": "", "locking rules": "\tint (*gone)(void);\n\nlocking rules"}, id="order"),
        pytest.param({"demo_operations\n": "\n\n\ndemo_operations\n"}, id="lines moved"),
    ],
)  # fmt: skip
def test_what_means_the_same_is_no_change(changes):
    """A diff full of moved lines hides the one rule that changed."""

    assert () == diff(OLD, changed(OLD, changes))


def test_structures_that_come_and_go():
    """A structure that was split or dropped concerns every one of its methods."""
    more = OLD + OLD.replace("demo_", "other_")
    (added,) = diff(OLD, more)
    (removed,) = diff(more, OLD)

    assert ("added", "structure", "other_operations", 0, 24) == (
        added.how, added.what, added.struct, added.old_line, added.new_line
    )  # fmt: skip
    assert ("removed", 24) == (removed.how, removed.old_line)


def test_text_and_json():
    """People read the text, a watcher of the kernel reads the JSON; both name the line to look at."""
    changes = diff(OLD, changed(OLD, CHANGES))
    text = diff_to_text("v5.8", "v6.1", changes)
    values = json.loads(json.dumps(diff_to_json("v5.8", "v6.1", changes)))

    assert "locking.rst from v5.8 to v6.1: 10 changes\n\ndemo_operations\n" in text
    assert "  changed cell open [folio locked] (line 17)\n    - no\n    + yes\n" in text
    assert "  removed method gone (was line 18)\n" in text
    assert values["changes"][4]["how"] == "changed"
    assert (values["old"], values["new"]) == ("v5.8", "v6.1")
    assert "no rule changed from a to b\n" == diff_to_text("a", "b", ())


def test_many_sentences_are_not_compared_each_with_each():
    """A hostile document must not keep the tool busy for hours."""
    lines = [f"->open() sentence number {number}." for number in range(400)]

    changes = diff(OLD + "\n".join(lines), OLD + "\n".join(line.upper() for line in lines))

    assert {"added", "removed"} == {one.how for one in changes}


@pytest.mark.kernel
def test_between_the_kernels_of_debian(locking_rst):
    """6.12 says read or write where 6.1 says yes, moved ->fault to one argument, and dropped ->iterate."""
    documents = [read_document(locking_rst(version), "locking.rst") for version in ("6.1", "6.12")]
    found = {(one.how, one.what, one.struct, one.method, one.column) for one in diff_documents(*documents)}

    assert ("changed", "cell", "vm_operations_struct", "open", "mmap_lock") in found
    assert ("changed", "prototype", "vm_operations_struct", "fault", "") in found
    assert ("removed", "method", "file_operations", "iterate", "") in found
    assert ("changed", "method", "address_space_operations", "error_remove_folio", "") in found
    assert ("added", "sentence", "vm_operations_struct", "huge_fault", "") in found
