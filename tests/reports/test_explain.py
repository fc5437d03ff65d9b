"""Why something was found, and why something was not: every answer names its source."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cocci_gen.document.obligations import obligations, read_obligations
from cocci_gen.document.tables import read_document
from cocci_gen.errors import UsageProblem
from cocci_gen.facts.calls.steps import Step
from cocci_gen.findings.findings import Fix
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.kinds.working import working_kinds
from cocci_gen.reports.bound_callers import Caller, callers_in
from cocci_gen.reports.explain import Library, demand, explain
from cocci_gen.resources import data_tables
from cocci_gen.runs.baseline import Baseline, Ruling, Status
from cocci_gen.runs.pages import Missing
from cocci_gen.scan.standings import Stand, Standing

ROOT = Path(__file__).resolve().parents[2]
GONE = Missing("the tree is gone")


@pytest.fixture
def said():
    """said(record, what) -> the answer as one text, without the tree."""
    library = Library(GONE, ROOT / "semantic_patches", ROOT / "corpus")
    return lambda record, what: "\n".join(explain(record, what, library))


def test_every_kind_says_what_it_demands():
    """A new kind without a word of explanation would be explained by its name."""
    tables = data_tables("reports/demands.toml")

    assert set(tables["implied"]) <= working_kinds() == set(tables["demands"]) == set(tables["settled"])
    assert "another version" in demand("no such kind")


def test_a_finding_is_explained_from_the_rule_to_the_verdict(said, make_record, make_judged):
    """Rule, binding, semantic patch, path, doubts, filters, fix, people: who judges it must see each step."""
    judged = make_judged()
    finding = judged.finding
    ruling = Ruling(
        finding.fingerprint,
        finding.obligation.id,
        finding.file,
        finding.function,
        Status.SENT,
        "v1",
        date(2025, 1, 31),
        "A",
    )
    text = said(make_record([judged], Baseline((ruling,))), finding.fingerprint[:8])

    for part in (
        "locking.rst:17 says of ->writepage()",
        "the kind unlocks, about page",
        "struct address_space_operations demo_aops (fs/a.c:9)",
        "semantic_patches/address_space_operations/writepage.unlocks.demo_writepage.cocci",
        "fs/a.c:3: `info` is false",
        "its confidence is high: nothing casts doubt on it",
        "no filter rejects it",
        "it has a fix; checked: applies, parses",
        "judged: sent: v1",
    ):
        assert part in text


def test_what_no_words_ask_for_is_not_read_from_a_column(said, make_record, make_judged):
    """A row about another lock was quoted as if it spoke of references."""
    judged = make_judged()
    owner = replace(judged.finding.obligation, kind="gives_back")
    judged = replace(judged, finding=replace(judged.finding, obligation=owner))
    text = said(make_record([judged]), judged.finding.fingerprint[:8])

    assert "that does not speak of it, and implies the kind gives_back" in text
    assert "in the column" not in text


def test_a_rejected_finding_says_by_what(said, record):
    """A filter that errs must be seen to err."""
    text = said(record, "gone_writepage")

    assert "refuted by infeasible_path: every path contradicts itself" in text


def test_a_silent_function_says_why_it_is_silent(said, record):
    """'Why did you not find this?' is asked of every tool that says nothing."""
    kept, lost = said(record, "kept_writepage()"), said(record, "fs/u.c:lost_writepage")

    assert "keeps address_space_operations.writepage.unlocks" in kept
    assert "fs/k.c:8: unlocks" in kept
    assert "was not examined for address_space_operations.writepage.unlocks" in lost
    assert "why: does not parse" in lost


def test_what_the_facts_settle_is_told_in_the_words_of_the_kind(said, make_record, make_judged):
    """Most functions are never given to spatch; 'nothing to see' without a reason is no answer."""
    record = make_record([make_judged()])
    one = Standing("inode_operations.setattr.no_relock", "fs/a.c", "demo_setattr", 3, Stand.SETTLED, "the facts say so")
    text = said(replace(record, standings=(one,)), "demo_setattr")

    assert "keeps, by the facts alone, inode_operations.setattr.no_relock" in text
    assert "why: the facts say so: no call in it was found to take that lock, or to give it up" in text


def test_a_narrowed_scan_says_that_it_was(said, make_record, make_judged):
    """What was not asked must not be taken for what was answered."""
    record = make_record([make_judged()])
    record.header.options["paths"].append("fs")

    assert "the scan was narrowed (--path fs)" in said(record, "demo_writepage")


def test_a_rule_is_explained_with_its_place_its_cases_and_its_state(record, corpus):
    """What it demands, where that stands, what tests it, and how the functions of this tree stand."""
    text = corpus.trees["6.1"]["Documentation/filesystems/locking.rst"]
    readings = read_obligations(read_document(text, "locking.rst"))
    [owner] = [one for one in obligations(readings) if one.id == "address_space_operations.writepage.unlocks"]
    library = Library(readings, ROOT / "semantic_patches", ROOT / "corpus")
    said = "\n".join(explain(record, "writepage.unlocks", library))

    assert f"locking.rst:{owner.source.line}: {owner.source.quote}" in said
    assert "demands: every way out of the method leaves the page unlocked" in said
    assert "semantic_patches/address_space_operations/writepage.unlocks.cocci" in said
    assert re.search(r"  cases: \d+ in .*/corpus/address_space_operations/writepage.unlocks$", said, re.M)
    assert "kept: 1: kept_writepage()" in said
    assert "fs/a.c:4: high: demo_writepage() returns" in said


def test_a_method_is_explained_with_what_the_document_declines(record, corpus):
    """A cell that binds nobody is an answer too."""
    text = corpus.trees["6.1"]["Documentation/filesystems/locking.rst"]
    library = Library(read_obligations(read_document(text, "locking.rst")), ROOT / "semantic_patches", GONE)
    said = "\n".join(explain(record, "->writepage", library))

    assert "asks for nothing" in said
    assert "cases: the tree is gone" in said


def test_a_word_that_names_nothing_gets_the_nearest(said, record):
    """A typo is mended by whoever sees the right word."""
    with pytest.raises(UsageProblem, match="perhaps demo_writepage") as caught:
        said(record, "demo_writpage")

    assert "no operations table names it" in str(caught.value)


def test_a_helper_points_to_the_bound_functions_that_call_it(record, make_repository, tmp_path):
    """It may well be broken: what it does is told where the rule binds."""
    text = (
        "int deep(void)\n{\n\treturn 0;\n}\n\nint helper(void)\n{\n\treturn deep();\n}\n\n"
        "int other(void)\n{\n\treturn 0;\n}\n\nint demo_writepage(void)\n{\n\treturn helper();\n}\n"
    )
    root = make_repository(tmp_path / "linux", {"fs/a.c": text.encode()})
    with KernelTree.open(root) as tree:
        library = Library(GONE, GONE, GONE, callers_in(tree))
        direct, through = (list(explain(record, name, library)) for name in ("helper", "deep()"))
        with pytest.raises(UsageProblem, match="no obligation binds a function of that name"):
            list(explain(record, "other", library))

    assert "no obligation binds helper() itself; it is called by one that is, and is looked at from there:" == direct[0]
    assert "  fs/a.c:18: demo_writepage()" == direct[1]
    assert "  fs/a.c:18: demo_writepage(), through helper()" == through[1]
    assert direct[-1].endswith(" demo_writepage")


@pytest.mark.parametrize(
    ("word", "folders"),
    [
        ("demo_writepagge", ["fs"]),
        ("demo_writepage_end", ["fs", None]),
        ("entirely_other", [None]),
        ("fs/a.c:demo_writepagge", [None]),
    ],
)
def test_a_slip_is_answered_without_reading_the_tree(record, word, folders):
    """The whole of a kernel takes seconds, and half a minute on a busy machine, for a word that nobody wrote."""
    asked = []

    def callers(name, folder=None):
        asked.append(folder)
        return (Caller("fs/a.c", "demo_writepage", 18),) if name == "demo_writepage_end" else ()

    library = Library(GONE, GONE, GONE, callers)
    try:
        told = "\n".join(explain(record, word, library))
    except UsageProblem as problem:
        told = str(problem)

    assert folders == asked
    assert (word != "demo_writepage_end") == ("no obligation binds a function of that name" in told)
    assert (word == "demo_writepagge") == (f"PATH:{word}" in told)


@pytest.mark.parametrize(("word", "near"), [("a.c", "fs/a.c"), ("fs/aa.c", "fs/a.c"), ("fs/other_words.h", "")])
def test_a_file_in_which_nothing_is_bound_is_told_as_a_file(said, record, word, near):
    """It was said to be no function of that name, which nobody had asked for."""
    with pytest.raises(UsageProblem, match="no obligation binds a function of") as caught:
        said(record, word)

    assert (near != "") == (f"; perhaps {near or '?'}" in str(caught.value))


def test_a_fix_is_shown_with_its_indentation(said, make_record, make_judged):
    """A tab that a terminal gets as a question mark makes C unreadable."""
    judged = make_judged()
    diff = "--- a/fs/a.c\n+++ b/fs/a.c\n@@ -1 +1 @@\n-\told();\n+\t\tnew();\n"
    finding = replace(judged.finding, fix=Fix((), "", diff))
    text = said(make_record([replace(judged, finding=finding)]), finding.fingerprint)

    assert "-        old();\n" in text
    assert "+                new();" in text
    assert "\t" not in text


def test_things_that_were_not_examined_are_found_without_a_standing(said, make_record, make_judged):
    """A table entry that leads to no definition is known by its name alone."""
    lost = Unexamined("file_operations.read.returns", "fs/l.c", "LOST", 3, "no definition of the function in this tree")

    assert "was not examined for file_operations.read.returns: no definition" in said(
        make_record([make_judged()], unexamined=[lost]), "LOST"
    )


def test_the_command_explains_a_real_run(demo_run, cocci_gen_says):
    """The tree is opened, its document is read, and the answer is printed."""
    code, stdout, _ = cocci_gen_says("explain", demo_run, "read_folio.unlocks")
    unknown, _, stderr = cocci_gen_says("explain", demo_run, "zzz")

    assert (0, True) == (code, "read as the kind unlocks" in stdout)
    assert (2, True) == (unknown, "is no fingerprint, rule or method" in stderr)


def test_what_another_function_breaks_on_a_way_through_it_is_told(said, make_record, make_judged):
    """ "Nothing frees what it looks at", said beside a finding that something does, makes both worthless."""
    steps = (Step("fs/k.c", 7, "the VFS calls kept_writepage()"), Step("fs/a.c", 4, "free_info() frees it"))
    breach = make_judged("free_info", evidence=steps, message="free_info() frees it at once")
    other = make_judged("else_info", evidence=(Step("fs/a.c", 3, "calls not_kept_writepage()"),))
    text = said(make_record([breach, other]), "kept_writepage")

    assert "but on a way through it another function breaks this:\n        fs/a.c:4: high: free_info() frees it" in text
    assert "else_info" not in text
