"""The command line: `corpus check`, `accept`, `mutate`, `precision` and `unread`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cocci_gen.cli.options import (
    cache_option,
    default_cache,
    format_option,
    jobs_option,
    kernel_options,
    processors,
    spatch_option,
)
from cocci_gen.cli.session import FOUND, NOTHING, clean, progress_shown
from cocci_gen.cli.uncommitted import open_tree

if TYPE_CHECKING:
    from cocci_gen.corpus.bench import BenchTree


@click.group(short_help="The regression corpus, mutants, the precision of findings.")
def corpus() -> None:
    """The regression corpus: cases that must be found, and cases that must not."""


@corpus.command("check")
@click.option(
    "--corpus",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=None,
    help="The corpus [default: the one of this checkout].",
)
@click.pass_context
def corpus_check(ctx: click.Context, folder: Path | None) -> None:
    """Compare every case with what the whole pipeline says of it."""
    from cocci_gen.corpus.check import check
    from cocci_gen.corpus.folder import read_corpus

    cases = read_corpus(_required_corpus(folder))
    with _bench() as bench:
        report = check(cases, bench.scan, bench.parses, bench.silence)
    for problem in report.problems:
        click.echo(clean(f"{problem.path}:{problem.line}: {problem.text}"))
    click.echo(f"{report.cases} cases, {report.expectations} expectations, {len(report.problems)} problems")
    ctx.exit(FOUND if report.problems else NOTHING)


@corpus.command("accept")
@click.option("--corpus", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=None)
def corpus_accept(folder: Path | None) -> None:
    """Write the fixed twins anew from what the fixes give today; read the diff before you commit it."""
    from cocci_gen.corpus.check import accepted_twins
    from cocci_gen.corpus.folder import read_corpus
    from cocci_gen.runs.folder import write_file

    root = _required_corpus(folder)
    with _bench() as bench:
        twins = accepted_twins(read_corpus(root), bench.scan)
    for name, data in sorted(twins.items()):
        write_file(root / name, data)
        click.echo(f"wrote {name}")


@corpus.command("mutate")
@kernel_options
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same mutants.")
@click.option(
    "--count",
    type=click.IntRange(1, 10_000),
    default=25,
    show_default=True,
    help="Mutants of each kind, and as many again one call deep.",
)
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only this kind (repeatable).")
@format_option
@jobs_option
@cache_option
@spatch_option
def corpus_mutate(
    kernel: Path, rev: str, seed: int, count: int, kinds: tuple[str, ...], form: str, jobs: int | None, cache: Path | None,
    program: str,
) -> None:  # fmt: skip
    """Break correct functions of a kernel, and tell how many breaches are found and mended."""
    import json

    from cocci_gen.coccinelle.cache import JobCache
    from cocci_gen.coccinelle.spatch import SpatchRunner
    from cocci_gen.corpus.mutants.experiment import Bench, experiment
    from cocci_gen.corpus.mutants.figures import experiment_to_json, experiment_to_text
    from cocci_gen.corpus.records import known_records
    from cocci_gen.runs.making import kernel_version
    from cocci_gen.scan.pipeline import ScanOptions, chosen_obligations, open_index, read_rules

    options = ScanOptions(jobs=jobs or processors())
    with (
        open_tree(kernel, rev) as tree,
        progress_shown() as progress,
        JobCache((cache or default_cache()) / "jobs.sqlite") as job_cache,
        SpatchRunner(job_cache, options.jobs, program) as runner,
    ):
        every = read_rules(tree)
        chosen = chosen_obligations(every, kinds)
        index = open_index(tree, cache or default_cache(), every, options, progress)
        try:
            bench = Bench(tree, index, runner, options, known_records(corpus_folder(), kernel_version(tree)))
            done = experiment(bench, chosen, seed, count, progress)
        finally:
            index.close()
    click.echo(clean(experiment_to_text(done)) if form == "text" else json.dumps(experiment_to_json(done), indent=2))


@corpus.command("precision")
@click.option(
    "--tree",
    "trees",
    multiple=True,
    metavar="TREE",
    help="linux-6.1, zfs-dkms, ... (repeatable) [default: every one].",
)
@click.option(
    "--answers",
    "runs",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="RUN",
    help="What became of the patches of a run whose thread `series RUN --replies` has read (repeatable).",
)
@click.option("--totals", is_flag=True, help="One line per tree instead, each number as taken/read.")
@click.option("--corpus", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=None)
@format_option
def corpus_precision(
    trees: tuple[str, ...], runs: tuple[Path, ...], totals: bool, folder: Path | None, form: str
) -> None:
    """Precision per kind and confidence, from the verdicts of people on real kernels and modules; how many patches readers would
    take as they are; and what lists made of those that were mailed."""
    if totals:
        if runs or form == "json":
            raise click.UsageError("--totals is a table of verdicts; --format json and --answers go without it")
        click.echo(clean(_totals(_required_corpus(folder), trees)))
        return
    import json

    from cocci_gen.corpus.patch_verdicts import patch_shares, read_patch_verdicts, shares_to_json, shares_to_text
    from cocci_gen.corpus.precision import precision, precision_to_json, precision_to_text
    from cocci_gen.corpus.records import judged_coverage, read_records, trees_of
    from cocci_gen.runs.outcomes import outcomes, outcomes_to_json, outcomes_to_text

    root = _required_corpus(folder)
    names = trees or trees_of(root)
    shares = {tree: precision(read_records(root, tree)) for tree in names}
    patches = {tree: patch_shares(read_patch_verdicts(root, tree)) for tree in names}
    heard = outcomes(runs)
    if form == "json":
        data: dict[str, object] = {tree: precision_to_json(found) for tree, found in shares.items()}
        read = {tree: shares_to_json(found) for tree, found in patches.items() if found}
        data |= {"patches": read} if read else {}
        data |= {"answers": outcomes_to_json(heard)} if runs else {}
        click.echo(json.dumps(data, indent=2))
        return
    texts = [precision_to_text(tree, found, judged_coverage(root, tree)) for tree, found in shares.items()]
    texts += [shares_to_text(tree, found) for tree, found in patches.items() if found]
    texts += [outcomes_to_text(heard)] if runs else []
    click.echo(clean("\n\n".join(texts)))


def _totals(root: Path, trees: tuple[str, ...]) -> str:
    from cocci_gen.corpus.patch_verdicts import as_last_read, read_patch_verdicts
    from cocci_gen.corpus.precision import precision
    from cocci_gen.corpus.records import judged_coverage, read_records, trees_of
    from cocci_gen.corpus.totals import TreeTotals, totals_to_text

    return totals_to_text(
        TreeTotals(
            tree,
            precision(read_records(root, tree)),
            judged_coverage(root, tree),
            as_last_read(read_patch_verdicts(root, tree)),
        )
        for tree in trees or trees_of(root)
    )


@corpus.command("unread")
@click.argument("run", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--tree", required=True, metavar="TREE", help="linux-6.1, zfs-dkms, ...: whose verdicts the run is compared with."
)
@click.option("--corpus", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=None)
@click.pass_context
def corpus_unread(ctx: click.Context, run: Path, tree: str, folder: Path | None) -> None:
    """What a run found or mends and nobody has read, as entries to complete; and verdicts whose finding is gone."""

    from cocci_gen.corpus.patch_verdicts import made_patches, read_patch_verdicts, unread_patches
    from cocci_gen.corpus.records import judged_coverage, read_records
    from cocci_gen.corpus.unread import reported, unread, unread_to_text
    from cocci_gen.findings.stored import oddity, read_json, read_lines, read_plain

    path = run / "findings.jsonl"
    try:
        findings = reported(read_json(line) for _, line in read_lines(read_plain(path)))
        counts = read_json(read_plain(run / "run.json"))["counts"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise click.UsageError(
            f"{path}: is no list of findings ({oddity(error)}); name the folder that a scan wrote"
        ) from error
    root = _required_corpus(folder)
    found = unread(findings, read_records(root, tree))
    known, now = judged_coverage(root, tree), (counts.get("named", 0), counts.get("named_examined", 0))
    texts = [unread_to_text(found)] if found.new or found.lost else []
    if known.named > 0 and (known.named, known.examined) != now:
        texts.append(f"# the run says: named = {now[0]}, examined = {now[1]}")
    made = run / "series" / "series.json"
    if made.is_file() and (more := unread_patches(made_patches(made), read_patch_verdicts(root, tree))):
        texts.append(more)
    if texts:
        click.echo(clean("\n\n".join(texts)))
    ctx.exit(FOUND if texts else NOTHING)


def _required_corpus(folder: Path | None) -> Path:
    found = folder or corpus_folder()
    if found is None:
        raise click.UsageError("no corpus beside this installation; name one with --corpus")
    return found


def corpus_folder() -> Path | None:
    """The corpus beside a checkout of cocci-gen; a wheel has none."""
    folder = Path(__file__).resolve().parents[2] / "corpus"
    return folder if folder.is_dir() else None


@contextmanager
def _bench() -> Iterator[BenchTree]:
    """The whole pipeline over trees in memory, for the corpus."""
    import tempfile

    from cocci_gen import temporary
    from cocci_gen.corpus.bench import BenchTree

    with tempfile.TemporaryDirectory(prefix=temporary.prefix("corpus")) as name:
        yield BenchTree(Path(name), processors())
