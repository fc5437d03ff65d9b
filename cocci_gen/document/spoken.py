"""A document without lists of methods -> Sentence, what it says of methods in running text: porting.rst, directory-locking.rst.

    ---

    **mandatory**

    ->d_delete() instances are now called with ->d_lock held.       a sentence about d_delete
    They are not permitted to drop it.                              one more, until the next line of dashes

No declaration tells whose method that is: the structure is the one that has it in the documents that do declare it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cocci_gen.document.described import Sentence
from cocci_gen.document.prose import Clause, read_clauses

#: Ends what was said of a method.
_RULE = re.compile(r"^(?:---+|([=~\-^\"])\1{3,})\s*$")
_NAMED = re.compile(r"(?:->|(?<![\w.)])\.|\bxattr_handler\.)(\w+)")
#: What goes on about the method of the paragraph in front of it: "They take ...", an item of a list.
_GOES_ON = re.compile(r"(?:(?:it|its|they|their|the method|as before|you must also)\b|\* )", re.I)


def spoken(path: str, text: str, methods: Iterable[tuple[str, str]]) -> Iterator[Sentence]:
    """Every sentence of a document, with the method that it is about; `methods` are (structure, method) of the other documents.

    The structure is "" where no structure has the method, or several have; the method is "" where none is named.
    """
    homes: dict[str, set[str]] = {}
    for struct, method in methods:
        homes.setdefault(method, set()).add(struct)
    about: tuple[str, ...] = ()
    for start, paragraph in _paragraphs(text.expandtabs().splitlines()):
        if not paragraph or not _GOES_ON.match(paragraph[0]):
            about = ()
        for clause in read_clauses(paragraph, start + 1, homes, ()) if paragraph else ():
            about = _about(clause, homes) or about
            for method in about or ("",):
                owners = homes.get(method, set())
                struct = next(iter(owners)) if len(owners) == 1 else ""
                yield Sentence(path, struct, method, replace(clause, mentions=tuple(sorted(owners))))


def _about(clause: Clause, homes: Mapping[str, object]) -> tuple[str, ...]:
    """The methods that a sentence names: those that it begins with, or all."""
    named = tuple(dict.fromkeys((*clause.subjects, *_NAMED.findall(clause.text))))
    begun = tuple(name for name in clause.subjects if name in homes)
    return begun or tuple(name for name in named if name in homes) or named[:1]


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(index of the first line, lines) of each paragraph, and no lines where a new item begins; what is quoted is left out."""
    found: list[str] = []
    start, quoted = 0, False
    for number, line in enumerate((*lines, "")):
        if line.strip() and not _RULE.match(line) and not (quoted and line.startswith(" ")):
            start = start if found else number
            found.append(line.strip())
            continue
        if found:
            quoted = found[-1].endswith("::")
            yield start, tuple(found)
            found = []
        elif line.strip() and not line.startswith(" "):
            quoted = False
        if _RULE.match(line):
            yield number, ()
