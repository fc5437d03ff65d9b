"""A release that a failing return needs -> Breaks that leave it to a helper, which releases sometimes, or what it is not given.

The helper stands in front of the function, on its first line: one or two calls deep, by a result that nobody asks for, by a
structure, by a constant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cocci_gen.corpus.mutants.mutations import Break, Statement
from cocci_gen.corpus.mutants.release_mutations import helped
from cocci_gen.corpus.mutants.slip_mutations import Kept

_RELEASE = re.compile(r"(?P<release>\w+) ?\((?P<given>&?(?:[a-z_]\w*(?:->|\.))*[a-z_]\w*)\);")
#: Operator -> the helpers in front of the function, and what stands where the release stood.
_HELPERS = {
    "conditional release, one call deep": (
        "static void cg_done({type} *p) {{ if (cg_late) {release}(p); }} ",
        "cg_done({given});",
    ),
    "conditional release, two calls deep": (
        "static void cg_drop({type} *p) {{ if (cg_late) {release}(p); }} static void cg_done({type} *p) {{ cg_drop(p); }} ",
        "cg_done({given});",
    ),
    "release that a constant turns off": (
        "static void cg_done({type} *p, int kept) {{ if (!kept) {release}(p); }} ",
        "cg_done({given}, 1);",
    ),
    "release that a failure leaves out": (
        "static int cg_done({type} *p) {{ if (cg_late) return -5; {release}(p); return 0; }} ",
        "cg_done({given});",
    ),
    "release of what a structure holds": (
        "struct cg_held {{ {type} *at; }}; static void cg_done(struct cg_held *h) {{ if (cg_late) {release}(h->at); }} ",
        "{{ struct cg_held held = {{ .at = {given} }}; cg_done(&held); }}",
    ),
}
#: Beginning of the name of what releases a lock -> the type of the lock.
_LOCKS: Mapping[str, str] = {
    "mutex_unlock": "struct mutex", "up_read": "struct rw_semaphore", "up_write": "struct rw_semaphore",
    "spin_unlock": "spinlock_t", "inode_unlock": "struct inode", "inode_unlock_shared": "struct inode",
    "filemap_invalidate_unlock": "struct address_space", "filemap_invalidate_unlock_shared": "struct address_space",
    "mnt_drop_write_file": "struct file", "sb_end_pagefault": "struct super_block", "sb_end_intwrite": "struct super_block",
    "unlock_new_inode": "struct inode",
}  # fmt: skip


def partial_breaks(kept: Kept, release: Statement, types: frozenset[str]) -> Iterator[Break]:
    """Every such break of one release of something that has one of some types, or of a lock whose release says the type."""
    call = _RELEASE.fullmatch(release.text)
    if call is None:
        return
    text = kept.body.text
    own = text[kept.target.span.start : kept.target.span.end].decode(errors="replace")
    declared = re.search(rf"\bstruct (\w+) \*+(?:[\w\s=,*()>-]*[\s*,])?{re.escape(call['given'])}\b", own)
    kind = f"struct {declared[1]}" if declared and declared[1] in types else _LOCKS.get(call["release"], "")
    if kind:
        for words, (helpers, instead) in _HELPERS.items():
            named = {"type": kind, **call.groupdict()}
            helper = f"static int cg_late; {helpers.format(**named)}"
            yield helped(kept.target, text, release, words, helper, instead.format(**named))
