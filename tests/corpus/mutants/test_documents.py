"""Mutants of locking.rst: each sort of edit parts document and header, is found, and is mended without touching the rest."""

import random
from dataclasses import replace

import pytest

from cocci_gen.corpus.mutants import documents as document_mutants
from cocci_gen.corpus.mutants.document_mutations import document_breaks, reworded
from cocci_gen.corpus.mutants.documents import DocumentField
from cocci_gen.corpus.mutants.experiment import Bench, experiment
from cocci_gen.corpus.mutants.figures import figures_of
from cocci_gen.filters import Reason, Rejected
from cocci_gen.findings.findings import Edit, Fix, apply_edits
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.prototype.differences import DifferenceSort
from cocci_gen.scan.pipeline import ScanOptions, chosen_obligations, read_rules

PATH = "Documentation/filesystems/locking.rst"
DOCUMENT = b"""\
demo_operations
===============

prototypes::

\tint (*open)(struct inode *inode, unsigned int flags);
\tvoid (*close)(struct file *,
\t\t\tconst char *name); /* last one */
\tint (*read_folio)(struct file *, struct folio *folio);
\tbool (*wrong)(struct file *);

locking rules:

=========== =======
ops         i_rwsem
=========== =======
open:       shared
close:      exclusive
            for writers
read_folio:
wrong:      no
=========== =======

->read_folio() may be called often.

other_operations
================

prototypes::

\tint (*first)(struct file *);
\tint (*second)(struct file *, loff_t);
"""
HEADER = b"""\
struct demo_operations {
\tint (*open)(struct inode *inode, unsigned int flags);
\tvoid (*close)(struct file *file, const char *name);
\tint (*read_folio)(struct file *file, struct folio *folio);
\tint (*wrong)(struct file *file);
};
struct other_operations {
\tint (*first)(struct file *file);
#ifdef CONFIG_A
\tint (*second)(struct file *file, loff_t pos);
#else
\tint (*second)(struct file *file);
#endif
};
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory, make_repository):
    """A bench with neither an index nor a spatch."""
    files = {PATH: DOCUMENT, "include/linux/demo.h": HEADER}
    with KernelTree.open(make_repository(tmp_path_factory.mktemp("bench") / "kernel", files)) as tree:
        yield Bench(tree, None, None, ScanOptions(), ())


def run(bench, seed=1, count=100):
    """The experiment with the kind `prototype`."""
    return experiment(bench, chosen_obligations(read_rules(bench.tree), ("prototype",)), seed, count)


@pytest.fixture
def field(bench):
    """The field of the small document."""
    return DocumentField(bench, chosen_obligations(read_rules(bench.tree), ("prototype",)), random.Random(1))


def all_breaks(field, method):
    """Every break of one method that some chance gives, by its words."""
    (subject,) = [one for one in field.subjects() if one.method == method]
    return subject, {one.words: one for seed in range(40) for one in document_breaks(subject, random.Random(seed))}


def test_every_breach_is_found_and_mended(bench):
    """Needs no spatch and no index; whatever the headers say must come back, and nothing be said of other methods."""
    every = [run(bench, seed) for seed in range(8)]
    mutants = [one for done in every for one in done.mutants]

    assert {"open", "close", "read_folio", "first", "second"} == {
        one.function for one in mutants
    }  # `wrong` is wrong already
    assert {"high", "moderate"} == {one.found for one in mutants}
    assert {"moderate"} == {one.found for one in mutants if "prototype and row" in one.words and "deleted" in one.words}
    assert {"", "yes"} == {one.restored for one in mutants}
    assert not any(one.alarms for done in every for one in done.twins)
    assert all(one.path == PATH and not one.deep for one in mutants)


def test_what_the_edits_do(field):
    """A mutant that says one thing and does another makes a figure of something else."""
    subject, breaks = all_breaks(field, "close")

    def text(words):
        return apply_edits(DOCUMENT, breaks[words].edits)

    old = b"\tvoid (*close)(struct file *,\n\t\t\tconst char *name); /* last one */\n"
    row = b"close:      exclusive\n            for writers\n"
    assert text("the parameter `struct file *` is dropped") == DOCUMENT.replace(
        old, b"\tvoid (*close)(const char *name); /* last one */\n"
    )
    assert text("`struct file *` and `const char *name` change places") == DOCUMENT.replace(
        old, b"\tvoid (*close)(const char *name, struct file *); /* last one */\n"
    )
    assert text("the parameter `const char *name` becomes `char *name`") == DOCUMENT.replace(
        old, b"\tvoid (*close)(struct file *, char *name); /* last one */\n"
    )
    assert text("`void` becomes `int`") == DOCUMENT.replace(
        old, b"\tint (*close)(struct file *, const char *name); /* last one */\n"
    )
    assert text("the prototype of close is deleted") == DOCUMENT.replace(old, b"")
    assert text("the row of close is deleted") == DOCUMENT.replace(row, b"")
    assert text("prototype and row of close are deleted") == DOCUMENT.replace(old, b"").replace(row, b"")
    assert text("the prototype of close is called close_at") == DOCUMENT.replace(b"*close)", b"*close_at)")
    assert text("close is called colse in the whole section") == DOCUMENT.replace(b"close", b"colse")
    assert text("prototype and row of losec are added") == DOCUMENT.replace(
        old, old + old.replace(b"close", b"losec")
    ).replace(row, row + b"losec:      exclusive\n")
    assert text("the semicolon is lost in the prototype of close") == DOCUMENT.replace(b"*name);", b"*name)")
    assert subject.row_lines == (18, 19)


def test_what_cannot_be_known_is_not_expected_to_be_mended(field):
    """Which locks are held stands in no header: a fix that brought the row back would be invented."""
    _, breaks = all_breaks(field, "close")

    assert {"the row of close is deleted", "prototype and row of close are deleted"} == {
        words for words, one in breaks.items() if not one.fixable
    }
    assert breaks["the row of close is deleted"].tells == {("close", DifferenceSort.NO_ROW)}
    assert breaks["the prototype of close is deleted"].tells == {("close", DifferenceSort.NO_PROTOTYPE)}


def test_a_method_with_two_prototypes_keeps_its_parameters(field):
    """One parameter fewer might be what the other side of a condition has, and so be right."""
    _, breaks = all_breaks(field, "second")

    assert breaks
    assert not [words for words in breaks if "parameter" in words or "becomes" in words]


def test_other_words_are_no_breach(field):
    """The twin must be another text, or its silence shows nothing."""
    (subject,) = [one for one in field.subjects() if one.method == "open"]
    text = apply_edits(DOCUMENT, reworded(subject))

    assert b"\tint (*open) ( struct inode *,\n\t\t unsigned int flags ) ;\n" in text
    assert field.twin(subject)[0].alarms == ()


def test_the_seed_decides(bench):
    """Figures that nobody can have again prove nothing."""
    assert run(bench, count=2) == run(bench, count=2)
    assert len({str(run(bench, seed=seed, count=2).mutants) for seed in range(5)}) > 1
    assert len(run(bench, count=2).mutants) == 2


def damaged(monkeypatch, change):
    """The tool with another answer: `change` gets what is judged of a text."""
    real = document_mutants.judged_prototypes
    monkeypatch.setattr(document_mutants, "judged_prototypes", lambda proven: change(list(real(proven))))


def test_a_blind_tool_has_no_recall(bench, monkeypatch):
    """If a mutant counted as found whatever is reported, the figures would be worth nothing."""
    damaged(monkeypatch, lambda judged: [one for one in judged if one.finding.function == "wrong"])
    done = run(bench)
    figures = figures_of(done.mutants, done.twins)

    assert (figures.recall, figures.restored) == (0.0, 0.0)


def test_what_is_said_of_other_methods_is_a_false_alarm(bench, monkeypatch):
    """An edit that makes the tool speak about sections that nobody touched."""

    def noisy(judged):
        extra = [replace(one, finding=replace(one.finding, function="bystander")) for one in judged[1:]]
        return judged + extra

    damaged(monkeypatch, noisy)
    done = run(bench)

    assert all(any("locking.rst" in alarm for alarm in one.alarms) for one in done.twins)
    assert figures_of(done.mutants, done.twins).false_alarms == 1.0


def test_a_fix_that_takes_other_lines_along_restores_nothing(bench, monkeypatch):
    """The document of a maintainer must come back as it was but for the method."""

    def greedy(judged):
        edit = Edit(1, (b"demo_operations\n",), (b"demo_operations \n",))
        return [
            replace(
                one, finding=replace(one.finding, fix=replace(one.finding.fix, edits=(*one.finding.fix.edits, edit)))
            )
            if isinstance(one.finding.fix, Fix) and one.finding.function != "wrong"
            else one
            for one in judged
        ]

    damaged(monkeypatch, greedy)
    restored = {one.restored for one in run(bench).mutants if one.restored}

    assert "yes" not in restored
    assert "the fix changes lines about other methods" in restored


def test_rejected_findings_do_not_count(bench, monkeypatch):
    """What a filter rejects nobody is shown."""
    real = document_mutants.judged_prototypes
    monkeypatch.setattr(
        document_mutants,
        "judged_prototypes",
        lambda proven: [replace(one, verdict=Rejected((Reason("x", "y"),))) for one in real(proven)],
    )

    assert {""} == {one.found for one in run(bench).mutants}
