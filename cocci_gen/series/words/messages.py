"""PatchPlan -> Message.

The words of commit messages, notes and cover letters: one template per kind in templates/messages/.  A template states
what is true of every finding of its kind; what differs from finding to finding comes from the finding and from the text
of the file, and is left out where it is not known.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import jinja2

from cocci_gen import resources
from cocci_gen.findings.edits import REACH
from cocci_gen.findings.findings import EVERY_WAY, Confidence, Edit, Finding, Fix
from cocci_gen.kernel.subject_prefix import Prefix
from cocci_gen.series.plans import FilePlan, PatchPlan
from cocci_gen.series.words.breaches import (
    FindingWords,
    differences,
    failure_words,
    left_by_all,
    places,
    said,
    when_words,
    words_of,
)
from cocci_gen.series.words.drifts import drops_rows, grouped, mostly_moved, new_homes, only_moved
from cocci_gen.series.words.lint import SUBJECT_COLUMNS
from cocci_gen.series.words.listings import evidence, listed, paths, plural
from cocci_gen.series.words.repairs import (
    added_calls,
    dropped_calls,
    drops,
    fault_codes,
    fix_words,
    jumps_mended,
    label_passed,
    repair_of,
    swapped,
    writes,
)
from cocci_gen.series.words.rule_book import RuleBook
from cocci_gen.series.words.smpl_blocks import smpl_block
from cocci_gen.series.words.things import is_made, kept_words, references
from cocci_gen.series.words.waiting import waiting
from cocci_gen.series.words.ways import return_words, way_words

_COLUMNS = 72
#: The kinds whose effect is the same whatever a fix does.
_WITHOUT_FIX = ("unlocks", "gives_back", "never_sleeps")
#: Those that are about what is done, and not about what is owed.
_ASIDE = ("never_sleeps",)
_TRAILER = re.compile(r"  (?:Link: https://\S+|Assisted-by: [\w.:-]+(?: [\w.:-]+)*)$")


@dataclass(frozen=True, slots=True)
class Background:
    """What all messages of a run share."""

    tool_version: str
    spatch_version: str
    kernel_version: str
    tested: str
    compiled: str


@dataclass(frozen=True, slots=True)
class Message:
    """The text of one patch: subjects from the best to the shortest that fit (never none), and the body."""

    subjects: tuple[str, ...]
    body: str


def patch_message(plan: PatchPlan, prefix: Prefix, background: Background, book: RuleBook) -> Message:
    """A patch to be -> its message, by the template of its kind."""
    template = _template(plan.kind)
    variables = _variables(plan, background, book)
    context = template.new_context(variables)
    candidates = "".join(template.blocks["subjects"](context)).split("\n")
    subjects = [prefix.apply(" ".join(line.split())) for line in candidates if line.strip()]
    fitting = tuple(subject for subject in subjects if len(subject) <= SUBJECT_COLUMNS)
    body = reflow(template.render(variables))
    return Message(fitting or (subjects[-1][:SUBJECT_COLUMNS].rsplit(" ", 1)[0],), body)


def nouns_of(plan: PatchPlan, background: Background, book: RuleBook) -> tuple[str, str]:
    """What the title of a cover letter calls that which a patch mends: one of it, several of it."""
    template = _template(plan.kind)
    context = template.new_context(_variables(plan, background, book))
    frame = _environment().get_template("_patch.j2")
    block = template.blocks.get("nouns", frame.blocks["nouns"])  # those of the frame, where a kind has none of its own
    one, several = "".join(block(context)).split("\n")[:2]
    return one, several


@dataclass(frozen=True, slots=True)
class Consequence:
    """What goes wrong in a running system ("" where that depends on what the fix does, and there is none), and whether the rule
    that was broken says so, and may be cited."""

    effect: str
    cited: bool


def consequence(finding: Finding, base: bytes, book: RuleBook) -> Consequence:
    """A finding and the text of its file -> what the message of a patch for it would say of this, by the template of its kind."""
    edits = ((finding.file, finding.fix.edits if isinstance(finding.fix, Fix) else ()),)
    plan = PatchPlan(finding.obligation.kind, (finding,), (), edits, (FilePlan(finding.file, base, base, base),))
    template = _template(plan.kind)
    context = template.new_context(_variables(plan, Background("", "", "", "", ""), book))
    effect = reflow("".join(template.blocks["effect"](context))) if "effect" in template.blocks else ""
    cited = "rule" not in template.blocks or bool("".join(template.blocks["rule"](context)).strip())
    return Consequence(effect if _known_effect(finding) else "", cited)


def _known_effect(finding: Finding) -> bool:
    """Whether the effect that a template tells is that of the finding.

    It is that of something that is owed and not done: of a page that is unlocked twice it says nothing.
    """
    owed = bool(finding.breach.missing) or finding.obligation.kind in _ASIDE
    return isinstance(finding.fix, Fix) or (owed and finding.obligation.kind in _WITHOUT_FIX)


def render(name: str, /, **variables: object) -> str:
    """A template that is no patch message (cover letter, notes) -> its text, wrapped."""
    return reflow(_environment().get_template(f"_{name}.j2").render(variables))


def smpl_blocks(plan: PatchPlan) -> list[str]:
    """The semantic patches that made a patch and nothing more, as they stand in its notes, once each; not one that changes what
    another has changed already, as two that a function keeps until the same jump have."""
    made, blocks = set[tuple[str, Edit]](), list[str]()
    for file, fix, further in _reaching(plan):
        edits = {(file, edit) for edit in fix.edits}
        if fix.semantic_patch and not further and not edits <= made:
            made |= edits
            blocks.append(smpl_block(fix.semantic_patch))
    return list(dict.fromkeys(blocks))


def beyond(plan: PatchPlan) -> list[int]:
    """The lines at which the semantic patches of a patch would change more than it does."""
    lines = sorted({line for _, _, further in _reaching(plan) for line in further})
    # The brace behind a statement that got some is no further change.
    return [line for before, line in pairwise((-REACH, *lines)) if line - before > REACH]


def _reaching(plan: PatchPlan) -> list[tuple[str, Fix, set[int]]]:
    """The fixes of a patch with their files, each with the lines that its semantic patch would change and the patch does not."""
    made = {edit.line for _, edits in plan.edits for edit in edits}
    return [(one.file, one.fix, set(one.fix.beyond) - made) for one in plan.findings if isinstance(one.fix, Fix)]


def kinds() -> tuple[str, ...]:
    """The kinds of obligation that have a template of their own."""
    names = _environment().list_templates()
    return tuple(sorted(name.removesuffix(".j2") for name in names if not name.startswith("_")))


def reflow(text: str) -> str:
    """Paragraphs wrapped, one blank line between them; what is indented by two blanks stays as it is, and the trailers that
    a template writes so, for they must not be wrapped, lose their two blanks."""
    paragraphs: list[list[str]] = []
    for line in text.split("\n"):
        verbatim = line.startswith("  ")
        if not line.strip():
            paragraphs.append([])
        elif paragraphs and paragraphs[-1] and paragraphs[-1][-1].startswith("  ") == verbatim:
            paragraphs[-1].append(line.rstrip())
        else:
            paragraphs.append([line.rstrip()])
    return "\n\n".join("\n".join(_wrapped(paragraph)) for paragraph in paragraphs if paragraph)


def _wrapped(paragraph: Sequence[str]) -> Sequence[str]:
    """One paragraph, unless it is indented."""
    if all(_TRAILER.match(line) for line in paragraph):
        return [line.strip() for line in paragraph]
    if paragraph[0].startswith("  "):
        return paragraph
    return textwrap.wrap(
        " ".join(" ".join(paragraph).split()), _COLUMNS, break_long_words=False, break_on_hyphens=False
    )


def _variables(plan: PatchPlan, background: Background, book: RuleBook) -> dict[str, object]:
    """What the templates may speak of."""
    texts = {file.path: file.base for file in plan.files}
    findings = [words_of(finding, texts[finding.file], book) for finding in plan.findings]
    owed = {name for finding in plan.findings for name in finding.breach.missing}
    return {
        "one": len(findings) == 1,
        "same": len({words.function for words in findings}) == 1,
        "warning": book.warning(plan.findings[0].obligation, owed),
        "remark": book.remark,
        "assisted": f"cocci-gen:{background.tool_version} coccinelle" if book.knows_assisted else "",
        "first": findings[0],
        "findings": findings,
        "functions": list(dict.fromkeys(f"{words.function}()" for words in findings)),
        "methods": list(dict.fromkeys(f"->{words.method}()" for words in findings)),
        "rules": list(dict.fromkeys(rule for words in findings for rule in words.rules)),
        "repair": repair_of(plan),
        "fix": fix_words(plan, return_words(findings)),
        "through": label_passed(plan),
        "jumps": jumps_mended(plan),
        "added": added_calls(plan),
        "calls": [f"{name}()" for name in added_calls(plan)],
        "dropped": dropped_calls(plan),
        "swapped": swapped(plan),
        "drops": drops(plan),
        "writes": writes(plan),
        "drops_rows": drops_rows(plan),
        "dirties": book.dirties,
        "unmapping": book.unmapping,
        "mixed": _retries(findings) and not swapped(plan)[0],
        "errors": fault_codes(plan),
        "redirties": any("redirty" in call for call in added_calls(plan)),
        "unmended": [(words_of(one, texts[one.file], book), _unwritten(one, plan)) for one in _left(plan)],
        "also": [words_of(finding, texts[finding.file], book) for finding in plan.also],
        "background": background,
        "by_hand": plan.by_hand,
        "follows": plan.follows,
    }


def _left(plan: PatchPlan) -> list[Finding]:
    """The likely breaches of the rule of a patch in its functions that no patch mends."""
    kinds = (one for one in plan.left if one.obligation.kind == plan.kind)
    return [one for one in kinds if one.confidence is not Confidence.LOW]


def _unwritten(finding: Finding, plan: PatchPlan) -> bool:
    """Whether an exit that keeps the lock has not written the page either, so that an unlock alone would lose its data: that is
    told of this exit, or of every way through the function."""
    here = (finding.function, finding.line)
    told = [one for one in (*plan.left, *plan.beside) if one.obligation.kind == "writeback"]
    every = (one for one in told if one in plan.left or any(step.note == EVERY_WAY for step in one.evidence))
    return finding.obligation.kind == "unlocks" and any((one.function, one.line) == here for one in every)


def _retries(findings: Sequence[FindingWords]) -> bool:
    """Whether all that one ->page_mkwrite returns wrongly asks for a retry, of a page that it locked or not."""
    alike = len({words.function for words in findings}) == 1 and findings[0].method == "page_mkwrite"
    return alike and all(words.value in ("VM_FAULT_RETRY", "VM_FAULT_LOCKED|VM_FAULT_RETRY") for words in findings)


@cache
def _environment() -> jinja2.Environment:
    """The templates; an unknown name in one is an error, never an empty place."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(resources.data_folder("templates") / "messages"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.tests["search"] = lambda text, pattern: re.search(pattern, text) is not None
    environment.tests["made"] = is_made
    environment.filters.update(
        listed=listed,
        new_homes=new_homes,
        only_moved=only_moved,
        mostly_moved=mostly_moved,
        plural=plural,
        places=places,
        evidence=evidence,
        differences=differences,
        grouped=grouped,
        said=said,
        when=when_words,
        failure=failure_words,
        kept_words=kept_words,
        references=references,
        paths=paths,
        left_by_all=left_by_all,
        waiting=waiting,
        way=way_words,
    )
    return environment


def _template(kind: str) -> jinja2.Template:
    """The template of a kind, else the one that fits all."""
    return _environment().get_template(f"{kind}.j2" if kind in kinds() else "_any.j2")
