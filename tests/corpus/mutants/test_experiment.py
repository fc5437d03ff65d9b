"""Mutants: what is broken in which function, that it is found, and that the fix puts back what was there."""

import json

import pytest
from click.testing import CliRunner

from cocci_gen.cli import main
from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.corpus.bench import BenchTree
from cocci_gen.corpus.folder import read_corpus
from cocci_gen.corpus.mutants import exit_mutations, samples
from cocci_gen.corpus.mutants.experiment import Bench, Mutant, UnbrokenTwin, experiment
from cocci_gen.corpus.mutants.figures import experiment_to_json, experiment_to_text, figures_of
from cocci_gen.corpus.mutants.methods import subjects
from cocci_gen.corpus.mutants.release_mutations import _HELPERS, _MACROS, _TWICE, release_breaks
from cocci_gen.corpus.records import VerdictRecord, Worth
from cocci_gen.facts.tree.overlays import OverlaidIndex, Replacement
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.resources import data_folder
from cocci_gen.scan.pipeline import ScanOptions, chosen_obligations, open_index, read_rules

DEMO = b"""\
#include <linux/fs.h>

static int demo_fill(struct page *page)
{
	if (PageError(page)) {
		unlock_page(page);
		return -EIO;
	}
	flush_dcache_page(page);
	unlock_page(page);
	return 0;
}

static int demo_read_folio(struct file *file, struct folio *folio)
{
	if (!file) {
		folio_unlock(folio);
		return -EBADF;
	}
	if (demo_large(file)) {
		demo_log(file);
		folio_unlock(folio);
		return -EFBIG;
	}
	return demo_fill(&folio->page);
}

static int demo_writepage(struct page *page, struct writeback_control *wbc)
{
	if (PageError(page)) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return 0;
	}
	set_page_writeback(page);
	unlock_page(page);
	end_page_writeback(page);
	return 0;
}

const struct address_space_operations demo_aops = {
	.read_folio = demo_read_folio,
	.writepage = demo_writepage,
};
"""
FILES = {"fs/demo/demo.c": DEMO, "fs/demo/log.c": b"void demo_log(struct file *file)\n{\n\tnote(file);\n}\n"}


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """A bench over a small kernel of 6.1, and the obligations of its rules."""
    folder = tmp_path_factory.mktemp("bench")
    corpus = read_corpus(data_folder("templates").parent / "corpus")
    root = BenchTree(folder, 2).repository({**corpus.trees["6.1"], **FILES})
    with (
        KernelTree.open(root) as tree,
        JobCache(folder / "jobs.sqlite") as cache,
        SpatchRunner(cache, 2) as runner,
    ):
        every = read_rules(tree)
        options = ScanOptions(jobs=2)
        index = open_index(tree, folder, every, options, lambda stage, done, total: None)
        yield Bench(tree, index, runner, options, ()), every
        index.close()


def run(bench, kind, **changes):
    """The experiment with one kind."""
    base, every = bench
    made = Bench(base.tree, base.index, base.runner, base.options, changes.get("records", ()))
    return experiment(made, chosen_obligations(every, (kind,)), changes.get("seed", 1), changes.get("count", 9))


@pytest.fixture
def only_deleted(monkeypatch):
    """Releases are deleted, and not moved or doubled."""
    monkeypatch.setattr(exit_mutations, "release_breaks", lambda *_: ())


def test_releases_are_moved_doubled_and_taken_again(bench, monkeypatch):
    """A helper that releases under a condition, a page in a structure, a second unlock: shapes that real code has."""
    monkeypatch.setattr(samples, "_EACH", 99)
    monkeypatch.setattr(exit_mutations, "_helpers", lambda *_: ())
    monkeypatch.setattr(exit_mutations, "_own", _releases_only)
    done = run(bench, "unlocks", count=99)
    shapes = {one.words.split(":")[0] for one in done.mutants}

    assert {"released twice", "locked again", *_HELPERS, *_TWICE, *_MACROS} <= shapes
    assert [one.words for one in done.mutants if one.found not in ("high", "moderate")] == []
    assert [one.words for one in done.mutants if one.harm] == []


def _releases_only(_rule, bound, duty):
    """The breaks of the releases of a method."""
    for touch in duty.touches:
        if touch.marks == {"release"} and not duty.chain:
            yield from release_breaks(bound, duty, touch)


def test_a_deleted_release_is_found_and_put_back(bench, only_deleted):  # noqa: ARG001 - asked for its effect
    """A mutant that nobody finds, or a fix that is no fix, is what the figures are made to show."""
    done = run(bench, "unlocks", count=40)
    direct = [one for one in done.mutants if not one.deep and "is deleted" in one.words]

    assert len(direct) == 4
    assert {one.found for one in direct} == {"high"}
    assert [one.restored for one in direct] == ["yes"] * 4
    assert [one.harm for one in direct] == [()] * 4
    assert [one.alarms for one in done.twins] == [()] * 2


def test_a_callee_is_broken_too(bench, only_deleted):  # noqa: ARG001 - asked for its effect
    """One call deep, the finding stands in the callee that took the duty over."""
    deep = [one for one in run(bench, "unlocks", count=40).mutants if one.deep and "is deleted" in one.words]

    assert {one.function for one in deep} == {"demo_fill"}
    assert all(one.found and not one.harm for one in deep)
    assert {one.restored for one in deep} == {"", "yes"}  # the page of success is left to a person


def test_a_deleted_redirty_is_found(bench):
    """The page would be forgotten."""
    found = {one.words.split("(")[0]: one.found for one in run(bench, "writeback").mutants}

    assert found["`redirty_page_for_writepage"] == "high"


def test_the_seed_decides(bench):
    """Figures that nobody can have again prove nothing."""
    assert run(bench, "unlocks", count=1) == run(bench, "unlocks", count=1)
    assert len({str(run(bench, "unlocks", count=1, seed=seed).mutants) for seed in range(6)}) > 1


def test_a_function_that_people_found_broken_is_not_used(bench):
    """What is broken already cannot be broken, and its finding is no false alarm."""
    record = VerdictRecord(
        "fs/demo/demo.c",
        "demo_read_folio",
        "address_space_operations.read_folio.unlocks",
        "high",
        Worth.TAKEN,
        "accepted",
    )
    broken = DEMO.replace(
        b"\t\tdemo_log(file);\n\t\tfolio_unlock(folio);\n", b"\t\tdemo_log(file);\n\t\tdemo_log(file);\n"
    )
    base, every = bench
    obligations = [one for one in every if one.kind == "unlocks"]
    definition = next(
        one.definition for one in subjects(base.index, obligations) if one.definition.name == "demo_read_folio"
    )
    view = OverlaidIndex(base.index, definition, (Replacement(definition, broken),))
    seen = Bench(base.tree, view, base.runner, base.options, ())
    known = Bench(base.tree, view, base.runner, base.options, (record,))

    assert [bool(one.alarms) for one in experiment(seen, obligations, 1, 5).twins] == [True]
    assert experiment(known, obligations, 1, 5).twins == ()


def test_a_view_shows_the_changed_function_alone(bench):
    """An overlay that changed what other functions look like would measure something else."""
    base, _ = bench
    fill = base.index.definitions("demo_fill")[0]
    view = OverlaidIndex(
        base.index, base.index.definitions("demo_read_folio")[0], (Replacement(fill, DEMO.replace(b"-EIO", b"-EPIPE")),)
    )
    changed = view.definitions("demo_fill")[0]

    assert "return -EPIPE;" in [node.text for node in view.graph(changed).nodes]
    assert "return -EIO;" in [node.text for node in base.index.graph(fill).nodes]
    assert view.graph(view.root()) == base.index.graph(base.index.definitions("demo_read_folio")[0])
    assert [one.name for one in view.functions_in("fs/demo/demo.c")] == [
        one.name for one in base.index.functions_in("fs/demo/demo.c")
    ]
    assert len(view.implementations("address_space_operations", "read_folio")[0]) == 1
    assert view.implementations("address_space_operations", "writepage") == ((), ())
    assert view.resolve("demo_log", "fs/demo/demo.c") == base.index.resolve("demo_log", "fs/demo/demo.c")


def test_fractions():
    """The figures are read as fractions; a fraction of nothing is null, not a success."""
    mutants = [
        Mutant("unlocks", "a.unlocks", "f.c", "f", "x", False, "high", "yes"),
        Mutant("unlocks", "a.unlocks", "f.c", "f", "y", False, "low", "no fix: x"),
        Mutant("unlocks", "a.unlocks", "f.c", "g", "z", True, "", ""),
    ]
    found = figures_of(
        mutants,
        [
            UnbrokenTwin("unlocks", "a.unlocks", "f.c", "f", ()),
            UnbrokenTwin("unlocks", "a.unlocks", "f.c", "g", ("x",)),
        ],
    )

    assert (found.recall, found.recall_sure) == (2 / 3, 1 / 3)
    assert (found.recall_direct, found.recall_deep) == (1.0, 0.0)
    assert (found.false_alarms, found.restored) == (0.5, 0.5)
    assert figures_of([], []).recall is None


def test_json_and_text_say_the_same(bench):
    """`total` and `kinds` are what other programs read."""
    done = run(bench, "unlocks", count=40)
    data = json.loads(json.dumps(experiment_to_json(done)))

    assert data["total"] == data["kinds"]["unlocks"]
    assert data["total"]["recall"] == data["total"]["restored"] == 1.0
    assert data["total"]["false_alarms"] == 0.0
    assert "unlocks" in experiment_to_text(done)
    assert "100.0%" in experiment_to_text(done)


def test_the_command(bench, tmp_path):
    """The verb prints JSON for programs, and names what it cannot do."""
    base, _ = bench
    words = ["corpus", "mutate", "--kernel", str(base.tree.root), "--cache", str(tmp_path)]
    done = CliRunner().invoke(main, [*words, "--kind", "unlocks", "--count", "1", "--format", "json"])
    document = CliRunner().invoke(main, [*words, "--kind", "prototype", "--count", "3", "--format", "json"])
    wrong = CliRunner().invoke(main, [*words, "--kind", "nothing"])

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["kinds"]["unlocks"]["mutants"] == 2
    figures = json.loads(document.stdout)["kinds"]["prototype"]
    assert (figures["mutants"], figures["recall"], figures["false_alarms"]) == (3, 1.0, 0.0)
    assert "restored" in figures
    assert wrong.exit_code == 2
    assert "nothing" in wrong.output
