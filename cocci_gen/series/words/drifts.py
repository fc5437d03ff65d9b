"""Findings in a document -> what a message says of prototypes that have drifted from the headers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cocci_gen.series.plans import PatchPlan
from cocci_gen.series.words.breaches import FindingWords
from cocci_gen.series.words.listings import entries

#: A message about a prototype -> what it says of the method, without where it stands.
_ABOUT = (
    (re.compile(r"the prototype of (->\w+\(\)) of struct (\w+) differs from \S+"), "types that differ"),
    (re.compile(r"the prototype of (->\w+\(\)) of struct (\w+) is no valid C"), "not valid C"),
    (re.compile(r"(->\w+\(\)) of struct (\w+) is not in the structure any more \(\S+\)"), "gone from the structure"),
    (re.compile(r"(->\w+\(\)) of struct (\w+) has a row and no prototype"), "rows without a prototype"),
)
_GONE = re.compile(r"->(\w+)\(\) of struct \w+ is not in the structure any more")
_MOVED = re.compile(r"(->\w+\(\)) of struct \w+ has (moved to struct \w+) \(\S+\)")


def grouped(findings: Sequence[FindingWords]) -> str:
    """Findings in a document -> an indented list, the methods of which the same is true in one entry, by their structures:
    several structures have an ->open()."""
    found: dict[str, dict[str, list[str]]] = {}
    for words in findings:
        moved = _MOVED.fullmatch(words.message)
        about = next(((says, one) for form, says in _ABOUT if (one := form.fullmatch(words.message))), None)
        if moved:  # what came after the others had moved was never elsewhere: one tree does not tell
            says, struct, method = moved[2].replace("moved to", "members of"), "", moved[1]
        elif about:
            says, struct, method = about[0], about[1][2], about[1][1]
        else:
            says, struct, method = words.message, "", ""
        found.setdefault(says, {}).setdefault(struct, []).append(method)
    return entries(f"{says}: {_by_structure(names)}".removesuffix(": ") for says, names in found.items())


def _by_structure(methods: Mapping[str, Sequence[str]]) -> str:
    """Methods by their structures, `inode_operations ->a(), ->b(); file_operations ->c()`."""
    lists = ((struct, ", ".join(dict.fromkeys(filter(None, names)))) for struct, names in methods.items())
    return "; ".join(f"{struct} {names}".strip() for struct, names in lists)


def new_homes(findings: Sequence[FindingWords]) -> list[str]:
    """The structures that methods have moved to, by the messages of the findings."""
    found = (_MOVED.fullmatch(words.message) for words in findings)
    return list(dict.fromkeys(one[2].removeprefix("moved to struct ") for one in found if one))


def only_moved(findings: Sequence[FindingWords]) -> bool:
    """Whether findings tell of nothing but methods that have moved."""
    return all(_MOVED.fullmatch(words.message) for words in findings)


def mostly_moved(findings: Sequence[FindingWords]) -> bool:
    """Whether half of the findings or more tell of methods that have moved: that is what a subject should say."""
    moved = sum(_MOVED.fullmatch(words.message) is not None for words in findings)
    return 2 * moved >= len(findings)


def drops_rows(plan: PatchPlan) -> bool:
    """Whether a patch to a document takes away the row of a method that does not exist any more."""
    gone = {one[1] for finding in plan.findings if (one := _GONE.match(finding.message))}
    kept = {line for _, edits in plan.edits for edit in edits for line in edit.new}
    lost = {line for _, edits in plan.edits for edit in edits for line in edit.old} - kept
    words = (re.match(rb"\s*(\w+):?\s", line) for line in lost)
    return any(word and word[1].decode() in gone for word in words)
