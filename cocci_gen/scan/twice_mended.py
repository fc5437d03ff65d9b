"""A finding with a fix, and all findings of the scan -> the callee whose own fix makes the same call for the same thing.

Each of the two mends its function by itself, and both together release twice; the callee's mends what all its callers get.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.findings.findings import Finding, Fix

#: A statement that is one call.
_CALL = re.compile(r"\s*([A-Za-z_]\w*) ?\((.*)\);\s*")
_WORD = re.compile(r"[A-Za-z_]\w*")
#: The member that what a call is given ends in.
_MEMBER = re.compile(r"(?:->|\.)(\w+)\W*$")


def mended_below(finding: Finding, graph: Graph, every: Iterable[Finding]) -> str:
    """The function that is called with what the fix gives back, and whose fix gives back by the same call; "" for none."""
    added = list(_added(finding.fix)) if isinstance(finding.fix, Fix) else []
    if not added:
        return ""
    called = {call.callee: {word for text in call.arguments for word in _WORD.findall(text)} for call in graph.calls()}
    for other in every:
        given = called.get(other.function, set[str]())
        alike = other.obligation.kind == finding.obligation.kind and other.function != finding.function
        if alike and given and isinstance(other.fix, Fix):
            made = list(_added(other.fix))
            if any(
                given & set(_WORD.findall(text)) and any(_same(name, text, *one) for one in made)
                for name, text in added
            ):
                return other.function
    return ""


def _same(name: str, text: str, other: str, given: str) -> bool:
    """Whether two calls may give back one thing: of two members with different names they do not."""
    members = [found[1] for one in (text, given) if (found := _MEMBER.search(one))]
    return name == other and len(set(members)) <= 1


def _added(fix: Fix) -> Iterator[tuple[str, str]]:
    """The calls that a fix puts in, each with what it is given."""
    for edit in fix.edits:
        for line in (one.decode("utf-8", "replace") for one in edit.new if one not in edit.old):
            if found := _CALL.fullmatch(line.rstrip("\n")):
                yield found[1], found[2]
