"""How the C of one file is to be read: Reading, what the version of its tree and the definitions that it sees say.

`definitions` finds in a text the macros that change the control flow of whoever uses them, and the classes of scopes; an index
keeps them per file and puts the Reading of each file together.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from cocci_gen.code.texts.dialect import closing
from cocci_gen.code.texts.directives import joined, starting_lines

#: A macro that is called like a function, with its continuation lines.
_DEFINE = re.compile(rb"#[ \t]*+define[ \t]++(\w++)\(([^)\n]*+)\)((?:[^\n\\]++|\\[\s\S])*+)")
#: Words that open a scope which ends with a release.
SCOPE_WORDS = r"guard|scoped_guard|scoped_cond_guard|CLASS|CLASS_INIT|ACQUIRE|scoped_class|__free|__cleanup"
#: The words themselves, and what they are made of.
_OWN = re.compile(rb"(?:__)?(?:" + SCOPE_WORDS.encode() + rb")|(?:__)?(?:DEFINE|EXTEND|DECLARE)_\w+")
_RETURNS = re.compile(rb"\breturn\b")
_JUMPS = re.compile(rb"\bgoto[ \t]+(\w+)")
_OPENS = re.compile(rb"\b(?:" + SCOPE_WORDS.encode() + rb")[ \t]*\(")
_DEFAULT_GFP = re.compile(rb"\bdefault_gfp[ \t]*\(|\bGFP_KERNEL\b")
#: A body that defines functions or data is none that a statement can stand for.
_DECLARES = re.compile(
    rb"(?:static|extern|struct|union|enum|typedef|const|inline|asmlinkage|int|void|bool|long|unsigned|\w+_t|u\d+)\b"
    rb"[^(;]*\w+\s*[({=;]"
)
_CLASS = re.compile(
    rb"(?m)^[ \t]*(DEFINE_(?:FREE|CLASS|GUARD|GUARD_COND|LOCK_GUARD_0|LOCK_GUARD_1|LOCK_GUARD_1_COND)|EXTEND_CLASS)[ \t]*(?=\()"
)
#: What one text may grow to by its macros; longer bodies are no wrappers.
LONGEST = 3000
#: A call, and behind it a name: both in brackets.
_TOLD = re.compile(rb"[\s\\]*+\([\s\\]*+\w++\([^;{}]*,[\s\\]*+\(?\w++\)?[\s\\]*+\)[\s\\]*+")
#: Brackets and commas; a string or a character is one sign.
_SIGNS = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)+\'|[()\[\]{},]')
_CALLED = re.compile(rb"\b([A-Za-z_]\w*)[ \t]*(?=\()")


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition: `kind` is "macro" (it leaves, jumps or opens a scope), "gfp" (it allocates with GFP_KERNEL unless told
    otherwise) or the word that defines a class; `parts` are parameters and body, or the arguments as written."""

    kind: str
    name: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro whose use stands for `body`."""

    parameters: tuple[str, ...]
    body: str


@dataclass(frozen=True, slots=True)
class ScopeClass:
    """What opens and ends a scope: `take` of the `parameters`, `release` of `_T` (for a lock that is the parameter itself, for
    an object the variable), and with `condition` (of `_RET`, the value of `take`) whether anything was taken."""

    parameters: tuple[str, ...]
    take: str
    release: str
    condition: str
    lock: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """`version` is LINUX_VERSION_CODE, 0 when it is not known."""

    version: int = 0
    macros: Mapping[str, Macro] = field(default_factory=dict)
    classes: Mapping[str, ScopeClass] = field(default_factory=dict)
    #: What tells this reading from others.
    digest: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        words = repr((self.version, sorted(self.macros.items()), sorted(self.classes.items())))
        object.__setattr__(self, "digest", f"{zlib.crc32(words.encode('utf-8', 'surrogatepass')):08x}")

    def concerns(self, text: bytes) -> bool:
        """Whether the macros or classes decide how a function is read."""
        return bool(_OPENS.search(text)) or any(name in self.macros for name in _words(text))


PLAIN = Reading()


def _words(text: bytes) -> set[str]:
    """The names that a text calls."""
    return {name.decode() for name in _CALLED.findall(text)}


def arguments(text: str) -> tuple[str, ...]:
    """`a, f(b, c), d` -> its parts, trimmed; none for an empty text."""
    found, depth, start = [], 0, 0
    for match in _SIGNS.finditer(text):
        sign = match.group()
        depth += (sign in "([{") - (sign in ")]}") if len(sign) == 1 else 0
        if sign == "," and depth == 0:
            found.append(text[start : match.start()].strip())
            start = match.end()
    last = text[start:].strip()
    return (*found, last) if found or last else ()


@lru_cache(maxsize=1 << 14)
def first_argument(text: str) -> str:
    """`a, b(c, d)` -> `a`."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            return text[:position]
    return text


def _plain(text: bytes) -> str:
    """One line without comments."""
    text = re.sub(rb"/\*.*?\*/|//[^\n]*", b" ", joined(text), flags=re.S)
    return " ".join(text.decode("utf-8", "surrogateescape").split())


def definitions(text: bytes) -> Iterator[Definition]:
    """The definitions of a text that change how the files are read which see them."""
    if b"#define" in text or b"# define" in text:
        for match in starting_lines(_DEFINE, text):
            body = match.group(3)
            kind = _kind_of(body)
            if kind and not _OWN.fullmatch(match.group(1)):
                yield Definition(kind, match.group(1).decode(), (_plain(match.group(2)), _plain(body)))
            elif value := _told_value(match.group(2), body):
                yield Definition("macro", match.group(1).decode(), (_plain(match.group(2)), value))
    if b"DEFINE_" in text or b"EXTEND_CLASS" in text:
        for match in _CLASS.finditer(text):
            end = closing(text, match.end())
            parts = arguments(_plain(text[match.end() + 1 : end])) if end > 0 else ()
            if len(parts) >= 2:
                yield Definition(match.group(1).decode(), parts[0], parts)


def _leaves(body: bytes) -> bool:
    """Whether a body returns, or jumps to a label that it does not hold."""
    if b"return" in body and _RETURNS.search(body):
        return True
    targets = _JUMPS.findall(body) if b"goto" in body else []
    return any(re.search(rb"\b" + target + rb"[ \t\\\n]*:(?!:)", body) is None for target in targets)


def _kind_of(body: bytes) -> str:
    if len(body) > LONGEST or not (_leaves(body) or _OPENS.search(body) or _DEFAULT_GFP.search(body)):
        return ""
    if _DEFAULT_GFP.search(body) and not _leaves(body) and not re.match(rb"[\s\\]*(?:__)?GFP_|[\s\\]*\w+[ \t]*,", body):
        return "gfp"
    start = joined(body).strip()
    return "" if _DECLARES.match(start) or start.startswith((b"#", b"__VA")) else "macro"


def _told_value(parameters: bytes, body: bytes) -> str:
    """The parameter that is the value of a macro which tells somebody of it first, and of nothing else that it is given,
    `(note(__LINE__, err), err)`; "" for any other."""
    if not _TOLD.fullmatch(body):
        return ""
    whole = joined(body).strip()
    if closing(whole, 0) != len(whole) - 1:
        return ""
    *ahead, value = arguments(_plain(whole)[1:-1]) or ("",)
    plain, given = value.strip("() "), set(arguments(_plain(parameters)))
    told = {word for text in ahead for word in re.findall(r"\w+", text)} & given
    return plain if told == {plain} else ""


def macro_of(definition: Definition) -> Macro:
    """A definition of the kind "macro", read."""
    return Macro(arguments(definition.parts[0]), definition.parts[1].rstrip("; "))


def classes_of(found: Iterator[Definition] | list[Definition]) -> dict[str, ScopeClass]:
    """The classes that definitions make; extensions may stand before what they extend."""
    classes: dict[str, ScopeClass] = {}
    extensions = []
    for one in found:
        if one.kind == "EXTEND_CLASS" or one.kind.endswith("_COND"):
            extensions.append(one)
        elif (read := _class(one)) is not None:
            classes[one.name if one.kind != "DEFINE_FREE" else f"__free({one.name})"] = read
    for one in extensions:
        base = classes.get(one.name)
        if base is None or len(one.parts) < 3:
            continue
        take = _of_lock(one.parts[2]) if one.kind == "DEFINE_LOCK_GUARD_1_COND" else one.parts[2]
        if one.kind == "EXTEND_CLASS":
            names = tuple(_declared(part) for part in one.parts[3:])
            classes[one.name + one.parts[1]] = ScopeClass(names, take, base.release, "", base.lock)
        else:
            condition = one.parts[3] if len(one.parts) > 3 else "_RET"
            classes[one.name + one.parts[1]] = ScopeClass(base.parameters, take, base.release, condition, True)
    return classes


def _class(one: Definition) -> ScopeClass | None:
    parts = one.parts
    if one.kind == "DEFINE_FREE" and len(parts) >= 3:
        return ScopeClass((), "", ", ".join(parts[2:]), "", False)
    if one.kind == "DEFINE_CLASS" and len(parts) >= 4:
        return ScopeClass(tuple(_declared(part) for part in parts[4:]), parts[3], parts[2], "", False)
    if one.kind == "DEFINE_GUARD" and len(parts) >= 4:
        return ScopeClass(("_T",), parts[2], parts[3], "", True)
    if one.kind == "DEFINE_LOCK_GUARD_1" and len(parts) >= 4:
        return ScopeClass(("_T",), _of_lock(parts[2]), _of_lock(parts[3]), "", True)
    if one.kind == "DEFINE_LOCK_GUARD_0" and len(parts) >= 3:
        return ScopeClass((), _of_lock(parts[1]), _of_lock(parts[2]), "", True)
    return None


def _of_lock(text: str) -> str:
    """`spin_lock_irqsave(_T->lock, _T->flags)` -> `spin_lock_irqsave(_T, flags)`."""
    return re.sub(r"\b_T->(\w+)", lambda match: "_T" if match.group(1) == "lock" else match.group(1), text)


def _declared(text: str) -> str:
    """The name that `struct page *page` declares; "" for void and what is not named."""
    match = re.search(r"(\w+)\s*(?:\[[^]]*\])*$", text)
    return match.group(1) if match and match.group(1) != "void" else ""
