"""One C file -> FileFacts, by tree-sitter.

tree-sitter knows nothing of the preprocessor, so attribute-like macros are blanked first (line structure and byte offsets
kept).  What it still cannot parse is an ERROR node: the functions that hold one are marked, never silently trusted.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container
from dataclasses import dataclass, replace
from functools import cache

import tree_sitter
import tree_sitter_c

from cocci_gen.code.texts.dialect import closing, with_plain_arguments, with_plain_heads
from cocci_gen.code.texts.directives import settled, starting_lines
from cocci_gen.code.texts.remarks import BLANKS

#: Part of every cache key: bump it when what is extracted from a file changes.
EXTRACTION = 14

#: Macros that stand where C has no place for an identifier; blanked before parsing.  Neither begins with `\b`: with a letter in
#: front a search goes from one such letter to the next, in a quarter of the time.
_ATTRIBUTES = re.compile(
    rb"_(?<!\w_)(?:_(?:releases|acquires|must_hold|cond_acquires|printf|scanf|aligned|section|assume_aligned|alloc_size"
    rb"|counted_by|realloc_size|cond_lock_attr|no_sanitize|guarded_by|cleanup|free|diagnose_as|nonstring_attr|malloc_attr)"
    rb"[ \t]*\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"
    rb"|_(?:init|exit|initdata|exitdata|initconst|init_or_module|meminit|memexit|devinit|devexit|cold|hot|sched|user|iomem|rcu"
    rb"|kernel|force|percpu|bitwise|nocast|safe|private|always_inline|always_unused|maybe_unused|used|must_check|pure|const"
    rb"|weak|visible|ro_after_init|read_mostly|cacheline_aligned|cacheline_aligned_in_smp|packed|noreturn|noclone|no_kcsan"
    rb"|no_sanitize_address|no_sanitize_or_inline|no_kasan_or_inline|malloc|deprecated|latent_entropy|randomize_layout"
    rb"|refdata|ref|net_init|net_exit|lockfunc|kprobes|xipram|section_placeholder|no_randomize_layout|nonstring|bpf_kfunc"
    rb"|no_profile|cpuidle|irq_entry|softirq_entry|flatten|designated_init|attribute_const__|init_memblock|init_or_cpufreq)\b"
    rb"|___cacheline_aligned(?:_in_smp)?\b|___cacheline_internodealigned_in_smp\b)"
)
#: The same, of words that say nothing of what they are by an underscore.
_WORDS_BESIDE = rb"asmlinkage notrace noinstr noinline nokprobe_inline inline_for_tracing fastcall STATIC INIT".split()
_ATTRIBUTES_BESIDE = re.compile(
    rb"\b(?:asmlinkage|notrace|noinstr|noinline_for_stack|noinline_for_kasan|noinline|nokprobe_inline|inline_for_tracing"
    rb"|fastcall|STATIC|INIT)\b"
)
#: `__attribute__((...))`, two levels of brackets deep.
_GNU_ATTRIBUTE = re.compile(rb"__attribute__[ \t]*\(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)\)")
#: Statement macros that loop: `list_for_each_entry(pos, head, member)` reads as `while (pos, head, member)`.
_LOOPS = "for_each|foreach|FOR_EACH|FOREACH|xas_for_|scoped_guard|scoped_cond_guard"
_ITERATOR = re.compile(rb"(?:%s)\w*(?=[ \t]*()\()" % _LOOPS.encode())
#: More white space than this is no part of one line.
_LONGEST_INDENT = 80
#: More text than this in the brackets of one call is read as a loop.
_LONGEST_CALL = 2000
#: Words that a statement stands behind.
_IN_FRONT = re.compile(rb"\b(?:else|do)\Z")
#: Behind the closing bracket of a call; a loop has a statement there.
_ENDED = re.compile(rb"\s*;")
_LOOP_WORDS = tuple(_LOOPS.encode().split(b"|"))
#: What stands in front of brackets and braces and is no function.
_KEY_WORDS = frozenset({"if", "while", "for", "switch", "return", "sizeof", "else", "do"})
#: So many lines that did not parse hold more than one thing.
_LARGE_HOLE = 12
_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
#: A file without either holds no function body and no initialiser: proof enough not to parse it (register headers).
_HAS_BODY = re.compile(rb"\)[^;{}()]{0,400}\{|=\s*\{|=\s*&?\w+\s*;")
#: Structures whose initialisers register methods.
OPERATIONS = re.compile(
    rb"(?:_operations|_ops|_operations_struct|_struct|_type|_handler|_funcs|_fns|_methods|_info|_template)$"
)

#: `#define NAME(a, b) ...` with its continuation lines.
_DEFINE = re.compile(rb"#[ \t]*define[ \t]+(\w+)(?:\(([^)\n]*)\))?((?:[^\n\\]|\\\r?\n|\\.)*)")
_PAIR = re.compile(rb"\.(\w+)[ \t]*=[ \t]*&?(\w+)")

#: What names a member in an initialiser: `.open = f`, and gcc's older `open: f`, which modules still write.
_MEMBERS = ("field_designator", "field_identifier")

#: Generic functions that call one of their arguments as a method is called: (its position, methods): mm/page-writeback.c,
#: mm/readahead.c and mm/filemap.c of 5.8 to 6.12.
CALL_BACK = {
    "write_cache_pages": (2, ("writepage",)),
    "read_cache_pages": (2, ("readpage", "read_folio")),
    "read_cache_page": (2, ("readpage", "read_folio")),
    "read_cache_folio": (2, ("readpage", "read_folio")),
}

_CALLERS = tuple(name.encode() for name in CALL_BACK)
_LANGUAGE = tree_sitter.Language(tree_sitter_c.language())
_QUERY = """
(function_definition) @function
(declaration
  type: (struct_specifier name: (type_identifier))
  declarator: (init_declarator value: [(initializer_list) (call_expression) (identifier)])) @table
(assignment_expression
  left: (field_expression field: (field_identifier) @field)
  operator: "="
  right: [(identifier) (pointer_expression)] @value) @assignment
"""
#: Seldom needed, and every call must be looked at for it.
_CALL_BACKS = f"""
(call_expression
  function: (identifier) @caller
  (#any-of? @caller {" ".join(f'"{name}"' for name in CALL_BACK)})) @call
"""


@dataclass(frozen=True, slots=True)
class FunctionSpan:
    """Where one function stands: bytes `start` to `end` of the file, 1-based lines; `whole` tells that it was parsed
    without an ERROR node."""

    name: str
    start: int
    end: int
    line: int
    last_line: int
    static: bool
    inline: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """`.method = function` in the initialiser of `variable`, a `struct tag`; `tag` is "" for an assignment, and for a function
    that is given to the generic function `variable` ("write_cache_pages()") to be called as the method is."""

    tag: str
    variable: str
    method: str
    function: str
    line: int


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What one C file holds; `holes` are the 1-based (first, last) lines that no function covers and that did not parse."""

    functions: tuple[FunctionSpan, ...]
    entries: tuple[SourceEntry, ...]
    holes: tuple[tuple[int, int], ...]


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(_LANGUAGE)


@cache
def _query(*, call_backs: bool) -> tree_sitter.Query:
    return tree_sitter.Query(_LANGUAGE, _QUERY + _CALL_BACKS if call_backs else _QUERY)


def _spaces(match: re.Match[bytes]) -> bytes:
    """White space as long as the match, with its line ends kept."""
    return match.group().translate(BLANKS)


def _loops(text: bytes) -> bytes:
    """Iterator macros overwritten by `while`; regular expressions that begin with `\\w*` would cost three times as much."""
    if not any(word in text for word in _LOOP_WORDS):
        return text
    changed = bytearray(text)
    for match in _ITERATOR.finditer(text):
        start, end = match.span()
        while start and text[start - 1] in _WORD:
            start -= 1
        ends_block = (
            text[max(0, start - _LONGEST_INDENT) : start].rstrip(b" \t").endswith(b"}")
        )  # `do { ... } for_each_box(box);`
        if _begins_statement(text, start) and (ends_block or not _is_ended(text, match.end(1))):
            changed[start:end] = b"while".ljust(end - start)
    return bytes(changed)


def _is_ended(text: bytes, opening: int) -> bool:
    """Whether nothing but a semicolon follows the brackets that open there, as behind a call."""
    end = closing(text[opening : opening + _LONGEST_CALL], 0)
    return end > 0 and _ENDED.match(text, opening + end + 1) is not None


def _begins_statement(text: bytes, start: int) -> bool:
    """Whether a word may be the first of a statement, and is not the name of a function that is defined or part of a value."""
    end = start
    while end and text[end - 1] in b" \t\n\r":
        end -= 1
    if not end or text[end - 1] in b"{};):\\":
        return True
    if text[end - 1] not in _WORD:
        return text[end - 2 : end] == b"*/"
    before = text[text.rfind(b"\n", 0, end) + 1 : end]
    return _IN_FRONT.search(before) is not None or b"//" in before or before.lstrip().startswith(b"#")


def is_loop(name: bytes) -> bool:
    """Whether a name is one of a macro that loops, or sounds like one (`ocfs2_dir_foreach()` is a function)."""
    return any(word in name for word in _LOOP_WORDS)


def blank_attributes(text: bytes) -> bytes:
    """The same text with attribute macros overwritten by spaces: offsets and lines stay."""
    text = _ATTRIBUTES.sub(_spaces, text)
    if any(word in text for word in _WORDS_BESIDE):  # to look for each takes an eighth of the time
        text = _ATTRIBUTES_BESIDE.sub(_spaces, text)
    if b"__attribute__" in text:
        text = _GNU_ATTRIBUTE.sub(_spaces, text)
    return _loops(with_plain_arguments(with_plain_heads(text)))


def parse(text: bytes) -> tree_sitter.Tree:
    """The syntax tree of a C text whose attributes are blanked already."""
    return _parser().parse(text)


def node_text(node: tree_sitter.Node) -> str:
    """The source of a node; bytes that are not UTF-8 survive as surrogates."""
    return (node.text or b"").decode("utf-8", "surrogateescape")


def _last_child(node: tree_sitter.Node) -> tree_sitter.Node | None:
    return node.named_children[-1] if node.named_children else None


def function_name(node: tree_sitter.Node) -> str:
    """The name that a function_definition defines, or "" where tree-sitter took something else for one."""
    declarator = node.child_by_field_name("declarator")
    while declarator is not None and declarator.type in ("pointer_declarator", "parenthesized_declarator"):
        inner = declarator.child_by_field_name("declarator")
        declarator = inner if inner is not None else _last_child(declarator)
    if declarator is None or declarator.type != "function_declarator":
        return ""
    name = declarator.child_by_field_name("declarator")
    while name is not None and name.type in ("pointer_declarator", "parenthesized_declarator", "function_declarator"):
        inner = name.child_by_field_name("declarator")
        name = inner if inner is not None else _last_child(name)
    return node_text(name) if name is not None and name.type == "identifier" else ""


def _span(node: tree_sitter.Node) -> FunctionSpan | None:
    name = function_name(node)
    if not name:
        return None
    words = {node_text(child) for child in node.children if child.type == "storage_class_specifier"}
    return FunctionSpan(
        name=name,
        start=node.start_byte,
        end=node.end_byte,
        line=node.start_point[0] + 1,
        last_line=node.end_point[0] + 1,
        static="static" in words,
        inline=bool(words & {"inline", "__inline", "__inline__"}),
        whole=not node.has_error,
    )


def _named_function(node: tree_sitter.Node | None) -> str:
    """`fn`, `&fn` or a cast of either -> "fn"; anything else -> ""."""
    while node is not None and node.type in ("pointer_expression", "cast_expression", "parenthesized_expression"):
        named = node.named_children
        node = named[-1] if named else None
    return node_text(node) if node is not None and node.type == "identifier" else ""


def _pairs(node: tree_sitter.Node) -> list[tree_sitter.Node]:
    """All initializer_pair nodes below an initialiser, nested ones too."""
    found, todo = [], [node]
    while todo:
        for child in todo.pop().named_children:
            if child.type == "initializer_pair":
                found.append(child)
            if (
                child.type in ("initializer_pair", "initializer_list", "compound_literal_expression")
                or child.type.startswith("preproc_")
                or child.type == "ERROR"
            ):
                todo.append(child)
    return found


@dataclass(frozen=True, slots=True)
class _Macro:
    """A macro that sets members: its parameters, and (method, word) pairs whose word is a parameter or a function."""

    parameters: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


def _macros(text: bytes) -> dict[str, _Macro]:
    """The macros of a file that write entries of operations tables."""
    found = {}
    for name, parameters, body in (match.groups(b"") for match in starting_lines(_DEFINE, text)):
        pairs = tuple((method.decode(), word.decode()) for method, word in _PAIR.findall(body))
        if pairs:
            names = tuple(word.strip() for word in parameters.decode("utf-8", "surrogateescape").split(","))
            found[name.decode()] = _Macro(names, pairs)
    return found


def _expanded(node: tree_sitter.Node, macros: dict[str, _Macro]) -> list[tuple[str, str]]:
    """The (method, function) pairs that the use of a macro stands for."""
    called = node.child_by_field_name("function") if node.type == "call_expression" else node
    macro = macros.get(node_text(called)) if called is not None else None
    if macro is None:
        return []
    arguments = node.child_by_field_name("arguments") if node.type == "call_expression" else None
    values = [_named_function(child) for child in arguments.named_children] if arguments is not None else []
    given = dict(zip(macro.parameters, values, strict=False))
    return [(method, given.get(word, word)) for method, word in macro.pairs]


def _table_entries(node: tree_sitter.Node, macros: dict[str, _Macro]) -> list[SourceEntry]:
    kind = node.child_by_field_name("type")
    named = kind.child_by_field_name("name") if kind is not None else None
    tag = node_text(named) if named is not None else ""
    if not OPERATIONS.search(tag.encode("utf-8", "surrogateescape")):
        return []
    entries = []
    for declarator in node.children_by_field_name("declarator"):
        value = declarator.child_by_field_name("value")
        name = declarator.child_by_field_name("declarator")
        if value is None or name is None:
            continue
        variable = node_text(name).strip("*[] ").split("[")[0]
        for pair in _pairs(value):
            designator = pair.child_by_field_name("designator")
            function = _named_function(pair.child_by_field_name("value"))
            if designator is not None and designator.type in _MEMBERS and function and function != "NULL":
                method = node_text(designator).lstrip(". \t")
                entries.append(SourceEntry(tag, variable, method, function, pair.start_point[0] + 1))
        uses = value.named_children if value.type == "initializer_list" else [value]
        for use in uses if macros else ():
            entries += [
                SourceEntry(tag, variable, method, fn, use.start_point[0] + 1)
                for method, fn in _expanded(use, macros)
                if fn
            ]
    return entries


def _assignment_entry(captures: dict[str, list[tree_sitter.Node]], methods: Container[str]) -> SourceEntry | None:
    method = node_text(captures["field"][0])
    if method not in methods:
        return None
    function = _named_function(captures["value"][0])
    if not function or function == "NULL":
        return None
    node = captures["assignment"][0]
    left = node.child_by_field_name("left")
    return SourceEntry("", node_text(left) if left is not None else "", method, function, node.start_point[0] + 1)


def _given(captures: dict[str, list[tree_sitter.Node]], methods: Container[str]) -> list[SourceEntry]:
    """The entries of a function that is handed to a generic one in place of a method."""
    node, caller = captures["call"][0], node_text(captures["caller"][0])
    position, names = CALL_BACK[caller]
    arguments = node.child_by_field_name("arguments")
    values = [child for child in arguments.named_children if child.type != "comment"] if arguments is not None else []
    function = _named_function(values[position]) if position < len(values) else ""
    if not function or function == "NULL":
        return []
    return [
        SourceEntry("", f"{caller}()", name, function, node.start_point[0] + 1) for name in names if name in methods
    ]


def _holes(root: tree_sitter.Node, functions: list[FunctionSpan]) -> tuple[tuple[int, int], ...]:
    covered = {(span.start, span.end) for span in functions}
    holes, todo = [], [root]
    while todo:
        node = todo.pop()
        if node.type == "ERROR":
            holes.append((node.start_point[0] + 1, node.end_point[0] + 1))
        elif node.has_error and (node.start_byte, node.end_byte) not in covered:
            todo.extend(node.children)
    return tuple(sorted(holes))


class _Every:
    """Holds every name."""

    def __contains__(self, name: object) -> bool:
        return True


#: For `file_facts`: the assignments to whatever member.
EVERY = _Every()


#: A macro that makes something by itself, in a line without a semicolon, in front of what is no body.
_ALONE = re.compile(
    rb"^[A-Z][A-Z0-9_]*\([^()\n;{}]*\)(?=[ \t]*(?://[^\n]*|/\*[^\n]*\*/)?[ \t]*\n\s*[A-Za-z_/])", re.MULTILINE
)


def _without_alone(text: bytes) -> bytes:
    """A text without such macros, every offset kept: what stands below would be read with them, and a table there be none
    (`WRAP_DIR_ITER(exfat_iterate)`)."""
    return _ALONE.sub(lambda found: b" " * len(found[0]), text)


def maker_of(text: bytes, name: str) -> str:
    """The macro in a text that makes a function of this name out of one of its arguments, `WRAP_DIR_ITER(demo_readdir)` for
    `shared_demo_readdir`; "" for none."""
    for found in _ALONE.finditer(text):
        use = found[0].decode("utf-8", "surrogateescape")
        if any(f"_{word}_" in f"_{name}_" for word in re.findall(r"\w+", use.partition("(")[2])):
            return use
    return ""


def file_facts(text: bytes, methods: Container[str], version: int = 0) -> FileFacts:
    """Functions, operations table entries and assignments to one of `methods` in a C file, with what did not parse; `version` is
    the LINUX_VERSION_CODE of the tree, 0 when it is not known.

    Measured: 1,897 files of fs/ of 6.1 (41 MB) parse in 6 s on one core.
    """
    if not _HAS_BODY.search(text):
        return FileFacts((), (), ())
    shown = _without_alone(blank_attributes(settled(text, version, labelled=True)))
    root = parse(shown).root_node
    macros = _macros(text) if b"#define" in text else {}
    every, entries = _found(root, macros, methods)
    functions = _real(every)
    misread = tuple((span.line, span.last_line) for span in every if span.name in _KEY_WORDS)
    holes = misread + (_holes(root, every) if root.has_error else ())
    for first, last in holes:
        if last - first >= _LARGE_HOLE:
            known = {span.start for span in functions}
            found, named = _found_in_parts(shown, first, last, (macros, methods))
            more = _real(found)
            functions += [span for span in more if span.start not in known]
            entries += named
            holes = tuple(hole for hole in holes if hole != (first, last)) + _left(first, last, more)
    functions.sort(key=lambda span: span.start)
    return FileFacts(tuple(functions), tuple(dict.fromkeys(entries)), tuple(sorted(holes)))


def _found(
    root: tree_sitter.Node, macros: dict[str, _Macro], methods: Container[str]
) -> tuple[list[FunctionSpan], list[SourceEntry]]:
    """The functions and the table entries below a node."""
    functions: list[FunctionSpan] = []
    entries: list[SourceEntry] = []
    text = root.text or b""
    query = _query(call_backs=any(name in text for name in _CALLERS))
    for pattern, captures in tree_sitter.QueryCursor(query).matches(root):
        if pattern == 0:
            span = _span(captures["function"][0])
            if span is not None:
                functions.append(span)
        elif pattern == 1:
            entries += _table_entries(captures["table"][0], macros)
        elif pattern == 3:
            entries += _given(captures, methods)
        else:
            entry = _assignment_entry(captures, methods)
            if entry is not None:
                entries.append(entry)
    return functions, entries


def _real(functions: list[FunctionSpan]) -> list[FunctionSpan]:
    """The functions without those that have a word of C for a name.  One that did not parse ends where another begins: what
    tree-sitter took for its body is a part of the file."""
    functions = [span for span in functions if span.name not in _KEY_WORDS]
    begins = sorted((span.start, span.line) for span in functions)

    def cut(span: FunctionSpan) -> FunctionSpan:
        place = bisect_right(begins, (span.start, span.line))
        if span.whole or place == len(begins) or begins[place][0] >= span.end:
            return span
        return replace(span, end=begins[place][0], last_line=begins[place][1] - 1)

    return list(map(cut, functions))


def _found_in_parts(
    shown: bytes, first: int, last: int, words: tuple[dict[str, _Macro], Container[str]]
) -> tuple[list[FunctionSpan], list[SourceEntry]]:
    """What stands in lines that did not parse together, read piece by piece: one that tree-sitter cannot read must not
    take the rest of the file with it.  A piece ends where a brace closes in the first column."""
    functions: list[FunctionSpan] = []
    entries: list[SourceEntry] = []
    lines = shown.split(b"\n")
    start = first - 1
    offset = sum(len(line) + 1 for line in lines[:start])
    for number in range(start, min(last, len(lines))):
        if number + 1 < last and not lines[number].startswith(b"}"):
            continue
        piece = b"\n".join(lines[start : number + 1]) + b"\n"
        found, named = _found(parse(piece).root_node, *words)
        functions += [_moved(span, offset, start) for span in found]
        entries += [replace(entry, line=entry.line + start) for entry in named]
        start, offset = number + 1, offset + len(piece)
    return functions, entries


def _moved(span: FunctionSpan, offset: int, lines: int) -> FunctionSpan:
    return replace(
        span,
        start=span.start + offset,
        end=span.end + offset,
        line=span.line + lines,
        last_line=span.last_line + lines,
    )


def _left(first: int, last: int, found: list[FunctionSpan]) -> tuple[tuple[int, int], ...]:
    """What the functions leave of a hole, as (first, last) lines."""
    left, start = [], first
    for span in sorted(found, key=lambda span: span.start):
        if span.line > start:
            left.append((start, span.line - 1))
        start = max(start, span.last_line + 1)
    return (*left, (start, last)) if start <= last else tuple(left)
