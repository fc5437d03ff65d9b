"""Members that nobody may set any more, and the new headers -> rules that set them by the helpers that the headers have for it.

`vma->vm_flags` is constant by now, and vm_flags_clear(vma, flags) does `ACCESS_PRIVATE(vma, __vm_flags) &= ~flags`: it says that
it does what the old code did, whatever the tree shows.  What is stored whole is not told so: several helpers do that, each with
something else beside.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from cocci_gen.port.evolutions import Evolution, MemberRetyped
from cocci_gen.port.learned import inline_definitions
from cocci_gen.port.rules import Declarations, PortRule
from cocci_gen.port.trees import Sources

_HEAD = re.compile(r"\b(\w+)\s*\(\s*struct (\w+) \*(\w+),[^,()]*?\b(\w+)\s*\)\s*\{")
#: How a helper stores: to the member or to its private twin, flags that come or go.
_STORE = r"(?:{base}->|ACCESS_PRIVATE\({base}, )_*{member}\)? (\|= |&= ~){value};"
_ANY_STORE = re.compile(r"(?<![=!<>])=(?!=)|\+\+|--|\b(?:if|for|while|return)\b")
_BLANKS = re.compile(r"\s+")


def closed_rules(evolutions: Iterable[Evolution], new: Sources) -> Iterator[PortRule]:
    """What changed, and the new kernel -> a rule for each way to change a closed member for which one helper stands in a header,
    that of the structure or another one."""
    closed = [one for one in evolutions if isinstance(one, MemberRetyped) and one.is_closed]
    words = [one.new.name.encode() for one in closed]
    paths = new.below(["include/linux"], (".h",)) if closed else ()
    texts = [text for _, text in new.texts(paths) if b"static inline" in text and any(word in text for word in words)]
    helpers = list(inline_definitions(texts).values())
    for one in closed:
        found: dict[str, list[str]] = defaultdict(list)
        for text in helpers:
            if one.new.name in text:
                sign, name = _helper(one, text)
                found[sign].append(name)
        yield from (_rule(one, sign, names[0]) for sign, names in sorted(found.items()) if sign and len(names) == 1)


def _helper(one: MemberRetyped, text: str) -> tuple[str, str]:
    """The operator by which an inline function changes a member and nothing else, and its name; "" where it does not."""
    head = _HEAD.search(text)
    if head is None or head.group(2) != one.new.struct:
        return "", ""
    body = _BLANKS.sub(" ", text[head.end() :])
    stores = re.findall(_STORE.format(base=head.group(3), member=one.new.name, value=head.group(4)), body)
    return (stores[0].strip(), head.group(1)) if len(stores) == 1 == len(_ANY_STORE.findall(body)) else ("", "")


def _rule(one: MemberRetyped, sign: str, helper: str) -> PortRule:
    struct, member = one.old.struct, one.old.name
    head = f"struct {struct} *E;\nexpression V;\n@@\n"
    ways = [f"{sign}(V)", f"{sign}V"] if sign.endswith("~") else [f"{sign} V"]
    text = "\n".join(
        f"@{helper}_{number}@\n{head}- E->{member} {way};\n+ {helper}(E, V);\n" for number, way in enumerate(ways)
    )
    title = f"E->{member} {ways[-1]} becomes {helper}(E, V), which does that"
    return PortRule(f"{one.id}.{helper}", one.id, title, text, Declarations(), (frozenset({member}),))
