"""A duty of `unlocks` -> Breaks of the release itself: done sometimes only, out of sight, twice, or with the lock taken again.

The release of a correct function goes into a helper that does it under a condition of its own: one or two calls deep, by a
macro, or given the page in a structure or an array.  Or it is done twice, or the lock is taken again in front of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cocci_gen.corpus.mutants.mutations import Body, Break, Statement, inserted
from cocci_gen.facts.index import Definition
from cocci_gen.kinds.page_duty import PageDuty

_CALL = re.compile(r"(unlock_page|folio_unlock) ?\((\w+)\);")
#: Operator -> the helpers in front of the function, and what stands where the release stood.
_HELPERS = {
    "conditional release, one call deep": (
        "static void cg_done({type} *p) {{ if (p->index) {release}(p); }} ",
        "cg_done({name});",
    ),
    "conditional release, two calls deep": (
        "static void cg_drop({type} *p) {{ if (p->index) {release}(p); }} static void cg_done({type} *p) {{ cg_drop(p); }} ",
        "cg_done({name});",
    ),
    "release that a constant turns off": (
        "static void cg_done({type} *p, int locked) {{ if (locked) {release}(p); }} ",
        "cg_done({name}, 0);",
    ),
    "release that a failure leaves out": (
        "static int cg_done({type} *p) {{ if (!p->index) return -5; {release}(p); return 0; }} ",
        "cg_done({name});",
    ),
    "page in a structure": (
        "struct cg_held {{ {type} *at; }}; static void cg_done(struct cg_held *h) {{ if (h->at->index) {release}(h->at); }} ",
        "{{ struct cg_held held = {{ .at = {name} }}; cg_done(&held); }}",
    ),
    "page in an array": (
        "static void cg_done({type} **v) {{ if (v[0]->index) {release}(v[0]); }} ",
        "{{ {type} *held[1]; held[0] = {name}; cg_done(held); }}",
    ),
}
_TAKES = {"unlock_page": "lock_page", "folio_unlock": "folio_lock"}


def release_breaks(
    target: Definition, text: bytes, body: Body, duty: PageDuty, line: int, callee: str
) -> Iterator[Break]:
    """Every such break of one release of the function."""
    for statement in body.calls(callee, line):
        call = _CALL.fullmatch(statement.text)
        if call is None or call[2] not in duty.aliases:
            continue
        for words, (helpers, instead) in _HELPERS.items():
            named = {"type": f"struct {_word(call[1])}", "release": call[1], "name": call[2]}
            yield _helped(target, text, statement, words, helpers.format(**named), instead.format(**named))
        if not statement.needed:
            for words, code in (("released twice", statement.text), ("locked again", f"{_TAKES[call[1]]}({call[2]});")):
                one = inserted(target, statement, code, deep=False)
                yield Break(one.target, one.start, one.end, one.text, f"{words}: {one.words}", deep=False)


def _word(release: str) -> str:
    return "folio" if release == "folio_unlock" else "page"


def _helped(target: Definition, text: bytes, statement: Statement, words: str, helpers: str, instead: str) -> Break:
    """The release moved into a helper that stands in front of the function, on its first line."""
    start = target.span.start
    kept = text[start : statement.start]
    lines = b"\n" * text[statement.start : statement.end].count(b"\n")
    code = helpers.encode() + kept + instead.encode() + lines
    return Break(target, start, statement.end, code, f"{words}: `{statement.text}` at line {statement.line}", deep=True)
