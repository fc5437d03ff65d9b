"""Leaf `sleepers`: from an obligation to duties, semantic patches and findings with honest confidence."""

import re
from dataclasses import replace

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.facts.sleeps.sleep_chains import Forbidden
from cocci_gen.findings.findings import Confidence, NoFix
from cocci_gen.kinds.sleeps.rule import CallRule
from cocci_gen.kinds.suspects import FixPlan

HASH = """\
static int demo(const struct dentry *d, struct qstr *q)
{{
{body}
}}
const struct dentry_operations ops = {{ .d_hash = demo }};
"""
LINK = """\
static const char *demo(struct dentry *d, struct inode *i, struct delayed_call *c)
{{
{body}
}}
const struct inode_operations ops = {{ .get_link = demo }};
"""
END_IO = """\
static void demo(struct buffer_head *bh, int u)
{
	if (!in_interrupt())
		msleep(1);
	spin_lock(&l);
	spin_unlock_irq(&l);
}
void set(struct buffer_head *bh)
{
	bh->b_end_io = demo;
}
"""


def obligation(struct, method, kind, condition="", mode=""):
    """An obligation of a document that nobody reads."""
    source = RuleSource("Documentation/filesystems/locking.rst", 1, "no")
    return Obligation(struct, method, kind, "sleep", "may block", "no", source, mode, condition)


@pytest.fixture
def suspects(facts_of):
    """suspects(text, obligation) -> (suspects, unexamined), as if spatch had starred every line."""

    def find(text, wanted, **files):
        facts = facts_of({"fs/a.c": text, **files}, methods=(wanted.method,))
        rule = CallRule(wanted.kind, Forbidden.INTERRUPTS if wanted.kind == "irq_safe" else Forbidden.SLEEP)
        duties, missing = rule.duties(wanted, facts)
        found = [suspect for duty in duties for suspect in rule.judge(duty, range(100), rule.semantic_patch(duty).text)]
        return found, missing

    return find


def test_no_duty_where_nothing_sleeps(suspects):
    """A job for every method of the kernel would cost minutes for nothing."""

    assert ([], ()) == suspects(
        HASH.format(body="\tq->hash = 1;\n\treturn 0;"), obligation("dentry_operations", "d_hash", "never_sleeps")
    )


def test_a_direct_allocation_gets_a_mask_that_does_not_wait(suspects):
    """The one sleep that a machine may mend: the mask, where the failure is looked at."""
    wanted = obligation("dentry_operations", "d_hash", "never_sleeps")
    body = "\tchar *p = kmalloc(8, GFP_KERNEL);\n\tif (!p)\n\t\treturn -1;\n\treturn 0;"
    ((one,), _) = suspects(HASH.format(body=body), wanted)

    assert (Confidence.HIGH, 3) == (one.finding.confidence, one.finding.line)
    assert "kmalloc(..., GFP_KERNEL, ...)" in one.finding.semantic_patch
    assert isinstance(one.plan, FixPlan)
    assert "+ GFP_ATOMIC" in one.plan.semantic_patch.text

    ((other,), _) = suspects(HASH.format(body="\tchar *p = kmalloc(8, GFP_KERNEL);\n\treturn p[0];"), wanted)

    assert isinstance(other.plan, NoFix)
    assert "failed" in other.plan.reason


def test_the_whole_chain_is_evidence(suspects):
    """Nobody believes a sleep three calls away without file and line of each call."""
    helper = "static void b(void)\n{\n\tmutex_lock(&m);\n}\nstatic void a(void)\n{\n\tb();\n}\n"
    ((one,), _) = suspects(
        helper + HASH.format(body="\ta();\n\treturn 0;"), obligation("dentry_operations", "d_hash", "never_sleeps")
    )

    assert [
        ("fs/a.c", 11, "demo() calls a()"),
        ("fs/a.c", 7, "a() calls b()"),
        ("fs/a.c", 3, "b() calls mutex_lock()"),
    ] == [(step.file, step.line, step.note) for step in one.finding.evidence[:3]]
    assert "takes a lock that sleeps" in one.finding.message


@pytest.mark.parametrize(
    ("helper", "mode", "level"),
    [
        ("static void a(void)\n{\n\tmutex_lock(&m);\n}\n", "", Confidence.HIGH),
        ("static void a(void)\n{\n\tmutex_lock(&m);\n}\n", "maybe", Confidence.LOW),
        ("static void a(void)\n{\n\tif (x) {\n\t\tmutex_lock(&m);\n\t}\n}\n", "", Confidence.MODERATE),
        ("static void a(void)\n{\n\tswitch (x) {\n\tcase 1:\n\t\tmutex_lock(&m);\n\t}\n}\n", "", Confidence.LOW),
        ("static void a(void)\n{\n\tint x = @;\n\tmutex_lock(&m);\n}\n", "", Confidence.MODERATE),
        ("static void c(void)\n{\n\tmutex_lock(&m);\n}\nstatic void a(void)\n{\n\tc();\n}\n", "", Confidence.MODERATE),
    ],
)  # fmt: skip
def test_doubts_lower_the_confidence(suspects, helper, mode, level):
    """Only what is certain may become a patch."""
    wanted = obligation("dentry_operations", "d_hash", "never_sleeps", mode=mode)
    text = helper + HASH.format(body="\tb();\n\treturn 0;" if "c();" in helper else "\ta();\n\treturn 0;")
    text = (
        text.replace("static int demo", "static void b(void)\n{\n\ta();\n}\nstatic int demo")
        if "c();" in helper
        else text
    )
    ((one,), _) = suspects(text, wanted)

    assert level == one.finding.confidence
    assert (level is Confidence.HIGH) != any(note.note.startswith(("low", "moderate")) for note in one.finding.evidence)
    assert isinstance(one.plan, NoFix)


def test_rcu_walk_is_reported_once_and_mended_at_the_top(suspects):
    """One bail-out before the first statement mends every sleep behind it."""
    wanted = obligation("inode_operations", "get_link", "rcu_walk")
    ((one,), _) = suspects(LINK.format(body="\tint n;\n\n\tn = 1;\n\tmsleep(n);\n\tmsleep(2);\n\treturn 0;"), wanted)

    assert 6 == one.finding.line
    assert re.search(r"\+if \(!d\)\n\+\treturn ERR_PTR\(-ECHILD\);\n n = 1;", one.plan.semantic_patch.text)
    assert ([], ()) == suspects(LINK.format(body="\tif (!d)\n\t\treturn 0;\n\tmsleep(1);\n\treturn 0;"), wanted)


def test_an_initialiser_that_sleeps_has_no_fix(suspects):
    """No statement can stand before a declaration."""
    ((one,), _) = suspects(
        LINK.format(body="\tvoid *p = kmalloc(8, GFP_KERNEL);\n\treturn p;"),
        obligation("inode_operations", "get_link", "rcu_walk"),
    )

    assert "initialiser" in one.plan.reason


def test_what_cannot_be_examined_is_said(suspects):
    """A method without the parameter that tells of rcu-walk, or one that did not parse, is not clean."""
    wanted = obligation("inode_operations", "permission", "rcu_walk")
    text = "int demo(void)\n{\n\tmsleep(1);\n}\nconst struct inode_operations ops = { .permission = demo, };\n"
    found, (missing,) = suspects(text, wanted)

    assert ([], "no parameter tells of rcu-walk") == (found, missing.reason)

    found, (missing,) = suspects(
        HASH.format(body="\tint x = @;\n\treturn 0;"), obligation("dentry_operations", "d_hash", "never_sleeps")
    )

    assert ([], "a part of the function did not parse") == (found, missing.reason)


def test_a_shared_implementation_is_blamed_alone(suspects):
    """Ten file systems that call one generic method must not be ten findings."""
    text = "int other(const struct dentry *d, struct qstr *q)\n{\n\tmsleep(1);\n\treturn 0;\n}\n" + HASH.format(
        body="\treturn other(d, q);"
    )
    found, _ = suspects(
        text + "const struct dentry_operations two = { .d_hash = other };\n",
        obligation("dentry_operations", "d_hash", "never_sleeps"),
    )

    assert ["other"] == [one.finding.function for one in found]


def test_an_interrupt_is_told_by_the_condition(suspects):
    """In interrupt context `in_interrupt()` is true, and a plain lock is low."""

    assert ([], ()) == suspects(END_IO, obligation("buffer_head", "b_end_io", "never_sleeps", "called from interrupts"))

    found, _ = suspects(END_IO, obligation("buffer_head", "b_end_io", "irq_safe", "called from interrupts"))

    assert [(5, Confidence.LOW), (6, Confidence.HIGH)] == [(one.finding.line, one.finding.confidence) for one in found]
    assert all(isinstance(one.plan, NoFix) for one in found)


def test_a_mended_method_is_clean(facts_of):
    """The trial of a fix asks the same rule about the edited text."""
    wanted = obligation("inode_operations", "get_link", "rcu_walk")
    facts = facts_of({"fs/a.c": LINK.format(body="\tmsleep(1);\n\treturn 0;")}, methods=("get_link",))
    rule = CallRule("rcu_walk", Forbidden.SLEEP)
    ((duty,), _) = rule.duties(wanted, facts)
    mended = LINK.format(body="\tif (!d)\n\t\treturn 0;\n\tmsleep(1);\n\treturn 0;")
    again = rule.again(
        duty, replace(duty.definition), graph_of(mended.split("const struct inode")[0].encode(), 1), facts
    )

    assert () == again.reaches
    assert "msleep(...)" in rule.semantic_patch(again).text
    assert () == rule.unstarred(again, ())
    assert ["msleep(1);"] == [node.text for node in rule.unstarred(duty, ())]
