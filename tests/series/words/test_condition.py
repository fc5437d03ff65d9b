"""Stage 8 `condition_words`: only the condition that decides is said, and said rightly."""

import textwrap

import pytest

from cocci_gen.findings.findings import Breach
from cocci_gen.series.words.condition import case_words, condition_words, jump_words
from cocci_gen.series.words.predicates import is_pointer


def words(body, condition, *, taken):
    """The words for an exit marked EXIT that is reached by a branch marked BRANCH."""
    code = (
        "static int f(struct page *page, int count)\n{\n"
        + textwrap.indent(textwrap.dedent(body).strip("\n"), "\t")
        + "\n}\n"
    )
    code = code.replace("        ", "\t")
    lines = code.split("\n")
    branch = next(number for number, line in enumerate(lines, 1) if "BRANCH" in line)
    exit_line = next(number for number, line in enumerate(lines, 1) if "EXIT" in line)
    text = code.replace(" /* BRANCH */", "").replace(" /* EXIT */", "")
    breach = Breach("return -EIO;", condition, taken, branch, ("unlock_page",), "page", "page")
    return condition_words(breach, exit_line, text.encode()).replace(f" (line {branch})", "")


@pytest.mark.parametrize(
    ("source", "condition", "taken", "expected"),
    [
        pytest.param("!page", "page", False, "page is NULL", id="pointer"),
        pytest.param("!page", "!page", True, "page is NULL", id="pointer-not-normalised"),
        pytest.param("count", "count", True, "count is not 0", id="number"),
        pytest.param("unlikely(!count)", "count", False, "count is 0", id="unlikely"),
        pytest.param("page == NULL", "page == NULL", True, "page is NULL", id="compared"),
        pytest.param("page->x != 0", "page->x != 0", True, "page->x is not 0", id="compared-unequal"),
        pytest.param("IS_ERR(page)", "IS_ERR(page)", True, "page is an error pointer", id="error-pointer"),
        pytest.param("count < 0", "count < 0", True, "count < 0", id="less"),
        pytest.param("f(a->b, c)", "f(a->b, c)", True, "f() returns non-zero", id="call"),
        pytest.param('memcmp(a->b, "x", 1)', "x", True, 'a->b differs from "x"', id="compared-bytes"),
        pytest.param("!strcmp(a, b)", "x", True, "a equals b", id="equal-strings"),
        pytest.param("f_is_busy(a)", "f_is_busy(a)", True, "f_is_busy(a) is true", id="question"),
        pytest.param("f_treeEmpty(a)", "x", True, "f_treeEmpty(a) is true", id="question-with-a-capital"),
        pytest.param("f_unhashed(a)", "x", True, "f_unhashed(a) is true", id="question-by-a-participle"),
        pytest.param("!f(a)", "f(a)", False, "f(a) is false", id="call-negated"),
        pytest.param("!DEMO_SB(a)", "DEMO_SB(a)", False, "DEMO_SB(a) is not set", id="accessor"),
        pytest.param("!test_bit(DEMO_ON, &a->flags)", "x", False, "DEMO_ON is not set in a->flags", id="bit"),
        pytest.param("!f(a, &b->c)", "f(a, &b->c)", False, "f(a, &b->c) is false", id="call-of-an-address-negated"),
        pytest.param("S_ISREG(a->mode)", "x", True, "S_ISREG(a->mode) is true", id="macro-of-a-mode"),
        pytest.param("!ext4_buffer_uptodate(bh)", "x", False, "bh is not uptodate", id="state-of-a-buffer"),
        pytest.param("folio_test_dirty(folio)", "x", True, "folio is dirty", id="state-of-a-folio"),
        pytest.param("PageLocked(page)", "x", True, "page is locked", id="state-of-a-page"),
        pytest.param("!inode_trylock(a)", "x", False, "inode_trylock() fails", id="tried-lock"),
        pytest.param(
            "f_state(a, &b) != (DEMO_ON >> 30)", "x", True, "f_state() does not return DEMO_ON >> 30", id="sum"
        ),
        pytest.param("f_state(a, &b) != g(4)", "x", True, "f_state(a, &b) != g(4) is true", id="a-call-on-each-side"),
        pytest.param("(flags & DEMO_FL) != kind", "x", True, "(flags & DEMO_FL) != kind", id="masked"),
        pytest.param("(flags & DEMO_FL) == DEMO_ON", "x", True, "(flags & DEMO_FL) == DEMO_ON", id="masked-constant"),
        pytest.param("flags & DEMO_FL", "x", True, "DEMO_FL is set in flags", id="flag"),
        pytest.param(
            "f_is_busy(a) && f_is_old(b)", "f_is_old(b)", True, "f_is_busy(a) and f_is_old(b) are true", id="both"
        ),
        pytest.param("page && !IS_ERR(page)", "x", True, "page is neither NULL nor an error pointer", id="sound"),
        pytest.param("demo_create_box(a)", "x", True, "demo_create_box() fails", id="what-does-something"),
        pytest.param("demo_count_pages(a)", "x", True, "demo_count_pages() returns non-zero", id="what-may-only-count"),
        pytest.param("demo_can_create(a)", "x", True, "demo_can_create(a) is true", id="what-asks-for-a-deed"),
        pytest.param("IS_DEMO(a)", "IS_DEMO(a)", True, "IS_DEMO(a) is true", id="macro that asks"),
        pytest.param("page && count > 1", "count > 1", True, "page is not NULL and count > 1", id="and"),
        pytest.param("!page || count > 1", "count > 1", True, "count > 1", id="or-needs-one"),
        pytest.param("(a && b) || c", "c", True, "c is not 0", id="brackets"),
        pytest.param("!a->b", "!a->b", True, "a->b is 0", id="member-negated"),
        pytest.param(
            "f_killable(a) < 0",
            "f_killable(a) < 0",
            True,
            "f_killable() is interrupted by a fatal signal",
            id="killable",
        ),
        pytest.param(
            "wait(b, TASK_KILLABLE)", "x", True, "wait() is interrupted by a fatal signal", id="killable-by-state"
        ),
        pytest.param("wbc->sync_mode == WB_SYNC_NONE", "x", True, "it is not called for a sync", id="no-sync"),
        pytest.param("wbc->sync_mode != WB_SYNC_NONE", "x", True, "it is called for a sync", id="sync"),
        pytest.param("f(a)->busy", "f(a)->busy", True, "busy is set", id="member-of-call"),
    ],
)
def test_conditions(source, condition, taken, expected):
    """A wrong word here makes the whole message untrue."""
    assert (
        words(f"if ({source}) /* BRANCH */\n\treturn -EIO; /* EXIT */", condition, taken=taken) == f" when {expected}"
    )


@pytest.mark.parametrize(
    ("test", "taken", "said"),
    [
        ("!page || count > 1", 3, "page is NULL or count > 1"),
        ("!page || count > 1 || a->b", 3, "page is NULL, count > 1 or a->b is not 0"),
        ("!page || count > 1", 5, "count > 1"),
        ("page && count > 1", 3, "page is not NULL and count > 1"),
        ("count <= 0 || a != (DEMO_ON >> 30)", 3, "f() returns 0 or an error, or a != (DEMO_ON >> 30)"),
        ("count < 0 || a == (DEMO_ON >> 30)", 3, "f() fails or a == (DEMO_ON >> 30)"),
        ("count == -1 || a == 2 ", 3, "f() returns -1 or a == 2"),
    ],
)
def test_what_was_taken_ahead_of_all_tests_is_kept_whichever_leads_there(test, taken, said):
    """To name the first of several tests says that the others do not lead there."""
    does = "count = f(page, &a);" if " a " in test else "count++;"
    code = f"int f(struct page *page, int count)\n{{\n\tlock(page);\n\t{does}\n\tif ({test})\n\t\treturn -EIO;\n}}\n"
    breach = Breach(
        "return -EIO;", "count > 1", taken=True, condition_line=5, missing=(), resource="", resource_name=""
    )
    assert condition_words(breach, 6, code.encode(), taken) == f" when {said}"


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("!box", "box is NULL"),
        ("!other", "other is NULL"),
        ("!n", "n is 0"),
        ("!box->map", "box->map is NULL"),
        ("box->kind != &plain", "box->kind != &plain"),
    ],
)
def test_what_leads_somewhere_is_a_pointer(test, said):
    """`is 0` is said of a number."""
    above = "int f(int n)\n{\n\tstruct box *box, *other;\n\tbox = n ? g() : h();\n\tbox->map->n = 1;\n"
    code = f"{above}\tif ({test})\n\t\treturn -EIO;\n}}\n"
    breach = Breach("return -EIO;", test, taken=True, condition_line=6, missing=(), resource="", resource_name="")
    assert condition_words(breach, 7, code.encode()) == f" when {said}"


def test_a_branch_that_was_only_passed_says_nothing():
    """The last branch on the way to a common exit is no reason for what happens there."""
    body = """
        if (count > 1) /* BRANCH */
                count = 1;
        return count; /* EXIT */
    """
    assert words(body, "count > 1", taken=False) == ""
    assert words(body, "count > 1", taken=True) == ""


@pytest.mark.parametrize(
    ("behind", "said"),
    [
        pytest.param("err = trim(count);", " when trim() fails in the loop", id="another behind it"),
        pytest.param("warn();", " when trim() fails", id="no other"),
        pytest.param(
            "while (count)\n        \t\terr = trim(count);", " when trim() fails in the loop", id="another loop"
        ),
    ],
)
def test_one_of_several_calls_is_told_apart_by_its_loop(behind, said):
    """The other call comes to no harm where it fails, and the message would accuse it, too."""
    body = f"""
        int err;
        for (; count; count--) {{
                err = trim(count);
                if (err) /* BRANCH */
                        return err; /* EXIT */
        }}
        {behind}
        return err;
    """
    assert said == words(body, "err", taken=True)


@pytest.mark.parametrize(
    ("around", "said"),
    [
        ("if (is_small(page)) {", " when is_small(page) is true"),
        ("while (more(page)) {", ""),
        ("if (is_small(page) || count) {", ""),
        ("switch (count) {", ""),
    ],
)
@pytest.mark.parametrize("loop", ["while ((page = each(page))) {", "for_each_page(page) {"])
def test_what_a_loop_does_each_time_is_done_only_where_the_loop_is_come_to(around, loop, said):
    """`It unlocks each page` is untrue of a function that hands all large files to somebody else."""
    body = f"""
        {around}
                {loop} /* BRANCH */
                        write(page);
                        unlock(page); /* EXIT */
                }}
        }}
        return others(page);
    """
    assert words(body, "page = each(page)", taken=True) == said


def test_a_jump_decides():
    """`goto out` is how most error exits are reached."""
    body = """
        if (count < 0) { /* BRANCH */
                warn();
                goto out;
        }
        unlock(page);
        out:
        return count; /* EXIT */
    """
    assert words(body, "count < 0", taken=True) == " when count < 0"
    assert words(body, "count < 0", taken=False) == ""


def test_an_else_branch_is_the_other_way():
    """What stands in an else holds when the condition does not."""
    body = """
        if (page->ok) { /* BRANCH */
                unlock(page);
        } else {
                return -EIO; /* EXIT */
        }
    """
    assert words(body, "page->ok", taken=False) == " when page->ok is 0"


def test_conditions_over_several_lines():
    """A long condition is said whole where it fits, else by its line."""
    body = """
        if (page->mapping == wanted &&
            count > 1) { /* BRANCH */
                return -EIO; /* EXIT */
        }
    """
    assert words(body, "count > 1", taken=True) == " when page->mapping == wanted and count > 1"
    long = body.replace(
        "wanted", "a_very_long_name_of_something_else_that_is_compared_here_and_goes_on_and_on_for_ever"
    )
    assert words(long, "count > 1", taken=True) == ""


@pytest.mark.parametrize(
    "line",
    [
        "switch (count) { /* BRANCH */",
        "MACRO_IF(count) /* BRANCH */",
        "while (count) { /* BRANCH */",
        "if (a(b /* BRANCH */",
    ],
)
def test_what_is_no_plain_if_says_nothing(line):
    """Silence is better than a guess."""
    assert words(f"{line}\n\treturn -EIO; /* EXIT */", "count", taken=True) == ""


def test_lines_outside_of_the_file_say_nothing():
    """A finding whose lines do not fit its file must not break the run."""
    for branch, exit_line in ((0, 1), (5, 3), (1, 99), (-1, 2)):
        assert condition_words(Breach("return;", "x", True, branch, (), "page", "page"), exit_line, b"a\nb\nc\n") == ""


@pytest.mark.parametrize(
    ("before", "test", "expected"),
    [
        pytest.param("page = get(count);", "!page", "get() fails", id="pointer"),
        pytest.param("page = get(count);", "page == NULL", "get() fails", id="compared"),
        pytest.param("page = get(count);", "IS_ERR(page)", "get() fails", id="error-pointer"),
        pytest.param("count = put(page);", "count < 0", "put() fails", id="negative"),
        pytest.param("count = put(page);", "count", "put() fails", id="number"),
        pytest.param("count = put(page);", "count != E_LATE", "put() does not return E_LATE", id="constant"),
        pytest.param("count = put(page);", "!count", "count is 0", id="success-of-a-number"),
        pytest.param("count = put(page);\ncount += 2;\ncount = 3;", "count", "count is not 0", id="assigned-since"),
        pytest.param("count = put(page);\nagain:\n", "count", "count is not 0", id="a-label-between"),
        pytest.param("this->page = get(count);", "!page", "page is NULL", id="another-place"),
        pytest.param("", "(count = put(page, f(1))) != 0", "put() fails", id="assigned-in-the-test"),
        pytest.param("", "(count = put(page)) < 0", "put() fails", id="negative-in-the-test"),
        pytest.param("", "(page = get(count)) == NULL", "get() fails", id="pointer-in-the-test"),
        pytest.param("", "!(page = get(count))", "get() fails", id="negated-in-the-test"),
        pytest.param("page->x = kzalloc(8, GFP);", "!X_OF(page)", "kzalloc() fails", id="accessor-of-what-was-filled"),
        pytest.param(
            "page->x = kzalloc(8, GFP);\nf(page);", "!X_OF(page)", "X_OF(page) is not set", id="accessor-later"
        ),
        pytest.param("page->x = box_create(8);", "!page->x", "box_create() fails", id="member-of-what-was-made"),
        pytest.param("page->x = box_count(8);", "!page->x", "page->x is 0", id="member-that-counts"),
        pytest.param("count->x = kzalloc(8, GFP);", "!X_OF(page)", "X_OF(page) is not set", id="accessor-of-another"),
        pytest.param("page = get(ONE);\nf();\npage = get(TWO);", "!page", "get(TWO) fails", id="called-twice"),
        pytest.param("page = get(ONE);\nf();\npage = get(ONE);", "!page", "get() fails", id="called-alike"),
        pytest.param("page = get(count);\nf();\npage = get(this);", "!page", "get() fails", id="no-constant"),
    ],
)
def test_the_cause_is_the_call_that_failed(before, test, expected):
    """`when ret is not 0` tells a reader nothing; a call that was not the last to fill the variable tells a lie."""
    body = f"{before}\nif ({test}) /* BRANCH */\n\treturn -EIO; /* EXIT */"
    assert words(body, test, taken=True) == f" when {expected}"


def test_a_result_that_is_not_handed_up_is_no_failure():
    """A function may return more than errors, and its caller may go on with that."""
    body = "count = put(page);\nif (count) /* BRANCH */\n\treturn 0; /* EXIT */"
    code = f"static int f(struct page *page, int count)\n{{\n{body}\n}}\n"
    breach = Breach("return 0;", "count", True, 4, (), "page", "page")
    plain = code.replace(" /* BRANCH */", "").replace(" /* EXIT */", "")
    assert condition_words(breach, 5, plain.encode()) == " when count is not 0"


@pytest.mark.parametrize(
    ("guard", "expected"),
    [("if (!page)", " when get() fails"), ("if (!page && count)", ""), ("while (count)", "")],
)
def test_the_guard_of_a_jump(guard, expected):
    """Each edited exit is named; where no plain `if` guards it, nothing is said."""
    code = f"int f(struct page *page)\n{{\n\tpage = get(count);\n\t{guard} {{\n\t\tgoto out;\n\t}}\n}}\n"
    assert jump_words(5, code.encode()) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("unlock_page(page);", " when put() returns E_LATE"),
        ("page_note(page);", ""),
    ],
)
def test_what_is_owed_behind_a_test_makes_it_decide(body, expected):
    """`if (ret != E_LATE) unlock_page(page);` is the reason why the page stays locked; a test of something else is none."""
    code = f"""
    count = put(page);
    if (count != E_LATE) /* BRANCH */
            {body}
    note(count);
    return count; /* EXIT */"""
    assert words(code, "count != E_LATE", taken=False) == expected


def test_a_warning_is_not_part_of_the_condition():
    """WARN_ON() gives back what it is given."""
    body = "if (WARN_ON(count < 4)) /* BRANCH */\n\treturn -EIO; /* EXIT */"
    assert words(body, "count < 4", taken=True) == " when count < 4"


@pytest.mark.parametrize(
    ("body", "said"), [("status = -ENOMEM;", "f_create() fails"), ("count++;", "f_create() returns non-zero")]
)
def test_a_jump_behind_what_does_something(body, said):
    """That it fails is known by the error that the function makes of it, and by no other assignment."""
    code = (
        f"int f(int count)\n{{\n\tif (f_create(count)) {{\n\t\t{body}\n\t\tgoto out;\n\t}}\nout:\n\treturn count;\n}}\n"
    )
    assert f" when {said}" == jump_words(5, code.encode())


@pytest.mark.parametrize(
    ("test", "ends", "said"),
    [
        ("!count", "return 0;", " when f_create() fails"),
        ("!count", "f_note(page);", ""),
        ("!page", "return -EIO;", ""),
        ("count == 3", "return 0;", ""),
    ],
)
def test_what_comes_behind_a_success_that_returns(test, ends, said):
    """The failure of `if (!err) return 0;` lies behind it; of a branch that was merely passed nothing is said."""
    body = f"count = f_create(page);\nif ({test}) {{ /* BRANCH */\n\tf_link(page);\n\t{ends}\n}}"
    body += "\nf_undo(page);\nreturn count; /* EXIT */"
    code = "\n".join("\t" + line for line in body.split("\n"))
    text = "static int f(struct page *page, int count)\n{\n" + code + "\n}\n"
    lines = text.split("\n")
    at = {word: next(n for n, line in enumerate(lines, 1) if word in line) for word in ("BRANCH", "EXIT")}
    plain = text.replace(" /* BRANCH */", "").replace(" /* EXIT */", "")
    breach = Breach("return count;", test.lstrip("!"), False, at["BRANCH"], (), "inode", "inode")
    assert condition_words(breach, at["EXIT"], plain.encode()) == said


@pytest.mark.parametrize(
    ("code", "taken", "said"),
    [
        ("\tif (count) {\n\t\tlock(page);\n\t\treturn -EIO;\n\t}\n", 4, " when count is not 0"),
        ("\tif (count)\n\t\tgoto out;\nout:\n\tlock(page);\n\treturn -EIO;\n", 6, ""),
    ],
    ids=["in the branch", "behind all branches"],
)
def test_what_was_asked_before_the_taking_decides_nothing(code, taken, said):
    """The message told of one failure ahead of a lock that is taken, and kept, on every way."""
    text = f"int f(struct page *page, int count)\n{{\n{code}}}\n"
    breach = Breach("return -EIO;", "count", taken=True, condition_line=3, missing=(), resource="", resource_name="")
    line = text[: text.index("return")].count("\n") + 1
    assert condition_words(breach, line, text.encode(), taken) == said


@pytest.mark.parametrize(
    ("outer", "taken", "said"),
    [
        ("\terr = read_it(page);\n\tif (err) {\n", 3, "read_it() fails and DEMO_ON is not set in page->flags"),
        ("\terr = read_it(page);\n\tif (err) {\n", 6, "DEMO_ON is not set in page->flags"),
        ("\terr = read_it(page);\n\tif (count) {\n", 3, "DEMO_ON is not set in page->flags"),
    ],
    ids=["a failure", "ahead of the taking", "no failure"],
)
def test_a_test_within_a_failure_needs_that_too(outer, taken, said):
    """`When a flag is not set` is untrue of what happens only after a call has failed."""
    body = "\t\tif (!(page->flags & DEMO_ON)) {\n\t\t\treturn -EIO;\n"
    text = f"int f(struct page *page, int count)\n{{\n\tlock(page);\n{outer}{body}"
    breach = Breach("return -EIO;", "page->flags & DEMO_ON", False, 6, (), "", "")
    assert condition_words(breach, 7, text.encode(), taken) == f" when {said}"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (
            "if (page->old)\n\t\terr = put_old(page);\n\telse\n\t\terr = put_new(page, 1);\n",
            "put_old() or put_new() fails",
        ),
        (
            "if (page->old) {\n\t\terr = put_old(page);\n\t} else {\n\t\terr = put_new(page);\n\t}\n",
            "put_old() or put_new() fails",
        ),
        ("if (page->old)\n\t\tcount = 1;\n\telse\n\t\terr = put_new(page, 1);\n", "err is not 0"),
        ("err = put_old(page);\n\terr = put_new(page, 1);\n", "put_new() fails"),
        ("err = DEMO_OPS(page)->put(page, 1);\n", "->put() fails"),
        ("if (page->old) {\n\t\tnote(page);\n\t} else {\n\terr = put_new(page);\n", "put_new() fails"),
    ],
    ids=["either", "in braces", "one of them", "one after the other", "by a table", "in the same branch"],
)
def test_which_call_has_failed(before, said):
    """To name the one in the `else` alone is to say that the other does not come here."""
    text = f"int f(struct page *page, int count)\n{{\n\tint err;\n\t{before}\tif (err) {{\n\t\treturn err;\n"
    line = text.count("\n")
    breach = Breach("return err;", "err", True, line - 1, (), "", "")
    assert condition_words(breach, line, text.encode()) == f" when {said}"


def test_the_branch_around_an_exit_is_said_where_the_last_one_decides_nothing():
    """`On one of its ways` sends the reader to look for it."""
    head = "int f(struct page *page, int count)\n{\n\tlock(page);\n\tif (count > 3) {\n"
    text = f"{head}\t\tif (page)\n\t\t\tnote(page);\n\t\treturn -EIO;\n"
    breach = Breach("return -EIO;", "page", False, 5, (), "", "")
    assert condition_words(breach, 7, text.encode(), 3) == " when count > 3"
    assert condition_words(breach, 7, text.replace("count > 3", "count > 3 || page").encode(), 3) == ""
    assert condition_words(breach, 7, text.encode(), 4) == ""


@pytest.mark.parametrize(
    ("outer", "said"), [("err", "read_it() fails and DEMO_ON"), ("count", "DEMO_ON")], ids=["a failure", "no failure"]
)
def test_a_jump_within_a_failure_needs_that_too(outer, said):
    """The fix stands at the jump, and so does its condition."""
    text = f"int f(int count)\n{{\n\terr = read_it(page);\n\tif ({outer}) {{\n\t\tif (page->flags & DEMO_ON)\n\t\t\tgoto out;\n"
    assert jump_words(6, text.encode()) == f" when {said} is set in page->flags"


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        ("\tcase DEMO_ONE:\n\t\tbreak;\n\tcase DEMO_TWO:\n", " when cmd is DEMO_TWO"),
        ("\tcase DEMO_TWO:\n\t{\n", " when cmd is DEMO_TWO"),
        ("\tcase DEMO_ONE:\n\tcase DEMO_TWO:\n", ""),
        ("\tcase DEMO_ONE:\n\t\tlook(x);\n\tcase DEMO_TWO:\n", ""),
        ("\tdefault:\n", ""),
        ("\tcase DEMO_TWO:\n\t\tbreak;\n\t}\n", ""),
    ],
    ids=["one of two", "the first", "two of them", "fallen into", "none of them", "behind the switch"],
)
def test_the_case_of_a_switch(cases, said):
    """`f() returns with the lock held` names none of its forty commands."""
    text = f"int f(int cmd)\n{{\n\tswitch (cmd) {{\n{cases}\t\tlock(x);\n\t\treturn 0;\n"
    assert case_words(text.count("\n"), text.encode()) == said


@pytest.mark.parametrize(
    ("test", "name", "said"),
    [
        ("!page || !page->ok", "page", "page->ok is 0"),
        ("IS_ERR(page) || count > 1 || a->b", "page", "count > 1 or a->b is not 0"),
        ("!page || !page->ok", "other", "page is NULL or page->ok is 0"),
    ],
)
def test_what_is_not_there_is_not_kept(test, name, said):
    """`Does not drop its reference to the page when page is NULL` makes no sense."""
    code = f"int f(struct page *page, int count)\n{{\n\tget(page);\n\tcount++;\n\tif ({test})\n\t\treturn -EIO;\n}}\n"
    breach = Breach("return -EIO;", "!page->ok", True, 5, (), "page", name)
    assert condition_words(breach, 6, code.encode(), 3) == f" when {said}"


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ("DEMO_CMP_FUNC cmp;", True),
        ("demo_fn_t cmp = of(a);", True),
        ("unsigned int cmp;", False),
        ("DEMO_LONG cmp;", False),
    ],
)
def test_what_is_called_by_its_name_is_a_pointer(declared, told):
    """`if (!cmp)` was said of a function as of a number: `when cmp is 0`."""
    assert is_pointer("cmp", f"int demo(int a)\n{{\n\t{declared}\n\n") == told
