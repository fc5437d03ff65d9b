"""A patch or a finding of an earlier run that this run does not have any more -> why, in words for its readers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from cocci_gen.code.texts.source import file_facts
from cocci_gen.errors import KernelTreeError
from cocci_gen.filters import Accepted, Rejected
from cocci_gen.findings.findings import Confidence, Finding, NoFix, shortened
from cocci_gen.findings.stored import oddity, read_json, read_lines, read_plain
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.runs.folder import RunFolderError, RunHeader
from cocci_gen.scan.pipeline import Judged
from cocci_gen.series.rerolls.former import FormerPatch

#: More commits to one file than this are not searched for the one that mended it.
_MOST_COMMITS = 200


@dataclass(frozen=True, slots=True)
class Vanished:
    """What the earlier run had found, and what this one has: called with a patch, it says why there is none any more."""

    tree: KernelTree
    base: str
    before: Mapping[str, Finding]
    now: Mapping[str, Judged]
    unexamined: Mapping[tuple[str, str, str], str]
    options: Mapping[str, object]
    obligations: frozenset[str]
    #: What a commit that mended it has done, in words: who looks after the tree has it fixed in the tree itself.
    fixed: str = "fixed upstream"

    def __call__(self, patch: FormerPatch) -> str:
        """A patch -> the reasons, one for each of its findings that has one of its own."""
        findings = [self.before[one] for one in patch.fingerprints if one in self.before]
        reasons = dict.fromkeys(self.reason(finding) for finding in findings)
        return "; ".join(reasons) or "no longer found"

    def reason(self, finding: Finding) -> str:
        """One finding of the earlier run -> what became of it."""
        judged = self.now.get(finding.fingerprint)
        if judged is not None:
            return _still_there(judged)
        if not self._asked(finding):
            return "this run did not look for it (--rule, --path)"
        if finding.obligation.id not in self.obligations:
            return f"the rule {finding.obligation.short} is not in {finding.obligation.source.path} any more"
        if finding.file not in self.tree.blobs():
            return f"{finding.file} is not there any more"
        for function in (finding.function, ""):
            if why := self.unexamined.get((finding.obligation.id, finding.file, function)):
                return f"{finding.function}() could not be examined: {why}"
        return self._in_the_code(finding)

    def _asked(self, finding: Finding) -> bool:
        """Whether this run was to look at it at all."""
        rules, paths = self.options.get("rules"), self.options.get("paths")
        if isinstance(rules, list) and rules and not any(fnmatchcase(finding.obligation.id, str(one)) for one in rules):
            return False
        roots = [str(one).rstrip("/") for one in paths] if isinstance(paths, list) else []
        return not roots or any(finding.file == root or finding.file.startswith(f"{root}/") for root in roots)

    def _in_the_code(self, finding: Finding) -> str:
        """What the code of the function says."""
        if not self._has(self.base):  # a branch that was made anew, or another repository at the same place
            return f"no longer found; the commit of the earlier run, {self.base[:12]}, is not there any more"
        old = self._function(self.base, finding)
        new = _body(self.tree.read(finding.file), finding.function)
        if not new:
            return f"{finding.function}() is not there any more"
        if old == new:
            return f"no longer found, though {finding.function}() is as it was"
        if other := self._beside(finding):
            return f"{finding.function}() has changed, and does not keep to the rule yet: see {other}"
        guilty = list(self._commits(finding))
        by = f" by {guilty[0]}" if len(guilty) == 1 else ""
        return f"{self.fixed}{by}: {finding.function}() has changed and keeps to the rule now"

    def _beside(self, finding: Finding) -> str:
        """Another breach of the same rule in the same function, which this run has: its name as lines show it, or none."""
        place = (finding.obligation.id, finding.file, finding.function)
        others = (one.finding for one in self.now.values() if isinstance(one.verdict, Accepted))
        there = (one for one in others if (one.obligation.id, one.file, one.function) == place)
        return next((shortened(one.fingerprint) for one in there if one.fingerprint not in self.before), "")

    def _has(self, revision: str) -> bool:
        """Whether the repository has a commit."""
        try:
            self.tree.git("cat-file", "-e", f"{revision}^{{commit}}")
        except KernelTreeError:
            return False
        return True

    def _function(self, revision: str, finding: Finding) -> bytes:
        """The function at another commit; empty where it, or its file, is not there."""
        try:
            return _body(self.tree.git("cat-file", "blob", f"{revision}:{finding.file}"), finding.function)
        except KernelTreeError:
            return b""

    def _commits(self, finding: Finding) -> Iterator[str]:
        """The commits since the earlier run that changed the function, as messages cite them."""
        limit = f"--max-count={_MOST_COMMITS}"
        where = (f"{self.base}..{self.tree.commit}", "--", finding.file)
        listing = self.tree.git("log", "--no-merges", "--no-show-signature", "--format=%H %P%x09%s", limit, *where)
        for line in listing.decode("utf-8", "replace").splitlines():
            names, _, subject = line.partition("\t")
            oid, *parents = names.split()
            if parents and self._function(oid, finding) != self._function(parents[0], finding):
                yield f'{oid[:12]} ("{subject}")'


def vanished(
    tree: KernelTree, base: str, before: Sequence[Judged], now: Sequence[Judged], folder: Path, header: RunHeader,
    obligations: frozenset[str], fixed: str = "fixed upstream",
) -> Vanished:  # fmt: skip
    """The tree and findings of this run, the base and findings of the earlier one -> what tells why a patch is gone."""
    return Vanished(
        tree=tree,
        base=base,
        before={one.finding.fingerprint: one.finding for one in before},
        now={one.finding.fingerprint: one for one in now},
        unexamined=_unexamined(folder / "unexamined.jsonl"),
        options=header.options,
        obligations=obligations,
        fixed=fixed,
    )


def _still_there(judged: Judged) -> str:
    """A finding that is found again and in no series all the same."""
    if isinstance(judged.verdict, Rejected):
        return "; ".join(f"rejected by {reason.filter}: {reason.reason}" for reason in judged.verdict.reasons)
    if isinstance(judged.finding.fix, NoFix):
        return f"found again, and there is no fix for it: {judged.finding.fix.reason}"
    if judged.finding.confidence is not Confidence.HIGH:
        return f"found again, with {judged.finding.confidence} confidence only"
    return "found again, and in no series of this run"


def _body(text: bytes, function: str) -> bytes:
    """A function with its white space squeezed; empty where the file has none of that name."""
    for span in file_facts(text, frozenset()).functions:
        if span.name == function:
            return b" ".join(text[span.start : span.end].split())
    return b""


def _unexamined(path: Path) -> dict[tuple[str, str, str], str]:
    """unexamined.jsonl -> (obligation, file, function) -> reason."""
    try:
        lines = [read_json(line) for _, line in read_lines(read_plain(path))]
        return {(one["obligation"], one["path"], one["function"]): one["reason"] for one in lines}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunFolderError(f"{path}: cannot be read ({oddity(error)}); scan again") from error
