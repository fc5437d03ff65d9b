"""Leaf `exits`: from a function to the semantic patch that stars its bad returns, and from a star to a finding."""

import pytest

from cocci_gen.code.searches.paths import NoPath, Path
from cocci_gen.findings.findings import Confidence, NoFix
from cocci_gen.kinds.exits.delegates import delegates, stopping
from cocci_gen.kinds.exits.told import missing_calls
from cocci_gen.kinds.registry import RULES
from cocci_gen.kinds.suspects import FixPlan

UNLOCKS, WRITEBACK, END = RULES["unlocks"][0], *RULES["writeback"][:2]
HEAD = "static int demo_writepage(struct page *page, struct writeback_control *wbc)"
OPS = "static const struct address_space_operations demo_aops = {{ .{0} = demo_{0} }};\n"
EARLY = "\n{\n\tif (!page->x)\n\t\treturn -EIO;\n\tunlock_page(page);\n\treturn 0;\n}\n"


@pytest.fixture
def duties_of(facts_of, make_obligation):
    """duties_of(rule, C text, method) -> the duties of the rule for ->method."""

    def find(rule, text, method="writepage"):
        facts = facts_of({"fs/a.c": text + OPS.format(method)}, methods=(method,))
        found, _ = rule.duties(make_obligation(method, rule.kind), facts)
        return found

    return find


@pytest.fixture
def suspects(duties_of):
    """suspects(rule, C text, *starred lines) -> what the rule makes of stars in demo_writepage() or demo_read_folio()."""

    def find(rule, text, *lines, method="writepage"):
        (duty,) = [duty for duty in duties_of(rule, text, method) if duty.graph.name == f"demo_{method}"]
        return rule.judge(duty, lines, "the semantic patch")

    return find


def body(code, head=HEAD):
    """A function of which `code` begins on line 3."""
    return f"{head}\n{{\n{code}\n}}\n"


# The semantic patch.


def test_the_semantic_patch_speaks_of_this_function(duties_of):
    """A rule for all functions would be slow and would star what nobody asked about."""
    (duty,) = duties_of(UNLOCKS, HEAD + EARLY)
    patch = UNLOCKS.semantic_patch(duty)

    assert "\n demo_writepage(...)\n" in patch.text
    assert "\n* return result;\n" in patch.text
    assert ("address_space_operations.writepage.unlocks", ()) == (patch.obligation, patch.defines)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("unlock_page(page);", "... when != \\(unlock_page(...)\\|folio_unlock(...)\\)\n"),
        ("stranger(page);", "     when != stranger(...)\n"),
        ("ops->go(page);", "     when != (*through)(..., page, ...)\n"),
        ("x->page = page;", "     when != holder->member = page\n"),
        ("submit_bio(bio);", "     when != submit_bio(...)\n"),
    ],
)
def test_everything_that_ends_a_path_is_in_the_semantic_patch(duties_of, code, expected):
    """Each of these that is missing is a false finding per path that passes it."""
    (duty,) = duties_of(UNLOCKS, body(f"\t{code}\n\treturn 0;"))

    assert expected in UNLOCKS.semantic_patch(duty).text


def test_neutral_callees_are_not_in_the_semantic_patch(duties_of):
    """Were every call distrusted, no return would ever be starred."""
    (duty,) = duties_of(UNLOCKS, "static int look(struct page *p) { return 0; }\n" + body("\tlook(page);\n\treturn 0;"))

    assert "look" not in UNLOCKS.semantic_patch(duty).text


def test_returns_that_the_contract_excuses_are_not_starred(duties_of):
    """AOP_WRITEPAGE_ACTIVATE keeps the page locked on purpose, but its dirtiness is still owed."""
    code = body("\treturn AOP_WRITEPAGE_ACTIVATE;")

    assert "\n return AOP_WRITEPAGE_ACTIVATE;\n|\n* return" in UNLOCKS.semantic_patch(duties_of(UNLOCKS, code)[0]).text
    assert "AOP" not in WRITEBACK.semantic_patch(duties_of(WRITEBACK, code)[0]).text


def test_ending_writeback_is_owed_only_where_it_was_begun(duties_of):
    """A function that begins no writeback owes no end of it."""
    code = "\tset_page_writeback(page);\n\tif (a)\n\t\treturn 0;\n\tend_page_writeback(page);\n\treturn 0;"
    (duty,) = duties_of(END, body(code))

    assert [3] == [duty.graph.nodes[number].line for number in duty.starts]
    assert "\n set_page_writeback(...)\n ... when != " in END.semantic_patch(duty).text
    assert () == duties_of(END, body("\tredirty_page_for_writepage(wbc, page);\n\treturn 0;"))


# Who takes the obligation over.


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("\treturn helper(page);", True),
        ("\treturn n ? 0 : helper(page);", True),
        ("\tint rc = helper(page);\n\n\treturn rc;", True),
        ("\tint rc;\n\n\trc = helper(page);\n\tunlock_page(page);\n\treturn rc;", False),
        ("\thelper(page);\n\treturn 0;", False),
    ],
    ids=["returned", "returned in one arm", "result returned", "unlocked behind it", "result dropped"],
)
def test_who_is_a_delegate(duties_of, code, expected):
    """A helper that merely unlocks owes nothing on its other paths; one that stands for the method owes it on all."""
    helper = "static int helper(struct page *p)\n{\n\tif (p->x)\n\t\treturn 1;\n\tunlock_page(p);\n\treturn 0;\n}\n"
    found = duties_of(UNLOCKS, helper + body(code))

    assert expected is ("helper" in [duty.graph.name for duty in found])


def test_primitives_are_no_delegates(duties_of):
    """`return unlock_page(page)` must not put unlock_page() itself under the obligation."""
    (duty,) = duties_of(UNLOCKS, "void unlock_page(struct page *page) { }\n" + body("\treturn unlock_page(page);"))

    assert [False] == [delegates(UNLOCKS, duty, touch) for touch in duty.touches]


def test_stops_are_the_touches_of_the_kind(duties_of):
    """Redirtying does not unlock, and unlocking does not redirty."""
    code = body("\tredirty_page_for_writepage(wbc, page);\n\tunlock_page(page);\n\treturn 0;")

    assert ["unlock_page"] == [touch.callee for touch in stopping(UNLOCKS, duties_of(UNLOCKS, code)[0])]
    assert ["redirty_page_for_writepage"] == [
        touch.callee for touch in stopping(WRITEBACK, duties_of(WRITEBACK, code)[0])
    ]


# From stars to findings.


def test_a_starred_return_is_a_finding(suspects):
    """Position, message, condition and evidence are what a person reads first."""
    (suspect,) = suspects(UNLOCKS, HEAD + EARLY, 4)
    finding = suspect.finding

    assert isinstance(suspect.path, Path)
    assert ("fs/a.c", "demo_writepage", 4, Confidence.HIGH) == (
        finding.file,
        finding.function,
        finding.line,
        finding.confidence,
    )
    assert "demo_writepage() returns with the page locked when `page->x` is false" == finding.message
    assert ("return -EIO;", "page->x", False, 3, ("unlock_page",), "page", "page") == (
        finding.breach.statement,
        finding.breach.condition,
        finding.breach.taken,
        finding.breach.condition_line,
        finding.breach.missing,
        finding.breach.resource,
        finding.breach.resource_name,
    )
    assert [
        (3, "`page->x` is false"),
        (4, "`return -EIO;` is reached"),
        (5, "unlock_page() [release]: not passed on this path"),
    ] == [(step.line, step.note) for step in finding.evidence]
    assert ("the semantic patch", NoFix("not tried")) == (finding.semantic_patch, finding.fix)


def test_what_is_passed_stands_on_the_way_and_nothing_else(suspects):
    """`explain` and the page called calls "passed" that stand behind the return, or in the branch that is not taken."""
    code = body(
        "\tset_page_writeback(page);\n\tif (page->x) {\n\t\tunlock_page(page);\n\t\treturn 0;\n\t}\n"
        "\tif (page->y)\n\t\tredirty_page_for_writepage(wbc, page);\n\treturn -EIO;"
    )
    (suspect,) = suspects(UNLOCKS, code, 10)

    assert [
        (3, "set_page_writeback() [start]: passed, does not discharge the obligation"),
        (4, "`page->x` is false"),
        (8, "`page->y` is false"),
        (10, "`return -EIO;` is reached"),
        (5, "unlock_page() [release]: not passed on this path"),
        (9, "redirty_page_for_writepage() [redirty]: not passed on this path"),
    ] == [(step.line, step.note) for step in suspect.finding.evidence]


def test_stars_on_other_lines_are_no_findings(suspects):
    """spatch stars whole statements; only the return itself counts."""

    assert () == suspects(UNLOCKS, HEAD + EARLY, 3, 5, 99)


def test_a_star_without_a_way_is_refuted(suspects):
    """What spatch stars and values refute is kept with its reason, and not believed."""
    code = body("\tif (page->x)\n\t\tunlock_page(page);\n\tif (!page->x)\n\t\treturn 0;\n\treturn 1;")
    (suspect,) = suspects(UNLOCKS, code, 7)

    assert (NoPath(exhausted=True), Confidence.LOW) == (suspect.path, suspect.finding.confidence)
    assert "every path to this return contradicts itself" == suspect.finding.evidence[0].note
    assert isinstance(suspect.plan, NoFix)


def test_a_helper_that_starts_writeback_ends_it(duties_of):
    """The method calls it in its middle, so that nobody would look at what the helper has begun."""
    helper = "static int helper(struct page *page)\n{\n\tset_page_writeback(page);\n\treturn 0;\n}\n"
    code = helper + body("\tint ret = helper(page);\n\n\tunlock_page(page);\n\treturn ret;")
    ended = helper + body(
        "\tint ret = helper(page);\n\n\tunlock_page(page);\n\tend_page_writeback(page);\n\treturn ret;"
    )

    assert "helper" in [duty.graph.name for duty in duties_of(END, code)]
    assert "helper" not in [duty.graph.name for duty in duties_of(END, ended)]


def test_a_branch_that_tells_of_activate_is_excused(suspects):
    """`if (ret != AOP_WRITEPAGE_ACTIVATE) unlock_page(page); return ret;`, as nfs writes it."""
    code = "\tint ret = write_it(inode);\n\n\tif (ret != AOP_WRITEPAGE_ACTIVATE)\n\t\tunlock_page(page);\n\treturn ret;"
    (suspect,) = suspects(UNLOCKS, body(code), 7)

    assert NoPath(exhausted=True) == suspect.path


def test_an_activate_that_is_returned_by_name_is_excused(suspects):
    """`ret = AOP_WRITEPAGE_ACTIVATE; ... return ret;` keeps the lock on purpose."""
    code = body(
        "\tint ret = 0;\n\n\tif (page->x)\n\t\tret = AOP_WRITEPAGE_ACTIVATE;\n\telse\n\t\tunlock_page(page);\n\treturn ret;"
    )
    (suspect,) = suspects(UNLOCKS, code, 9)

    assert NoPath(exhausted=True) == suspect.path


def test_messages_of_the_kinds(suspects):
    """Each kind says what goes wrong in its own words."""
    (plain,) = suspects(WRITEBACK, body("\tunlock_page(page);\n\treturn 0;"), 4)
    (begun,) = suspects(END, body("\tset_page_writeback(page);\n\tunlock_page(page);\n\treturn 0;"), 5)

    assert "demo_writepage() neither redirties the page nor starts writeback" == plain.finding.message
    assert "demo_writepage() starts writeback of the page and does not end it" == begun.finding.message


def test_the_words_owed_are_those_of_the_parameter(duties_of):
    """A fix in the words of pages would not compile in a function that has a folio."""
    folio = body("\treturn 0;", "static int demo_read_folio(struct file *file, struct folio *folio)")

    assert ("folio_unlock",) == missing_calls(UNLOCKS, duties_of(UNLOCKS, folio, "read_folio")[0])
    assert ("unlock_page",) == missing_calls(UNLOCKS, duties_of(UNLOCKS, body("\treturn 0;"))[0])
    assert ("redirty_page_for_writepage", "set_page_writeback") == missing_calls(
        WRITEBACK, duties_of(WRITEBACK, body("\treturn 0;"))[0]
    )


def test_the_end_of_a_void_function_is_a_finding_too(suspects):
    """The commonest missing release has no return statement at all."""
    head = "static void demo_readahead(struct readahead_control *rac)"
    code = body("\tstruct page *page = readahead_page(rac);\n\n\tlook(page->x);", head)
    (suspect,) = suspects(UNLOCKS, code, 6, method="readahead")

    assert ("the end of the function", 6) == (suspect.finding.breach.statement, suspect.finding.line)


def test_a_loop_that_ends_without_a_page_breaks_nothing(suspects):
    """`while ((page = readahead_page(rac)))` ends when there is none, and none needs no unlock."""
    head = "static void demo_readahead(struct readahead_control *rac)"
    code = "\tstruct page *page;\n\n\twhile ((page = readahead_page(rac))) {\n{0}\t\tunlock_page(page);\n\t}"
    fine = suspects(UNLOCKS, body(code.replace("{0}", ""), head), 8, method="readahead")
    leaks = suspects(
        UNLOCKS, body(code.replace("{0}", "\t\tif (page->x)\n\t\t\treturn;\n"), head), 7, 10, method="readahead"
    )

    assert [NoPath] == [type(one.path) for one in fine]
    assert [Path, NoPath] == [type(one.path) for one in leaks]


def test_fingerprints_hold_no_line_numbers(suspects):
    """A baseline must survive edits elsewhere in the file, and tell two returns of one function apart."""
    code = body("\tif (page->x)\n\t\treturn -EIO;\n\tif (page->y)\n\t\treturn -EIO;\n\tunlock_page(page);\n\treturn 0;")
    here = [one.finding.fingerprint for one in suspects(UNLOCKS, code, 4, 6)]
    moved = [one.finding.fingerprint for one in suspects(UNLOCKS, "\n\n" + code, 6, 8)]

    assert 2 == len(set(here))
    assert here == moved


def test_what_spatch_should_have_starred(duties_of):
    """spatch drops a function that it cannot parse in silence; the path search notices."""
    (duty,) = duties_of(UNLOCKS, HEAD + EARLY)

    assert ["return -EIO;"] == [node.text for node in UNLOCKS.unstarred(duty, ())]
    assert () == UNLOCKS.unstarred(duty, (4,))


def test_excused_and_discharging_returns_need_no_star(duties_of):
    """`return AOP_WRITEPAGE_ACTIVATE` and `return unlock_it(page)` are starred by nobody."""
    helper = "static int unlock_it(struct page *p)\n{\n\tunlock_page(p);\n\treturn 0;\n}\n"
    code = helper + body("\tif (page->x)\n\t\treturn AOP_WRITEPAGE_ACTIVATE;\n\treturn unlock_it(page);")
    duty = duties_of(UNLOCKS, code)[0]

    assert () == UNLOCKS.unstarred(duty, ())


# The fix.


def test_a_sure_finding_has_a_plan(suspects):
    """The plan is a semantic patch and the line that it must change."""
    (suspect,) = suspects(UNLOCKS, HEAD + EARLY, 4)

    assert isinstance(suspect.plan, FixPlan)
    assert 4 == suspect.plan.anchor
    assert "\n+unlock_page(page);\n return -EIO;\n" in suspect.plan.semantic_patch.text


def test_a_doubtful_finding_has_none(suspects):
    """Nobody takes a patch for a guess."""
    (suspect,) = suspects(UNLOCKS, body("\tstranger(page->mapping);\n\treturn 0;"), 4)

    assert Confidence.LOW == suspect.finding.confidence
    assert isinstance(suspect.plan, NoFix)


REDIRTIED = "+redirty_page_for_writepage(wbc, page);\n unlock_page(page);\n"
WRITTEN = (
    "+set_page_writeback(page);\n put_to_disk(...);\n ... when any\n unlock_page(page);\n+end_page_writeback(page);\n"
)
REST = "\tset_page_writeback(page);\n\treturn 0;"


@pytest.mark.parametrize(
    ("code", "line", "expected"),
    [
        ("\tif (page->x) {\n\t\tunlock_page(page);\n\t\treturn -EIO;\n\t}\n", 5, REDIRTIED),
        ("\tif (page->x) {\n\t\tput_to_disk(kmap(page)); unlock_page(page);\n\t\treturn 0;\n\t}\n", 5, WRITTEN),
        ("\tint err = f();\n\n\tunlock_page(page);\n\tif (err < 0)\n\t\treturn err;\n", 7, REDIRTIED),
        ("\tif (wbc->sync_mode == WB_SYNC_NONE) {\n\t\tunlock_page(page);\n\t\treturn 0;\n\t}\n", 5, REDIRTIED),
    ],
    ids=["an error is redirtied", "success gets writeback", "a value below zero is an error", "a refusal is redirtied"],
)
def test_which_half_of_the_contract_is_owed(suspects, code, line, expected):
    """After a failed write the page must stay dirty; after a good one it must not."""
    (suspect,) = suspects(WRITEBACK, body(code + REST), line)

    assert expected in suspect.plan.semantic_patch.text


def test_the_duty_of_an_edited_file(duties_of, facts_of):
    """A fix is tried on the function as it then stands, with the touches that it then has."""
    (duty,) = duties_of(UNLOCKS, HEAD + EARLY)
    facts = facts_of({"fs/a.c": HEAD + EARLY.replace("\t\treturn -EIO;", "\t\tunlock_page(page);")})
    (definition,) = facts.index.definitions("demo_writepage")
    again = UNLOCKS.again(duty, definition, facts.index.graph(definition), facts)

    assert ([5], [4, 5]) == ([touch.line for touch in duty.touches], [touch.line for touch in again.touches])
    assert duty.registrations == again.registrations


def test_the_edited_duty_of_a_kind_that_opens(duties_of, facts_of):
    """Where writeback begins is looked up anew in the edited function."""
    code = "\tset_page_writeback(page);\n\tif (page->x)\n\t\treturn 0;\n\tend_page_writeback(page);\n\treturn 0;"
    (duty,) = duties_of(END, body(code))
    facts = facts_of({"fs/a.c": body("\n" + code)})
    (definition,) = facts.index.definitions("demo_writepage")
    again = END.again(duty, definition, facts.index.graph(definition), facts)

    assert [4] == [again.graph.nodes[number].line for number in again.starts]
