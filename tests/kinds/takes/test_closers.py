"""Who goes on with a lock that a helper keeps."""

from dataclasses import replace

import pytest

from cocci_gen.kinds.registry import RULES

HELPER = """\
static int nest_begin(struct nest *nest, int full)
{
	mutex_lock(&nest->lock);
	if (full) {
		mutex_unlock(&nest->lock);
		return 0;
	}
	return 1;
}
static void nest_end(struct nest *nest) { mutex_unlock(&nest->lock); }
static void nest_close(struct nest *nest) { nest_end(nest); }
"""
BODIES = {
    "itself": "if (nest_begin(nest, 1)) mutex_unlock(&nest->lock); return 0;",
    "by its helper": "if (nest_begin(nest, 1)) nest_end(nest); return 0;",
    "by a wrapper": "if (nest_begin(nest, 1)) nest_close(nest); return 0;",
    "not at all": "nest_begin(nest, 1); return 0;",
    "another's": "if (nest_begin(nest, 1)) mutex_unlock(&nest->other); return 0;",
}
ABOVE = """\
static int {name}(struct nest *nest) {{ {body} }}
static int nest_lookup(struct inode *dir, struct nest *nest) {{ {rest} return nest_{last}(nest); }}
static const struct inode_operations nest_ops = {{ .lookup = nest_lookup }};
"""


def told_by(facts_of, make_obligation, code):
    """What `gives_back` tells of the code, as (function, reason)."""
    (rule,) = RULES["gives_back"]
    facts = facts_of({"fs/a.c": code}, methods=("lookup",))
    obligation = replace(make_obligation("lookup", "gives_back"), struct="inode_operations")
    duties, told = rule.duties(obligation, facts)

    assert not duties
    return [(one.function, one.reason) for one in told]


@pytest.mark.parametrize(
    ("body", "rest", "silent"),
    [
        ("itself", "", True),
        ("by its helper", "", True),
        ("by a wrapper", "", True),
        ("not at all", "", False),
        ("another's", "", False),
        ("not at all", "if (nest->n) nest_end(nest);", True),
        ("not at all", "if (nest->n) mutex_unlock(&nest->other);", False),
    ],
)
def test_a_helper_that_keeps_a_lock_is_settled_by_its_callers(facts_of, make_obligation, body, rest, silent):
    """A lock that nobody gives back any more would pass for one that a helper takes for its callers, without a word."""
    above = ABOVE.format(name="nest_asked", body=BODIES[body], rest=rest, last="asked")
    why = "a way to this return keeps nest->lock locked, and whether nest_asked(), which calls it, gives that back"

    assert ([] if silent else [("nest_begin", f"{why} cannot be seen")]) == told_by(
        facts_of, make_obligation, HELPER + above
    )


def test_a_message_that_names_a_helper_does_not_call_it(facts_of, make_obligation):
    """A function that logs "nest_begin() failed" gives nothing back, and would speak against all that do."""
    above = ABOVE.format(name="nest_asked", body=BODIES["itself"], rest='pr_info("nest_begin() failed");', last="asked")

    assert told_by(facts_of, make_obligation, HELPER + above) == []
