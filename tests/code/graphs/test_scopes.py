"""`reading` and `scopes`: what a tree defines with DEFINE_GUARD and alike is taken and released where the function does."""

import time

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.graphs.scopes import for_spatch
from cocci_gen.code.texts.reading import Reading, arguments, classes_of, definitions, macro_of

HEADER = b"""\
DEFINE_GUARD(gate, struct gate *, gate_lock(_T), gate_unlock(_T))
DEFINE_GUARD_COND(gate, _try, gate_trylock(_T))
DEFINE_LOCK_GUARD_1(bolt, bolt_t,
	bolt_lock(_T->lock, _T->flags),
	bolt_unlock(_T->lock, _T->flags))
DEFINE_LOCK_GUARD_1_COND(bolt, _intr, bolt_lock_interruptible(_T->lock), _RET == 0)
DEFINE_LOCK_GUARD_0(calm, calm_enter(), calm_leave())
DEFINE_FREE(toss, void *, if (_T) toss(_T))
DEFINE_CLASS(lease, struct lease *, lease_end(_T), lease_begin(n, how), int n, int how)
EXTEND_CLASS(lease, _short, lease_begin(n, 1), int n)
#define with_lease(x) \\
	scoped_class(lease_short, __UNIQUE_ID(label), (x)->n)
#define ENTER_OR_FAIL(x) do { if (!enter(x)) \\
	return -EIO; } while (0)
#define FIND(x) ({ int __n; if (x) goto __out; __n = 1; __out: __n; })
#define SHOW(name) static int name##_show(void) { return 1; }
#define pond_obj(p, ...) __alloc(default_gfp(__VA_ARGS__), typeof(p))
"""


def reading():
    """The reading of a file that includes HEADER."""
    found = list(definitions(HEADER))
    return Reading(0, {one.name: macro_of(one) for one in found if one.kind == "macro"}, classes_of(found))


def graph(body):
    """The graph of a function with this body, under HEADER."""
    made = graph_of(f"int f(struct x *x, int n)\n{{\n{body}\n}}".encode(), 1, reading())
    assert made is not None
    assert made.whole
    return made


def ways(made):
    """The calls of each way through a graph without loops, with the text of its return."""
    found, todo = [], [(0, ())]
    while todo:
        number, calls = todo.pop()
        node = made.nodes[number]
        calls = (*calls, *(call.callee for call in node.calls))
        if node.kind == "return":
            found.append((*calls, node.text.strip(";")))
        todo += [(after, calls) for after, _ in reversed(node.successors) if after != 1]
    return found


def test_what_a_header_defines_is_known():
    """A class that is not known takes and releases nothing; a macro that defines functions, or jumps only inside of itself, is no
    way out of its user."""
    known = reading()

    assert {"gate", "gate_try", "bolt", "bolt_intr", "calm", "lease", "lease_short", "__free(toss)"} == set(
        known.classes
    )
    assert {"with_lease", "ENTER_OR_FAIL"} == set(known.macros)
    assert ["pond_obj"] == [one.name for one in definitions(HEADER) if one.kind == "gfp"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("\tguard(gate)(&x->g);\n\treturn g(x);", [("gate_lock", "g", "gate_unlock", "return g(x)")]),
        ("\tguard(calm)();\n\treturn 0;", [("calm_enter", "calm_leave", "return 0")]),
        ("\tguard(bolt)(&x->b);\n\tg();", [("bolt_lock", "g", "bolt_unlock", "")]),
        (
            "\tguard(gate)(&x->g);\n\tif (n)\n\t\treturn 1;\n\treturn 0;",
            [("gate_lock", "gate_unlock", "return 1"), ("gate_lock", "gate_unlock", "return 0")],
        ),
        (
            "\tguard(gate)(&x->g);\n\tguard(calm)();\n\treturn 0;",
            [("gate_lock", "calm_enter", "calm_leave", "gate_unlock", "return 0")],
        ),
        (
            "\t{\n\t\tguard(gate)(&x->g);\n\t\tg();\n\t}\n\th();\n\treturn 0;",
            [("gate_lock", "g", "gate_unlock", "h", "return 0")],
        ),
        (
            "\tscoped_guard(gate, &x->g)\n\t\tg();\n\th();\n\treturn 0;",
            [("gate_lock", "g", "gate_unlock", "h", "return 0")],
        ),
        (
            "\tscoped_guard(gate, &x->g) {\n\t\tbreak;\n\t}\n\th();\n\treturn 0;",
            [("gate_lock", "gate_unlock", "h", "return 0")],
        ),
        (
            "\tscoped_guard(gate, &x->g) {\n\t\tif (n)\n\t\t\tgoto out;\n\t}\n\th();\nout:\n\treturn 0;",
            [("gate_lock", "gate_unlock", "return 0"), ("gate_lock", "gate_unlock", "h", "return 0")],
        ),
        (
            "\tguard(gate)(&x->g);\n\tif (n)\n\t\tgoto out;\n\th();\nout:\n\treturn 0;",
            [("gate_lock", "gate_unlock", "return 0"), ("gate_lock", "h", "gate_unlock", "return 0")],
        ),
        (
            "\tscoped_guard(gate_try, &x->g)\n\t\tg();\n\treturn 0;",
            [("gate_trylock", "g", "gate_unlock", "return 0"), ("gate_trylock", "return 0")],
        ),
        (
            "\tscoped_cond_guard(bolt_intr, return -EINTR, &x->b)\n\t\tg();\n\treturn 0;",
            [("bolt_lock_interruptible", "g", "bolt_unlock", "return 0"), ("bolt_lock_interruptible", "return -EINTR")],
        ),
        ("\tCLASS(lease, l)(n, 2);\n\treturn 0;", [("lease_begin", "lease_end", "return 0")]),
        ("\twith_lease(x)\n\t\treturn g();\n\treturn 0;", [("lease_begin", "g", "lease_end", "return g()")]),
        (
            "\tguard(gate)(&x->g);\n\tENTER_OR_FAIL(x);\n\treturn 0;",
            [("gate_lock", "enter", "gate_unlock", "return 0"), ("gate_lock", "enter", "gate_unlock", "return -EIO")],
        ),
        (
            "\tguard(unheard_of)(x);\n\treturn 0;",
            [("class_unheard_of_constructor", "class_unheard_of_destructor", "return 0")],
        ),
    ],
)
def test_a_scope_is_released_on_each_way_out_of_it(body, expected):
    """A lock that a guard() keeps past the end of its block is as wrong as one that is never seen; the value of a return is made
    before anything is released."""
    assert sorted(expected) == sorted(ways(graph(body)))


def test_a_variable_with_a_free_is_freed_at_the_end():
    """`__free(toss)` frees what the variable then holds, and no_free_ptr() leaves NULL in it."""
    made = graph("\tchar *p __free(toss) = find(n);\n\n\tif (!p)\n\t\treturn 1;\n\tuse(no_free_ptr(p));\n\treturn 0;")

    assert ("p", "NULL") in [(one.left, one.right) for one in made.assignments()]
    assert ["toss", "toss"] == [call.callee for call in made.calls() if call.callee == "toss"]


def test_a_guard_in_a_loop_ends_with_each_round():
    """Else the second round would take the lock again while it is held."""
    body = "\twhile (n) {\n\t\tguard(gate)(&x->g);\n"
    made = graph(body + "\t\tif (g())\n\t\t\tcontinue;\n\t\tif (h())\n\t\t\tbreak;\n\t}\n\treturn 0;")
    unlocks = [number for number, node in enumerate(made.nodes) if any(c.callee == "gate_unlock" for c in node.calls)]

    assert 3 == len(unlocks)
    behind = [made.nodes[after].kind for number in unlocks for after, _ in made.nodes[number].successors]
    assert {"condition", "statement"} == set(behind)


def test_a_test_of_what_was_acquired_is_one_of_the_variable():
    """`ACQUIRE_ERR()` is not zero when the lock was not taken; then nothing is released."""
    made = graph("\tACQUIRE(bolt_intr, m)(&x->b);\n\tif (ACQUIRE_ERR(bolt_intr, &m))\n\t\treturn 5;\n\treturn 0;")

    assert ["m", "m == 0", "m == 0"] == [node.text for node in made.nodes if node.kind == "condition"]


def test_lines_stay():
    """Findings stand on the lines of the file, whatever is written out in between."""
    made = graph("\tENTER_OR_FAIL(x->a ||\n\t\t      x->b);\n\th();\n\treturn 0;")

    assert [5] == [node.line for node in made.nodes if any(call.callee == "h" for call in node.calls)]


def test_spatch_sees_what_is_taken_and_what_returns():
    """Every finding is starred by spatch, which knows neither guard() nor the macros of a header."""
    text = b"int f(void)\n{\n\tguard(gate)(&x->g);\n\tENTER_OR_FAIL(x);\n\treturn 0;\n}"
    shown = for_spatch(text, reading())

    assert text.count(b"\n") == shown.count(b"\n")
    assert b"gate_lock(&x->g);" in shown
    assert b"return -EIO;" in shown.split(b"\n")[3]
    assert for_spatch(b"int f(void)\n{\n\treturn g();\n}", reading()) == b"int f(void)\n{\n\treturn g();\n}"


def test_arguments_are_parted_at_their_own_commas():
    """`f(a, b)` is one argument."""
    assert ("a", "f(b, c)", "{1, 2}") == arguments("a, f(b, c), {1, 2}")
    assert ('"a, (b"', "c") == arguments('"a, (b", c')
    assert () == arguments("")


def test_many_variables_that_are_freed_cost_little_each():
    """Of 2,000 `__free()` in one function each was looked for in all that stands before it: minutes."""
    body = b"".join(b"\tstruct leaf *leaf%d __free(kfree) = NULL;\n" % number for number in range(1000))
    began = time.process_time()
    found = graph_of(b"int f(void)\n{\n" + body + b"\treturn 0;\n}\n", 1)

    assert sum(call.callee == "__free_kfree" for node in found.nodes for call in node.calls) == 1000
    assert time.process_time() - began < 10
