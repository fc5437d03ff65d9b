"""Who goes on with a lock that a helper keeps where it fails."""

import pytest

from cocci_gen.kinds.registry import RULES

HEAD = """\
struct nest {{ struct mutex lock, other; int full; }};
static int nest_take(struct nest *nest, int size)
{{
	{first}
	mutex_lock(&nest->lock);
	if (nest->full < size)
		return -ENOSPC;
	return {well};
}}
static void nest_end(struct nest *nest) {{ mutex_unlock(&nest->lock); }}
"""
CALLER = """\
static int nest_use(struct nest *nest)
{{
	int err;
	{ahead}
	err = nest_take(nest, 3);
	if (err) {{
		{failed}
		return err;
	}}
	nest->full++;
	nest_end(nest);
	return 0;
}}
static int nest_above(struct nest *nest)
{{
	int err = nest_use(nest);
	{above}
	return err;
}}
static int demo_lookup(struct inode *dir, struct nest *nest) {{ return nest_above(nest); }}
"""
ASKS = "if (size < 0) return -EINVAL;"
LOST = ["nest_take() fails with mutex nest->lock still locked"]


@pytest.mark.parametrize(
    ("first", "well", "ahead", "failed", "above", "wrong"),
    [
        (ASKS, "0", "", "", "", LOST),
        ("", "0", "", "", "", LOST),
        (ASKS, "0", "", "nest_asked(nest);", "", LOST),
        (ASKS, "0", "mutex_lock(&nest->other);", "mutex_unlock(&nest->other);", "mutex_unlock(&nest->other);", LOST),
        (ASKS, "0", "", "nest_end(nest);", "", []),
        (ASKS, "0", "", "mutex_unlock(&nest->lock);", "", []),
        (ASKS, "0", "", "if (nest->full) nest_end(nest);", "", []),
        (ASKS, "0", "", "nest->end(nest);", "", []),
        (ASKS, "0", "", "", "if (err) nest_end(nest);", []),
        (ASKS, "0", "", "", "if (!err) nest_end(nest);", LOST),
        (ASKS, "-EIO", "", "", "", []),
    ],
    ids=[
        "by nobody",
        "always taken",
        "not by a call",
        "another lock",
        "by a helper",
        "itself",
        "on some way",
        "by a pointer",
        "above",
        "above, of success",
        "never for a caller",
    ],
)
def test_kept_where_it_fails(wrongs, first, well, ahead, failed, above, wrong):
    """A lock that nobody knows of any more is waited for for ever; who takes it for his callers may leave it to them."""
    found = wrongs(
        HEAD.format(first=first, well=well) + CALLER.format(ahead=ahead, failed=failed, above=above), "nest_take"
    )
    assert found == wrong


@pytest.mark.parametrize(
    "more",
    ["EXPORT_SYMBOL(nest_take);\n", "static const struct nest_operations more = { .take = nest_take };\n"],
    ids=["exported", "in a table"],
)
def test_callers_that_nobody_knows(wrongs, more):
    """Who calls it from elsewhere may give the lock back."""
    code = HEAD.format(first=ASKS, well="0") + CALLER.format(ahead="", failed="", above="")
    assert wrongs(code.replace("static int nest_take", "int nest_take") + more, "nest_take") == []


def test_taken_back(wrongs):
    """Who gives it back first has it from his caller, and takes it again for him, whatever he returns."""
    code = HEAD.format(first="mutex_unlock(&nest->lock);", well="0") + CALLER.format(ahead="", failed="", above="")
    assert wrongs(code, "nest_take") == []


@pytest.mark.parametrize(("others", "wrong"), [(4, LOST), (3, [])], ids=["most do not", "not so few do"])
def test_one_caller_of_many(wrongs, others, wrong):
    """One caller that gives back what all others leave hid the lock that is lost on their account."""
    code = HEAD.format(first=ASKS, well="0") + CALLER.format(ahead="", failed="nest_end(nest);", above="")
    asks = "int err = nest_take(nest, {0}); if (err) return err; nest_end(nest); return 0;"
    use = f"static int use{{0}}(struct nest *nest) {{{{ {asks} }}}}\n"
    table = "static const struct nest_operations o = {{ .dig = use{0} }};\n"
    assert wrongs(code + "".join((use + table).format(number) for number in range(others)), "nest_take") == wrong


@pytest.mark.parametrize(
    ("ahead", "wrong"), [("mutex_lock(&nest->other);", ["takes() fails with mutex lock still locked"]), ("", [])]
)
def test_what_a_caller_has_taken_himself(wrongs, ahead, wrong):
    """A lock that a helper is handed may be any; what its caller has locked by name is what he unlocks by it."""
    code = f"""\
struct nest {{ struct mutex lock, other; int full; }};
static int takes(struct mutex *lock, int full) {{ mutex_lock(lock); if (full) return -ENOSPC; return 0; }}
static int uses(struct nest *nest)
{{
	int err;
	{ahead}
	err = takes(&nest->lock, nest->full);
	if (err) {{
		mutex_unlock(&nest->other);
		return err;
	}}
	mutex_unlock(&nest->lock);
	mutex_unlock(&nest->other);
	return 0;
}}
static int demo_lookup(struct inode *dir, struct nest *nest) {{ return uses(nest); }}
"""
    assert wrongs(code, "takes") == wrong


HANDS_ON = """\
struct nest {{ struct mutex lock; int full; }};
static int nest_take(struct nest *nest, int size)
{{
	int err;
	mutex_lock(&nest->lock);
	err = {told};
	return err;
}}
static void nest_end(struct nest *nest) {{ mutex_unlock(&nest->lock); }}
static int demo_lookup(struct inode *dir, struct nest *nest)
{{
	int err = nest_take(nest, 3);
	if (err) {{
		{failed}
		return err;
	}}
	{well}
	return 0;
}}
"""
END = "nest_end(nest);"


@pytest.mark.parametrize(
    ("told", "failed", "well", "wrong"),
    [
        ("nest_fill(nest, size)", "", END, ["nest_take() may fail with mutex nest->lock still locked"]),
        ("nest_fill(nest, size)", END, END, []),
        ("nest_fill(nest, size)", "", "", []),
        ("0", "", END, []),
    ],
    ids=["of success alone", "of both", "by nobody", "never fails"],
)
def test_hands_on_a_failure(wrongs, told, failed, well, wrong):
    """`return f();` behind the taking: who leaves it to the caller where it fails has to be told of, where he gives it back only
    where it does not."""
    code = "static int nest_fill(struct nest *nest, int size) { if (size < 0) return -EINVAL; return 0; }\n"
    found = wrongs(HANDS_ON.format(told=told, failed=failed, well=well) + code, "nest_take")
    assert [one for one in found if "nest_take" in one] == wrong


SAYS_SO = """\
struct nest {{ struct mutex lock; int full; }};
static int nest_grab(struct nest *nest)
{{
	mutex_lock(&nest->lock);
	if (nest->full)
		return {full};
	return 1;
}}
static int demo_lookup(struct inode *dir, struct nest *nest)
{{
	if (nest_grab(nest)) {{
		nest->full++;
		{taken}
		return 1;
	}}
	{empty}
	return {told};
}}
"""
UNLOCK = "mutex_unlock(&nest->lock);"


@pytest.mark.parametrize(
    ("full", "taken", "empty", "told", "wrong"),
    [
        ("0", UNLOCK, "", "0", ["nest_grab() returns with mutex nest->lock still locked"]),
        ("0", UNLOCK, UNLOCK, "0", []),
        ("2", UNLOCK, "", "0", []),
        ("nest_destroy(nest)", UNLOCK, "", "0", []),
    ],
    ids=["zero", "both end it", "more than zero", "whose lock it is may be gone"],
)
def test_zero_where_others_are_told_one(wrongs, full, taken, empty, told, wrong):
    """A helper that says by one that it has it, and has it where it says no: the lock would stay."""
    ends = "static int nest_destroy(struct nest *nest) { nest->full = 0; return 0; }\n"
    found = wrongs(ends + SAYS_SO.format(full=full, taken=taken, empty=empty, told=told), "nest_grab")
    assert found == wrong


def test_zero_where_nobody_ends_it(wrongs):
    """Where one is no other than zero to those who call, that they leave it tells nothing of zero."""
    found = wrongs(SAYS_SO.format(full="0", taken="", empty="", told="0"), "nest_grab")
    assert set(found) == {"nest_grab() returns with mutex nest->lock still locked, which nobody gives back"}


def test_no_patch_for_what_may_fail(looked_at):
    """To give it back before the return would take it from who succeeds."""
    (rule,) = RULES["gives_back"]
    code = "static int nest_fill(struct nest *nest, int size) { if (size < 0) return -EINVAL; return 0; }\n"
    duties, _ = looked_at(HANDS_ON.format(told="nest_fill(nest, size)", failed="", well=END) + code)
    own = [one for one in duties if one.definition.name == "nest_take"]
    suspects = [rule.suspect(one, place, "") for one in own for place in rule.places(one)]
    assert [one.plan.reason for one in suspects] == ["where it does not fail it is kept for the caller"]
