"""Functions that return something else by now, and code that uses what they return -> Leftover, where that may mean the opposite.

`badblocks_set()` returned 0 where all went well, and returns true by now: every test of it compiles as before and asks for the
opposite.  Where enough of the tree use the value as before, it means what it meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, plain_type
from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.texts.plain_text import plain

_RETURN = re.compile(r"\breturn\b([^;]*);")
_CALL = re.compile(r"([A-Za-z_]\w*)\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")
_TEST = re.compile(r"==|!=|&&|\|\||(?<![-<>])[<>](?![<>])")
#: What stands in front of a call whose value is used.
_USED = re.compile(rb"(?:\breturn|[=(!,&|?:<>+~^\[-])\s*\Z")


def turned(evolution: Evolution) -> str:
    """Why the value of a function that changed cannot be used as before without a look, "" where it can: there is none by now,
    or one of both is true where something was done, and the other 0."""
    if not isinstance(evolution, FunctionChanged):
        return ""
    old, new = (plain_type(one.returns) for one in (evolution.old, evolution.new))
    told = f"returns `{evolution.new.returns}` instead of `{evolution.old.returns}`"
    if old != "void" and (new == "void" or new.endswith("*") != old.endswith("*")):
        return f"{told}, and its value is used here"
    if old != "void" and not old.endswith("*") and _is_bool(old) != _is_bool(new):
        return f"{told}, and its value is used here: what was 0 for success may be true for it, or the other way round"
    return ""


def _is_bool(kind: str) -> bool:
    """Whether a type is true or false, whatever a header marks it with (`__signed_wrap bool`); a number, an enumeration or a name
    for one (`vm_fault_t`, `acpi_status`) is not."""
    return kind.split()[-1:] == ["bool"]


#: The name of a function -> its inline definition in the old headers, "" where there is none.
Definition = Callable[[str], str]


def told_truth(evolutions: Iterable[Evolution], inline: Definition, kinds: Callable[[str], str]) -> frozenset[str]:
    """What changed, the inline definitions of the old headers and the types that their functions return -> the functions that
    returned what is true or false all along, as a number: `int PageUptodate()` was `return folio_test_uptodate(...)`."""
    found = set()
    for one in evolutions:
        if isinstance(one, FunctionChanged) and turned(one) and plain_type(one.new.returns) == "bool":
            given = _RETURN.findall(inline(one.old.name))
            if given and all(_is_truth(value, kinds) for value in given):
                found.add(one.old.name)
    return frozenset(found)


def _is_truth(value: str, kinds: Callable[[str], str]) -> bool:
    """Whether an expression is true or false: a word for it, a comparison, a test, or a function that returns it."""
    bare = value.strip()
    while bare.startswith("(") and bare.endswith(")") and bare.count("(") == 1:
        bare = bare[1:-1].strip()
    called = _CALL.fullmatch(bare)
    if called is not None:
        return kinds(called[1]) == "bool"
    return (
        bare in ("true", "false") or bare.startswith("!") or _TEST.search(re.sub(r"\([^()]*\)", "", bare)) is not None
    )


def used_values(
    evolutions: Iterable[Evolution],
    texts: Mapping[str, bytes],
    did: Mapping[str, tuple[str, ...]],
    own: Collection[str],
    as_before: Collection[str],
) -> Iterator[Leftover]:
    """What changed, the code after all rules, who made the step, the names that the code defines itself and the functions whose
    value the tree uses as before -> each place that uses a value that may mean something else."""
    changed = [
        (one, reason) for one in evolutions
        if isinstance(one, FunctionChanged) and (reason := turned(one)) and one.old.name not in own
        and one.old.name not in as_before
    ]  # fmt: skip
    for path, text in texts.items():
        code, words = plain(text).code, plain(text).words
        for one, reason in changed:
            if one.old.name.encode() in words:
                lines = lines_that_use(one.old.name, code)
                yield from (Leftover(path, line, one.id, reason, did.get(one.id, ())) for line in lines)


def lines_that_use(name: str, code: bytes) -> Iterator[int]:
    """The lines of a text without comments on which the value of a call is used."""
    for found in re.finditer(rb"(?<![.>\w])" + name.encode() + rb"[ \t]*\(", code):
        if _USED.search(code, 0, found.start()):
            yield code.count(b"\n", 0, found.start()) + 1
