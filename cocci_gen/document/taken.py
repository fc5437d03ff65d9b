"""Readings -> what is implied where methods are described: one that fails has given back what it took itself, and no other lock
is held.

A row names every lock that is held around the call, and the caller of a method knows of nothing else.  So what the method locked
or referenced by itself is gone when it fails, and what says that a lock of the file system's own is held may be called only
behind something that takes it: no sentence says it, each row does.  ->iterate_shared and its like have sentences in place of a
row, and ->get_tree, ->iomap_begin and others are described in documents beside locking.rst: their callers know no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cocci_gen.document.obligations import FOOTNOTE, PROSE, PROTOTYPES, Obligation, Reading
from cocci_gen.document.readings import Mode

#: The structures whose methods work on pages, buffers, inodes and dentries of a file system, and those of what it stands on.
_STRUCTS = (
    "address_space_operations",
    "inode_operations",
    "super_operations",
    "dentry_operations",
    "file_system_type",
    "xattr_handler",
    "vm_operations_struct",
    "file_operations",
    "fs_context_operations",
    "iomap_ops",
    "iomap_write_ops",
    "iomap_folio_ops",
    "iomap_writeback_ops",
    "netfs_request_ops",
    "dquot_operations",
    "block_device_operations",
)
_KIND = "gives_back"
#: What a reading is taken from when a method has several, best first: a row, a sentence, its prototype.
_BEST = {PROSE: 1, FOOTNOTE: 1, PROTOTYPES: 2}
#: Structures of locking.rst whose methods have no rows.
_WITHOUT_ROWS = frozenset({"file_operations"})
_PAGES = frozenset({"page", "folio"})


def is_implied(one: Obligation) -> bool:
    """Whether no words ask for an obligation: what stands at its source describes the method, and is silent about this."""
    return one.kind == _KIND or one.mode in (Mode.DEMANDED, Mode.PER_FOLIO)


def taken(found: Iterable[Reading], beside: Iterable[Reading] = ()) -> Iterator[Obligation]:
    """Two obligations per method with a row, one per method with sentences in its place, or described in a document `beside`;
    `names` are the things that `returns_locked` looks after there."""
    readings, beside = tuple(found), tuple(beside)
    handed = {
        (one.struct, one.method): "page" if one.resource in _PAGES else one.resource
        for one in (*readings, *beside)
        if isinstance(one, Obligation) and one.kind == "returns_locked"
    }
    known = set()
    described = (one for one in readings if one.struct in _WITHOUT_ROWS or one.column not in _BEST)
    for one in (*sorted(described, key=lambda one: _BEST.get(one.column, 0)), *beside):
        key = (one.struct, one.method)
        if one.struct not in _STRUCTS or not one.method or "," in one.method or key in known:
            continue
        known.add(key)
        elsewhere = (handed[key],) if key in handed else ()
        place = (one.column, one.text, one.source)
        yield Obligation(one.struct, one.method, _KIND, "", *place, names=elsewhere)
        if one.column not in _BEST:  # drivers and modules of security fill in the others with what has rules of its own
            yield Obligation(one.struct, one.method, "must_not_call", "", *place, Mode.DEMANDED)
