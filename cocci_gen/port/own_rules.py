"""A folder of a person's semantic patches -> PortRules, which run before all others and so win."""

from __future__ import annotations

from pathlib import Path

from cocci_gen.coccinelle.spatch import Failed, Job, Slice, SpatchRunner
from cocci_gen.errors import StorageError, UsageProblem
from cocci_gen.port.rules import ByPerson, PortRule, problems_of

_SECONDS = 30.0


def read_own_rules(folder: Path, runner: SpatchRunner) -> tuple[PortRule, ...]:
    """The .cocci files of a folder, in the order of their names; UsageProblem for one that spatch does not take, before anything
    is changed, and SemanticPatchRefused for one with a script."""
    paths = sorted(folder.glob("*.cocci"))
    if not paths:
        raise UsageProblem(f"{folder} holds no .cocci file; --rules takes a folder of semantic patches")
    rules = []
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8", errors="surrogateescape")
        except OSError as error:
            raise StorageError(f"{path} cannot be read: {error.strerror}") from error
        if problems := problems_of(text):
            raise UsageProblem(f"{path}: {'; '.join(problems)}; mend it or move it away, nothing was changed")
        rules.append(
            PortRule(f"own.{path.stem}", f"own.{path.stem}", f"your rule {path.name}", text, ByPerson(path.name), ())
        )
    jobs = [
        Job(rule.id, rule.text, (), Slice("empty.c", b"int cocci_gen_empty;\n"), _SECONDS, (1, 1)) for rule in rules
    ]
    for path, (_, outcome) in zip(paths, runner.run(jobs), strict=True):
        if isinstance(outcome, Failed):
            raise UsageProblem(f"{path}: {outcome.reason}; mend it or move it away, nothing was changed")
    return tuple(rules)
