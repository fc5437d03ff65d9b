"""The text of a function and its Reading -> the same with macros that leave it written out, and scopes marked.

`guard(mutex)(&x->lock)` becomes `__scope_open(0)`, and opening 0 tells what is taken and what is released when the block ends.
Lines stay, columns do not.  What is written out is bounded; what lies beyond the bound stays a call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cocci_gen.code.texts.dialect import closing
from cocci_gen.code.texts.reading import SCOPE_WORDS, Macro, Reading, ScopeClass, arguments

#: Marks an opening in the text; no kernel has the name.
OPENING = "__scope_open"
_CALL = re.compile(r"\b([A-Za-z_]\w*)[ \t]*\(")
_SCOPE = re.compile(r"\b(" + SCOPE_WORDS + r"|scoped_\w+)[ \t]*(?=\()")
_ERROR_OF = re.compile(r"\bACQUIRE_ERR[ \t]*\([ \t]*(\w+)[ \t]*,[ \t]*&?(\w+)[ \t]*\)")
_QUOTE = '"'
#: Characters before `__free` in which the name of its variable is looked for: whole functions are long, and may have many.
_NEAR = 300
_INSIGNIFICANT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)+\'', re.S)
#: Macros inside macros that are written out, and how long a function may get by that.
_DEPTH, _LONGEST = 4, 400_000


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a scope: statements that take, the test that tells whether they did ("" for always), the statement that runs
    when they did not, and what releases at the end."""

    take: str
    condition: str
    fail: str
    release: str


@dataclass(frozen=True, slots=True)
class Scoped:
    """A function's text with the openings that its marks name."""

    text: str
    openings: tuple[Opening, ...]


def _end(text: str, opening: int) -> int:
    """The position of the bracket that closes the one at `opening`; one byte for each character."""
    return closing(text.encode("latin-1", "replace"), opening)


def _kept_lines(text: str) -> str:
    return "\n" * text.count("\n")


def written_out(text: str, macros: dict[str, Macro]) -> str:
    """The text with each use of a macro replaced by its body; the lines of its arguments are kept behind it."""
    for _ in range(_DEPTH):
        parts, done, changed = [], 0, False
        quoted = [(match.start(), match.end()) for match in _INSIGNIFICANT.finditer(text)]
        for match in _CALL.finditer(text):
            macro = macros.get(match.group(1))
            if macro is None or match.start() < done or any(start <= match.start() < end for start, end in quoted):
                continue
            end = _end(text, match.end() - 1)
            if end < 0:
                continue
            given = arguments(" ".join(text[match.end() : end].split()))
            parts += [text[done : match.start()], _filled(macro, given), _kept_lines(text[match.start() : end])]
            done, changed = end + 1, True
        if not changed:
            return text
        written = "".join(parts) + text[done:]
        if len(written) > _LONGEST:
            return text
        text = written
    return text


def _filled(macro: Macro, given: tuple[str, ...]) -> str:
    """The body with its parameters replaced."""
    names = {
        name: value
        for name, value in zip(macro.parameters, given, strict=False)
        if name != "..." and name[-3:] != "..."
    }
    if macro.parameters and macro.parameters[-1].endswith("..."):
        rest = ", ".join(given[len(macro.parameters) - 1 :])
        names[macro.parameters[-1][:-3].strip() or "__VA_ARGS__"] = rest
    names |= {name: "" for name in macro.parameters if name not in names and "..." not in name}
    body = re.sub(
        r"(?<!#)#[ \t]*(\w+)",
        lambda m: f'"{names[m.group(1)].replace(_QUOTE, "")}"' if m.group(1) in names else m.group(),
        macro.body,
    )
    body = re.sub(r"\b\w+\b", lambda m: names.get(m.group(), m.group()), body)
    return re.sub(r"[ \t]*##[ \t]*", "", body)


class _Marker:
    """Replaces what opens scopes, from the first to the last."""

    def __init__(self, text: str, reading: Reading) -> None:
        self.text = text
        self.reading = reading
        self.openings: list[Opening] = []

    def run(self) -> Scoped:
        at = 0
        while match := _SCOPE.search(self.text, at):
            if any(one.start() <= match.start() < one.end() for one in _INSIGNIFICANT.finditer(self.text)):
                at = match.end()
                continue
            at = self._replaced(match)
        self.text = _ERROR_OF.sub(self._error, self.text)
        return Scoped(self.text, tuple(self.openings))

    def _replaced(self, match: re.Match[str]) -> int:
        """Mark one opening; gives where to go on."""
        word, bracket = match.group(1), match.end()
        end = _end(self.text, bracket)
        if end < 0:
            return match.end()
        inner = arguments(" ".join(self.text[bracket + 1 : end].split()))
        if word in ("__free", "__cleanup"):
            return self._variable(match, word, inner, end)
        if word.startswith("scoped_"):
            return self._block(match, word, inner, end)
        return self._statement(match, word, inner, end)

    def _mark(self, opening: Opening) -> str:
        self.openings.append(opening)
        return f"{OPENING}({len(self.openings) - 1})"

    def _put(self, start: int, end: int, words: str) -> int:
        kept = _kept_lines(self.text[start:end])
        self.text = self.text[:start] + words + kept + self.text[end:]
        return start + len(words) + len(kept)

    def _variable(self, match: re.Match[str], word: str, inner: tuple[str, ...], end: int) -> int:
        """`*p __free(kfree) = f();`: the scope opens behind the declaration."""
        before = re.search(
            r"(\w+)[ \t]*(?:\[[^]]*\][ \t]*)?$", self.text[max(0, match.start() - _NEAR) : match.start()]
        )
        stop = self._semicolon(end + 1)
        if before is None or stop < 0 or not inner:
            return self._put(match.start(), end + 1, "")
        name = before.group(1)
        known = self.reading.classes.get(f"__free({inner[0]})") if word == "__free" else None
        release = (
            known.release if known else f"__free_{inner[0]}(&{name})" if word == "__free" else f"{inner[0]}(&{name})"
        )
        mark = self._mark(Opening("", "", "", _with(release, {"_T": name})))
        self.text = self.text[: stop + 1] + f" {mark};" + self.text[stop + 1 :]
        return self._put(match.start(), end + 1, "")

    def _semicolon(self, start: int) -> int:
        """The `;` that ends the declaration which goes on at `start`."""
        at = start
        while at < len(self.text):
            sign = self.text[at]
            if sign in "([{":
                at = _end(self.text, at)
                if at < 0:
                    return -1
            elif sign == ";":
                return at
            elif sign in ")}":
                return -1
            at += 1
        return -1

    def _statement(self, match: re.Match[str], word: str, inner: tuple[str, ...], end: int) -> int:
        """`guard(mutex)(&x);`, `CLASS(fd, f)(fd);`, `ACQUIRE(mutex_intr, m)(&x);`, `CLASS_INIT(fd, f, expression)`."""
        if not inner:
            return match.end()
        name, variable = inner[0], inner[1] if len(inner) > 1 and word != "guard" else f"__guard_{len(self.openings)}"
        if word == "CLASS_INIT" and len(inner) > 2:
            known = self.reading.classes.get(name)
            release = _with(known.release if known else f"class_{name}_destructor(&_T)", {"_T": variable})
            opening = Opening(f"long {variable} = {', '.join(inner[2:])}", "", "", release)
            return self._put(match.start(), end + 1, self._mark(opening))
        following = re.match(r"\s*\(", self.text[end + 1 :])
        if following is None:
            return match.end()
        last = _end(self.text, end + following.end())
        if last < 0:
            return match.end()
        given = arguments(" ".join(self.text[end + 1 + following.end() : last].split()))
        return self._put(match.start(), last + 1, self._mark(self._opening(name, variable, given)))

    def _block(self, match: re.Match[str], word: str, inner: tuple[str, ...], end: int) -> int:
        """`scoped_guard(mutex, &x) { ... }` and its brothers: the block runs once."""
        fail = ""
        if word == "scoped_guard" and inner:
            name, variable, given = inner[0], f"__guard_{len(self.openings)}", inner[1:]
        elif word == "scoped_cond_guard" and len(inner) > 1:
            name, fail, variable, given = inner[0], inner[1], f"__guard_{len(self.openings)}", inner[2:]
        elif word == "scoped_class" and len(inner) > 1:
            name, variable, given = inner[0], re.sub(r"\W+", "_", inner[1]).strip("_"), inner[2:]
        else:
            if not re.search(r"(?:[;{}:)]|\*/|\belse|\bdo)\s*$", self.text[: match.start()]):
                return match.end()
            call = f"{word}({', '.join(inner)})"
            return self._put(match.start(), end + 1, f"while ({self._mark(Opening(call, '', '', ''))})")
        opening = self._opening(name, variable, given)
        opening = Opening(opening.take, opening.condition, fail, opening.release)
        return self._put(match.start(), end + 1, f"while ({self._mark(opening)})")

    def _opening(self, name: str, variable: str, given: tuple[str, ...]) -> Opening:
        known = self.reading.classes.get(name)
        if known is None:
            call = f"class_{name}_constructor({', '.join(given)})"
            return Opening(f"long {variable} = {call}", "", "", f"class_{name}_destructor(&{variable})")
        return opening_of(known, variable, given)

    def _error(self, match: re.Match[str]) -> str:
        """ACQUIRE_ERR(): not zero when nothing was taken."""
        known = self.reading.classes.get(match.group(1))
        failed = known is None or known.condition.replace(" ", "") == "_RET==0"
        return f"({match.group(2)})" if failed else f"(!{match.group(2)})"


def opening_of(known: ScopeClass, variable: str, given: tuple[str, ...]) -> Opening:
    """What a class does with these arguments; `variable` holds what it made, or whether it took the lock."""
    names = {name: value for name, value in zip(known.parameters, given, strict=False) if name}
    take = _with(known.take, names)
    if not known.lock:
        return Opening(f"long {variable} = {take}", "", "", _with(known.release, {"_T": variable}))
    release = _with(known.release, {"_T": given[0]} if given else {})
    if not known.condition:
        return Opening(take, "", "", release)
    return Opening(f"long {variable} = {take}", re.sub(r"\b_RET\b", variable, known.condition), "", release)


def _with(text: str, names: dict[str, str]) -> str:
    """A text with names replaced; a replacement that is an operation is put in brackets where it is not alone."""

    def value(match: re.Match[str]) -> str:
        found = names.get(match.group())
        if found is None:
            return match.group()
        before, after = text[: match.start()].rstrip()[-1:], text[match.end() :].lstrip()[:1]
        bare = before in "(," and after in "),"
        return found if bare or re.fullmatch(r"[\w.>-]+", found) else f"({found})"

    return re.sub(r"(?<![.>])\b\w+\b", value, text)


def for_spatch(text: bytes, reading: Reading) -> bytes:
    """The text of a function in which spatch sees what macros return and what scopes take: macros that leave the function are
    written out, and `guard(mutex)(&x);` is `mutex_lock(&x);`.  Lines stay; what ends a scope is not shown."""
    if not reading.concerns(text):
        return text
    shown = written_out(text.decode("utf-8", "surrogateescape"), dict(reading.macros))
    scoped = _Marker(shown, reading).run()
    if any(one.take for one in scoped.openings):
        shown = _MARK.sub(lambda match: _shown(match, scoped), scoped.text)
    return shown.encode("utf-8", "surrogateescape")


_MARK = re.compile(rf"while \({OPENING}\((\d+)\)\)|{OPENING}\((\d+)\);?")


def _shown(match: re.Match[str], scoped: Scoped) -> str:
    """A mark as plain statements; a block whose `if` has no braces cannot have one more before it."""
    opening = scoped.openings[int(match.group(1) or match.group(2))]
    if match.group(2):
        return f"{opening.take};" if opening.take else ""
    if not re.search(r"[;{}]\s*$", scoped.text[: match.start()]):
        return ""
    test = f" if (!({opening.condition})) {{ {opening.fail}; }} else" if opening.condition else ""
    return f"{opening.take};{test}"


def with_scopes(text: bytes, reading: Reading) -> tuple[bytes, tuple[Opening, ...]]:
    """The text of a function (directives gone) with macros written out and scopes marked, and the openings."""
    shown = text.decode("utf-8", "surrogateescape")
    used = {name: reading.macros[name] for name in set(_CALL.findall(shown)) if name in reading.macros}
    if used:
        shown = written_out(shown, dict(reading.macros))
    if not _SCOPE.search(shown):
        return (shown.encode("utf-8", "surrogateescape") if used else text), ()
    scoped = _Marker(shown, reading).run()
    return scoped.text.encode("utf-8", "surrogateescape"), scoped.openings
