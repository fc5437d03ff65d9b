"""Comments that spatch loses."""

import pytest

from cocci_gen.port.edits.kept_comments import with_comments

BEFORE = b"int a;\n\treturn make(dir, mode, 0 /* rdev */);\nint b;\n"


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        (b"\treturn ERR_PTR(make(dir, mode, 0));", b"\treturn ERR_PTR(make(dir, mode, 0 /* rdev */));"),
        (b"\treturn make(dir, mode, 0 /* rdev */, 1);", b"\treturn make(dir, mode, 0 /* rdev */, 1);"),
        (b"\treturn make(dir, mode, NULL);", b"\treturn make(dir, mode, NULL);"),
        (b"\treturn NULL;", b"\treturn NULL;"),
    ],
    ids=["around", "still there", "another word", "gone"],
)
def test_a_comment_stays_where_what_stands_around_it_stays(after, wanted):
    """A patch would take a remark of the author's with it, or put it beside what it does not speak of."""
    before, after = BEFORE, BEFORE.split(b"\n")[0] + b"\n" + after + b"\nint b;\n"

    assert b"int a;\n" + wanted + b"\nint b;\n" == with_comments(before, after)


def test_what_moved_elsewhere_comes_not_twice():
    """A comment that spatch carried to another line would stand there and here."""
    after = b"int a;\n\treturn make(dir, mode, 0);\nint b; /* rdev */\n"

    assert after == with_comments(BEFORE, after)


@pytest.mark.parametrize("remark", [b"/* early */", b"// early"])
def test_a_comment_stays_behind_its_line(remark):
    """The author's reason for one header would stand behind another one that came below it."""
    before = b"#include <a.h> %s\n#include <b.h>\n" % remark
    wrong = b"#include <a.h>\n#include <c.h> %s\n#include <b.h>\n" % remark
    right = b"#include <a.h> %s\n#include <c.h>\n#include <b.h>\n" % remark

    assert right == with_comments(before, wrong)
    assert right == with_comments(before, right)


def test_a_port_keeps_them(workshop, pair):
    """The remark of a call whose value is wrapped now was lost in the patch."""
    module = pair("module")
    module["elm.c"] = module["elm.c"].replace(
        b"\t\treturn err;\n\treturn 0;", b"\t\treturn elm_more(plot, 0 /* rows */);\n\treturn 0;"
    )
    port = workshop.port(module)

    assert b"return ERR_PTR(elm_more(plot, 0 /* rows */));" in port.ported.texts["elm.c"]


def test_a_comment_goes_with_its_line():
    """The remark on an entry that went would stand behind the entry above, and say of that what is not so."""
    before = b"struct s a = {\n\t.hoot = hoot,\n\t.turn = no_turn, /* they look ahead */\n};\n"
    after = b"struct s a = {\n\t.hoot = hoot,/* they look ahead */\n};\n"

    assert b"struct s a = {\n\t.hoot = hoot,\n};\n" == with_comments(before, after)
