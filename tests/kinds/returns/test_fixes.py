"""Leaf `value_fixes`: where the right value is put in the place of a wrong one, and when it is left to a person."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.findings.findings import NoFix
from cocci_gen.kinds.returns.candidates import candidates
from cocci_gen.kinds.returns.codes import codes
from cocci_gen.kinds.returns.fixes import value_plan
from cocci_gen.kinds.suspects import FixPlan

SOURCE = RuleSource("Documentation/filesystems/locking.rst", 676, "words")
MKWRITE = Obligation("vm_operations_struct", "page_mkwrite", "returns", "page", "prose", "words", SOURCE)
(RETRY,) = (code for code in codes() if code.mends)


def plans(body):
    """How each wrong return of a function would be mended; the body begins on line 3."""
    graph = graph_of(f"unsigned int demo(struct vm_fault *vmf)\n{{\n{body}\n}}\n".encode(), 1)
    return [value_plan(MKWRITE, graph, RETRY, one) for one in candidates(RETRY, graph)]


def changed(plan):
    """The lines that a plan changes and those beside them, rule by rule."""
    return [line for line in plan.semantic_patch.text.splitlines() if line.startswith(("+", "-", " r", " T"))]


def test_the_return_itself():
    """Each return is one finding with one edit: a fix that changes the other one too would be counted twice."""
    one, two = plans("\tif (a)\n\t\treturn VM_FAULT_RETRY;\n\treturn (VM_FAULT_RETRY);")

    assert [" return", "- VM_FAULT_RETRY", "+ VM_FAULT_NOPAGE"] == changed(one)
    assert [(4,), (5,)] == [one.anchors, two.anchors]


def test_every_assignment_that_leads_there():
    """One that is left keeps the finding, and one that is overwritten is none of its business."""
    body = "\tint r = VM_FAULT_RETRY;\n\tif (a)\n\t\tgoto out;\n\tr = VM_FAULT_RETRY;\n\tr = 0;\n"
    body += "\tif (b)\n\t\tr = VM_FAULT_RETRY;\nout:\n\treturn r;"
    (plan,) = plans(body)

    assert (3, 9) == plan.anchors
    assert [" r =", "- VM_FAULT_RETRY", "+ VM_FAULT_NOPAGE", " T r =", *changed(plan)[1:3]] == changed(plan)


@pytest.mark.parametrize(
    "body",
    [
        "\treturn a ? VM_FAULT_RETRY : 0;",
        "\tint r = VM_FAULT_RETRY;\n\tif (r == VM_FAULT_RETRY)\n\t\tf();\n\treturn r;",
        "\tint r = VM_FAULT_RETRY;\n\tr = 0;\n\treturn r;",
    ],
    ids=["one of two", "looked for", "never comes there"],
)
def test_what_is_left_to_a_person(body):
    """A value that the function itself goes by, or that stands in an expression, is not exchanged blindly."""
    (plan,) = plans(body)

    assert isinstance(plan, NoFix)


def test_a_plan_is_made_where_nothing_speaks_against_it():
    """The cases above must be refused for their own reason."""
    (plan,) = plans("\tint r = VM_FAULT_RETRY;\n\tif (a)\n\t\tf();\n\treturn r;")

    assert isinstance(plan, FixPlan)


BEFORE_JUMP = (
    "\tint r = {start};\n\tif (a) {{\n\t\tr = VM_FAULT_RETRY;\n\t\tgoto out;\n\t}}\n\tr = 0;\nout:\n\treturn r;"
)


@pytest.mark.parametrize(
    ("body", "drops"),
    [
        pytest.param(BEFORE_JUMP.format(start="VM_FAULT_NOPAGE"), True, id="there already"),
        pytest.param(BEFORE_JUMP.format(start="0"), False, id="another value"),
        pytest.param(BEFORE_JUMP.format(start="VM_FAULT_NOPAGE;\n\tset(&r)"), False, id="set by somebody else"),
        pytest.param(
            BEFORE_JUMP.format(start="VM_FAULT_NOPAGE;\n\tif (b)\n\t\tr = 0"), False, id="on one way another value"
        ),
        pytest.param(
            "\tint r;\n" + BEFORE_JUMP.split("\n", 1)[1].replace("{{", "{").replace("}}", "}"), False, id="no value"
        ),
        pytest.param(
            "\tint r = VM_FAULT_NOPAGE;\n\tif (a)\n\t\tr = VM_FAULT_RETRY;\n\treturn r;", False, id="no jump behind it"
        ),
    ],
)
def test_an_assignment_goes_where_the_right_value_is_there(body, drops):
    """A reviewer strikes out what says once more what holds already, and misses what does not."""
    (plan,) = plans(body)

    assert ("-{" in plan.semantic_patch.text) == drops
