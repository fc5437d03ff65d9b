"""What is told to be left."""

from cocci_gen.port.changes.comparison import compare, header_differences
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.remains.leftovers import Leftover, grouped
from cocci_gen.port.texts.trees import of_texts
from cocci_gen.port.used import own_names


def test_the_name_of_a_member_is_not_one_of_its_qualifiers():
    """A member behind `const` would seem to have gone, and one named `const` to have come."""
    text = b"struct shed {\n\tconst struct tool * const *tools;\n\tint rows[4];\n\tunsigned wet:1;\n};\n"

    assert {"tools", "rows", "wet"} == {name for _, name in read_headers([("shed.h", text)]).members}


def test_a_header_of_the_machine_that_went_is_told_by_the_name_that_code_gives_it():
    """`#include <asm/spade.h>` would stay, and hide every other error of the file."""
    generic = {
        "include/asm-generic/spade.h": b"",
        "include/asm-generic/rake.h": b"",
        "include/linux/a.h": b"",
        "include/linux/b.h": b"",
    }
    later = {"arch/x86/include/asm/rake.h": b"", "include/linux/a.h": b"", "include/uapi/linux/b.h": b""}
    _, _, gone = header_differences(of_texts("old", generic), of_texts("new", later))

    assert "include/asm/spade.h" in gone
    assert "include/asm/rake.h" not in gone
    assert "include/linux/b.h" not in gone, "<linux/b.h> leads to the header for users by now"


def test_a_structure_without_its_word_is_the_same_type():
    """Behind a macro that opens a part of a structure the word is not read: every `->thread` would be told."""
    old, new = (
        read_headers([("include/linux/shed.h", b"struct shed {\n\t%sbox box;\n\t%sbox *one;\n};\n" % words)])
        for words in ((b"", b"struct "), (b"struct ", b"union "))
    )

    assert () == compare(old, new, (), ())


def test_the_enumerators_of_the_code_are_its_own():
    """What a module numbers itself would be told to be gone from the kernel."""
    text = b"#define ONE 1\nenum kind { TWO, /* not THREE, */\n\tFOUR = 4,\n\tFIVE };\nint f(void) { return SIX; }\n"

    assert {"ONE", "TWO", "FOUR", "FIVE"} == own_names({"a.c": text})


def test_the_same_about_the_same_is_told_once():
    """A person would read 150 lines of five sentences."""
    left = [
        Leftover("a.c", 3, "mow()", "gone", ("fs/x/x.c: f()",)),
        Leftover("a.c", 9, "mow()", "gone", ("fs/x/x.c: f()",)),
        Leftover("a.c", 12, "mow()", "takes two", ()),
        Leftover("b.c", 7, "mow()", "gone", (), "elm_mow"),
        Leftover("b.c", 0, "rake()", "gone", ()),
    ]

    assert [
        "mow(): gone", "    a.c:3, 9", "    b.c:7 (elm_mow)", "    did it already: fs/x/x.c: f()",
        "mow(): takes two", "    a.c:12", "rake(): gone", "    b.c",
    ] == list(grouped(left))  # fmt: skip
