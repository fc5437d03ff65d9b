"""Who goes on with a lock that a helper keeps where it fails."""

import pytest

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
