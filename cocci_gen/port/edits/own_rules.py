"""A folder of a person's semantic patches -> PortRules, which run before all others and so win."""

from __future__ import annotations

from pathlib import Path

from cocci_gen.coccinelle.spatch import Failed, Job, Slice, SpatchRunner
from cocci_gen.errors import SemanticPatchRefused, StorageError, UsageProblem
from cocci_gen.findings.stored import NotOursError, read_plain
from cocci_gen.port.edits.refusals import line_of_refusal, refused_for
from cocci_gen.port.lessons.rules import ByPerson, PortRule, problems_of

_SECONDS = 30.0


def read_own_rules(folder: Path, runner: SpatchRunner) -> tuple[PortRule, ...]:
    """The .cocci files of a folder, in the order of their names; UsageProblem for one that spatch does not take, before anything
    is changed, and SemanticPatchRefused for one with a script."""
    paths = sorted(folder.glob("*.cocci"))
    if not paths:
        raise UsageProblem(f"{folder} holds no .cocci file; --rules takes a folder of semantic patches")
    rules = []
    for path in paths:
        text = _text_of(path)
        if problems := _problems_of(path, text):
            raise UsageProblem(f"{path}: {'; '.join(problems)}; mend it or move it away, nothing was changed")
        rules.append(
            PortRule(f"own.{path.stem}", f"own.{path.stem}", f"your rule {path.name}", text, ByPerson(path.name), ())
        )
    jobs = [
        Job(rule.id, rule.text, (), Slice("empty.c", b"int cocci_gen_empty;\n"), _SECONDS, (1, 1)) for rule in rules
    ]
    for path, (_, outcome) in zip(paths, runner.run(jobs), strict=True):
        if isinstance(outcome, Failed):
            raise UsageProblem(f"{path}{_refusal(outcome.reason)}; mend it or move it away, nothing was changed")
    return tuple(rules)


def _refusal(said: str) -> str:
    """All that spatch said about a rule that it does not take -> its line and what is wrong, to be put behind its name."""
    line = line_of_refusal(said)
    return f"{f':{line}' if line else ''}: {refused_for(said)}"


def _text_of(path: Path) -> str:
    """The text of a file that somebody may have got from elsewhere: a device has no end, a pipe is waited for."""
    try:
        return read_plain(path).decode("utf-8", "surrogateescape")
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from error
    except NotOursError as error:
        raise UsageProblem(f"{path}: {error}; mend it or move it away, nothing was changed") from error


def _problems_of(path: Path, text: str) -> tuple[str, ...]:
    try:
        return tuple(problems_of(text))
    except SemanticPatchRefused as error:
        raise SemanticPatchRefused(f"{path}: {error}") from error
