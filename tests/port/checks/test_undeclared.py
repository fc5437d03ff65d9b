"""What a module calls and neither kernel has."""

import pytest

from cocci_gen.kernel.modules import open_module
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.port.changes.header_words import read_headers_for
from cocci_gen.port.checks.new_view import NewView
from cocci_gen.port.checks.undeclared import undeclared
from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.texts.trees import of_revision, of_texts

HEADER = b"""\
/* jar_pour() was here once, to pour. */
struct jar *jar_open(const char *name);
extern int jar_fill(struct jar *jar,
		int litres);
#define jar_say(jar, words...) say(jar, words)
#define JAR_JOIN(a, b) a##_##b
#define JAR_TEST(name) static inline int jar_is_##name(struct jar *jar) { return jar->name; }
JAR_TEST(full)
struct jar { int full; void (*jar_break)(struct jar *jar); };
"""
FILES = {"Makefile": b"VERSION = 8\nPATCHLEVEL = 0\n", "arch/vax/boot/stdio.h": b"int printf(void);\n"}
INCLUDE = b"#include <linux/jar.h>\n"


@pytest.fixture(scope="module")
def jars(tmp_path_factory, make_repository):
    """Two kernels that have the same jars; only the second one can close them."""
    folder = tmp_path_factory.mktemp("jars")
    headers = [HEADER, HEADER + b"void jar_close(struct jar *jar);\n"]
    places = [
        make_repository(folder / str(number), {**FILES, "include/linux/jar.h": text})
        for number, text in enumerate(headers)
    ]
    with KernelTree.open(places[0], "HEAD") as old, KernelTree.open(places[1], "HEAD") as new:
        yield old, new


@pytest.fixture
def told(tmp_path, jars, laid):
    """The body of a function of a module -> the places that are told."""

    def make(body, head=b"", left=()):
        text = INCLUDE + head + b"int shelf(struct jar *j)\n{\n" + body + b"\n}\n"
        files = {"shelf.c": text, "Makefile": b"obj-m := shelf.o\n", "configure": b"# JAR_OLD"}
        laid(tmp_path, files)
        view = NewView(open_module(str(tmp_path)), jars, {"shelf.c": text})
        kernels = tuple(of_revision(tree) for tree in jars)
        return [f"{one.line} {one.evolution} {one.reason.split(' in ')[0]}" for one in undeclared(view, kernels, left)]

    return make


def test_a_function_of_a_third_kernel_is_told_once(told):
    """Code that is older than --from would be ported "left (0)", and not build; a comment in a header declares nothing."""
    assert ["4 jar_pour() used, and declared neither"] == told(b"\tjar_pour(j);\n\treturn jar_pour(j);")


def test_a_member_of_that_name_declares_no_function(told):
    """Any structure with such a member would hide the function that is missing."""
    assert ["4 jar_break() used, and declared neither"] == told(b"\tjar_break(j);")


def test_a_number_of_arguments_that_fits_no_prototype_is_told(told):
    """The function is there, and the call of a third kernel does not compile all the same."""
    expected = ["4 jar_open() is given 2, and takes 1", "5 jar_fill() is given 1, and takes 2"]

    assert expected == told(b"\tjar_open(THIS_MODULE, 0);\n\tjar_fill(j);")


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (b'\tjar_open("a");\n\tjar_fill(j, 3);\n\tjar_close(j);', b""),
        (b'\tjar_say(j, "a", 1, 2);', b""),
        (b"\treturn jar_is_full(j);", b""),
        (b"\treturn __builtin_expect(1, typeof(1));", b""),
        (b"\tj->jar_pour(j);", b""),
        (b"\treturn spoon(j) + fork();", b"#define spoon(j) jar_full(j)\nstatic int fork(void);\n"),
        (b"\treturn made(j);", b"#define MAKE(n) int ma##n(struct jar *j) { return 0; }\nMAKE(de)\n"),
        (b"\tjar_fill(BOTH);", b"#define BOTH 0, 1\n"),
        (b"\treturn JAR_OLD(j);", b""),
        (b"\treturn lid_of_jar(j);", b"#define ID(a, b) a##b\n#define LID ID(lid_of_, jar)\nstatic int LID(struct jar *j);\n"),
        (b"\treturn lid(j);", b"static inline\nint\n\tlid(struct jar *j,\n\t\tint n)\n{\n\treturn 0;\n}\n"),
        (b"#ifdef JAR_OLD\n\tjar_pour(j);\n#endif", b""),
        (b"#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 0, 0)\n\tjar_pour(j);\n#endif", b""),
        (b"\tint (*pour)(struct jar *) = 0;\n\treturn pour(j);", b""),
        (b"\tjar_pour(j);", b'#include "made_by_the_build.h"\n'),
        (b"\tjar_pour(j);\n\tjar_open(j, 1);", b"#include <stdio.h>\n"),
        (b"\tjar_pour(j);", b"void __attribute__((regparm(0))) jar_pour(struct jar *jar);\n"),
        (b"\tjar_pour(j);", b"static struct lid __jar(1, 2) *jar_pour(struct jar *jar);\n"),
    ],
    ids=["as declared", "any number", "pasted by the kernel", "built in", "a member", "its own", "pasted by itself",
         "a macro for two arguments", "its build defines it", "two words pasted by itself",
         "a head behind blanks", "its build decides", "an older kernel", "a pointer", "a header that is made",
         "a program of its own", "an attribute", "a mark of its compiler"],
)  # fmt: skip
def test_what_is_known_or_may_be_is_not_told(told, body, head):
    """One false line of this sort, and nobody reads the true ones."""
    assert [] == told(body, head)


def test_a_name_that_no_macro_pastes_is_told(told):
    """`lid_of_` and `jar` are words of any text: without a macro that pastes the two, nothing makes lid_of_jar()."""
    head = b"#define ID(a, b) a##_of_##b\nint lid_of_, jar;\n"

    assert ["6 lid_of_jar() used, and declared neither"] == told(b"\treturn lid_of_jar(j);", head)


def test_a_place_that_is_told_already_is_not_told_again(told):
    """The same call would be counted twice among what is left."""
    assert [] == told(b"\tjar_fill(j);", left=[Leftover("shelf.c", 4, "jar_fill()", "parameter added", ())])


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        (b"int pot(void);\n", {0}),
        (b"static inline struct pot *pot(int a, int (*b)(int, int))\n{\n\treturn pot2(a);\n}\n", {2}),
        (b"int pot(int a) __must_check;\n#define pot(a, b) other(a, b)\n", {1, 2}),
        (b"int pot(const char *f, ...);\n", None),
        (b"#define pot other_pot\n", None),
        (b"int pot(int a);\n__attr(1) int pot(int a, int b);\n", None),
        (b"int pot(int a);\n#define use(a) pot(a, 1)\n", {1}),
    ],
    ids=["none", "of functions", "a macro as well", "variadic", "another name", "not read", "called in a macro"],
)
def test_parameters_are_counted_or_not_known(text, takes):
    """A declaration that was read wrong would make a right call wrong."""
    found = read_headers_for([of_texts("k", {"include/pot.h": text})], {"pot"}, (), [()])[0]

    assert takes == (set(found.takes["pot"]) if "pot" in found.takes else None)
    assert {"pot"} == found.said


@pytest.mark.parametrize(
    ("folder", "made"), [("include", True), ("arch/x86/include/asm", True), ("arch/vax/include/asm", False)]
)
def test_what_another_architecture_pastes_is_no_name_of_a_module(folder, made):
    """One that names its registers `set_##name` would hide every function that is gone and begins so."""
    headers = {f"{folder}/pot.h": b"#define REGISTER(name) void set_##name(int value);\nREGISTER(lid)\n"}
    found = read_headers_for([of_texts("k", headers)], {"set_lid"}, (), [()])[0]

    assert ({"set_lid"} if made else set()) == found.made


def test_headers_that_two_kernels_share_count_for_both():
    """What is read once for both would be missing in one of them, or what only one has be known in the other."""
    texts = {"include/pot.h": b"int pot(int a);\n", "include/lid.h": b"int lid(void);\n"}
    other = texts | {"include/lid.h": b"int lid(int a, int b);\nint spoon(void);\n"}
    kernels = [of_texts("a", texts), of_texts("b", other)]
    first, second = read_headers_for(kernels, {"pot", "lid", "spoon"}, (), [(), ()])

    assert ({"pot": {1}, "lid": {0}}, {"pot", "lid"}) == (dict(first.takes), first.said)
    assert ({"pot": {1}, "lid": {2}, "spoon": {0}}, {"pot", "lid", "spoon"}) == (dict(second.takes), second.said)
