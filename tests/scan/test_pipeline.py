"""The stages joined: what is asked of spatch, and what becomes of each of its answers."""

import dataclasses

import pytest

from cocci_gen.coccinelle.spatch import Clean, Failed, Matched, NotParsed, Patched, TimedOut
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.filters import Accepted
from cocci_gen.findings.findings import Fix, NoFix, apply_edits
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.runs.making import is_incomplete
from cocci_gen.scan.pipeline import (
    Judged,
    NothingToScan,
    ScanOptions,
    _mended_along,
    chosen_obligations,
    methods_of,
    open_index,
    read_rules,
    rule_text,
)

DEMO = """\
static int demo_writepage(struct page *page, struct writeback_control *wbc)
{
	if (!page->x)
		return -EIO;
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return 0;
}
static const struct address_space_operations demo_aops = { .writepage = demo_writepage };
"""
UNLOCK = (
    b"\tif (!page->x) {\n\t\tredirty_page_for_writepage(wbc, page);\n\t\tunlock_page(page);\n\t\treturn -EIO;\n\t}\n"
)


def mended(job):
    """The text of a job with the early return mended, if it is not yet."""
    return job.slice.text.replace(b"\tif (!page->x)\n\t\treturn -EIO;\n", UNLOCK)


def good(job):
    """What the real spatch says of DEMO, before and after the fix."""
    if "\n* return" in job.semantic_patch:
        lines = job.slice.text.split(b"\n")
        return Clean() if UNLOCK in job.slice.text else Matched("key", (lines.index(b"\t\treturn -EIO;") + 1,))
    return Clean() if mended(job) == job.slice.text else Patched("key", mended(job), b"")


@pytest.fixture
def scan(scanned):
    """scan(answer, text, ...) -> (Scan of the obligation writepage.unlocks over fs/a.c, the runner)."""

    def make(answer=good, text=DEMO, **options):
        return scanned(answer, text, **options)

    return make


def reasons(scan):
    """Why things were not examined."""
    return [one.reason for one in scan.unexamined]


def test_a_finding_with_its_fix(scan):
    """From a star to edits of the true file, tried and accepted."""
    found, _ = scan()
    (one,) = found.findings

    assert ("fs/a.c", "demo_writepage", 4, Accepted()) == (
        one.finding.file,
        one.finding.function,
        one.finding.line,
        one.verdict,
    )
    assert isinstance(one.finding.fix, Fix)
    assert UNLOCK in apply_edits(DEMO.encode(), one.finding.fix.edits)
    assert "+\t\tunlock_page(page);\n" in one.finding.fix.diff
    assert ("applies", "parses", "finding gone", "none new", "converges") == one.passed
    assert (1, 1, ()) == (found.functions, found.files, found.unexamined)


def test_a_job_is_a_slice_with_the_function_in_focus(scan):
    """Only then may "nothing matched" mean clean."""
    _, runner = scan(text="int other(void)\n{\n\treturn 2;\n}\n" + DEMO, timeout=7.0)
    job = runner.asked[0]

    assert ((5, 12), 7.0, "fs/a.c") == (job.focus, job.timeout, job.slice.path)
    assert b"return 2" not in job.slice.text
    assert b"return -EIO" in job.slice.text
    assert "address_space_operations.writepage.unlocks" == job.obligation


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Failed("exit 2"), "spatch failed: exit 2"),
        (TimedOut(60.0), "spatch did not finish in 60 s"),
        (NotParsed("bad", 1, 8), "spatch cannot parse it: lines 1-8: bad"),
    ],
)
def test_what_spatch_did_not_examine_is_listed(scan, answer, reason):
    """No finding is only worth something where somebody looked."""
    found, _ = scan(lambda job: answer)

    assert ((), [reason]) == (found.findings, reasons(found))
    assert [("address_space_operations.writepage.unlocks", "fs/a.c", "demo_writepage", 1)] == [
        (one.obligation, one.path, one.function, one.line) for one in found.unexamined
    ]


def test_a_return_that_spatch_left_out_is_listed(scan):
    """spatch drops functions in silence; the path search notices."""
    found, _ = scan(lambda job: Clean())

    assert (["spatch did not report a return that the path search reaches"], 4) == (
        reasons(found),
        found.unexamined[0].line,
    )


def test_a_function_that_parsed_in_part_is_listed(scan):
    """A breach may stand in the part that nobody read."""
    found, _ = scan(text=DEMO.replace("\tredirty", "\tint = ;\n\tredirty"))

    assert "a part of the function did not parse" in reasons(found)


def test_a_function_that_parsed_in_part_gets_no_fix(scan):
    """A fix named what was declared in the part that nobody had read, and did not compile."""
    found, _ = scan(text=DEMO.replace("\tredirty", "\tint = ;\n\tredirty"))

    assert [one.finding.fix.reason for one in found.findings] == [
        "a part of the function did not parse, and no fix is made blindly"
    ]


def test_a_function_that_needs_no_job_and_parsed_in_part_is_listed(scanned):
    """It would count as one that the facts settle, and its helper as one that was never there."""
    head = "struct buffer_head *sb_bread(struct super_block *sb, int block);\n"
    helper = "static int demo_write(struct page *page)\n{\n\tint = ;\n\treturn 0;\n}\n"
    text = f"{head}{helper}{DEMO}".replace("unlock_page(page);", "int = ;\n\tdemo_write(page);")
    found, _ = scanned(lambda job: Clean(), text, kinds=("gives_back",))
    why = "a part of the function did not parse"

    assert {("demo_write", why), ("demo_writepage", why)} == {(one.function, one.reason) for one in found.unexamined}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda job: Clean(), "the semantic patch made no change (nothing matched)"),
        (lambda job: Failed("x"), "the semantic patch made no change (spatch failed: x)"),
        (
            lambda job: Patched("k", job.slice.text + b"elsewhere\n", b""),
            "the semantic patch changed nothing near the exit",
        ),
    ],
)
def test_a_fix_that_spatch_does_not_make(scan, answer, reason):
    """The finding stands without it, and says why."""
    (one,) = scan(lambda job: good(job) if "\n* return" in job.semantic_patch else answer(job))[0].findings

    assert (NoFix(reason), Accepted()) == (one.finding.fix, one.verdict)


@pytest.mark.parametrize("late", [Failed("x"), TimedOut(60.0)])
@pytest.mark.parametrize("asked", ["fix", "again", "converges"])
def test_a_fix_that_got_no_answer_is_asked_for_again(scan, late, asked):
    """A scan that looks complete is remembered for good, and with it that this finding has no fix."""

    def answer(job):
        mended = b"\tif (!page->x)\n\t\treturn -EIO;" not in job.slice.text
        report = "\n* return" in job.semantic_patch
        return (
            late
            if {"fix": (False, False), "again": (True, True), "converges": (True, False)}[asked] == (mended, report)
            else good(job)
        )

    found, _ = scan(answer)

    assert is_incomplete(found)
    assert isinstance(found.findings[0].finding.fix, NoFix)


def tried(change=lambda text: text, again=good):
    """Like `good`, but the fix is changed, and `again` answers for what is asked of the mended file."""

    def answer(job):
        if b"\tif (!page->x)\n\t\treturn -EIO;" not in job.slice.text:
            return again(job)
        found = good(job)
        return Patched("k", change(found.text), b"") if isinstance(found, Patched) else found

    return answer


def replaced(old, new):
    """A change of one place of the mended text."""
    return lambda text: text.replace(old, new, 1)


def stars(*returns):
    """spatch stars these returns of the mended file and would change nothing."""

    def answer(job):
        lines = job.slice.text.split(b"\n")
        starred = tuple(number for number, line in enumerate(lines, 1) if line.strip() in returns)
        return Matched("key", starred) if "\n* return" in job.semantic_patch else Clean()

    return answer


def mends_again(job):
    """spatch would add the unlock once more."""
    if "\n* return" in job.semantic_patch:
        return Clean()
    return Patched("k", job.slice.text.replace(b"\t\tunlock_page(page);\n", b"\t\tunlock_page(page);\n" * 2), b"")


def second_scan_fails(job):
    """The report on the mended file gives no answer."""
    return Failed("x") if "\n* return" in job.semantic_patch else Clean()


@pytest.mark.parametrize(
    ("answer", "filters"),
    [
        (tried(replaced(b"unlock_page", b"BROKEN(); unlock_page")), ["fix_does_not_parse"]),
        (tried(replaced(b"unlock_page(page);", b"look(0);"), stars(b"return -EIO;")), ["still_there"]),
        (tried(replaced(b"\t\tunlock_page", b"\t\tif (page->y)\n\t\t\treturn 1;\n\t\tunlock_page"), stars(b"return 1;")),
         ["still_there"]),
        (tried(again=mends_again), ["not_converging"]),
        (tried(again=second_scan_fails), ["not_examined"]),
    ],
    ids=["does not parse", "still there", "a new one", "made again", "second scan fails"],
)  # fmt: skip
def test_a_fix_that_fails_its_trial_goes_and_the_finding_stays(scan, answer, filters):
    """A patch that does not stand these tests is worse than none, and says nothing against what was found."""
    (one,) = scan(answer)[0].findings

    assert isinstance(one.verdict, Accepted)
    assert isinstance(one.finding.fix, NoFix)
    assert filters == [reason.filter for reason in one.refused]
    assert one.finding.fix.reason.startswith(f"{filters[0]}: ")


VOID = DEMO.replace(
    "\tif (!page->x)\n\t\treturn -EIO;\n", "\tif (!page->x) {\n\t\tClearPageUptodate(page);\n\t\treturn rc;\n\t}\n"
)
VOID = VOID.replace("\treturn 0;", "out:\n\tunlock_page(page);\nend:\n\treturn rc;").replace(
    "(page);\n\tunlock", "(page);\n\tlook"
)
VOID = VOID.replace("\tunlock_page(page);\nout", "out").replace("{\n\tif", "{\n\tint rc = -EIO;\n\tif", 1)


@pytest.mark.parametrize("leaves", [False, True])
def test_what_is_told_of_an_exit_is_no_new_finding_where_the_fix_sends_it(scanned, leaves):
    """The page that the fix unlocks was not redirtied before either; one that it leaves locked is not mended."""

    def answer(job):
        if "\n* return" in job.semantic_patch:
            lines = enumerate(job.slice.text.split(b"\n"), 1)
            return Matched("key", tuple(number for number, line in lines if line.strip() == b"return rc;"))
        jump = b"\t\tgoto out;\n" if not leaves else b"\t\tgoto end;\n"
        text = job.slice.text.replace(b"\t\treturn rc;\n", jump)
        return Patched("k", text, b"") if b"goto" not in job.slice.text else Clean()

    found, _ = scanned(answer, VOID, ("unlocks", "writeback"))
    fixes = {one.finding.obligation.kind: one for one in found.findings if one.finding.line == 6}

    assert isinstance(fixes["unlocks"].finding.fix, NoFix) == leaves
    assert [one.filter for one in fixes["unlocks"].refused] == ["still_there"] * leaves


def test_a_mended_function_that_is_gone_is_not_examined(scan):
    """What cannot be found again cannot be said to be clean."""
    (one,) = scan(tried(replaced(b"demo_writepage(", b"renamed(")))[0].findings

    assert ["not examined: the mended function does not parse"] == [reason.reason for reason in one.refused]


def test_a_refuted_star_is_kept_and_rejected(scan):
    """Whoever wonders why it is not reported finds the reason."""
    code = "\tif (page->x)\n\t\tunlock_page(page);\n\tif (!page->x)\n\t\treturn 0;\n\treturn 1;\n}\n"
    text = DEMO.split("{\n", 1)[0] + "{\n" + code + DEMO.split("}\n")[1]
    (one,) = scan(lambda job: star(job, b"\treturn 1;"), text)[0].findings

    assert ["infeasible_path"] == [reason.filter for reason in one.verdict.reasons]


def star(job, text):
    """A star on the first line with that text."""
    return Matched("key", (job.slice.text.split(b"\n").index(text) + 1,))


def test_findings_of_equal_code_have_fingerprints_of_their_own(scan):
    """A person's verdict on one must not be that on the other."""
    text = DEMO.replace("\tredirty", "\tif (!page->x)\n\t\treturn -EIO;\n\tredirty").replace(
        "if (!page->x)", "if (f())"
    )
    answer = lambda job: Matched("key", (4, 6)) if "\n* return" in job.semantic_patch else Clean()  # noqa: E731
    found = scan(answer, text)[0].findings

    assert [4, 6] == [one.finding.line for one in found]
    assert 2 == len({one.finding.fingerprint for one in found})


def test_equal_questions_are_asked_once(scan):
    """Several cells and sentences may ask for the same thing; the reader gets one finding."""
    found, _ = scan(kinds=("unlocks", "unlocks"))

    assert 1 == len(found.findings)


def test_two_things_that_one_call_takes_are_two_questions(scanned):
    """The same semantic patch stars the returns for both; only the first of them was looked at."""
    head = "struct buffer_head *sb_bread(struct super_block *sb, int block);\n"
    reads = "".join(f"\tstruct buffer_head *{name} = sb_bread(page->sb, 1);\n" for name in ("one", "other"))
    ends = "\tif (page->x)\n\t\treturn -EIO;\n\tbrelse(one);\n\tbrelse(other);\n\treturn 0;\n}\n"
    body = f"static int demo_writepage(struct page *page, struct writeback_control *wbc)\n{{\n{reads}{ends}"

    def stars(job):
        return Matched("key", (7,)) if "\n* return" in job.semantic_patch else Clean()

    found, _ = scanned(stars, head + body + DEMO.splitlines()[-1], kinds=("gives_back",))

    assert ["one", "other"] == sorted(one.finding.breach.resource_name for one in found.findings)


def test_only_the_chosen_paths_are_examined(scan):
    """--path promises that, and that nothing else is listed as unexamined."""

    assert ((), ()) == (
        scan(paths=("drivers",))[0].findings,
        scan(lambda job: Failed("x"), paths=("drivers/",))[0].unexamined,
    )
    assert 1 == len(scan(paths=("fs/",))[0].findings) == len(scan(paths=("fs/a.c",))[0].findings)
    assert () == scan(paths=("f",))[0].findings


def test_progress_is_told_for_every_stage(scan):
    """A run of minutes that says nothing looks like one that hangs."""
    told = []
    scan(progress=lambda stage, done, total: told.append((stage, done, total)))

    assert [("facts", 1, 1), ("report", 1, 1), ("fix", 1, 1), ("verify", 1, 1)] == [
        one for one in told if one[1] == one[2] != 0
    ]


# What is chosen.


def test_a_tree_without_rules_is_one_clear_error(index_of):
    """The file that is missing is named."""
    with pytest.raises(NothingToScan, match=r"has no Documentation/filesystems/locking\.rst"):
        rule_text(index_of({"fs/a.c": ""}).tree)


def test_the_rules_are_those_of_the_tree(index_of, corpus):
    """Another kernel, other rules."""
    every = read_rules(
        index_of({path: text for path, text in corpus.trees["6.1"].items() if path.endswith(".rst")}).tree
    )

    assert "address_space_operations.writepage.unlocks" in {one.id for one in every}
    assert {"writepage", "read_folio"} <= methods_of(every)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((), ["read_folio.unlocks", "writepage.unlocks", "writepage.writeback"]),
        (("*.unlocks",), ["read_folio.unlocks", "writepage.unlocks"]),
        (("writepage.*",), ["writepage.unlocks", "writepage.writeback"]),
        (("writeback",), ["writepage.writeback"]),
        (("address_space_operations.read_folio.unlocks", "writeback"), ["read_folio.unlocks", "writepage.writeback"]),
    ],
)
def test_rules_are_chosen_by_globs(make_obligation, rules, expected):
    """By full id, by short id or by kind, as the help says."""
    pairs = [
        ("read_folio", "unlocks"),
        ("writepage", "unlocks"),
        ("writepage", "writeback"),
        ("writepage", "no_such_kind"),
    ]
    every = [make_obligation(*pair) for pair in pairs]

    assert expected == [one.short for one in chosen_obligations(every, rules)]


def test_a_glob_that_matches_nothing_is_answered_with_what_there_is(make_obligation):
    """A typo must not be a clean run."""
    with pytest.raises(NothingToScan, match=r"'writpage\.\*' matches no .* did you mean .*writepage\."):
        chosen_obligations([make_obligation()], ("writepage.*", "writpage.*"))


NINE = [f"fs/{letter}.c" for letter in "abcdefghi"]


def test_the_index_is_brought_up_to_date(index_of, tmp_path, make_obligation):
    """A scan over an index of yesterday would miss what is new; many new files are parsed at once."""
    told = []
    tree = index_of({path: f"// {path}\n{DEMO}" for path in NINE}).tree
    index = open_index(
        tree, tmp_path / "cache", [make_obligation()], ScanOptions(jobs=1), lambda *words: told.append(words)
    )
    found = index.definitions("demo_writepage")
    index.close()

    assert NINE == [one.path for one in found]
    assert [("index", 9, 9), ("parse", 9, 9)] == told[1::2]


def test_an_index_that_is_interrupted_is_closed(index_of, tmp_path, make_obligation, monkeypatch):
    """Ctrl-C during the first minutes must leave no open file for the rest of the process."""
    closed = []
    close = KernelIndex.close
    tree = index_of({"fs/a.c": DEMO}).tree
    monkeypatch.setattr(KernelIndex, "close", lambda index: (closed.append(index), close(index)))

    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_index(tree, tmp_path / "cache", [make_obligation()], ScanOptions(jobs=1), interrupt)
    assert 1 == len(closed)


def test_paths_narrow_what_is_examined_and_not_what_is_known(index_of, tmp_path, monkeypatch):
    """A table in a folder that nobody asked about makes a function of the asked one a method."""
    table = "struct address_space_operations demo = { .writepage = demo_writepage };\n"
    helper = DEMO.partition("static const")[0].replace("static int", "int")
    tree = index_of({"kernel/a.c": helper, "security/b.c": table}).tree
    monkeypatch.setattr("cocci_gen.scan.pipeline.methods_of", lambda every: frozenset({"writepage"}))

    index = open_index(tree, tmp_path, (), ScanOptions(paths=("kernel/a.c",), jobs=1), lambda stage, done, total: None)
    found, lost = index.implementations("address_space_operations", "writepage")
    index.close()

    assert (["kernel/a.c"], ()) == ([one.definition.path for one in found], lost)


def _standing(finding, **other):
    """A finding that stands."""
    return Judged(dataclasses.replace(finding, **other), Accepted(), ())


@pytest.mark.parametrize(
    ("mends", "function", "expected"),
    [({"second"}, "f", True), (set(), "f", False), ({"second"}, "g", False)],
    ids=["seen-to-be-gone", "still-there", "elsewhere"],
)
def test_a_finding_that_another_fix_mends_has_that_fix(demo_kernel, make_finding, mends, function, expected):
    """A patch said that the function breaks the rule once more and that this is left, of what the patch itself mends."""
    with KernelTree.open(demo_kernel) as tree:
        made = make_finding(tree, "fs/demo/file.c", "demo_writepage1", "unlocks")
    first = _standing(made, function="f")
    second = _standing(made, function=function, fingerprint="second", fix=NoFix("nothing matched"))

    found = _mended_along(second, [(first, frozenset(mends))])

    assert (found.finding.fix == made.fix) == expected
