"""BatchConfig and its trees -> nothing, or what of the file no night can do, with its line, before the first one begins.

What a tree has lost since an earlier night is no fault of the file: it costs that tree its night, and no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path

from cocci_gen.coccinelle.job_runs import find_version
from cocci_gen.errors import CocciGenError, KernelTreeError, RuleDocumentError, SpatchUnavailable, UsageProblem
from cocci_gen.kernel.modules import Module, open_module
from cocci_gen.kernel.repository import find_repository
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.runs.folder import read_header
from cocci_gen.runs.making import refuse_output_inside
from cocci_gen.runs.nightly.config import BatchConfig, BatchTarget
from cocci_gen.runs.people import refuse_inside
from cocci_gen.scan.asked import NothingToScan, check_paths, chosen_obligations, plain_paths
from cocci_gen.scan.modules import check_module_paths
from cocci_gen.scan.pipeline import read_rules


def find_spatch(config: BatchConfig) -> str:
    """The version of the spatch that a batch uses; RuleDocumentError where the one that the file names is not there."""
    try:
        return find_version(config.program)
    except SpatchUnavailable as error:
        raise config.places.problem("spatch", str(error)) from error


def check_file(config: BatchConfig) -> None:
    """RuleDocumentError for an output or a baseline inside of a tree, and for rules and paths that no revision of a tree has and
    that no earlier night has scanned; a tree that cannot be read now says nothing of the file."""
    for _, group in groupby(config.targets, key=lambda target: (target.places.number, target.path)):
        targets = tuple(group)
        _check_places(config, targets[0])
        problems = list(_problems(config, targets))
        for problem in problems[:1]:
            if problem and all(problems):
                raise problem


def _check_places(config: BatchConfig, target: BatchTarget) -> None:
    module = Path(target.module.partition(":")[0]) if target.module else None
    try:
        refuse_output_inside(config.output, [root for root in (target.path, module) if root])
    except UsageProblem as error:
        raise config.places.problem("output", str(error)) from error
    try:
        if config.baseline:
            refuse_inside(config.baseline, target.path)
    except UsageProblem as error:
        raise config.places.problem("baseline", str(error)) from error


def _problems(config: BatchConfig, targets: Sequence[BatchTarget]) -> Iterator[RuleDocumentError | None]:
    """What is wrong with the rules and paths of each revision of a tree that can be read, None where nothing is."""
    for target in targets:
        if not (target.rules or target.paths) or _ran(config, target):
            yield None
            continue
        with suppress(CocciGenError):  # what cannot be read is told as what became of its night
            with KernelTree.open(target.path, target.revision) as tree:
                problem = asked_problem(tree, target)
            yield problem


def asked_problem(tree: KernelTree, target: BatchTarget) -> RuleDocumentError | None:
    """What is wrong with the rules and paths of a target, with their line, if anything is."""
    try:
        if target.rules:
            chosen_obligations(read_rules(tree), target.rules)
    except NothingToScan as error:
        return target.places.problem("rules", str(error))
    try:
        if target.module and target.paths:
            module = module_of(target)
            check_module_paths(module, plain_paths(module.root, target.paths))
        elif target.paths:
            check_paths(tree, plain_paths(tree.root, target.paths))
    except NothingToScan as error:
        return target.places.problem("paths", str(error))
    return None


def module_of(target: BatchTarget) -> Module:
    """The module of a target; RuleDocumentError names the key whose value is not there."""
    try:
        return open_module(target.module, target.module_revision)
    except KernelTreeError as error:
        raise target.places.problem("module", str(error)) from error


def unread(target: BatchTarget, error: KernelTreeError) -> RuleDocumentError:
    """A target whose kernel cannot be opened -> why, at the key that names what is not there."""
    try:
        find_repository(target.path)
    except KernelTreeError:
        return target.places.problem("path", str(error))
    return target.places.problem("revisions", str(error))


def _ran(config: BatchConfig, target: BatchTarget) -> bool:
    """Whether an earlier night scanned the target with these rules and paths."""
    for run in (config.output / target.name).glob("*/run.json"):
        try:
            options = read_header(run.parent)[0].options
        except CocciGenError:
            continue
        if (options.get("rules"), options.get("paths")) == (list(target.rules), list(target.paths)):
            return True
    return False
