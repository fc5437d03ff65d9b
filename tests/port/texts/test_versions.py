"""Code with conditions on the version of the kernel."""

import pytest

from cocci_gen.port.texts.versions import for_both, live, restored

VERSION = (8, 2, 0)
HEADS = (
    b"#if LINUX_VERSION_CODE >= KERNEL_VERSION(8, 0, 0)\nstatic int elm_weed(struct plot *plot, int depth)\n#else\n"
    b"static int elm_weed(struct plot *plot, int depth, bool deep)\n#endif\n"
)


def test_the_branch_for_older_kernels_is_left_alone(workshop, pair):
    """Code that builds on both kernels would be ported where it is for the old one."""
    module = pair("module")
    old = b"static int elm_weed(struct plot *plot, int depth, bool deep)\n"
    assert old in module["elm.c"]
    module["elm.c"] = module["elm.c"].replace(old, HEADS)
    port = workshop.port(module)

    assert HEADS in port.ported.texts["elm.c"]
    assert pair("ported")["elm.c"] == port.ported.texts["elm.c"].replace(HEADS, HEADS.split(b"\n")[1] + b"\n")


def test_code_for_both_kernels_changes_no_more(workshop, pair):
    """A second run would port the branch for the old kernel, and take the old kernel from the maintainer."""
    before = pair("module")
    after = workshop.port(before).ported.texts
    both = {path: for_both(text, after[path], VERSION) for path, text in before.items()}

    assert b"#if LINUX_VERSION_CODE >= KERNEL_VERSION(8, 2, 0)" in both["elm.c"]
    assert b"#include <linux/version.h>" in both["elm.c"]
    assert both == dict(workshop.port(both).ported.texts)


@pytest.mark.parametrize("version", [VERSION, (8, 1, 255)], ids=["new", "old"])
def test_each_kernel_compiles_its_own(workshop, pair, version):
    """One of the kernels would get code of the other."""
    before = pair("module")
    after = workshop.port(before).ported.texts
    wanted = after if version == VERSION else before

    for path, text in before.items():
        seen = live(for_both(text, after[path], VERSION), version)
        ours, theirs = ([line for line in one.split(b"\n") if line.strip()] for one in (seen, wanted[path]))
        listed = (b"#ifdef CONFIG_", b"#endif")  # `live` sees each element of a list, whatever its condition
        lines = [line for line in ours if b"version.h" not in line and not line.startswith(listed)]
        assert [line for line in theirs if not line.startswith(listed)] == lines


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\tcall(a,\n\t     b,\n\t     c);\n", b"\tcall(a,\n\t     d,\n\t     c);\n"),
        (b"int f(int a,\n      int b)\n", b"int f(int a,\n      long b)\n"),
        (b"#define A(x) \\\n\tf(x)\n", b"#define A(x) \\\n\tg(x)\n"),
    ],
    ids=["a call", "a head", "a macro"],
)
def test_what_spans_lines_is_taken_whole(old, new):
    """A condition would stand between the arguments of a call, or in a macro, where none may."""
    text = for_both(b"int x;\n\n" + old + b"\nint y;\n", b"int x;\n\n" + new + b"\nint y;\n", VERSION)

    assert new + b"#else\n" + old + b"#endif\n" in text


def test_what_only_went_stands_under_the_older_kernels():
    """A condition with nothing inside and all behind its `#else` reads as if something had been forgotten."""
    text = for_both(b"int x;\nf(x);\nint y;\n", b"int x;\nint y;\n", VERSION)

    assert b"int x;\n#if LINUX_VERSION_CODE < KERNEL_VERSION(%d, %d, %d)\nf(x);\n#endif\nint y;\n" % VERSION in text
    assert b"f(x)" not in live(text, VERSION)
    assert b"f(x)" in live(text, (1, 0, 0))


def test_a_change_that_reaches_into_another_branch_is_refused():
    """The branch for other kernels would vanish."""
    text = b"a\n#if LINUX_VERSION_CODE < KERNEL_VERSION(8, 0, 0)\nb\n#endif\nc\n"
    seen = live(text, VERSION)

    assert text.replace(b"c", b"d") == restored(text, seen, seen.replace(b"c", b"d"))
    assert restored(text, seen, b"a\nx\nc\n") is None
