"""A call that a method must not reach -> the reasons to be less than sure that it does."""

from __future__ import annotations

from cocci_gen.code.searches.paths import Path
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.readings import Mode
from cocci_gen.facts.sleeps.sleep_chains import Link, Reach
from cocci_gen.facts.walks.sleep_words import sleep_words
from cocci_gen.findings.findings import Confidence, Doubt

#: Links of a chain that are still convincing; longer ones pass through code that serves many callers.
_SHORT = 3


def doubts(obligation: Obligation, reach: Reach, spared: str) -> tuple[Doubt, ...]:
    """Every doubt about one reach, without repetition; `spared` is why those whom the rule protects do not come there, or ""."""
    found: list[Doubt] = [(Confidence.LOW, spared)] if spared else []
    links = reach.chain.links
    if obligation.mode is Mode.MAYBE:
        found.append((Confidence.LOW, f"the rule binds only {obligation.condition or 'some of its objects'}"))
    if not isinstance(reach.path, Path):
        found.append((Confidence.LOW, "the way to the call was not confirmed"))
    for number, link in enumerate(links):
        found += _about(link, in_method=number == 0)
    if len(links) > _SHORT:
        level = Confidence.LOW if len(links) > _SHORT + 1 else Confidence.MODERATE
        found.append((level, f"the chain is {len(links)} calls long, and its middle serves other callers too"))
    if sleep_words().plain.why(links[-1].callee):
        found.append(
            (
                Confidence.LOW,
                "wrong only if the lock is also taken with interrupts on by code that such an interrupt may stop",
            )
        )
    return tuple(dict.fromkeys(found))


def _about(link: Link, *, in_method: bool) -> list[Doubt]:
    found = []
    if "definitions in this tree" in link.doubt:
        found.append((Confidence.LOW, f"{link.doubt}; which one is built depends on the configuration"))
    elif link.doubt:
        found.append((Confidence.MODERATE, link.doubt))
    for test in link.tests:
        if test.correlated:
            found.append((Confidence.LOW, f"`{test.text}` at line {test.line} of {link.file}: {test.correlated}"))
        elif test.state and not in_method:
            found.append(
                (Confidence.LOW, f"only in one state: `{test.text}` at line {test.line} of {link.file} is {test.label}")
            )
    if not in_method and link.nested and link.tests:
        test, there = link.tests[-1], f"line {link.tests[-1].line} of {link.file}"
        found.append(
            (
                Confidence.MODERATE,
                f"{link.caller}() calls {link.callee}() only under a test, the last being `{test.text}` at {there}",
            )
        )
    return found
