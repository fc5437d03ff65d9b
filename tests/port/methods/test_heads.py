"""The heads of methods, and what becomes of their parameters."""

import pytest

from cocci_gen.code.texts.source import file_facts
from cocci_gen.document.declarations import Prototype, split_parameters
from cocci_gen.port.changes.declared import Method
from cocci_gen.port.changes.evolutions import MethodChanged
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.lessons.habits import Habits
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.methods.body_uses import Followed, Leaves, Renames
from cocci_gen.port.methods.head_plans import HeadExamples, head_examples, plan_head
from cocci_gen.port.methods.heads import head_rules, unsure_bodies
from cocci_gen.port.methods.made_locals import local_text
from cocci_gen.port.methods.parameter_lists import typedefs_in
from cocci_gen.port.texts.instances import Instance, Written, head_of
from cocci_gen.port.texts.parameters import steps_between


def changed(old, new):
    """A method with these parameters before and after."""
    before, after = (
        Method("meadow_operations", Prototype("sow", "int", tuple(one), "", 1, 1, "", ()), "include/linux/meadow.h")
        for one in (old, new)
    )
    return MethodChanged(before, after, steps_between(old, new))


def instance(text):
    """A function that a table names for the method."""
    (span,) = file_facts(text, ()).functions
    return Instance("meadow_operations", "sow", Written("a.c", span, text), "a.c", 1, typed=True)


FIELDS = [
    instance(
        b"static int g(struct field *from)\n{\n\tstruct plot *plot = field_plot(from);\n\treturn plot->size;\n}\n"
    ).function
] * 12
STEP = changed(["struct plot *plot", "int n"], ["struct field *field", "int n"])


def test_what_the_tree_does_elsewhere_is_done_where_no_instance_shows_it():
    """A body would look for the members of one structure in another."""
    plan = plan_head(STEP, HeadExamples((), ()), Habits(FIELDS))
    ((rule,), refused) = head_rules(
        plan, [instance(b"static int f(struct plot *plot, int n)\n{\n\treturn plot->n;\n}\n")]
    )

    assert "+ struct plot *P0 = field_plot(field);" in rule.text
    assert () == refused
    assert "- struct plot *I = field_plot(Q0);\n ... when != I" in local_text(plan, ["f"], [])


@pytest.mark.parametrize(
    ("body", "renamed"), [(b"return plot->n;", False), (b"return *plot;", False), (b"return plot_size(plot);", True)]
)
def test_a_body_that_looks_into_a_parameter_is_left_where_nobody_shows_the_way(body, renamed):
    """`plot->n` would become `field->n`, which may even compile."""
    plan = plan_head(STEP, HeadExamples((), ()), Habits([]))
    function = instance(b"static int f(struct plot *plot, int n)\n{\n\t" + body + b"\n}\n")
    ((rule,), _) = head_rules(plan, [function])

    assert renamed == ("- P0\n+ field" in rule.text)
    assert unsure_bodies(plan, [function])


def test_parameters_that_come_together_stand_on_one_line():
    """spatch would break the head behind each of them."""
    plan = plan_head(
        changed(["int n"], ["struct field *field", "const char *name", "int n"]), HeadExamples((), ()), Habits([])
    )
    ((rule,), _) = head_rules(plan, [instance(b"static int f(int n)\n{\n\treturn n;\n}\n")])

    assert "+ struct field *field, const char *name\n" in rule.text


def test_a_parameter_that_is_an_array_is_one_in_the_rule(workshop):
    """spatch does not know a type with its brackets in front of the name, and each ->newlink would be left."""
    step = changed(["struct plot *tb[]", "int n"], ["struct field *field", "int n"])
    plan = plan_head(step, HeadExamples((), ()), Habits([]))
    text = b"static int f(struct plot *tb[], int n)\n{\n\treturn n;\n}\n"
    ((rule,), _) = head_rules(plan, [instance(text)])
    ported = apply_rules(
        [PortRule("r", "e", "t", rule.text, Declarations(), (frozenset({"f"}),))], {"a.c": text}, workshop.runner
    )

    assert text.replace(b"struct plot *tb[]", b"struct field *field") == ported.texts["a.c"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"int n", b"int n, struct field __rcu **fieldp"),
        (b"int n, char __user *buf", b"int n, void __user *buf"),
        (b"int n, char __user *buf", b"int n"),
    ],
)
@pytest.mark.parametrize("end", [b"\n{\n\treturn n;\n}\n", b";\n\nstatic int f(%s)\n{\n\treturn n;\n}\n"])
def test_a_mark_of_a_type_is_announced(workshop, old, new, end):
    """spatch takes no `char __user *` of whose mark it has not heard: the rule was refused, and the head stayed as it was."""
    step = changed(*(text.decode().split(", ") for text in (old, new)))
    plan = plan_head(step, HeadExamples((), ()), Habits([]))
    before, after = (b"static int f(%s)" % text + (end % text if b"%" in end else end) for text in (old, new))
    ((rule,), _) = head_rules(plan, [instance(before)])
    ported = apply_rules(
        [PortRule("r", "e", "t", rule.text, Declarations(), (frozenset({"f"}),))], {"a.c": before}, workshop.runner
    )

    assert () == ported.refused
    assert after == ported.texts["a.c"]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("int n, void (*merge)(struct plot *plot)", "int n", "void (*merge)(struct plot *plot)"),
        ("int n", "int n, bool (*test)(struct plot *)", "bool (*test)(struct plot *)"),
        ("int n, void (*merge)(struct plot *plot)", "long n, void (*merge)(struct plot *plot)", ""),
    ],
    ids=["goes", "comes", "stays"],
)
def test_a_pointer_to_a_function_that_changes_is_for_a_person(old, new, named):
    """The rule had its name behind it, and port.txt told that spatch does not parse that (iomap_ioend_try_merge())."""
    plan = plan_head(changed(*map(split_parameters, (old, new))), HeadExamples((), ()), Habits([]))
    rules, refused = head_rules(plan, [instance(f"static int f({old})\n{{\n\treturn n;\n}}\n".encode())])

    assert bool(named) is not bool(rules)
    assert [f"its head changes in `{named}`, which a semantic patch cannot say"] * bool(named) == [
        one.reason for one in refused
    ]


def test_numbers_of_one_width_are_one_type():
    """A method that writes `unsigned int` where the header has u32 would be taken for one of neither kernel."""
    step = changed(["struct plot *plot", "u32 n"], ["struct field *field", "u32 n"])
    plan = plan_head(step, HeadExamples((), ()), Habits([]))
    text = b"static int f(struct plot *plot, unsigned int n)\n{\n\treturn n;\n}\n"
    rules, refused = head_rules(plan, [instance(text)])

    assert (1, ()) == (len(rules), refused)


def test_a_type_that_smpl_knows_is_not_announced():
    """spatch would refuse the whole rule."""
    plan = plan_head(changed(["int n"], ["size_t upper", "int n"]), HeadExamples((), ()), Habits([]))
    ((rule,), _) = head_rules(plan, [instance(b"static int f(int n)\n{\n\treturn n;\n}\n")])

    assert "typedef" not in rule.text


def test_a_type_that_a_function_returns_is_announced():
    """spatch takes no `const __u8 *` of which it has not heard, and five drivers stayed as they were (digimend)."""
    assert {"__u8"} == typedefs_in("const __u8 *")
    assert set() == typedefs_in("char __user *") | typedefs_in("void __iomem *") | typedefs_in("struct plot __rcu *")
    assert {"u32"} == typedefs_in("u32 __iomem *")

    before, after = (
        Method("meadow_operations", Prototype("sow", kind, ("int n",), "", 1, 1, "", ()), "include/linux/meadow.h")
        for kind in ("__u8 *", "const __u8 *")
    )
    step = MethodChanged(before, after, steps_between(("int n",), ("int n",)))
    plan = plan_head(step, HeadExamples((), ()), Habits([]))
    ((rule,), _) = head_rules(plan, [instance(b"static __u8 *f(int n)\n{\n\treturn rows;\n}\n")])

    assert "typedef __u8;" in rule.text.split("@@")[0]


def test_a_body_whose_values_nobody_shows_is_left():
    """`return -EIO;` would be returned as whatever the method returns by now, and the compiler only warns."""
    old, new = ["int n"], ["int n", "bool wide"]
    step = changed(old, new)
    prototype = Prototype("sow", "struct plot *", tuple(new), "", 1, 1, "", ())
    step = MethodChanged(step.old, Method("meadow_operations", prototype, "a.h"), steps_between(old, new))
    plan = plan_head(step, HeadExamples((), ()), Habits([]))
    (told,) = unsure_bodies(plan, [instance(b"static int f(int n)\n{\n\treturn n;\n}\n")])

    assert "returns `int`" in told.reason


@pytest.mark.parametrize("name", ["plot", "patch"])
def test_a_parameter_that_became_const_does_so_once_and_keeps_its_name(workshop, name):
    """spatch takes a `const struct plot *` for a `struct plot *`: the rule would not be sure of itself, and a person be told.
    A body would go on with a name that its head has no more."""
    step = changed(["struct plot *plot", "int n"], ["const struct plot *plot", "int n"])
    plan = plan_head(step, HeadExamples((), ()), Habits([]))
    text = f"static int f(struct plot *{name}, int n)\n{{\n\treturn {name}->n;\n}}\n".encode()
    ((rule,), _) = head_rules(plan, [instance(text)])
    named = PortRule("sow", "sow", "sow", rule.text, Declarations(), ())
    ported = apply_rules([named], {"a.c": text}, workshop.runner)

    assert text.replace(b"(struct", b"(const struct") == ported.texts["a.c"]
    assert () == ported.refused
    assert () == unsure_bodies(plan, [instance(text)])


def followed(number):
    """A function that took flags before, and the plot to fill by now."""
    path = f"fs/a{number}/a.c"
    texts = (
        b"static int f(unsigned int flags, int n)\n{\n\treturn plot_grab(n, flags);\n}\n",
        b"static int f(struct plot **plotp, int n)\n{\n\treturn plot_fill(n, plotp);\n}\n",
    )
    old, new = (Written(path, file_facts(text, ()).functions[0], text) for text in texts)
    return Pair(old, new)


def test_a_number_is_not_renamed_to_a_pointer():
    """`grab(mapping, index, flags)` would become `grab(mapping, index, foliop)`: the name that went was used, and so is the one
    that came."""
    pairs = [followed(number) for number in range(5)]
    step = changed(["unsigned int flags", "int n"], ["struct plot **plotp", "int n"])
    before, after = (
        [Instance("meadow_operations", "sow", one, one.path, 1, typed=True) for one in some]
        for some in ([pair.old for pair in pairs], [pair.new for pair in pairs])
    )
    examples = head_examples(step, before, after, {(pair.old.path, pair.old.name): pair for pair in pairs})

    assert {0: Leaves(5, 5)} == plan_head(step, examples, Habits([])).uses


def stepped(number, before, after):
    """A function that made the step from a plot to its field, with these lines."""
    texts = (
        f"static int f(struct plot *plot, int n)\n{{\n\t{before}\n}}\n".encode(),
        f"static int f(struct field *field, int n)\n{{\n\t{after}\n}}\n".encode(),
    )
    written = []
    for text in texts:
        (span,) = file_facts(text, ()).functions
        written.append(Written(f"fs/a{number}/a.c", span, text))
    return Pair(*written)


@pytest.mark.parametrize(
    ("ways", "line"),
    [
        ([("return plot->home->size + n;", "return field->size + n;")] * 3, "return field->size;"),
        ([("return plot->home->size + n;", "return field->size + n;")] * 2, "return field->home->size;"),
        ([("return plot->home->size + n;", "return size_of(field) + n;")] * 3, "return field->home->size;"),
        ([("return plot->home->size + n;", "return field->home->size + n;")] * 3, "return field->home->size;"),
    ],
    ids=["what the member was", "two are none", "rewritten", "it has one as well"],
)
def test_what_one_came_to_by_a_member_is_the_parameter_by_now(workshop, ways, line):
    """`bdev->bd_disk->private_data` would become `disk->bd_disk->private_data`, which nobody compiles."""
    pairs = {number: stepped(number, *way) for number, way in enumerate(ways)}
    before = [Instance("meadow_operations", "sow", one.old, one.old.path, 1, typed=True) for one in pairs.values()]
    after = [Instance("meadow_operations", "sow", one.new, one.new.path, 1, typed=True) for one in pairs.values()]
    examples = head_examples(STEP, before, after, {(one.old.path, one.old.name): one for one in pairs.values()})
    plan = plan_head(STEP, examples, Habits([]))
    text = b"static int f(struct plot *plot, int n)\n{\n\treturn plot->home->size;\n}\n"
    ((rule,), _) = head_rules(plan, [instance(text)])
    ported = apply_rules(
        [PortRule("r", "sow", "", rule.text, Declarations(), ())], {"a.c": text}, workshop.runner
    ).texts["a.c"]

    assert line.encode() in ported


@pytest.mark.parametrize(
    ("old", "new", "follows"),
    [
        ("bool deep", "int flags", False),
        ("int flags", "bool deep", False),
        ("bool deep", "int", False),
        ("bool deep", "int deep", True),
        ("int n", "long upper", True),
    ],
)
def test_a_mark_that_became_a_number_of_another_name_is_not_asked_for_it(old, new, follows):
    """`if (rcu)` would ask whether there are any flags, and the compiler be content."""
    plan = plan_head(changed([old], [new]), HeadExamples((), ()), Habits([]))

    assert isinstance(plan.uses[0], Renames) == follows


@pytest.mark.parametrize("shown", [False, True])
@pytest.mark.parametrize("kinds", [("int", "bool"), ("bool", "int")])
def test_a_number_that_is_true_or_false_by_now_keeps_its_head_where_nobody_shows_the_way(kinds, shown):
    """0 went on and true goes on by now (`filldir_t`): with the new head it would stop at the first, and compile."""
    before, after = (
        Method("meadow_operations", Prototype("sow", kind, ("int n",), "", 1, 1, "", ()), "include/linux/meadow.h")
        for kind in kinds
    )
    one, now = (instance(f"static {kind} f(int n)\n{{\n\treturn n;\n}}\n".encode()) for kind in kinds)
    step = MethodChanged(before, after, steps_between(["int n"], ["int n"]))
    followed = Followed(Pair(one.function, now.function), head_of(one.function), head_of(now.function))
    plan = plan_head(step, HeadExamples((followed,) * 3 if shown else (), ()), Habits([]))

    rules, refused = head_rules(plan, [one])

    assert shown == (len(rules) == 1)
    assert shown == (not refused)
    assert () == unsure_bodies(plan, [one])
    assert all("what was 0 for success may be true for it" in told.reason for told in refused)


MOTH = """struct moth;
struct lamp {
	int lit;
};

struct moth_operations {
	int (*flit)(struct moth *moth%s);
};
int moth_turn(struct moth *moth%s);
"""
MODULE = b"""#include <linux/moth.h>

static int owl_flit(struct moth *moth, struct lamp *lamp)
{
	return moth_turn(moth, lamp); /* lamp */
}

static int bat_flit(struct moth *moth, struct lamp *lamp)
{
	return lamp->lit;
}

const struct moth_operations owl_ops = {
	.flit = owl_flit,
};

const struct moth_operations bat_ops = {
	.flit = bat_flit,
};
"""


def test_what_a_body_gave_to_a_function_that_takes_it_no_more_is_not_told(workshop):
    """Eight ->write_begin were said to use flags that a later rule had dropped (5.10 to 6.1)."""
    old, new = ({"include/linux/moth.h": (MOTH % (more, more)).encode()} for more in (", struct lamp *lamp", ""))
    port = workshop.port({"owl.c": MODULE}, new, old)
    still = [one.function for one in port.leftovers if "the body still uses" in one.reason]

    assert b"return moth_turn(moth);" in port.ported.texts["owl.c"]
    assert ["bat_flit"] == still


@pytest.mark.parametrize(("given", "told"), [("moth", 1), ("owl_of(moth)", 0), ("owl", 0)])
def test_an_instance_that_the_code_calls_with_what_it_took_is_told(workshop, given, told):
    """orangefs_launder_folio(page) is a warning to the compiler, which many do not read (5.10 to 6.1)."""
    header = "struct moth;\nstruct owl;\n\nstruct moth_operations {\n\tint (*flit)(struct %s *it);\n};\n"
    old, new = ({"include/linux/moth.h": (header % tag).encode()} for tag in ("moth", "owl"))
    code = (
        "#include <linux/moth.h>\n\nstatic int elm_flit(struct moth *it)\n{\n\treturn 1;\n}\n\n"
        f"int elm_go(struct moth *moth, struct owl *owl)\n{{\n\treturn elm_flit({given});\n}}\n\n"
        "const struct moth_operations elm_ops = {\n\t.flit = elm_flit,\n};\n"
    )
    port = workshop.port({"elm.c": code.encode()}, new, old)

    assert b"elm_flit(struct owl *it)" in port.ported.texts["elm.c"]
    assert told == len([one for one in port.leftovers if "is given what it took" in one.reason])
