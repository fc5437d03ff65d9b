"""locking.rst of a tree -> DocumentField, the methods about which it and the headers agree, broken one by one.

No spatch is needed.  A subject is right when nothing is reported about it; what a mutant makes the tool say about any other
method is a false alarm, and so is what it says of the same prototype in other words.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from cocci_gen.corpus.mutants.document_mutations import DocumentBreak, Documented, document_breaks, documented, reworded
from cocci_gen.corpus.mutants.samples import Bench, Mutant, UnbrokenTwin
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.tables import read_document
from cocci_gen.filters import Accepted
from cocci_gen.findings.findings import Edit, Finding, Fix, apply_edits, split_lines
from cocci_gen.kinds.prototype.findings import proven_findings, read_headers
from cocci_gen.scan.pipeline import judged_prototypes, rule_text

#: Structure, method and sort of a difference.
Key = tuple[str, str, str]


class DocumentField:
    """The document of a tree beside its headers, which are read once."""

    def __init__(self, bench: Bench, obligations: Sequence[Obligation], chance: random.Random) -> None:
        self.kind = obligations[0].kind
        self.chance = chance
        self.text, self.path = rule_text(bench.tree)
        self.document = read_document(self.text, self.path)
        self.wanted = {obligation.struct for obligation in obligations}
        self.structs = read_headers(bench.tree, {one.struct for one in self.document.sections if one.struct})
        self.before = self._scan(self.text)

    def _scan(self, text: bytes) -> tuple[Finding, ...]:
        """The accepted findings about a text of the document."""
        judged = judged_prototypes(proven_findings(text, read_document(text, self.path), self.structs))
        return tuple(one.finding for one in judged if isinstance(one.verdict, Accepted))

    def subjects(self) -> Sequence[Documented]:
        """The methods about which nothing is reported, of the structures that one header defines, in an order of chance."""
        known = {_key(finding)[:2] for finding in self.before}
        lines = split_lines(self.text)
        every = [
            one
            for section in self.document.sections
            if section.struct in self.wanted and len(self.structs.get(section.struct, ())) == 1
            for one in documented(self.document, lines, section, self._declared(section.struct))
            if (section.struct, one.method) not in known
        ]
        return self.chance.sample(every, len(every))

    def _declared(self, struct: str) -> dict[str, int]:
        """How many prototypes the header has of each method of a structure."""
        (found,) = self.structs[struct]
        return {method: len(found.prototypes(method)) for method in found.names}

    def breaks(self, subject: Documented) -> list[DocumentBreak]:
        """One break of each sort."""
        return document_breaks(subject, self.chance)

    def twin(self, subject: Documented) -> tuple[UnbrokenTwin, None]:
        """The method with the same prototype in other words."""
        found = self._new(apply_edits(self.text, reworded(subject)))
        return UnbrokenTwin(self.kind, _name(subject), self.path, subject.method, _shown(found)), None

    def mutant(self, subject: Documented, one: DocumentBreak, _known: None) -> Mutant:
        """What is found that was not there before: of the broken method, and of others."""
        text = apply_edits(self.text, one.edits)
        new = self._new(text)
        struct = subject.section.struct
        right = [finding for finding in new if _key(finding) in {(struct, name, str(what)) for name, what in one.tells}]
        others = [f for f in new if _key(f)[0] != struct or _key(f)[1] not in one.names]
        best = max((finding.confidence for finding in right), key=lambda level: level.rank, default=None)
        restored = self._restored(subject, one, text, new, found=bool(right)) if one.fixable else ""
        found = str(best) if best else ""
        return Mutant(
            self.kind, _name(subject), self.path, subject.method, one.words, one.deep, found, restored, _shown(others)
        )

    def _new(self, text: bytes) -> list[Finding]:
        """The findings about a text that the document of the tree does not have."""
        known = {_key(finding) for finding in self.before}
        return [finding for finding in self._scan(text) if _key(finding) not in known]

    def _restored(
        self, subject: Documented, one: DocumentBreak, text: bytes, new: Sequence[Finding], *, found: bool
    ) -> str:
        """ "yes" when the fixes give a document in which nothing new is found and all lines about other methods are what
        they are in the mended document of the tree; else why not."""
        if not found:
            return "not found"
        struct = subject.section.struct
        unfixed = [finding for finding in new if not isinstance(finding.fix, Fix)]
        if unfixed:
            return f"no fix: {getattr(unfixed[0].fix, 'reason', '')}"
        mended = apply_edits(text, _edits(new))
        whole = apply_edits(self.text, _edits(f for f in self.before if f.obligation.struct == struct))
        known = {_key(finding) for finding in self._scan(whole)}
        left = [finding for finding in self._new(mended) if _key(finding) not in known]
        if left:
            return f"still found: {left[0].message}"
        same = self._rest(mended, struct, one.names) == self._rest(whole, struct, one.names)
        return "yes" if same else "the fix changes lines about other methods"

    def _rest(self, text: bytes, struct: str, names: frozenset[str]) -> list[bytes]:
        """The lines of a document without the prototypes and rows of some methods of a structure."""
        section = read_document(text, self.path).section(struct)
        own: set[int] = set()
        for prototype in section.prototypes if section is not None else ():
            if prototype.method in names:
                own |= set(range(prototype.line, prototype.last_line + 1))
        for table in section.tables if section is not None else ():
            own |= {row.line for row in table.rows if row.method in names}
        return [line for number, line in enumerate(split_lines(text), 1) if number not in own]


def _edits(findings: Iterable[Finding]) -> tuple[Edit, ...]:
    """The edits of all fixes, each once: the differences of one section are mended together."""
    edits: dict[Edit, None] = {}
    for finding in findings:
        if isinstance(finding.fix, Fix):
            edits |= dict.fromkeys(finding.fix.edits)
    return tuple(edits)


def _key(finding: Finding) -> Key:
    return finding.obligation.struct, finding.function, finding.breach.resource_name


def _name(subject: Documented) -> str:
    return f"{subject.section.struct}.{subject.method}"


def _shown(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(f"{one.file}:{one.line}: {one.message}" for one in findings)
