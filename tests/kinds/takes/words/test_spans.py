"""What the functions of a file system begin and end by pairs of calls, read out of who uses them."""

from dataclasses import replace

import pytest

from cocci_gen.kinds.registry import RULES
from cocci_gen.kinds.takes.words.spans import sorts_of

FAILS = (
    "int bed_begin(struct bed *bed)\n{\n\tif (bed->dry)\n\t\treturn -EIO;\n\treturn 0 ? 0 : bed_open(bed);\n}\n"
    "void bed_end(struct bed *bed)\n{\n}\n"
)
USE = "int use%d(struct bed *bed)\n{\n\tint err = bed_begin(bed);\n\tif (err)\n\t\treturn err;\n\tbed_end(bed);\n\treturn 0;\n}\n"
KEEP = "int keep%d(struct bed *bed)\n{\n\treturn bed_begin(bed);\n}\n"
FOUR = "".join(USE % number for number in range(4))
#: A macro that is more than one call, and who begins by it without a look at a value.
BLOCK = "#define bed_begin(bed) \\\n{ \\\n\tnote(bed); \\\n\tbed_open(bed); \\\n}\n"
ALONE = FOUR.replace(
    "int err = bed_begin(bed);\n\tif (err)", "int err = bed->n;\n#ifdef A\n#endif\n\tbed_begin(bed);\n\tif (err)"
)


def spans(facts_of, text, path="fs/a/a.c"):
    """The states that the file system of a file has for itself."""
    every = sorts_of(facts_of({path: text}).index).at("fs/a/other.c")
    return [one for one in every if one.thing.owned]


def test_pair(facts_of):
    """Without it what a file system begins by calls of its own would stay open where it fails: no document names it."""
    (span,) = spans(facts_of, FAILS + FOUR)
    assert (span.zero, span.release, span.thing.taking, span.nonzero) == (
        {"bed_begin"},
        {"bed_end"},
        frozenset(),
        frozenset(),
    )


def test_one_of_two_ends(facts_of):
    """What a commit or an abort ends is ended by either."""
    ends = (
        (FAILS + FOUR)
        .replace("bed_end", "bed_commit")
        .replace("\t\treturn err;", "\t\treturn err;\n\tif (err < bed->dry)\n\t\tbed_abort(bed);")
    )
    (span,) = spans(facts_of, ends + "void bed_abort(struct bed *bed)\n{\n}\n")
    assert span.release == {"bed_commit", "bed_abort"}


def test_an_end_of_one_alone(facts_of):
    """What one function alone calls behind it may do anything."""
    once = "void bed_stop(struct bed *bed)\n{\n}\n" + USE.replace("bed_end", "bed_stop") % 9
    text = (FAILS + FOUR).replace("bed_begin", "bed_start") + once.replace("bed_begin", "bed_start")
    (span,) = spans(facts_of, text)
    assert span.release == {"bed_end"}


def test_macros_in_capitals(facts_of):
    """Locks that older file systems name in capitals would stay held: no list of locks has them."""
    macros = "#define BED_LOCK(bed, n) down_read_nested(&BED_I(bed)->sem, n)\n#define BED_UNLOCK(bed) up_read(&BED_I(bed)->sem)\n"
    use = "int use%d(struct bed *bed)\n{\n\tBED_LOCK(bed, 1);\n\tdig(bed);\n\tBED_UNLOCK(bed);\n\treturn 0;\n}\n"
    (span,) = spans(facts_of, macros + "".join(use % number for number in range(4)))
    assert (span.thing.taking, span.release) == ({"BED_LOCK"}, {"BED_UNLOCK"})


def test_let_in_for_a_while(facts_of):
    """Who gives up what his caller has, and takes it again, neither makes a pair nor speaks against one."""
    back = "int back%d(struct bed *bed)\n{\n\tbed_end(bed);\n\treturn bed_begin(bed);\n}\n"
    (span,) = spans(facts_of, FAILS + FOUR + "".join(back % number for number in range(4)))
    assert span.release == {"bed_end"}


def test_ends_without_more(facts_of):
    """`__bed_end()` ends it like `bed_end()`: who calls it has not forgotten to."""
    (span,) = spans(facts_of, FAILS + FOUR + "void __bed_end(struct bed *bed)\n{\n}\n")
    assert span.release == {"bed_end", "__bed_end"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ((FAILS + FOUR).replace("int bed_begin", "void bed_begin"), "taking"),
        ((FAILS + FOUR).replace("int bed_begin", "bool bed_begin"), "nonzero"),
        ((FAILS + FOUR).replace("int bed_begin", "struct row *bed_begin"), "pointers"),
        (FAILS.replace("-EIO", "1").replace("0 ? 0 : bed_open(bed)", "0") + FOUR, "nonzero"),
        ((FAILS + FOUR).replace("bed_end(bed);\n\treturn", "bed_end(bed, err);\n\treturn"), "taking"),
        ((FAILS + FOUR).replace("bed_begin", "__bed_begin", 1) + "#define bed_begin(bed) __bed_begin((bed))\n", "zero"),
        (FAILS.partition("void")[1] + FAILS.partition("void")[2] + BLOCK + ALONE, "taking"),
        (FAILS.replace("-EIO", "(-bed_wait(bed))").replace("0 ? 0 : bed_open(bed)", "0") + FOUR, "zero"),
    ],
    ids=[
        "nothing",
        "truth",
        "pointer",
        "one",
        "handed to the end",
        "macro",
        "macro that is a block",
        "of a call, turned round",
    ],
)
def test_value(facts_of, text, told):
    """Who fails to begin has nothing to end, and would be told to."""
    (span,) = spans(facts_of, text)
    names = {"taking": span.thing.taking, "zero": span.zero, "nonzero": span.nonzero, "pointers": span.pointers}
    assert [one for one, begins in names.items() if begins] == [told]


@pytest.mark.parametrize(
    "text",
    [
        FAILS + "".join(USE % number for number in range(3)),
        FAILS + FOUR + "".join(KEEP % number for number in range(2)),
        FAILS + FOUR.replace("bed_end(bed)", "bed_end(old)"),
        FOUR,
        (FAILS + FOUR).replace("bed_end", "bed_close"),
        (FAILS + FOUR).replace("bed_begin", "down_read").replace("bed_end", "up_read"),
        FAILS + FOUR.replace("int err = bed_begin(bed);", "int err;\n\tbed_end(bed);\n\terr = bed_begin(bed);"),
        FAILS + FOUR.replace("if (err)", "if (err <= 0)"),
        (FAILS + FOUR)
        .replace("bed_end(bed);\n\treturn", "bed_end(bed, err);\n\treturn")
        .replace("if (err)", "if (err < 0)"),
        (FAILS + FOUR).replace("return -EIO", "return 0").replace("return 0 ? 0 : bed_open(bed)", "return 0"),
        FAILS.partition("void")[1] + FAILS.partition("void")[2] + BLOCK + FOUR,
    ],
    ids=[
        "used by few",
        "kept by some",
        "of another",
        "defined elsewhere",
        "no pair of names",
        "known to all",
        "ended first",
        "more than zero is success",
        "handed to the end, and asked",
        "tells nothing",
        "a macro with a value",
    ],
)
def test_no_pair(facts_of, text):
    """What others end, or tell otherwise, would be asked of who has done all that he owes."""
    assert spans(facts_of, text) == []


@pytest.mark.parametrize(
    ("failure", "numbers"),
    [("-EIO", False), ("EIO", True), ("(NOTED(EIO))", True), ("-EIO; /* may return EAGAIN */", False)],
)
def test_error_numbers_as_they_are(facts_of, failure, numbers):
    """A module that returns EIO has not begun where the value is more than zero."""
    begin = FAILS.replace("-EIO", failure).replace("return 0 ?", "return !bed ?")
    (span,) = spans(facts_of, begin + FOUR)
    assert span.numbers is numbers


@pytest.mark.parametrize(
    ("header", "found"), [("module/include/bed.h", 1), ("include/linux/bed.h", 0), ("fs/b/bed.h", 0)]
)
def test_what_a_header_of_the_module_defines(facts_of, header, found):
    """A module keeps its headers in a folder of their own; what the kernel's own define is none of its words."""
    every = sorts_of(facts_of({"module/os/a.c": FOUR, header: FAILS}).index).at("module/os/other.c")
    assert len([one for one in every if one.thing.owned]) == found


def test_who_begins_and_ends_decides(facts_of, make_obligation, monkeypatch):
    """A function that another begins and ends no longer like was not looked at again where only that one changed."""
    code = FAILS + FOUR + "static const struct inode_operations ops = { .lookup = use0 };\n"
    facts, asked = facts_of({"fs/a/a.c": code}, methods=("lookup",)), set()
    monkeypatch.setattr(type(facts.index), "judged_by", lambda _index, one, name: asked.add((one.name, name)))
    (rule,) = RULES["gives_back"]
    rule.duties(replace(make_obligation("lookup", "gives_back"), struct="inode_operations"), facts)
    assert {("use0", "bed_begin"), ("use0", "bed_end")} <= asked


BUDGET = (
    "int bed_budget(struct bed *bed, struct req *req)\n{\n\tif (bed->dry)\n\t\treturn -EIO;\n\treturn 0;\n}\n"
    "void bed_release_req(struct bed *bed, struct req *req)\n{\n}\n"
)
SPEND = (
    "int spend%d(struct bed *bed)\n{\n\tstruct req req = {};\n\tint err = bed_budget(bed, &req);\n\tif (err)\n\t\treturn err;\n"
    "\tbed_release_req(bed, &req);\n\treturn 0;\n}\n"
)
#: Who only ends it has it from somebody else.
ENDS = "void ends%d(struct bed *bed, struct req *req)\n{\n\tbed_release_req(bed, req);\n}\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("".join(SPEND % n for n in range(8)), {"bed_budget"}),
        ("".join(SPEND % n for n in range(7)), set()),
        ("".join(SPEND % n for n in range(8)) + "".join(ENDS % n for n in range(3)), set()),
        ("".join(SPEND % n for n in range(8)).replace("bed, &req", "bed"), set()),
        ("".join(SPEND % n for n in range(8)).replace("bed_budget", "bed_commit"), set()),
    ],
    ids=["eight", "seven", "ended by others", "given what all are given", "begins nothing"],
)
def test_by_the_name_of_the_end_alone(facts_of, text, found):
    """A budget that is taken and released by calls whose names make no pair was kept unseen where something fails."""
    assert {one for span in spans(facts_of, BUDGET + text) for one in span.zero} == found


def test_what_the_end_alone_names_is_left_by_who_does_well(facts_of):
    """A budget is spent by who does well: five functions of ubifs were told of for that."""
    pair, budget = spans(facts_of, FAILS + FOUR)[0], spans(facts_of, BUDGET + "".join(SPEND % n for n in range(8)))[0]
    assert (pair.thing.pinned, budget.thing.pinned) == (False, True)


MACROS = (
    "#define BED_GLOCK() do { mutex_lock(&beds); owner = 1; } while (0)\n#define BED_GUNLOCK() mutex_unlock(&beds)\n"
)
HELD = (
    "static int held%d(struct bed *bed)\n{\n\tBED_GLOCK();\n\tif (bed->dry) {\n\t\t%sreturn -EIO;\n\t}\n"
    "\tBED_GUNLOCK();\n\treturn 0;\n}\n"
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (MACROS + "".join(HELD % (n, "BED_GUNLOCK();") for n in range(4)), {"BED_GLOCK"}),
        (MACROS + "".join(HELD % (n, "BED_GUNLOCK();") for n in range(3)), set()),
        ("".join(HELD % (n, "BED_GUNLOCK();") for n in range(4)), set()),
        (MACROS + "".join(HELD % (n, "") for n in range(4)).replace("BED_GUNLOCK()", "BED_CUNLOCK()"), set()),
    ],
    ids=["four", "three", "whose macros nobody knows", "another unlocks"],
)
def test_macros_that_are_given_nothing(facts_of, text, found):
    """A lock that is one for all, and is taken by a macro of several statements, was no sort of state."""
    assert {one for span in spans(facts_of, text) for one in span.thing.taking} == found


def test_who_keeps_what_a_macro_locked_is_told_of(findings_in):
    """Its name is all that there is to say of what is held."""
    table = "static int demo_lookup(struct inode *dir, struct dentry *dentry)\n{\n\treturn held4(dir->i_private);\n}\n"
    text = MACROS + "".join(HELD % (n, "BED_GUNLOCK();\n\t\t") for n in range(4)) + HELD % (4, "") + table

    assert [one.message for one in findings_in(text, "held4")] == ["held4() fails with BED_GLOCK still held"]
    assert not findings_in(text, "held0")


def test_what_a_pair_gets_by_a_pointer_is_not_got_by_none(findings_in):
    """Thirteen functions of kernfs were told of where `kernfs_get_active()` had handed back NULL."""
    gets = "struct bed *bed_begin(struct bed *bed)\n{\n\treturn bed->dry ? NULL : bed;\n}\nvoid bed_end(struct bed *bed)\n{\n}\n"
    use = USE.replace(
        "int err = bed_begin(bed);\n\tif (err)\n\t\treturn err;", "if (!bed_begin(bed))\n\t\treturn -EIO;"
    )
    table = "static int demo_lookup(struct inode *dir, struct dentry *dentry)\n{\n\treturn use0(dir->i_private);\n}\n"
    kept = use.replace("\tbed_end", "\tif (bed->n)\n\t\treturn -EINVAL;\n\tbed_end") % 9
    text = gets + "".join(use % n for n in range(5)) + kept

    assert not findings_in(text + table, "use0")
    assert [one.message for one in findings_in(text + table.replace("use0", "use9"), "use9")] == [
        "use9() fails with bed_begin() on bed still held"
    ]
