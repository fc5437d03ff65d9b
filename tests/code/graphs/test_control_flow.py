"""Leaf `control_flow`: which node follows which, and what each node calls and assigns."""

import pytest

from cocci_gen.code.graphs.control_flow import Assignment, Call, Graph, Parameter
from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.texts.directives import without_directives


def graph(body, head="int demo(struct page *page)"):
    """The control flow of a function with that body."""
    found = graph_of(f"{head}\n{{\n{body}\n}}\n".encode(), 1)
    assert isinstance(found, Graph)
    return found


def edges(body):
    """Every step as "text -label-> text"; the entry is "entry", the exit "exit", the end of the function "}"."""
    found = graph(body)
    names = [node.text or {"return": "}"}.get(node.kind, node.kind) for node in found.nodes]
    return {
        f"{names[number]} -{label}-> {names[successor]}"
        for number, node in enumerate(found.nodes)
        for successor, label in node.successors
    }


def test_steps_follow_each_other():
    """The search for a path walks these steps and no others."""

    assert {"entry --> a();", "a(); --> return 1;", "return 1; --> exit"} == edges("a(); return 1;")


def test_the_end_of_a_function_is_a_return():
    """A void function that ends with the page locked has no return statement to point to."""
    found = graph("a();")

    assert {"entry --> a();", "a(); --> }", "} --> exit"} == edges("a();")
    assert [("return", 4)] == [(node.kind, node.line) for node in found.nodes if node.kind == "return"]


def test_conditions_are_taken_apart():
    """`!a || b && c` is three branches: only so does a path know what holds on it."""

    assert {
        "entry --> a",
        "a -true-> b",
        "a -false-> x();",
        "b -true-> c",
        "b -false-> }",
        "c -true-> x();",
        "c -false-> }",
        "x(); --> }",
        "} --> exit",
    } == edges("if (!a || (b && c)) x();")


@pytest.mark.parametrize("wrapper", ["likely(a)", "unlikely(a)", "WARN_ON_ONCE(a)", "(a)"])
def test_wrappers_of_conditions_are_seen_through(wrapper):
    """`if (unlikely(err))` tells as much about err as `if (err)`."""

    assert "a" in [node.text for node in graph(f"if ({wrapper}) x();").nodes]


def test_else_belongs_to_the_false_branch():
    """Taking one branch for the other turns every finding round."""

    assert {"a -true-> x();", "a -false-> y();", "x(); --> z();", "y(); --> z();"} <= edges(
        "if (a) x(); else y(); z();"
    )


def test_constant_conditions_have_one_way_out():
    """`while (1)` never ends and `if (0)` never holds; a path there would be a false finding."""

    assert {"0 -false-> x();"} == {edge for edge in edges("if (0) dead(); x();") if edge.startswith("0")}
    assert {"1 -true-> x();"} == {edge for edge in edges("while (1) x(); dead();") if edge.startswith("1")}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("while (a) { if (b) break; if (c) continue; x(); } y();",
         {"a -true-> b", "a -false-> y();", "b -true-> break;", "break; --> y();", "c -true-> a", "x(); --> a"}),
        ("do { if (b) continue; x(); } while (a); y();",
         {"do --> b", "b -true-> a", "x(); --> a", "a -true-> do", "a -false-> y();"}),
        ("for (i = 0; i < 3; i++) { if (b) continue; x(); } y();",
         {"i = 0 --> i < 3", "i < 3 -true-> b", "b -true-> i++", "x(); --> i++", "i++ --> i < 3", "i < 3 -false-> y();"}),
        ("for (;;) { if (b) break; } y();",
         {"for (;;) --> b", "b -false-> for (;;)", "b -true-> break;", "break; --> y();"}),
        ("list_for_each_entry(p, list, node) { x(); } y();",
         {"p, list, node -true-> x();", "x(); --> p, list, node", "p, list, node -false-> y();"}),
    ],
    ids=["while", "do", "for", "for ever", "iterator macro"],
)  # fmt: skip
def test_loops(body, expected):
    """A loop whose exit or continue leads elsewhere hides the path that leaves it early."""

    assert expected <= edges(body)


def test_a_switch_leads_to_its_cases_and_past_them():
    """A switch without default goes on behind it, and a case without break falls through."""

    assert {
        "(a) -1-> x();",
        "(a) -2-> y();",
        "(a) -default-> z();",
        "x(); --> y();",
        "y(); --> break;",
        "break; --> z();",
    } <= edges("switch (a) { case 1: x(); case 2: y(); break; } z();")
    assert "(a) -default-> z();" not in edges("switch (a) { case 1: x(); break; default: return 1; } z();")


def test_goto_leads_to_its_label_forward_and_back():
    """Error exits of the kernel are labels; a goto that leads nowhere would hide them all."""

    assert {"goto out; --> out:", "x(); --> out:", "out: --> return 1;"} <= edges(
        "if (a) goto out; x(); out: return 1;"
    )
    assert "goto again; --> again:" in edges("again: x(); if (a) goto again; return 1;")


def test_labels_are_kept_with_their_node():
    """A fix that goes to a label must know where it leads."""
    found = graph("if (a) goto out; out: return 1;")

    assert [("out", "out:")] == [(name, found.nodes[number].text) for name, number in found.labels]


@pytest.mark.parametrize("stop", ["BUG();", "panic(1);", "BUG_ON(1);", "do_exit(0);"])
def test_nothing_follows_a_call_that_never_returns(stop):
    """A path that runs through BUG() is no path."""

    assert set() == {edge for edge in edges(f"if (a) {stop} x();") if edge.startswith(stop)}


def test_calls_have_their_arguments_in_order_of_evaluation():
    """Effects are looked up by the position at which the page is handed over."""
    found = graph("return f(page, g(1, /* one */\n\t2), p->op(page));")

    assert (
        Call("g", True, ("1", "2"), 3),
        Call("p->op", False, ("page",), 4),
        Call("f", True, ("page", "g(1, 2)", "p->op(page)"), 3),
    ) == found.calls()


def test_assignments_and_declarations():
    """Aliases of the page, and values of error codes, are followed through these."""
    found = graph("struct page *p = page;\n\tint err;\n\terr |= 2;\n\ta->b = p;\n\terr++;")

    assert (
        Assignment("p", "page", "=", True, 3),
        Assignment("err", "2", "|=", False, 5),
        Assignment("a->b", "p", "=", False, 6),
        Assignment("err", "err++", "++", False, 7),
    ) == found.assignments()


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("a = b = true;", {"a": "true", "b": "true"}),
        ("a = box->b = -EIO;", {"a": "-EIO", "box->b": "-EIO"}),
        ("a = b = find(n);", {"a": "b = find(n)", "b": "find(n)"}),
        ("a = b == 0;", {"a": "b == 0"}),
    ],
)
def test_both_of_two_assignments_in_one_have_the_constant(statement, values):
    """`held = asked = true;` set a flag of which a later test was taken to know nothing."""
    assert {one.left: one.right for one in graph(statement).assignments()} == values


def test_the_head_of_a_function():
    """The parameter that holds the page is found by its type."""
    found = graph("return 0;", "static const struct page *demo(const struct page *page, int (*f)(int), int a[2], int)")

    assert "const struct page *" == found.returns
    assert (
        Parameter("page", "const struct page *"),
        Parameter("f", "int (*f)(int)"),
        Parameter("a", "int"),
        Parameter("", "int"),
    ) == found.parameters
    assert () == graph("", "void demo(void)").parameters


@pytest.mark.parametrize("head", ["struct page* page", "struct page * page", "struct page*page"])
def test_where_the_star_stands_is_a_matter_of_taste(head):
    """A method that writes `struct page* page` was said to have no page, and was not examined."""
    assert (Parameter("page", "struct page *"),) == graph("return 0;", f"int demo({head})").parameters
    assert "struct page **" == graph("return 0;", "int demo(struct page* * out)").parameters[0].type


def test_lines_count_from_the_first_line_of_the_function():
    """Findings point into the file and not into the function."""
    found = graph_of(b"int demo(void)\n{\n\treturn 0;\n}", 100)

    assert [102] == [node.line for node in found.nodes if node.kind == "return"]


def test_one_branch_of_the_preprocessor_is_read():
    """Both branches at once would be a function that no configuration has."""
    text = b"a();\n#ifdef X\nb();\n#else\nc();\n#endif\n#if 0\nd();\n#else\ne();\n#endif\n#define f(x) \\\n\tg(x)\nh();"

    assert [b"a();", b"b();", b"e();", b"h();"] == without_directives(text).split()
    assert len(text) == len(without_directives(text))


def test_a_part_that_does_not_parse_makes_the_graph_partial():
    """What such a graph does not show proves nothing, so whoever reads it must be told."""

    assert graph("return 0;").whole
    assert not graph("int = ; return 0;").whole


@pytest.mark.parametrize("text", [b"", b"int x;", b"int demo(void);", b"}{"])
def test_no_function_no_graph(text):
    """An exception for odd text would end the whole run."""

    assert graph_of(text, 1) is None


@pytest.mark.parametrize("levels", [150, 1500])
@pytest.mark.parametrize("layer", ["if (a) x(); else %s", "{ %s }", "f((%s));", "if (!(%s)) x();"])
def test_deep_nesting_does_not_end_the_run(levels, layer):
    """Generated code nests hundreds of levels, hostile code thousands; what is too deep is no graph, never an exception."""
    before, after = layer.split("%s")
    found = graph_of(f"int demo(void)\n{{\n{before * levels}y(){after * levels};\n}}".encode(), 1)

    assert (levels, found is None) in ((150, False), (1500, True))


def test_behind_a_node_lies_what_a_way_comes_to():
    """Blocked nodes are come to and not passed; a start counts only when it lies in a loop."""
    found = graph("a();\nwhile (b())\n\tc();\nd();")
    number = {node.text: place for place, node in enumerate(found.nodes)}
    loop = {number["b()"], number["c();"]}

    assert number["a();"] not in found.behind((number["a();"],))
    assert loop <= found.behind((number["c();"],))
    assert {number["a();"], number["b()"]} == found.behind((0,), {number["b()"]})


def test_before_a_node_lies_what_leads_to_it():
    """What lies both behind and before a node is the loop around it; both stop at the same nodes."""
    found = graph("a();\nwhile (b())\n\tc();\nd();")
    number = {node.text: place for place, node in enumerate(found.nodes)}

    for end in range(len(found.nodes)):
        for blocked in ((), {number["c();"]}):
            leads = {n for n in range(len(found.nodes)) if end in found.behind((n,), blocked)}
            assert found.before((end,), blocked) == leads
    assert {number["b()"], number["c();"]} == found.before((number["c();"],)) & found.behind((number["c();"],))


@pytest.mark.parametrize(
    ("body", "straight"),
    [
        ("if (a) { x(); y(); if (b) z(); }", ["x();", "y();", "b"]),
        ("if (a) { x(); return 0; }", ["x();", "return 0;"]),
        ("if (a) for (;;) x();", ["for (;;)", "x();"]),
    ],
)
def test_the_straight_way_behind_a_branch(body, straight):
    """Three rules follow it; where it leads round again a search that does not see that never ends."""
    made = graph(body)
    [behind] = [after for node in made.nodes if node.text == "a" for after, label in node.successors if label == "true"]

    assert straight == [made.nodes[number].text for number in made.straight(behind)]


@pytest.mark.parametrize(
    ("test", "text"),
    [("NULL != a", "a != NULL"), ("0 > f(a)", "f(a) < 0"), ("-EIO == a->b", "a->b == -EIO"), ("1 <= a", "a >= 1"),
     ("0 == 1", "0 == 1"), ("a == 0", "a == 0"), ("MOST > a", "MOST > a"), ("0 | a", "0 | a")],
)  # fmt: skip
def test_a_comparison_names_what_it_asks_about_first(test, text):
    """`NULL != box` told nothing of the box: what was not there was held behind it, and what was there was not."""

    assert text in [node.text for node in graph(f"if ({test}) x();").nodes if node.kind == "condition"]
