"""What a failing ->mount must undo itself: only what ->kill_sb leaves out for this very failure."""

import pytest

from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.kinds.handovers.rule import HandoverRule
from cocci_gen.kinds.suspects import FixPlan

MOUNT = """static struct dentry *demo_mount(struct file_system_type *type, int flags, const char *name, void *data)
{{
	struct super_block *super;
	if (attach(name))
		return ERR_PTR(-EIO);
	super = sget(type, NULL, set_anon_super, flags, NULL);
	if (IS_ERR(super)) {{
		detach(name);
		return ERR_CAST(super);
	}}
	{between}super->s_fs_info = kzalloc(8, GFP_KERNEL);
	if (!DEMO(super))
		return ERR_PTR(-ENOMEM);
	if (fill(super))
		return ERR_PTR(-EINVAL);
	return dget(super->s_root);
}}
static void demo_kill(struct super_block *sb)
{{
	kill_anon_super(sb);
	{test}
	{call}
}}
static struct file_system_type demo = {{ .mount = demo_mount, .kill_sb = demo_kill }};
"""
EARLY = "if (!DEMO(sb))\n\t\treturn;"


def inserted(facts_of, text):
    """What the fix of each return inserts, by the constant that is returned."""
    source = RuleSource("Documentation/filesystems/locking.rst", 1, "mount")
    obligation = Obligation("file_system_type", "mount", "returns_locked", "super block", "column", "yes", source)
    facts = facts_of({"fs/a.c": text}, methods=("mount", "kill_sb"))
    [duty] = HandoverRule().duties(obligation, facts)[0]
    found = HandoverRule().judge(duty, range(1, 40), "")
    return {
        one.finding.breach.statement: (
            [line[1:] for line in one.plan.semantic_patch.text.splitlines() if line.startswith("+")],
            [step.note for step in one.finding.evidence if "does not call" in step.note],
        )
        for one in found
        if isinstance(one.plan, FixPlan)
    }


GIVEN_UP = ["deactivate_locked_super(super);"]


@pytest.mark.parametrize(
    ("between", "test", "call", "undoes"),
    [
        pytest.param("", EARLY, "detach(DEMO(sb)->name);", True, id="left-out-then"),
        pytest.param("", "", "detach(DEMO(sb)->name);", False, id="always-called"),
        pytest.param("", EARLY, "forget(sb);", False, id="never-called"),
        pytest.param("", "if (!OTHER(sb))\n\t\treturn;", "detach(DEMO(sb)->name);", False, id="another-test"),
        pytest.param("name = other;\n\t", EARLY, "detach(DEMO(sb)->name);", False, id="argument-changed"),
    ],
)
def test_what_kill_sb_leaves_out_is_called_here(facts_of, between, test, call, undoes):
    """A server that keeps a mount for which there is no super block is as leaked; one call too many is worse."""
    found = inserted(facts_of, MOUNT.format(between=between, test=test, call=call))
    calls, notes = found["return ERR_PTR(-ENOMEM);"]

    assert calls == (["detach(name);", *GIVEN_UP] if undoes else GIVEN_UP)
    assert notes == (
        ["demo_kill() does not call detach() then, which the exit without a super block calls"] if undoes else []
    )
    assert found["return ERR_PTR(-EINVAL);"] == (GIVEN_UP, [])  # there the test of ->kill_sb comes out the other way


@pytest.mark.parametrize("stuck", ["for (;;)\n\t\t\tcpu_relax();", "for (;;)\n\t\t\t;"])
def test_an_exit_that_never_ends_is_no_end_of_the_search(facts_of, stuck):
    """Whoever writes a loop without a way out into his module must not stop a nightly run."""
    text = MOUNT.format(between="", test=EARLY, call="detach(DEMO(sb)->name);")
    text = text.replace("detach(name);\n\t\treturn ERR_CAST(super);", f"detach(name);\n\t\t{stuck}")

    assert stuck in text
    assert [["detach(name);", "deactivate_locked_super(super);"]] == [
        lines for statement, (lines, _) in inserted(facts_of, text).items() if "ENOMEM" in statement
    ]
