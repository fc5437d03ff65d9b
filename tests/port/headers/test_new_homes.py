"""Headers that files need because what they use is declared elsewhere by now."""

import re

import pytest

from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.evolutions import DeclarationsMoved
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.headers.new_homes import needed_headers, needed_rules, without_place
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.trees import of_texts

KERNEL = {
    "include/linux/barn.h": b"#include <linux/wood.h>\n",
    "include/linux/wood.h": b"",
    "include/linux/tools.h": b"int rake(int n);\n",
    "include/linux/axe.h": b"#define hew_all(n) hew(n)\nstatic inline long\nhew(int n);\nint saw(int n);\n",
    "include/linux/farm.h": b"#include <linux/tools.h>\n",
}
#: Before, a barn brought the axe as well.
OLD = {**KERNEL, "include/linux/barn.h": b"#include <linux/wood.h>\n#include <linux/axe.h>\n"}
MOVED = DeclarationsMoved("include/linux/barn.h", "include/linux/tools.h", ("rake",))
HEAD = b"#include <linux/wood.h>\n#include <linux/barn.h>\n"
BODY = b"\nint f(void)\n{\n\treturn rake(1);\n}\n"


def headers(old, new):
    """The headers of two kernels."""
    return Includes(of_texts("old", old)), Includes(of_texts("new", new))


def ported(workshop, text, more=()):
    """A file after the rules, and the reasons of what is left."""
    texts = {"a.c": text, **dict(more)}
    needed = needed_headers([MOVED], headers(OLD, KERNEL), texts, ())
    result = apply_rules(needed_rules(needed), texts, workshop.runner)
    assert () == result.refused
    return result.texts["a.c"], [one.reason for one in without_place(needed, texts)]


def test_names_that_another_header_declares_are_known():
    """A file that was compiled would not be any more, and the reason stands in no prototype."""
    old = read_headers([("include/linux/barn.h", b"int rake(int n);\nint mow(int n);\n#define HAY 1\n")])
    new = read_headers(
        [("include/linux/barn.h", b"int mow(int n);\n"), ("include/linux/tools.h", KERNEL["include/linux/tools.h"])]
    )
    found = [one for one in compare(old, new, (), ()) if isinstance(one, DeclarationsMoved)]

    assert [MOVED] == found


@pytest.mark.parametrize("folder", ["include/asm-generic", "include/uapi/asm-generic", "arch/x86/include/asm"])
def test_what_the_makefiles_put_for_an_architecture_is_there(folder):
    """Files got `#include <uapi/asm-generic/errno.h>`, which they had by way of <linux/errno.h> and nobody names."""
    home = f"{folder}/errs.h"
    new = {**KERNEL, "include/linux/wood.h": b"#include <asm/errs.h>\n", home: b"#define rake(n) (n)\n"}
    moved = DeclarationsMoved("include/linux/barn.h", home, ("rake",))

    assert () == needed_headers([moved], headers(OLD, new), {"a.c": HEAD + BODY}, ())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (HEAD + BODY, HEAD + b"#include <linux/tools.h>\n" + BODY),
        (HEAD + b"#include <linux/farm.h>\n" + BODY, HEAD + b"#include <linux/farm.h>\n" + BODY),
        (HEAD + b"#include <linux/tools.h>\n" + BODY, HEAD + b"#include <linux/tools.h>\n" + BODY),
        (HEAD + BODY.replace(b"rake(1)", b"0 /* rake */"), HEAD + BODY.replace(b"rake(1)", b"0 /* rake */")),
        (
            HEAD + b"#ifdef BIG\n#include <linux/field.h>\n#endif\n" + BODY,
            HEAD + b"#include <linux/tools.h>\n#ifdef BIG\n#include <linux/field.h>\n#endif\n" + BODY,
        ),
    ],
    ids=["needed", "by way of another", "there", "not used", "no header under a condition"],
)
def test_a_header_is_added_where_it_is_needed(workshop, text, wanted):
    """Every name of the header would be an error; or each file would get headers that it has."""
    assert (wanted, []) == ported(workshop, text)


def test_a_file_that_has_all_its_headers_from_its_own_is_left_with_the_reason(workshop):
    """The user would be told nothing of a header that no rule can add."""
    text, left = ported(workshop, b'#include "own.h"\n' + BODY, {"own.h": HEAD}.items())

    assert b'#include "own.h"\n' + BODY == text
    assert ["it needs #include <linux/tools.h>, which declares rake by now"] == left


HEW = BODY.replace(b"rake(1)", b"hew_all(1)")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (HEAD + HEW, HEAD + b"#include <linux/axe.h>\n" + HEW),
        (HEAD + HEW.replace(b"hew_all", b"hew"), HEAD + b"#include <linux/axe.h>\n" + HEW.replace(b"hew_all", b"hew")),
        (HEAD + HEW.replace(b"hew_all", b"p->saw"), HEAD + HEW.replace(b"hew_all", b"p->saw")),
        (HEAD + HEW.replace(b"hew_all", b"oak"), HEAD + HEW.replace(b"hew_all", b"oak")),
        (b"#include <linux/farm.h>\n" + HEW, b"#include <linux/farm.h>\n" + HEW),
    ],
    ids=["a macro", "a function", "a member", "another name", "it never came"],
)
def test_a_header_that_came_with_another_is_included_by_itself(workshop, text, wanted):
    """A file would miss a declaration that did not move at all."""
    assert (wanted, []) == ported(workshop, text)


@pytest.mark.parametrize(
    ("declared", "body"),
    [
        (b"int hew(int n);\n", b"struct ops {\n\thew (*read)(void);\n};\n"),
        (b"typedef hew (*hook)(int n);\n", BODY.replace(b"rake", b"hew")),
    ],
    ids=["a pointer to a function returns it", "the header's own pointer returns it"],
)
def test_a_type_in_front_of_a_pointer_to_a_function_is_no_function(declared, body):
    """`u64 (*read)(void)` got linux/bpf.h, where a pointer to a function returns one as well."""
    old = {**OLD, "include/linux/axe.h": declared}
    new = {**KERNEL, "include/linux/axe.h": declared}

    assert () == needed_headers([], headers(old, new), {"a.c": HEAD + body}, ())


def test_what_another_header_of_the_file_declares_is_not_missed():
    """Each file would get headers for names that it has from elsewhere."""
    new = {**KERNEL, "include/linux/wood.h": b"#define hew_all(n) chop(n)\n"}
    needed = needed_headers([], headers(OLD, new), {"a.c": HEAD + HEW}, ())

    assert () == needed
    assert () == needed_headers([], headers(OLD, KERNEL), {"a.c": HEAD + HEW}, ("hew_all",))


@pytest.mark.parametrize("end", [b"/* OWN_H */", b"/* #ifndef OWN_H */"])
def test_the_own_header_that_uses_it_gets_it(end):
    """Six files would get a header for an inline function of the seventh, all the more where its last line names a condition."""
    own = b"/* Mine. */\n#ifndef OWN_H\n#define OWN_H\n#include <linux/barn.h>\n#ifdef BIG\n#include <linux/field.h>\n#endif\n"
    own += b"static inline int g(void)\n{\n\treturn saw(2);\n}\n#endif " + end + b"\n"
    texts = {"a.c": b'#include <linux/wood.h>\n#include "own.h"\n', "own.h": own}
    needed = needed_headers([], headers(OLD, KERNEL), texts, ())

    assert [({"own.h": ("saw",)}, "linux/axe.h without linux/barn.h")] == [
        (one.names, one.evolution.id) for one in needed
    ]
    assert ["linux/barn.h"] == re.findall("(?m)^ #include <(.*)>$", needed_rules(needed)[0].text)[1:]


GUARD = b"#ifndef OWN_H\n#define OWN_H%s\n%s\n#ifdef BIG\n#include <linux/field.h>\n#endif\n"
RAKES = b"static inline int g(void)\n{\n\treturn rake(2);\n}\n#endif\n"


@pytest.mark.parametrize(
    ("value", "before", "behind"),
    [
        (b"", b"", b"#define OWN_H\n"),
        (b"", b"#define R rake(1)", b"#define OWN_H\n"),
        (b"", b"#include <linux/pot.h>", b"#include <linux/pot.h>\n"),
        (b" 1", b"", b""),
    ],
    ids=["a bare guard", "used at once", "another header", "one with a value"],
)
def test_a_header_with_includes_under_conditions_alone_gets_it_at_its_beginning(workshop, value, before, behind):
    """Thirteen files that include it got a header for an inline function of it, ahead of the module's own ones."""
    own = GUARD % (value, before) + RAKES
    texts = {"a.c": HEAD + b'#include "own.h"\n', "own.h": own}
    needed = needed_headers([MOVED], headers(OLD, KERNEL), texts, ())
    done = apply_rules(needed_rules(needed), texts, workshop.runner).texts

    assert (behind + b"#include <linux/tools.h>\n" in done["own.h"]) is bool(behind)
    assert (done["a.c"] == texts["a.c"]) is bool(behind)


@pytest.mark.parametrize(
    ("used", "behind"), [(b"", True), (b"#ifdef OWN_H\n#endif\n", False)], ids=["a guard", "a word that is asked for"]
)
def test_a_guard_is_one_where_its_condition_is_decided_already(used, behind):
    """What the new kernel compiles of a header has no `#ifndef OWN_H` any more, and its thirteen files got what it lacks."""
    own = (
        b"\n#define OWN_H\n"
        + used
        + b"#ifdef BIG\n#include <linux/field.h>\n#endif\n"
        + RAKES.replace(b"#endif\n", b"")
    )
    (needed,) = needed_headers([MOVED], headers(OLD, KERNEL), {"a.c": HEAD + b'#include "own.h"\n', "own.h": own}, ())

    assert ({"own.h": "#define OWN_H"} if behind else {"a.c": "#include <linux/barn.h>"}) == needed.anchors


@pytest.mark.parametrize(
    ("use", "count"),
    [("notch[n]", 1), ("n->notch[0]", 0), ("notch(n)", 0), ("notch", 0)],
    ids=["it", "a member", "called", "bare"],
)
def test_an_array_that_came_with_another_header_needs_its_own(use, count):
    """`hex_asc[n]` is no call, and gfs2 had no header that declares it any more."""
    axe = KERNEL["include/linux/axe.h"] + b"extern const char notch[];\n"
    kernels = headers({**OLD, "include/linux/axe.h": axe}, {**KERNEL, "include/linux/axe.h": axe})
    text = HEAD + f"\nint f(int n)\n{{\n\treturn {use};\n}}\n".encode()

    assert [{"a.c": ("notch",)}][:count] == [one.names for one in needed_headers([], kernels, {"a.c": text}, ())]


def test_the_own_header_that_uses_what_moved_gets_its_header():
    """Each file that includes it would fail to compile, or get an include for what it does not use itself."""
    own = b"#ifndef OWN_H\n#define OWN_H\n#include <linux/barn.h>\n#define RAKE_ALL rake(2)\n#endif\n"
    texts = {"a.c": b'#include "own.h"\n', "b.c": b'#include "own.h"\n', "own.h": own}
    needed = needed_headers([MOVED], headers(OLD, KERNEL), texts, ())

    assert [{"own.h": ("rake",)}] == [one.names for one in needed]


def test_a_header_in_quotes_stands_beside_the_one_that_includes_it():
    """A file would get a header of which another one is the front."""
    new = {**KERNEL, "include/linux/barn.h": b'#include <linux/wood.h>\n#include "axe.h"\n'}

    assert () == needed_headers([], headers(OLD, new), {"a.c": HEAD + HEW}, ())


@pytest.mark.parametrize(("quotes", "count"), [(b'"%s"', 1), (b"<%s>", 0)], ids=["beside it", "by the makefiles"])
def test_of_two_own_headers_with_one_name_the_one_beside_is_meant(quotes, count):
    """A client's file seemed to have what only the server's header of that name brings."""
    texts = {
        "client/a.c": HEAD + b"#include " + quotes % b"own.h" + b"\n" + BODY,
        "client/own.h": b"",
        "server/own.h": b"#include <linux/tools.h>\n",
    }

    assert count == len(needed_headers([MOVED], headers(OLD, KERNEL), texts, ()))


BEHIND = b"#define OAK 1\n#include <linux/last.h>\n"


@pytest.mark.parametrize(
    ("text", "wanted", "left"),
    [
        (HEAD + BODY + BEHIND, HEAD + b"#include <linux/tools.h>\n" + BODY + BEHIND, 0),
        (b'#include "own.h"\n' + BODY + BEHIND, b'#include "own.h"\n' + BODY + BEHIND, 1),
    ],
    ids=["another one stands ahead", "none does"],
)
def test_no_header_comes_behind_its_use(workshop, text, wanted, left):
    """Headers of traces end with an include of their own: what is declared there nobody above can use."""
    found, reasons = ported(workshop, text, {"own.h": HEAD}.items())

    assert wanted == found
    assert left == len(reasons)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            b'#include <linux/barn.h>\n#include "own.h"\n#include <linux/wood.h>\n',
            b"barn.h>\n#include <linux/tools.h>\n",
        ),
        (b'#include "own.h"\n#include <linux/barn.h>\n', b'"own.h"\n#include <linux/barn.h>\n'),
    ],
    ids=["ahead of it", "nothing ahead"],
)
def test_a_header_comes_ahead_of_the_own_one_that_uses_it(workshop, text, wanted):
    """An inline function of the module's header would still be without its declaration."""
    own = b"static inline int g(void)\n{\n\treturn rake(2);\n}\n"
    found, reasons = ported(workshop, text, {"own.h": own}.items())

    assert wanted in found
    assert (b"tools.h" in found) == (not reasons)
