"""Obligation + Facts -> SemanticPatch, rendered from `templates/*.cocci.j2`, script-free and linted.

SmPL accepts two mistakes in silence and then never matches: a misspelt kind of metavariable (`expresion x;` is read as a
type) and a metavariable named like a word of the pattern (`identifier page;` beside `struct page *`).  `lint` finds both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import jinja2

from cocci_gen.coccinelle.words import UNDECLARABLE
from cocci_gen.errors import CocciGenError
from cocci_gen.resources import data_folder

_KINDS_OF_METAVARIABLE = frozenset(
    {"expression", "identifier", "position", "statement", "type", "constant", "iterator", "declarer", "local", "idexpression",
     "parameter", "symbol", "typedef", "fresh", "attribute", "format", "assignment", "binary", "metavariable", "declaration",
     "field", "initializer", "expressions", "list", "struct", "union", "enum", "const", "unsigned", "int", "long", "char",
     "bool", "void", "gfp_t", "loff_t", "size_t", "ssize_t", "sector_t"}
)  # fmt: skip
_TAGGED = re.compile(r"\b(?:struct|union|enum)\s+(\w+)")


class SemanticPatchError(CocciGenError):
    """A template gives SmPL that would silently never match, or does not render."""


@dataclass(frozen=True, slots=True)
class SemanticPatch:
    """SmPL text, whose obligation it serves and the virtual rules to switch on when it runs."""

    obligation: str
    text: str
    defines: tuple[str, ...] = ()


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(data_folder("templates")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def templates() -> tuple[str, ...]:
    """The kinds that have a template, sorted."""
    return tuple(sorted(path.name.removesuffix(".cocci.j2") for path in data_folder("templates").glob("*.cocci.j2")))


@cache
def changing_templates() -> frozenset[str]:
    """The kinds whose template can change code, for it has lines that begin with `+` or `-`; the others only star."""
    folder = data_folder("templates")
    texts = {kind: (folder / f"{kind}.cocci.j2").read_text(encoding="utf-8") for kind in templates()}
    return frozenset(kind for kind, text in texts.items() if re.search(r"^[+-]", text, flags=re.M))


def render(
    kind: str, obligation: str, context: Mapping[str, object], defines: tuple[str, ...] = (), *, scripts: bool = False
) -> SemanticPatch:
    """The semantic patch of a kind for a context; SemanticPatchError for a hole in the template or a lint.

    Only what `average` renders for people may hold `scripts`; nothing that this tool runs does.
    """
    symbols = context.get("symbols")
    if isinstance(symbols, list | tuple):  # what cannot be declared needs no declaration
        context = {**context, "symbols": [name for name in symbols if name not in UNDECLARABLE]}
    try:
        text = _environment().get_template(f"{kind}.cocci.j2").render(**context)
    except jinja2.TemplateError as error:
        raise SemanticPatchError(f"templates/{kind}.cocci.j2: {error}") from error
    problems = lint(text, scripts=scripts)
    if problems:
        raise SemanticPatchError(f"templates/{kind}.cocci.j2 for {obligation}: {'; '.join(problems)}")
    return SemanticPatch(obligation, re.sub(r"\n{3,}", "\n\n", text), defines)


def rule_parts(text: str) -> list[tuple[str, str]]:
    """(metavariable declarations, body) of every rule: `@name ...@`, declarations, `@@`, body."""
    parts = re.split(r"^(@[^@\n]*@)[ \t]*$", re.sub(r"//[^\n]*", "", text), flags=re.M)
    rules = []
    for head, declarations, body in zip(parts[1::4], parts[2::4], parts[4::4], strict=False):
        if head.startswith("@script:"):  # `name << rule.name;` and Python: no metavariables and no pattern
            continue
        rules.append((declarations, body))
    return rules


def lint(text: str, *, scripts: bool = False) -> tuple[str, ...]:
    """What would make SmPL silently never match, in words; empty when all is well."""
    problems = []
    if not scripts and re.search(
        r"^@\s*(?:script|initialize|finalize)\b|:\s*script\s*:|^\s*#\s*spatch\b", text, flags=re.M
    ):
        problems.append("holds a script")
    for declarations, body in rule_parts(text):
        tags = {tag for tag in _TAGGED.findall(body) if re.search(rf"\b{tag}\b", _TAGGED.sub(" ", body))}
        for declaration in filter(None, (part.strip() for part in declarations.split(";"))):
            word = declaration.split()[0]
            if word not in _KINDS_OF_METAVARIABLE:
                problems.append(f"{word!r} is no kind of metavariable")
            names = re.sub(r"!?=\s*\{[^}]*\}|[!=]~\s*\"[^\"]*\"", "", declaration)
            for name in re.split(r"[,\s]+", names)[1:]:
                if name in tags and word != "symbol":  # which stands for itself
                    problems.append(
                        f"the metavariable {name!r} is also a tag in the pattern, so the pattern never matches"
                    )
    if re.search(r"when[ \t]*!=[ \t]*(?:\(\w*\)[ \t]*)?$", text, flags=re.M):
        problems.append("an empty `when !=`")
    return tuple(problems)


def any_call(names: Iterable[str]) -> str:
    """SmPL for a call of any of the names."""
    calls = [f"{name}(...)" for name in names]
    return calls[0] if len(calls) == 1 else "\\(" + "\\|".join(calls) + "\\)"
