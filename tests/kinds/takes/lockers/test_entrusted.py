"""What callers hold when they call a helper, which gives it back for them."""

from dataclasses import replace

import pytest

from cocci_gen.kinds.registry import RULES

CODE = """\
struct nest {{ spinlock_t lock; int full; }};
static int nest_put(struct nest *nest, int egg)
{{
	if (nest->full) {{
		{full}
		return -ENOSPC;
	}}
	nest->full = egg;
	spin_unlock(&nest->lock);
	return 0;
}}
static int demo_lookup(struct inode *dir, struct nest *nest)
{{
	int err;
	{ahead}
	err = nest_put(nest, 3);
	if (err) {{
		{failed}
		return err;
	}}
	return 0;
}}
"""
LOCK, UNLOCK = "spin_lock(&nest->lock);", "spin_unlock(&nest->lock);"
KEPT = "nest_put() fails with spinlock nest->lock still held"
GONE = "nest_put() fails without spinlock nest->lock, which its callers give back"


@pytest.mark.parametrize(
    ("full", "ahead", "failed", "wrong"),
    [
        ("", LOCK, "", [KEPT]),
        ("", LOCK, UNLOCK, []),
        (UNLOCK, LOCK, "", []),
        (UNLOCK, LOCK, UNLOCK, [GONE]),
        (UNLOCK, LOCK, f"{LOCK} nest->full = 0; {UNLOCK}", []),
        (UNLOCK, LOCK, f"if (nest->full) {UNLOCK}", []),
        ("", LOCK, "nest_end(nest);", []),
        ("", "", "", []),
        ("", f"{LOCK} {UNLOCK}", "", []),
    ],
    ids=[
        "left",
        "left to the caller",
        "always given back",
        "twice",
        "taken again",
        "at times",
        "by a helper",
        "not held",
        "not any more",
    ],
)
def test_either_the_helper_or_its_callers(wrongs, full, ahead, failed, wrong):
    """A lock that each of two leaves to the other stays for ever, and one that both give back is somebody else's by then."""
    end = "static void nest_end(struct nest *nest) { spin_unlock(&nest->lock); }\n"
    assert wrongs(end + CODE.format(full=full, ahead=ahead, failed=failed), "nest_put") == wrong


def test_dropped_for_a_while(wrongs):
    """A helper that lets others in, and fails before it has taken the lock again, hands back what its caller does not have."""
    wait = f"{UNLOCK} err = nest_wait(nest); if (err) return err; {LOCK}"
    code = CODE.format(full="", ahead=LOCK, failed=UNLOCK).replace(
        "if (nest->full)", f"int err; {wait} if (nest->full)"
    )
    assert GONE in wrongs(code, "nest_put")


@pytest.mark.parametrize(
    "more", ["EXPORT_SYMBOL(nest_put);\n", "static struct nest_operations more = { .put = nest_put };\n"]
)
def test_callers_that_nobody_knows(wrongs, more):
    """Others may call it without the lock, or give it back."""
    code = CODE.format(full="", ahead=LOCK, failed="")
    code = code.replace("static int nest_put", "int nest_put") if more.startswith("EXPORT") else code
    assert wrongs(code + more, "nest_put") == []


def test_what_tells_of_no_failure(wrongs):
    """Who returns one may tell by that whose the lock is then."""
    assert wrongs(CODE.format(full="", ahead=LOCK, failed="").replace("return -ENOSPC", "return 1"), "nest_put") == []


def test_where_values_were_forgotten(looked_at):
    """A way that may contradict itself is no finding."""
    duties = [
        one for one in looked_at(CODE.format(full="", ahead=LOCK, failed=""))[0] if one.definition.name == "nest_put"
    ]
    seen = duties[0].holding.explored()
    assert duties[0].holding.breaches(seen)
    assert not duties[0].holding.breaches(replace(seen, merged=True))


def test_no_patch(looked_at):
    """Whether the helper or its callers are to give it back nobody can tell from what they do."""
    (rule,) = RULES["gives_back"]
    duties = [
        one for one in looked_at(CODE.format(full="", ahead=LOCK, failed=""))[0] if one.definition.name == "nest_put"
    ]
    (suspect,) = [rule.suspect(duty, place, "") for duty in duties for place in rule.places(duty)]
    assert suspect.plan.reason == "whether it or its callers are to give it back is for a person to decide"
    assert suspect.finding.confidence.value == "moderate"
    assert "who calls nest_put() holds spinlock nest->lock" in [step.note for step in suspect.finding.evidence]


def test_let_in_for_a_while_alone(wrongs):
    """A helper that gives it up and takes it again on every way ends nothing: whoever took it does, further up."""
    code = f"""\
struct nest {{ spinlock_t lock; int full; }};
static int nest_wait(struct nest *nest)
{{
	spin_unlock(&nest->lock);
	{LOCK}
	return nest->full ? -ENOSPC : 0;
}}
static int nest_more(struct nest *nest)
{{
	int err = nest_wait(nest);
	if (err)
		return err;
	{UNLOCK}
	{LOCK}
	return nest_wait(nest);
}}
static int demo_lookup(struct inode *dir, struct nest *nest)
{{
	int err;
	{LOCK}
	err = nest_more(nest);
	{UNLOCK}
	return err;
}}
"""
    assert wrongs(code, "nest_wait") == []
