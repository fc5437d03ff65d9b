"""Leaf beside `exits`, `exit_fixes`: where a missing call goes, and when it is left to a person."""

import pytest

from cocci_gen.findings.findings import DROPPED_HERE, NoFix
from cocci_gen.kinds.registry import RULES
from cocci_gen.kinds.suspects import FixPlan

UNLOCKS, WRITEBACK, END = RULES["unlocks"][0], *RULES["writeback"][:2]
READ = "static int demo_read_folio(struct file *file, struct folio *folio)"
WRITE = "static int demo_writepage(struct page *page, struct writeback_control *wbc)"
WRITE_END = "static int demo_write_end(struct file *file, struct page *page)"


@pytest.fixture
def plan(facts_of, make_obligation):
    """plan(rule, head, code, line) -> how the return on that line would be mended; the code begins on line 3."""

    def find(rule, head, code, line, duty=0):
        method = head.split("demo_")[1].split("(")[0]
        text = (
            f"{head}\n{{\n{code}\n}}\nstatic struct address_space_operations ops = {{ .{method} = demo_{method} }};\n"
        )
        facts = facts_of({"fs/a.c": text}, methods=(method,))
        bound = rule.duties(make_obligation(method, rule.kind), facts)[0][duty]
        suspect = rule.judge(bound, [line], "")[0]
        return suspect.plan

    return find


def change(found):
    """(line, changed and neighbouring lines) of a plan: from the first line with a + or - to the last, and what is kept."""
    assert isinstance(found, FixPlan), found
    body = found.semantic_patch.text.split("{\n", 1)[1].splitlines()
    return found.anchor, [line for line in body if not line.startswith((" ...", "     when", " }"))]


EARLY = "\tif (!info)\n\t\treturn -EIO;\n\tfolio_unlock(folio);\n\treturn 0;"


def test_the_release_goes_before_the_return(plan):
    """The plainest fix of all."""

    assert (4, ["+folio_unlock(folio);", " return -EIO;"]) == change(plan(UNLOCKS, READ, EARLY, 4))


def test_what_kernel_practice_excuses_is_left_as_it_is(plan):
    """A page beyond the end of the file that is made dirty again is written for ever."""
    code = "\tif (page->index > i_size_read(inode) >> 12)\n\t\tgoto out;\n"
    code += "\tret = write_inode(inode);\n\tif (ret)\n\t\tgoto out;\n"
    code += "\tset_page_writeback(page);\nout:\n\tunlock_page(page);\n\treturn ret;"
    found = plan(WRITEBACK, WRITE, code, 11)

    assert (7, ["+redirty_page_for_writepage(wbc, page);", " goto out;"]) == change(found)
    assert ((), (4,)) == (found.more, found.others)


def test_the_ordinary_way_is_shown_beside_a_rarer_one_that_keeps_the_page_locked(plan):
    """`ntfs_resident_writepage()` of 6.12: writeback was missing on every way, and told of the one without an unlock alone."""
    helper = "static int write_it(struct page *page) { if (x) return 1; return send(page_address(page)); }\n"
    code = "\tint err = 0;\n\n\terr = write_it(page);\n\tif (err != 1)\n\t\tunlock_page(page);\n"
    code += "\tmapping_set_error(m, err);\n\treturn err;"
    found = plan(WRITEBACK, helper + WRITE, code, 10)

    assert (8, ["+set_page_writeback(page);", " unlock_page(page);", "+end_page_writeback(page);"]) == change(found)


@pytest.mark.parametrize(("head", "told"), [(READ, False), (WRITE, True)])
def test_only_of_a_page_that_is_to_be_written_it_is_told_that_its_data_goes(facts_of, make_obligation, head, told):
    """A page that is read holds no data yet: "the data is not kept here" is nothing but a riddle in an answer to its author."""
    resource = "folio" if head == READ else "page"
    unlock = "folio_unlock(folio)" if head == READ else "unlock_page(page)"
    code = f"\tif ({resource}->index > i_size_read(inode) >> 12)\n\t\treturn 0;\n\t{unlock};\n\treturn 0;"
    method = head.split("demo_")[1].split("(")[0]
    text = f"{head}\n{{\n{code}\n}}\nstatic struct address_space_operations ops = {{ .{method} = demo_{method} }};\n"
    facts = facts_of({"fs/a.c": text}, methods=(method,))
    bound = UNLOCKS.duties(make_obligation(method, "unlocks"), facts)[0][0]
    suspect = UNLOCKS.judge(bound, [4], "")[0]

    assert isinstance(suspect.plan, FixPlan)
    assert told == any(step.note.startswith(DROPPED_HERE) for step in suspect.finding.evidence)


def test_a_loop_that_is_left_is_mended_where_it_is_left(plan):
    """`165df9a080b6`: behind the loop there may be no page, and an unlock of NULL is worse than the bug."""
    head = "static void demo_readahead(struct readahead_control *rac)"
    code = "\tstruct page *page;\n\n\twhile ((page = readahead_page(rac))) {\n\t\tif (bad())\n\t\t\tbreak;\n"
    found = plan(UNLOCKS, head, code + "\t\tunlock_page(page);\n\t}", 10)

    assert (7, [" readahead_page(...)", "+unlock_page(page);", " break;"]) == change(found)


def test_a_function_that_others_call_without_a_page_is_left_to_a_person(plan):
    """`a5d8b9d94e18`: the unlock must ask whether there is a folio, and where, this tool does not know."""
    helper = "static int both(struct folio *folio) { if (bad()) return -EIO; folio_unlock(folio); return 0; }\n"
    other = "int other(void) { return both(NULL); }\n"
    assert isinstance(plan(UNLOCKS, helper + READ, "\treturn both(folio);", 1, duty=1), FixPlan)
    assert isinstance(plan(UNLOCKS, helper + other + READ, "\treturn both(folio);", 1, duty=1), NoFix)


@pytest.mark.parametrize(
    ("head", "named", "used", "release"),
    [
        (READ, "struct page *page = &folio->page;", "PageDirty(page)", "unlock_page(page)"),
        (READ, "struct page *page = &folio->page;", "folio_test_dirty(folio)", "folio_unlock(folio)"),
        (READ, "struct page *page = &folio->page;", "info", "folio_unlock(folio)"),
        (
            WRITE,
            "struct folio *folio = page_folio(page);",
            "folio_test_dirty(folio) && folio_test_uptodate(folio)",
            "folio_unlock(folio)",
        ),
    ],
)
def test_the_release_is_in_the_words_of_a_function_that_has_none(plan, head, named, used, release):
    """folio_unlock() in a function that speaks of pages is a second language."""
    code = (
        f"\t{named}\n\n\tif ({used})\n\t\treturn AOP_WRITEPAGE_ACTIVATE;\n\tif (!info)\n\t\treturn -EIO;\n\treturn 0;"
    )
    assert f"+{release};" in change(plan(UNLOCKS, head, code, 8))[1]


def test_the_release_is_written_as_elsewhere_in_the_function(plan):
    """A function that unlocks through a `struct page *` goes on doing so."""
    code = "\tstruct page *page = &folio->page;\n\n\tif (!info)\n\t\treturn -EIO;\n\tunlock_page(page);\n\treturn 0;"

    assert (6, ["+unlock_page(page);", " return -EIO;"]) == change(plan(UNLOCKS, READ, code, 6))


def test_a_name_that_is_not_set_yet_is_not_used(plan):
    """`page = &folio->page` further down does not help an early return."""
    code = "\tstruct page *page;\n\n\tif (!info)\n\t\treturn -EIO;\n\tpage = &folio->page;\n\tunlock_page(page);\n\treturn 0;"

    assert (6, ["+folio_unlock(folio);", " return -EIO;"]) == change(plan(UNLOCKS, READ, code, 6))


def test_a_failed_writepage_redirties_too(plan):
    """An unlocked page that stays clean is a lost write."""
    code = "\tif (!info)\n\t\treturn -EIO;\n\tunlock_page(page);\n\treturn 0;"

    assert (4, ["+redirty_page_for_writepage(wbc, page);", "+unlock_page(page);", " return -EIO;"]) == change(
        plan(UNLOCKS, WRITE, code, 4)
    )


def test_a_path_that_has_redirtied_is_not_redirtied_twice(plan):
    """Only what is owed is added."""
    code = "\tif (!info) {\n\t\tredirty_page_for_writepage(wbc, page);\n\t\treturn 0;\n\t}\n\tunlock_page(page);\n\treturn 0;"

    assert (5, ["+unlock_page(page);", " return 0;"]) == change(plan(UNLOCKS, WRITE, code, 5))


def test_write_end_drops_the_page_too(plan):
    """->write_end owes the reference along with the lock."""
    code = "\tif (!info)\n\t\treturn -EIO;\n\tunlock_page(page);\n\tput_page(page);\n\treturn 0;"

    assert (4, ["+unlock_page(page);", "+put_page(page);", " return -EIO;"]) == change(
        plan(UNLOCKS, WRITE_END, code, 4)
    )


@pytest.mark.parametrize(
    ("ahead", "wanted"),
    [
        ("", ["+folio_unlock(folio);", "+folio_put(folio);", " return -EIO;"]),
        ("\tif (more)\n\t\tfolio_get(folio);\n", ["+folio_unlock(folio);", " return -EIO;"]),
    ],
    ids=["given to it", "taken by it"],
)
def test_a_reference_that_all_others_drop_is_dropped(plan, ahead, wanted):
    """Half of what an exit owes hides the other half; a reference that the function has not taken on the way is not its own."""
    code = f"{ahead}\tif (!info)\n\t\treturn -EIO;\n\tfolio_unlock(folio);\n\tfolio_put(folio);\n\treturn 0;"

    assert wanted == change(plan(UNLOCKS, READ, code, 4 + ahead.count("\n")))[1]


LABEL = """\
	int err = 0;

	if (!info)
		return -EIO;
	if (f())
		goto out;
	stop(folio);
out:
	folio_unlock(folio);
	return err;"""


def test_the_label_of_the_other_exits_is_used(plan):
    """A second unlock beside a label that unlocks is what reviewers send back."""

    assert (6, ["- return -EIO;", "+err = -EIO;", "+goto out;"]) == change(plan(UNLOCKS, READ, LABEL, 6))


def test_a_value_that_is_returned_already_is_not_set(plan):
    """`err = err;` is no kernel style."""
    code = LABEL.replace("return -EIO", "return err")

    assert (6, ["- return err;", "+goto out;"]) == change(plan(UNLOCKS, READ, code, 6))


@pytest.mark.parametrize(
    "code",
    [
        LABEL.replace("\tfolio_unlock", "\tdemo_account(info);\n\tfolio_unlock"),
        LABEL.replace("out:\n", "out:\n\terr = 0;\n"),
        LABEL.replace("\tfolio_unlock", "\tkfree(buffer);\n\tfolio_unlock").replace(
            "\tif (f", "\tbuffer = get();\n\tif (f"
        ),
        LABEL.replace("return err;", "return f(err);"),
    ],
    ids=["calls something", "sets something", "frees what is not there yet", "returns something else"],
)
def test_a_label_that_does_more_is_not_used(plan, code):
    """Going through a label must add nothing but what the path owes."""

    assert (6, ["+folio_unlock(folio);", " return -EIO;"]) == change(plan(UNLOCKS, READ, code, 6))


def test_harmless_calls_at_a_label_do_no_harm(plan):
    """kfree() of what the path has allocated is what the label is for."""
    code = LABEL.replace("\tif (!info)", "\tbuffer = get();\n\tif (!info)").replace(
        "\tfolio_unlock", "\tkfree(buffer);\n\tfolio_unlock"
    )

    assert (7, ["- return -EIO;", "+err = -EIO;", "+goto out;"]) == change(plan(UNLOCKS, READ, code, 7))


REDIRTYING = """\
	int err = 0;

	if (!info) {{
		{0}
		return -EIO;
	}}
	if (f())
		goto out;
	submit_bio(bio);
	return 0;
out:
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return err;"""


def test_a_label_that_redirties_is_for_paths_that_owe_it(plan):
    """To redirty twice is to add what nobody owes."""
    owes = plan(UNLOCKS, WRITE, REDIRTYING.format("f();"), 7)
    has = plan(UNLOCKS, WRITE, REDIRTYING.format("redirty_page_for_writepage(wbc, page);"), 7)

    assert (7, ["- return -EIO;", "+err = -EIO;", "+goto out;"]) == change(owes)
    assert (7, ["+unlock_page(page);", " return -EIO;"]) == change(has)


def test_a_label_above_the_return_is_not_used(plan):
    """Going back is a loop."""
    code = "\tint err = 0;\nout:\n\tif (a) {\n\t\tfolio_unlock(folio);\n\t\treturn err;\n\t}\n"
    code += "\tif (!info)\n\t\treturn -EIO;\n\tgoto out;"

    assert (10, ["+folio_unlock(folio);", " return -EIO;"]) == change(plan(UNLOCKS, READ, code, 10))


SHARED = "\tint err = -EIO;\n\n\tif (!info)\n\t\tgoto out;\n\tfolio_unlock(folio);\n\terr = 0;\nout:\n\treturn err;"


def test_an_exit_that_others_share_is_left_alone(plan):
    """An unlock at a shared label would unlock twice on the paths that did their duty."""

    assert (6, ["+folio_unlock(folio);", " goto out;"]) == change(plan(UNLOCKS, READ, SHARED, 10))


def test_each_goto_that_the_breach_comes_by_is_mended(plan):
    """A fix at one of them leaves the exit as broken as it was, and is refused."""
    code = (
        "\tint err = -EIO;\n\n\tif (!a)\n\t\tgoto out;\n\terr = -ENOMEM;\n\tif (!b)\n\t\tgoto out;\n"
        "\terr = start(&page->lru);\n\tset_page_writeback(page);\n\tif (err)\n\t\tgoto out;\n"
        "out:\n\tunlock_page(page);\n\treturn err;"
    )
    found = plan(WRITEBACK, WRITE, code, 16)

    assert (6, ["+redirty_page_for_writepage(wbc, page);", " goto out;"]) == change(found)
    assert (6, 9) == found.anchors


def test_without_a_place_of_its_own_there_is_no_fix(plan):
    """Where paths meet without a goto, a person must look, and is told where the paths part."""
    code = "\tif (info)\n\t\tfolio_unlock(folio);\n\treturn 0;"
    why = "the exit is shared with paths that have unlocked the page; line 3 tells them apart, and no statement"

    assert NoFix(f"{why} behind it is the other paths' alone") == plan(UNLOCKS, READ, code, 5)


def test_a_branch_of_its_own_is_told(plan):
    """Whoever sees the `else` beside it reads "no place before it is not shared" as untrue, and the rest with it."""
    code = "\tif (info) {\n\t\tfolio_unlock(folio);\n\t} else {\n\t\tcount(file);\n\t}\n\treturn 0;"
    why = "the exit is shared with paths that have unlocked the page; line 6 is not, and what is to be done there"

    assert NoFix(f"{why} is for a person to decide") == plan(UNLOCKS, READ, code, 8)


def test_without_a_writeback_control_nothing_can_be_redirtied(plan):
    """A half of the contract is no fix."""
    head = "static int demo_writepage(struct page *page)"

    assert NoFix("no writeback_control is in reach to redirty the page with") == plan(
        UNLOCKS, head, "\tif (!info)\n\t\treturn -EIO;\n\tunlock_page(page);\n\treturn 0;", 4
    )


# Writeback.


def test_writeback_is_put_around_the_unlock(plan):
    """The page was written synchronously: the tag must be cleared, and nobody else will do it."""

    found = plan(WRITEBACK, WRITE, "\tput_to_disk(kmap(page));\n\tunlock_page(page);\n\treturn 0;", 5)
    around = ["+set_page_writeback(page);", " put_to_disk(...);", " unlock_page(page);", "+end_page_writeback(page);"]

    assert (4, around) == change(found)
    assert (4, 3) == found.anchors


@pytest.mark.parametrize(
    "code",
    [
        "\tunlock_page(page);\n\treturn 0;",
        "\tlook_at(page->mapping->host);\n\tunlock_page(page);\n\treturn 0;",
        "\tSetPageUptodate(page);\n\tunlock_page(page);\n\treturn 0;",
    ],
)
def test_no_writeback_is_made_up_where_nothing_is_written(plan, code):
    """Started and ended around an unlock it would tell that the data are on the disk."""
    last = code.count("\n") + 3
    assert "nothing shows that the page was written" in plan(WRITEBACK, WRITE, code, last).reason


@pytest.mark.parametrize("error", ["-EACCES", "-EOPNOTSUPP", "-EROFS"])
def test_what_is_refused_for_good_is_not_redirtied(plan, error):
    """It would come back for ever, and the inode never get clean."""
    code = f"\tif (page->x) {{\n\t\tunlock_page(page);\n\t\treturn {error};\n\t}}\n\tset_page_writeback(page);\n\treturn 0;"

    assert (4, ["+set_page_writeback(page);", " unlock_page(page);", "+end_page_writeback(page);"]) == change(
        plan(WRITEBACK, WRITE, code, 5)
    )


def test_an_exit_that_redirties_for_some_errors_is_left_alone(plan):
    """A jump to it is no place for a redirty: some of its ways would do it twice, others must not do it at all."""
    code = (
        "\tint err = check(info);\n\n\tif (err)\n\t\tgoto out;\n\tset_page_writeback(page);\n\tunlock_page(page);\n\treturn 0;\n"
        "out:\n\tif (err == -ENOMEM)\n\t\tredirty_page_for_writepage(wbc, page);\n\tunlock_page(page);\n\treturn err;"
    )

    assert isinstance(plan(WRITEBACK, WRITE, code, 14), NoFix)


def test_a_reference_is_not_dropped_twice(plan):
    """The path has dropped it before it returns with the page locked."""
    head = (
        "static int demo_write_end(struct file *f, struct address_space *m, loff_t pos, unsigned len, unsigned copied,"
        " struct page *page, void *fsdata)"
    )
    kept = "\tif (!copied)\n\t\treturn 0;\n\tunlock_page(page);\n\tput_page(page);\n\treturn copied;"
    dropped = "\tput_page(page);\n\tif (!copied)\n\t\treturn 0;\n\tunlock_page(page);\n\treturn copied;"

    assert ["+unlock_page(page);", "+put_page(page);"] == change(plan(UNLOCKS, head, kept, 4))[1][:2]
    assert "+put_page(page);" not in change(plan(UNLOCKS, head, dropped, 5))[1]


def test_what_every_other_exit_gives_back_is_not_left_taken(plan):
    """With the page alone unlocked, the exit would still leave the file system's own lock held."""
    code = (
        "\tdown_read(&sem);\n\tif (!info)\n\t\treturn -EIO;\n\tcopy(kmap(folio));\n\tif (!other)\n\t\tgoto out;\n"
        "\tfinish();\nout:\n\tup_read(&sem);\n\tfolio_unlock(folio);\n\treturn 0;"
    )

    assert "down_read() at line 3 is not undone here" in plan(UNLOCKS, READ, code, 5).reason


def test_a_reference_that_only_this_exit_keeps_is_given_back_with_the_redirty(plan):
    """A patch of a return that leaves the leak one line above looks blind; the order of a lock is for a person to decide."""
    code = (
        "\t{take};\n\tif (!info)\n\t\treturn AOP_WRITEPAGE_ACTIVATE;\n\tset_page_writeback(page);\n\tunlock_page(page);\n"
        "\t{back};\n\treturn 0;"
    )
    held = plan(WRITEBACK, WRITE, code.format(take="ihold(inode)", back="iput(inode)"), 5)
    locked = plan(WRITEBACK, WRITE, code.format(take="down_read(&sem)", back="up_read(&sem)"), 5)

    assert "+iput(inode);" in change(held)[1]
    assert not [line for line in change(locked)[1] if "up_read" in line]


def test_success_is_unlocked_and_not_redirtied(plan):
    """A page that need not be written would come back for ever."""
    code = "\tif (!info)\n\t\treturn 0;\n\tset_page_writeback(page);\n\tunlock_page(page);\n\treturn 0;"

    assert (4, ["+unlock_page(page);", " return 0;"]) == change(plan(UNLOCKS, WRITE, code, 4))


def test_writeback_in_the_words_of_the_unlock(plan):
    """folio_unlock() goes with folio_start_writeback()."""
    code = "\tstruct folio *folio = page_folio(page);\n\tput_to_disk(kmap(page));\n\tfolio_unlock(folio);\n\treturn 0;"

    around = [
        *("+folio_start_writeback(folio);", " put_to_disk(...);"),
        *(" folio_unlock(folio);", "+folio_end_writeback(folio);"),
    ]
    assert around == change(plan(WRITEBACK, WRITE, code, 6))[1]


def test_an_error_is_redirtied_before_the_unlock(plan):
    """Behind the unlock the page may be gone."""
    code = "\tif (!info) {\n\t\tunlock_page(page);\n\t\treturn -EIO;\n\t}\n\tset_page_writeback(page);\n\treturn 0;"

    assert (4, ["+redirty_page_for_writepage(wbc, page);", " unlock_page(page);"]) == change(
        plan(WRITEBACK, WRITE, code, 5)
    )


def test_activate_owes_the_redirty_alone(plan):
    """AOP_WRITEPAGE_ACTIVATE keeps the lock, and the page must be tried again."""
    code = "\tif (!info)\n\t\treturn AOP_WRITEPAGE_ACTIVATE;\n\tset_page_writeback(page);\n\treturn 0;"

    assert (4, ["+redirty_page_for_writepage(wbc, page);", " return AOP_WRITEPAGE_ACTIVATE;"]) == change(
        plan(WRITEBACK, WRITE, code, 4)
    )


@pytest.mark.parametrize(
    ("code", "line", "reason"),
    [
        ("\tif (!info)\n\t\treturn -EIO;\n\tset_page_writeback(page);\n\treturn 0;", 4,
         "the page is not unlocked on this path; the missing unlock comes first"),
        ("\tif (info)\n\t\tredirty_page_for_writepage(wbc, page);\n\tunlock_page(page);\n\treturn 0;", 6,
         "the unlock is shared with paths that keep the rule"),
    ],
)  # fmt: skip
def test_writeback_that_is_left_to_a_person(plan, code, line, reason):
    """Each with the reason, so that the report says what to do."""

    assert NoFix(reason) == plan(WRITEBACK, WRITE, code, line)


def test_the_end_of_writeback_goes_before_the_return(plan):
    """In the words of the call that began it."""
    code = "\tset_page_writeback(page);\n\tif (!info)\n\t\treturn -EIO;\n"
    code += "\tsubmit_bio(bio);\n\tend_page_writeback(page);\n\treturn 0;"

    assert (5, [" set_page_writeback(...)", "+end_page_writeback(page);", " return -EIO;"]) == change(
        plan(END, WRITE, code, 5)
    )


def test_the_end_of_writeback_at_a_shared_exit_is_left_to_a_person(plan):
    """An end too many is a crash."""
    code = "\tset_page_writeback(page);\n\tif (info)\n\t\tend_page_writeback(page);\n\treturn 0;"

    assert "the exit is shared with paths that have ended the writeback" in plan(END, WRITE, code, 6).reason


def test_what_is_not_up_to_date_is_not_made_dirty(plan):
    """The kernel warns of a dirty page whose contents were declared void, and nobody could write it."""
    code = "\tif (!info) {\n\t\tClearPageUptodate({});\n\t\treturn -EIO;\n\t}\n"
    code += "\tset_page_writeback(page);\n\tunlock_page(page);\n\treturn 0;"
    _, own = change(plan(UNLOCKS, WRITE, code.replace("{}", "page"), 5))
    _, other = change(plan(UNLOCKS, WRITE, code.replace("{}", "info->lower"), 5))
    ended = code.replace("{}", "page").replace("\t\treturn", "\t\tunlock_page(page);\n\t\treturn")

    assert ["+unlock_page(page);", " return -EIO;"] == own
    assert "+redirty_page_for_writepage(wbc, page);" in other
    assert "not made dirty" in plan(WRITEBACK, WRITE, ended, 6).reason


@pytest.mark.parametrize(("test", "redirties"), [("WARN_ON(!info)", False), ("!info", True)])
def test_what_warns_is_not_tried_again(plan, test, redirties):
    """A page that is kept dirty for a failure of which the function warns comes back for ever, with a warning each time."""
    code = f"\tif ({test})\n\t\treturn -EINVAL;\n\tset_page_writeback(page);\n\tunlock_page(page);\n\treturn 0;"
    _, lines = change(plan(UNLOCKS, WRITE, code, 4))

    assert ("+redirty_page_for_writepage(wbc, page);" in lines) == redirties
    assert "+unlock_page(page);" in lines


def test_a_warning_that_was_not_given_is_no_reason_to_lose_data(plan):
    """`if (WARN_ON(x))` stands on many a way that warns of nothing; what fails behind it is tried again."""
    code = "\tif (WARN_ON(bad(wbc)))\n\t\tBUG();\n\tif (!info)\n\t\treturn -EINVAL;\n\tset_page_writeback(page);\n"
    _, lines = change(plan(UNLOCKS, WRITE, code + "\tunlock_page(page);\n\treturn 0;", 6))

    assert "+redirty_page_for_writepage(wbc, page);" in lines


@pytest.mark.parametrize(("take", "back"), [("\tget_page(page);\n", ["+put_page(page);"]), ("", [])])
def test_activate_that_is_returned_by_a_variable_is_redirtied(plan, take, back):
    """The page stays locked by contract, so that no unlock is missing; a reference of the function's own goes back with it."""
    code = f"{take}\tcode = begin(mapping);\n\tif (code == AOP_WRITEPAGE_ACTIVATE)\n\t\treturn code;\n"
    code += "\tset_page_writeback(page);\n\tunlock_page(page);\n\tend_page_writeback(page);\n"
    code += ("\tput_page(page);\n" if take else "") + "\treturn 0;"
    _, lines = change(plan(WRITEBACK, WRITE, code, 5 + bool(take)))

    assert ["+redirty_page_for_writepage(wbc, page);", *back, " return code;"] == lines
