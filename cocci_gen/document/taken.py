"""Readings -> what each row implies: a method that fails has given back what it took itself, and no other lock is held.

A row names every lock that is held around the call, and the caller of a method knows of nothing else.  So what the method locked
or referenced by itself is gone when it fails, and what says that a lock of the file system's own is held may be called only
behind something that takes it: no sentence says it, each row does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cocci_gen.document.obligations import FOOTNOTE, PROSE, PROTOTYPES, Obligation, Reading
from cocci_gen.document.readings import Mode

#: The structures whose methods work on pages, buffers, inodes and dentries of a file system.
_STRUCTS = (
    "address_space_operations",
    "inode_operations",
    "super_operations",
    "dentry_operations",
    "file_system_type",
    "xattr_handler",
    "vm_operations_struct",
)
#: Methods without a row: the section names no lock that is held around them.  Those that devices have are left out: what they
#: take belongs to the device.
_WITHOUT_ROW = {
    "file_operations": frozenset(
        {"llseek", "read_iter", "write_iter", "iterate_shared", "fsync", "lock", "flock", "splice_read", "splice_write"}
        | {"setlease", "fallocate", "copy_file_range", "remap_file_range", "fadvise"}
    )
}
_KIND = "gives_back"
_NO_ROW = frozenset({PROSE, FOOTNOTE, PROTOTYPES})


def taken(found: Iterable[Reading]) -> Iterator[Obligation]:
    """Two obligations per method with a row; `names` are the things that `returns_locked` looks after there."""
    readings = tuple(found)
    handed = {
        (one.struct, one.method) for one in readings if isinstance(one, Obligation) and one.kind == "returns_locked"
    }
    seen = set()
    for one in readings:
        key = (one.struct, one.method)
        if not (_has_row(one) or _is_listed(one)) or not one.method or key in seen:
            continue
        seen.add(key)
        elsewhere = ("page",) if key in handed else ()
        place = (one.column, one.text, one.source)
        yield Obligation(one.struct, one.method, _KIND, "", *place, names=elsewhere)
        yield Obligation(one.struct, one.method, "must_not_call", "", *place, Mode.DEMANDED)


def _has_row(one: Reading) -> bool:
    return one.struct in _STRUCTS and one.column not in _NO_ROW


def _is_listed(one: Reading) -> bool:
    """Whether a reading is the prototype of a method that has no row."""
    return one.column == PROTOTYPES and one.method in _WITHOUT_ROW.get(one.struct, ())
