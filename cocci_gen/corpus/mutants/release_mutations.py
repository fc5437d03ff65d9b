"""A duty of `unlocks` -> Breaks of the release itself: done sometimes only, out of sight, twice, or with the lock taken again.

The release of a correct function goes into a helper that does it under a condition of its own: one or two calls deep, by a
macro, at the end of a scope, or given the page in a structure, by a member or in an array.  Or it is done twice, here or in a
helper, or the lock is taken again in front of it, or a macro returns before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cocci_gen.corpus.mutants.mutations import Body, Bound, Break, Statement, inserted
from cocci_gen.facts.pages.pages import Touch
from cocci_gen.facts.tree.definitions import Definition
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
    "page behind two members": (
        (
            "struct cg_held {{ {type} *at; }}; struct cg_work {{ struct cg_held *held; }}; "
            "static void cg_done(struct cg_work *w) {{ if (w->held->at->index) {release}(w->held->at); }} "
        ),
        "{{ struct cg_held held = {{ .at = {name} }}; struct cg_work work = {{ .held = &held }}; cg_done(&work); }}",
    ),
    "release that a constant turns off, two calls deep": (
        (
            "static void cg_drop({type} *p, int locked) {{ if (locked) {release}(p); }} "
            "static void cg_done({type} *p, int kept) {{ cg_drop(p, kept); }} "
        ),
        "cg_done({name}, 0);",
    ),
    "page in an array": (
        "static void cg_done({type} **v) {{ if (v[0]->index) {release}(v[0]); }} ",
        "{{ {type} *held[1]; held[0] = {name}; cg_done(held); }}",
    ),
}
#: Helpers that do what was done already, with what stands behind the release.
_TWICE = {
    "released twice, once in a helper": ("static void cg_done({type} *p) {{ {release}(p); }} ", "cg_done({name});"),
    "released twice, once sometimes": (
        "static void cg_done({type} *p) {{ if (p->index) {release}(p); }} ",
        "cg_done({name});",
    ),
    "locked again in a helper": ("static void cg_again({type} *p) {{ {take}(p); }} ", "cg_again({name});"),
}
#: The same by a macro, on the empty line in front of the function.
_MACROS = {
    "macro that releases sometimes": (
        "#define cg_done(p) do {{ if ((p)->index) {release}(p); }} while (0)",
        "cg_done({name});",
    ),
    "macro that does not release what is given first": (
        "#define cg_done(p, q) do {{ if (p != q) {release}(p); }} while (0)",
        "cg_done({name}, {name});",
    ),
    "macro that returns before the release": (
        "#define cg_check(p, value) do {{ if ((p)->index) return value; }} while (0)",
        "cg_check({name}, -5); {release}({name});",
    ),
}
#: The same at the end of a scope, where the tree knows such: of a pointer that was emptied on one way.
_SCOPES = {
    "scope that forgets its page": (
        "DEFINE_FREE(cg_done, {type} *, if (_T) {release}(_T))",
        "{{ {type} *held __free(cg_done) = {name}; if ({name}->index) held = NULL; }}",
    ),
}
_TAKES = {"unlock_page": "lock_page", "folio_unlock": "folio_lock"}


def release_breaks(bound: Bound, duty: PageDuty, touch: Touch) -> Iterator[Break]:
    """Every such break of one release of the function."""
    target, index = duty.definition, bound.facts.index
    text = index.text(target.path)
    lines = _MACROS | (_SCOPES if "mutex" in index.reading(target.path).classes else {})
    for statement in Body(target, text).calls(touch.callee, touch.line):
        call = _CALL.fullmatch(statement.text)
        if call is None or call[2] not in duty.aliases:
            continue
        named = {"type": f"struct {_word(call[1])}", "release": call[1], "name": call[2], "take": _TAKES[call[1]]}
        for words, (helpers, instead) in _HELPERS.items():
            yield helped(target, text, statement, words, helpers.format(**named), instead.format(**named))
        for words, (macro, instead) in lines.items():
            gap = text[target.span.start - 2 : target.span.start] == b"\n\n"
            if gap and not (
                "return value" in macro and (duty.graph.returns.endswith("*") or duty.graph.returns.endswith("void"))
            ):
                yield _by_macro(target, text, statement, words, macro.format(**named), instead.format(**named))
        if not statement.needed:
            for words, (helpers, more) in _TWICE.items():
                both = f"{more} {statement.text}" if "again" in words else f"{statement.text} {more}"
                yield helped(target, text, statement, words, helpers.format(**named), both.format(**named))
            for words, code in (("released twice", statement.text), ("locked again", f"{_TAKES[call[1]]}({call[2]});")):
                one = inserted(target, statement, code, deep=False)
                yield Break(one.target, one.start, one.end, one.text, f"{words}: {one.words}", deep=False)


def _word(release: str) -> str:
    return "folio" if release == "folio_unlock" else "page"


def helped(target: Definition, text: bytes, statement: Statement, words: str, helpers: str, instead: str) -> Break:
    """The release moved into a helper that stands in front of the function, on its first line."""
    start = target.span.start
    kept = text[start : statement.start]
    lines = b"\n" * text[statement.start : statement.end].count(b"\n")
    code = helpers.encode() + kept + instead.encode() + lines
    return Break(target, start, statement.end, code, f"{words}: `{statement.text}` at line {statement.line}", deep=True)


def _by_macro(target: Definition, text: bytes, statement: Statement, words: str, macro: str, instead: str) -> Break:
    """The release left to a macro that stands on the empty line in front of the function."""
    found = helped(target, text, statement, words, "", instead)
    return Break(target, found.start - 1, found.end, f"{macro}\n".encode() + found.text, found.words, deep=True)
