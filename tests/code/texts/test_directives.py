"""`directives`: what the version decides is decided, what a configuration decides is seen from both sides."""

import time

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.texts.directives import branched, decided, groups_of, settled, version_code, without_directives
from cocci_gen.code.texts.reading import Reading
from cocci_gen.code.texts.source import file_facts

V6_1 = version_code(6, 1, 0)


@pytest.mark.parametrize(
    ("condition", "version", "holds"),
    [
        ("LINUX_VERSION_CODE >= KERNEL_VERSION(5, 12, 0)", V6_1, True),
        ("LINUX_VERSION_CODE < KERNEL_VERSION(5,12,0)", V6_1, False),
        ("LINUX_VERSION_CODE < KERNEL_VERSION(5,12,0)", 0, None),
        ("defined(CONFIG_POND) && LINUX_VERSION_CODE < KERNEL_VERSION(5,12,0)", V6_1, False),
        ("defined(CONFIG_POND) || LINUX_VERSION_CODE < KERNEL_VERSION(5,12,0)", V6_1, None),
        ("0", V6_1, False),
        ("1", V6_1, True),
        ("!defined(__KERNEL__)", V6_1, False),
        ("defined __cplusplus", V6_1, False),
        ("IS_ENABLED(CONFIG_POND)", V6_1, None),
    ],
)
def test_a_condition_is_decided_by_the_version_or_left_open(condition, version, holds):
    """A wrong answer examines code that is not compiled, or leaves out what is."""
    assert holds is decided(condition, version)


HEAD = b"""\
static int
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 12, 0)
pond_create(struct user_namespace *ns, struct inode *dir)
#else
pond_create(struct inode *dir)
#endif
{
	return 0;
}
"""


@pytest.mark.parametrize(("version", "parameters"), [(V6_1, ["ns", "dir"]), (version_code(5, 4, 0), ["dir"])])
def test_a_head_under_a_version_is_the_one_of_the_tree(version, parameters):
    """Of 31 functions that "have no definition in this tree" 29 had one, under such a head."""
    (span,) = file_facts(HEAD, frozenset(), version).functions
    graph = graph_of(HEAD[span.start : span.end], span.line, Reading(version))

    assert "pond_create" == span.name
    assert graph is not None
    assert parameters == [parameter.name for parameter in graph.parameters]


def test_a_head_that_the_configuration_decides_is_found():
    """One of the heads is taken; without that neither is one."""
    text = b"#ifdef HAVE_A\nint pond_a(int a)\n#else\nint pond_a(void)\n#endif\n{\n\treturn 0;\n}\n"

    assert ["pond_a"] == [span.name for span in file_facts(text, frozenset()).functions]


def test_both_sides_of_a_configuration_are_functions_of_the_file():
    """An operations table may name what only the other configuration compiles."""
    text = b"#ifdef A\nint f(void) { return 0; }\n#else\n"
    text += b"int g(void) { return 0; }\n#endif\n#if 0\nint h(void) { return 0; }\n#endif\n"

    assert ["f", "g"] == [span.name for span in file_facts(text, frozenset()).functions]


def test_both_sides_of_a_configuration_are_ways_through_the_function():
    """Until now the `#else` branch was dropped without a word, and the error with it."""
    text = b"int f(int x)\n{\n#ifdef CONFIG_POND\n\tunlock(x);\n#else\n\tforget(x);\n#endif\n\treturn 0;\n}"
    graph = graph_of(text, 1)

    assert graph is not None
    assert ["unlock", "forget"] == [call.callee for call in graph.calls()]
    assert [4, 6, 8] == [node.line for node in graph.nodes if node.kind in ("statement", "return")]


def test_what_a_configuration_leaves_out_is_taken_to_be_there():
    """Code that is not compiled breaks no promise: with both sides, each release under an `#ifdef` would be missing."""
    text = b"int f(int x)\n{\n#ifdef CONFIG_POND\n\tunlock(x);\n#endif\n\treturn 0;\n}"
    graph = graph_of(text, 1)

    assert graph is not None
    assert [] == [node for node in graph.nodes if node.kind == "condition"]
    assert ["unlock"] == [call.callee for call in graph.calls()]


def test_an_else_behind_a_conditional_goes_with_what_is_inside():
    """`}` and `#endif` before `else if`: the whole chain was lost, and each of its links became a function called `if`."""
    text = b"int f(int x)\n{\n#ifdef A\n\tif (x) {\n\t\ta();\n\t}\n#endif\n\telse if (x) {\n\t\tb();\n\t}\n\treturn 0;\n}\n"

    assert [("f", 12, True)] == [
        (span.name, span.last_line, span.whole) for span in file_facts(text, frozenset()).functions
    ]


def test_an_if_that_each_branch_opens_is_opened_once():
    """->read of a device was lost so: "no definition of the function in this tree"."""
    text = b"int f(int x)\n{\n#ifdef A\n\tif (x < 2)\n#else\n\tif (x < 3)\n#endif\n\t\treturn 1;\n\treturn 0;\n}\n"

    assert [("f", 10, True)] == [
        (span.name, span.last_line, span.whole) for span in file_facts(text, frozenset()).functions
    ]


def test_a_label_may_end_a_branch():
    """`out:` before `#else` would end a block, which no label can."""
    text = b"int f(int x)\n{\n#ifdef A\n\tif (x)\n\t\tgoto out;\nout:\n#else\n\tg();\n#endif\n\treturn 0;\n}"
    graph = graph_of(text, 1)

    assert graph is not None
    assert graph.whole


def test_a_half_of_an_expression_is_taken_and_not_branched():
    """An `if` in the middle of a condition would be no C at all."""
    text = b"int f(int x)\n{\n\tif (x\n#ifdef CONFIG_POND\n\t    && g(x)\n#endif\n\t   )\n\t\treturn 1;\n\treturn 0;\n}"
    graph = graph_of(text, 1)

    assert graph is not None
    assert graph.whole
    assert ["g"] == [call.callee for call in graph.calls()]


def test_a_branch_that_is_an_else_is_taken_and_not_branched():
    """`else` behind an opened `if` of ours would belong to the wrong one."""
    text = b"int f(int x)\n{\n\tif (x)\n\t\ta();\n#ifdef CONFIG_POND\n"
    text += b"\telse if (x)\n\t\tb();\n#endif\n\telse\n\t\tc();\n\treturn 0;\n}"
    graph = graph_of(text, 1)

    assert graph is not None
    assert graph.whole
    assert ["a", "b", "c"] == [call.callee for call in graph.calls()]


def test_a_brace_that_each_branch_opens_is_opened_once():
    """Two `{` and one `}` would swallow the rest of the file."""
    text = b"int f(int x)\n{\n#ifdef A\n\tif (x) {\n"
    text += b"#else\n\tif (!x) {\n#endif\n\t\tg();\n\t}\n\treturn 0;\n}\nint h(void)\n{\n\treturn 1;\n}\n"

    assert [("f", 11), ("h", 15)] == [(span.name, span.last_line) for span in file_facts(text, frozenset()).functions]


def test_bytes_stay_in_a_settled_file_and_lines_in_a_branched_function():
    """Functions are cut at byte offsets of the file, findings stand on lines."""
    assert len(HEAD) == len(settled(HEAD, V6_1)) == len(without_directives(HEAD, V6_1))
    assert HEAD.count(b"\n") == branched(HEAD, V6_1).count(b"\n")


def test_a_condition_of_several_lines_may_end_in_cr_lf():
    """A module whose files end so would have none of its tests of versions decided."""
    text = b"#if defined(OLD) \\\r\n || FIRST\r\na\r\n#endif\r\n"
    groups, _ = groups_of(text.split(b"\n"))

    assert ["defined(OLD) || FIRST"] == [branch.condition for branch in groups[0].branches]


def test_conditionals_that_are_nested_without_end_cost_no_more_than_their_length():
    """100,000 `#if` without an `#endif` took minutes: each of them was read to the end of the file."""
    deep = b"".join(b"#if CONFIG_A%d\n" % number for number in range(20_000))
    lines = (deep + b"int x;\n" + b"#endif\n" * 20_000 + b"#if CONFIG_B\nint y;\n#endif\n").split(b"\n")
    groups, others = groups_of(lines)

    assert (65, 2 * (20_000 - 64)) == (len(groups), len(others))
    assert ("CONFIG_B", 40_001) == (groups[-1].branches[0].condition, groups[-1].branches[0].first)
    began = time.process_time()
    settled(deep)
    assert time.process_time() - began < 10
