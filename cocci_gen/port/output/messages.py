"""ChangeSet and its evolution -> the words of a patch: what changed and why, what the document says, and what it rests on."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.document.diff import RuleChange
from cocci_gen.kernel.subject_prefix import Prefix
from cocci_gen.port.changes.declared import Method
from cocci_gen.port.changes.descriptions import described
from cocci_gen.port.changes.evolutions import (
    DeclarationsMoved,
    Evolution,
    FunctionChanged,
    FunctionGone,
    HeaderGone,
    IncludeGone,
    MacroChanged,
    MacroGone,
    MacroTakesString,
    MemberGone,
    MemberRetyped,
    MethodChanged,
    MethodGone,
    MethodRenamed,
    NameTaken,
    ProtocolChanged,
    StructRenamed,
)
from cocci_gen.port.edits.patches import ChangeSet
from cocci_gen.port.lessons.rules import ByPerson, Declarations, PortRule, told
from cocci_gen.series.words.lint import BODY_COLUMNS, SUBJECT_COLUMNS, lint_body, lint_notes, lint_subject
from cocci_gen.series.words.messages import reflow
from cocci_gen.series.words.smpl_blocks import smpl_block

_MOST_RULES = 6
#: The rules for members that only have another name or place.
_RENAMES = (".renamed", ".owner")
#: More names of a header say nothing more.
_MOST_NAMES = 4


@dataclass(frozen=True, slots=True)
class Words:
    """A message, and what stands below the cut."""

    subject: str
    body: str
    notes: str

    @property
    def complaints(self) -> tuple[str, ...]:
        """What a mail program or checkpatch would get wrong."""
        return (*lint_subject(self.subject), *lint_body(self.body), *lint_notes(self.notes))


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of an evolution besides itself: the commit that made it ("" where no history tells), and what became of its
    rules in the document."""

    commit: str
    rows: tuple[RuleChange, ...]


def words_of_patch(
    change: ChangeSet, evolution: Evolution | None, prefix: Prefix, part: tuple[int, int], story: Story, kernels: str
) -> Words:
    """A patch to be, its evolution (None for rules of a person), the prefix of its files, which part of several it is, and the
    names of both kernels -> its words."""
    rules = tuple(change.rules.values())
    subject = _subject(evolution, rules, prefix, part)
    paragraphs = list(_why(evolution, rules, story, kernels))
    body = reflow("\n\n".join(paragraphs))
    notes = "\n".join(line for rule in rules[:_MOST_RULES] for line in _note(rule))
    if len(rules) > _MOST_RULES:
        notes += f"\n({len(rules) - _MOST_RULES} more of this kind.)"
    return Words(subject, body, f"\n{notes}")


def _subject(evolution: Evolution | None, rules: Sequence[PortRule], prefix: Prefix, part: tuple[int, int]) -> str:
    """The longest wording that fits."""
    number = f", part {part[0]}" if part[1] > 1 else ""
    for text in _wordings(evolution, rules):
        subject = prefix.apply(f"{text}{number}")
        if len(subject) <= SUBJECT_COLUMNS:
            return subject
    return subject[:SUBJECT_COLUMNS].rsplit(" ", 1)[0]


def _wordings(evolution: Evolution | None, rules: Sequence[PortRule]) -> Iterator[str]:
    match evolution:
        case MethodChanged(old=old):
            yield f"follow the new prototype of ->{old.name}()"
            yield f"follow ->{old.name}()"
        case MethodRenamed(old=old, new=new):
            yield f"follow ->{old.name}() to ->{new.name}()"
            yield f"follow ->{old.name}()"
        case FunctionChanged(old=function) | MacroChanged(old=function) | MacroTakesString(old=function):
            yield f"call {function.name}() as it is declared now"
            yield f"follow {function.name}()"
        case FunctionGone(old=function):
            yield f"call the successor of {function.name}()"
            yield f"replace {function.name}()"
        case MemberGone(old=member) if all(rule.id.endswith(_RENAMES) for rule in rules):
            yield f"follow {member.struct}->{member.name} to where it is now"
            yield f"follow {member.struct}->{member.name}"
        case MemberGone(old=member):
            yield f"go through the helpers for {member.struct}->{member.name}"
            yield f"replace {member.struct}->{member.name}"
        case DeclarationsMoved() | IncludeGone():
            yield f"include {evolution.header}"
        case HeaderGone() if not any("+ #include" in rule.text for rule in rules):
            yield f"do not include {evolution.id}, which is gone"
            yield f"do without {evolution.id}"
        case NameTaken(old=name):
            yield f"give {name}() a name of its own"
            yield f"rename {name}()"
        case HeaderGone():
            yield f"include the successor of {evolution.id}"
            yield f"replace {evolution.id}"
        case StructRenamed(old=tag):
            yield f"follow the new name of struct {tag}"
            yield f"rename struct {tag}"
        case MacroGone(old=macro):
            yield f"do without {macro.name}"
        case None:
            yield f"apply {rules[0].title}"
        case _:
            yield f"follow the change of {evolution.id}"


def _why(evolution: Evolution | None, rules: Sequence[PortRule], story: Story, kernels: str) -> Iterator[str]:
    if evolution is None:
        yield f"{_sentence(rules[0].title)} asks for it."
        return
    yield f"{_what(evolution, kernels)}"
    yield from _declarations(evolution)
    if story.commit:
        yield f"That was done by commit {story.commit}."
    if story.rows:
        yield "Documentation/filesystems/locking.rst says accordingly:"
        yield "\n".join(_row(story.rows))
    yield f"{_sentence(_support(rules))}"


def _what(evolution: Evolution, kernels: str) -> str:
    if isinstance(evolution, DeclarationsMoved):
        names = ", ".join(evolution.names[:_MOST_NAMES]) + (" and others" if len(evolution.names) > _MOST_NAMES else "")
        return f"Between {kernels}, {names} went from {evolution.old.removeprefix('include/')} to {evolution.header}."
    if isinstance(evolution, IncludeGone):
        by = evolution.old.removeprefix("include/") or "the headers that are included here"
        return f"Between {kernels}, {by} ceased to include {evolution.header}, of which these files call something."
    if isinstance(evolution, NameTaken):
        name, header = evolution.old, evolution.header
        return f"Between {kernels}, what is included here came to declare a function {name}(), in {header}."
    return f"Between {kernels} this changed: {evolution.id}: {described(evolution).replace('`', chr(39))}."


def _declarations(evolution: Evolution) -> Iterator[str]:
    """What the headers say, before and after."""
    match evolution:
        case MethodChanged(old=old, new=new) | MethodRenamed(old=old, new=new):
            yield f"In {new.path}, the method was"
            yield "\n".join(_folded(_method(old)))
            yield "and is now"
            yield "\n".join(_folded(_method(new)))
        case FunctionChanged(old=before, new=after):
            yield f"In {after.path}, the function was declared as"
            yield "\n".join(_folded(f"{before.text};"))
            yield "and is declared now as"
            yield "\n".join(_folded(f"{after.text};"))
        case FunctionGone(old=gone):
            yield f"{gone.path} declared it as"
            yield "\n".join(_folded(f"{gone.text};"))
        case MemberGone(old=member) | MemberRetyped(old=member):
            yield f"struct {member.struct} had it in {member.path}."
        case MethodGone() | MacroGone() | HeaderGone() | ProtocolChanged() | _:
            return


def _method(method: Method) -> str:
    one = method.prototype
    space = "" if one.returns.endswith("*") else " "
    return f"{one.returns}{space}(*{one.method})({', '.join(one.parameters) or 'void'});"


def _row(rows: Iterable[RuleChange]) -> Iterator[str]:
    for one in rows:
        about = f"{one.method} [{one.column}]" if one.column else one.method or one.struct
        yield from _folded(f"{about}:")
        yield from _folded(f"was: {one.old}" if one.old else "was: (nothing)", "    ")
        yield from _folded(f"now: {one.new}" if one.new else "now: (nothing)", "    ")


def _folded(text: str, indent: str = "  ") -> list[str]:
    """Indented lines that are short enough."""
    plain = re.sub(r"[^\x20-\x7e]+", " ", " ".join(text.split()))
    return textwrap.wrap(
        plain, BODY_COLUMNS - 2, initial_indent=indent, subsequent_indent=f"{indent}        ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _support(rules: Sequence[PortRule]) -> str:
    """What the rules of a patch rest on, in one sentence."""
    if len(rules) == 1 and isinstance(rules[0].ground, Declarations):
        return "The declarations of both kernels say all that is needed."
    if len(rules) == 1:
        return f"{told(rules[0].ground)}."
    return f"{len(rules)} semantic patches made this; what each rests on stands below the cut."


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _note(rule: PortRule) -> Iterator[str]:
    """A rule below the cut: what it does, what it rests on, its text."""
    ground = "a rule of the author's" if isinstance(rule.ground, ByPerson) else told(rule.ground)
    yield from textwrap.wrap(" ".join(f"{rule.title}: {ground}".split()), BODY_COLUMNS, break_long_words=False)
    yield ""
    yield smpl_block(rule.text)
    yield ""
