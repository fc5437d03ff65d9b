"""Who goes on with a lock that a helper keeps."""

from dataclasses import replace

import pytest

from cocci_gen.kinds.registry import RULES
from cocci_gen.kinds.takes.lockers.closers import nobody_closes
from cocci_gen.kinds.takes.words.sorts import states

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
    """What `gives_back` finds in the code and tells of it, as (function, reason)."""
    (rule,) = RULES["gives_back"]
    facts = facts_of({"fs/a.c": code}, methods=("lookup",))
    obligation = replace(make_obligation("lookup", "gives_back"), struct="inode_operations")
    duties, told = rule.duties(obligation, facts)
    found = [one.finding for duty in duties for one in rule.judge(duty, range(1, 30), "")]
    return [*((one.function, one.message) for one in found), *((one.function, one.reason) for one in told)]


@pytest.mark.parametrize(
    ("body", "rest", "silent"),
    [
        ("itself", "", True),
        ("by its helper", "", True),
        ("by a wrapper", "", True),
        ("not at all", "", False),
        ("another's", "", False),
        ("not at all", "if (nest->n) nest_end(nest);", False),
        ("not at all", "if (nest->n) { nest_asked(nest); nest_end(nest); }", True),
        ("not at all", "nest_asked(nest); if (nest->n) mutex_unlock(&nest->other);", False),
        ("not at all", "switch (nest->n) { case 1: nest_end(nest); return 0; }", False),
    ],
)
def test_a_helper_that_keeps_a_lock_is_settled_by_its_callers(facts_of, make_obligation, body, rest, silent):
    """A lock that nobody gives back any more would pass for one that a helper takes for its callers, without a word."""
    above = ABOVE.format(name="nest_asked", body=BODIES[body], rest=rest, last="asked")
    why = "nest_begin() returns with mutex nest->lock still locked, which other ways give back"

    assert ([] if silent else [("nest_begin", why)]) == told_by(facts_of, make_obligation, HELPER + above)


def test_a_message_that_names_a_helper_does_not_call_it(facts_of, make_obligation):
    """A function that logs "nest_begin() failed" gives nothing back, and would speak against all that do."""
    above = ABOVE.format(name="nest_asked", body=BODIES["itself"], rest='pr_info("nest_begin() failed");', last="asked")

    assert told_by(facts_of, make_obligation, HELPER + above) == []


KEEPS = """\
static int nest_fill(struct nest *nest)
{
	mutex_lock(&nest->lock);
	nest->n++;
	return 0;
}
"""


@pytest.mark.parametrize(
    ("rest", "lost"),
    [
        (
            "static int g(struct nest *nest) { if (nest->n) { nest_end(nest); return 0; } return nest_fill(nest); }",
            True,
        ),
        ("static int g(struct nest *nest) { nest_fill(nest); nest_end(nest); return 0; }", False),
        ("static int g(struct nest *nest) { nest_fill(nest); mutex_unlock(&nest->lock); return 0; }", False),
        (
            (
                "static int h(struct nest *nest) { return nest_fill(nest); }\n"
                "static int g(struct nest *nest) { h(nest); nest_end(nest); return 0; }"
            ),
            False,
        ),
        (
            (
                "static void nest_lock(struct nest *nest) { mutex_lock(&nest->lock); }\n"
                "static int g(struct nest *nest, struct nest *other)\n"
                "{ nest_lock(other); nest_fill(nest); nest_end(other); return 0; }"
            ),
            True,
        ),
        (
            (
                "static void nest_lock(struct nest *nest) { mutex_lock(&nest->lock); }\n"
                "static int g(struct nest *nest, struct nest *other)\n"
                "{ nest_lock(other); nest_fill(nest); nest_end(nest); return 0; }"
            ),
            False,
        ),
    ],
)
def test_who_gives_back_behind_the_call_decides(facts_of, rest, lost):
    """A caller of many helpers gives back on other ways, and for himself: a lock would be lost without a word."""
    end = "static void nest_end(struct nest *nest) { mutex_unlock(&nest->lock); }\n"
    facts = facts_of({"fs/a.c": f"{end}{KEEPS}{rest}\nstatic void z(struct nest *nest) {{ nest_end(nest); }}\n"})
    (definition,) = facts.index.definitions("nest_fill")
    (state,) = (one for one in states() if one.thing.name == "mutex")

    assert nobody_closes(definition, state, facts.index, bound=False)("nest->lock") is lost


@pytest.mark.parametrize(
    ("behind", "lost"),
    [
        ("", True),
        ("nest->ops->done(nest);", False),
        ("call_back(nest, nest_done);", False),
        ("count(nest);", True),
    ],
)
def test_a_function_that_only_a_pointer_leads_to_gives_back_where_one_is_called(facts_of, behind, lost):
    """Else one callback of a folder makes every lock of it somebody's, and none is told of."""
    code = f"""\
static int nest_fill(struct mutex *{{0}}) {{{{ mutex_lock({{1}}); return 0; }}}}
static void nest_done(struct mutex *{{0}}) {{{{ mutex_unlock({{1}}); }}}}
static void count(struct nest *nest) {{{{ nest->n++; }}}}
static int g(struct nest *nest) {{{{ nest_fill(&nest->lock); {behind} return 0; }}}}
"""
    (state,) = (one for one in states() if one.thing.name == "mutex")
    for names in (("lock", "lock"), ("nest", "&nest->lock")):
        facts = facts_of({"fs/a.c": code.format(*names)})
        (definition,) = facts.index.definitions("nest_fill")
        nobody = nobody_closes(definition, state, facts.index, bound=False)(names[1].removeprefix("&"))

        assert nobody is (lost and names[0] == "lock")  # of what bears the same name it is the likely owner


NEST = "static void nest_end(struct nest *nest) { mutex_unlock(&nest->lock); }\n"
TABLES = """\
static int nest_lookup(struct inode *dir, struct dentry *dentry) {{ return nest_fill(dir->i_private); }}
static const struct inode_operations nest_ops = {{ .lookup = nest_lookup }};
static int nest_late(struct nest *nest) {{ mutex_unlock(&nest->lock); return 0; }}
static const struct {} nest_late_ops = {{ .{} = nest_late }};
"""


def nobody_gives_back(facts_of, code, name="nest->lock", keeper="nest_fill"):
    """Whether nobody gives back what a helper keeps."""
    facts = facts_of({"fs/a.c": code}, methods=("lookup", "unlink", "release"))
    (definition,) = facts.index.definitions(keeper)
    (state,) = (one for one in states() if one.thing.name == "mutex")
    return nobody_closes(definition, state, facts.index, bound=False)(name)


@pytest.mark.parametrize(
    ("struct", "method", "more", "nobody"),
    [
        ("inode_operations", "unlink", "", False),  # the one method may leave it to the other
        ("file_operations", "release", "", True),
        ("file_operations", "release", "queue(nest, &nest_late_ops);", False),
    ],
)
def test_a_method_gives_back_for_those_that_stand_in_its_table(facts_of, struct, method, more, nobody):
    """One ->write_end that unlocks made every lock of the folder that bears its name somebody's."""
    keeps = KEEPS.replace("return 0;", f"{more} return 0;")
    assert nobody_gives_back(facts_of, keeps + TABLES.format(struct, method)) is nobody


@pytest.mark.parametrize(
    ("rest", "nobody"),
    [
        ("int g(struct nest *nest) { return nest_fill(nest); }", True),
        ("int g(struct nest *nest) { nest_fill(nest); nest_done(nest); return 0; }", False),
        (
            "int h(struct nest *n) { nest_done(n); return 0; }\nint g(struct nest *n) { nest_fill(n); return h(n); }",
            False,
        ),
        ("int g(struct nest *nest) { nest_fill(nest); waits(&nest->other); return 0; }", True),
        ("int g(struct nest *nest) { nest_fill(nest); waits(&nest->lock); return 0; }", False),
    ],
)
def test_a_macro_that_gives_back_does_so_where_it_is_used(facts_of, rest, nobody):
    """One macro with a release in it made every lock of its folder somebody's."""
    macros = "#define nest_done(n) mutex_unlock(&(n)->lock)\n#define waits(lock) do { mutex_unlock(lock); } while (0)\n"
    assert nobody_gives_back(facts_of, f"{macros}{KEEPS}{rest}\n") is nobody


@pytest.mark.parametrize(
    ("rest", "nobody"),
    [
        ("int g(struct nest *n) { n->n = /* nest_fill() first */ 1; nest_end(n); return nest_fill(n); }", True),
        ("int g(struct nest *n) { nest_fill(n); mutex_unlock(&n->lock); mutex_lock(&n->lock); return 0; }", False),
        ("int g(struct nest *n) { nest_fill(n); mutex_lock(&n->lock); mutex_unlock(&n->lock); return 0; }", True),
        (
            (
                "void c(struct nest *n) { nest_end(n); }\nvoid b(struct nest *n) { c(n); }\n"
                "int g(struct nest *n) { nest_fill(n); b(n); return 0; }"
            ),
            False,
        ),
        (
            (
                "int nest_open(struct nest *n) { mutex_lock(&n->lock); if (!n->n) return 0; mutex_unlock(&n->lock); return 1; }\n"
                "int c(struct nest *n) { int err = nest_open(n); if (err) return err; nest_end(n); return 0; }\n"
                "int g(struct nest *n) { nest_fill(n); return c(n); }"
            ),
            True,
        ),
    ],
)
def test_who_takes_it_himself_gives_back_his_own(facts_of, rest, nobody):
    """A pair of begin and end around every step of a journal hid each lock that was lost beside it."""
    assert nobody_gives_back(facts_of, f"{NEST}{KEEPS}{rest}\nvoid z(struct nest *n) {{ nest_end(n); }}\n") is nobody


@pytest.mark.parametrize("behind", ["", "mutex_unlock(&nest->other);"])
def test_what_is_given_to_a_helper_is_given_back_by_its_name_there(facts_of, behind):
    """`wait_and_lock(&nest->other)` is unlocked as `nest->other` by who called it."""
    code = f"""\
static int waits(struct mutex *lock) {{ mutex_lock(lock); return 0; }}
int g(struct nest *nest) {{ waits(&nest->other); {behind} return 0; }}
"""
    assert nobody_gives_back(facts_of, code, "lock", "waits") is (behind == "")


def test_a_structure_and_the_name_of_a_macro_call_nobody(facts_of):
    """`struct nest_fill` in another folder, or a macro in the place of a function for another configuration."""
    other = {"fs/b/b.h": "struct nest_fill { int n; };\n"}
    code = "int g(struct nest *n) { return nest_fill(n); }\n#if 0\n#define nest_fill(n) (-ENOSYS)\n#endif\n"
    facts = facts_of({"fs/a/a.c": KEEPS.replace("static ", "") + code, **other})
    (definition,) = facts.index.definitions("nest_fill")
    (state,) = (one for one in states() if one.thing.name == "mutex")
    assert nobody_closes(definition, state, facts.index, bound=False)("nest->lock")


NAMED = """\
static struct nest *nest_is_glocked(struct nest *nest) {{ mutex_lock(&nest->lock); return nest->in; }}
static int other(struct nest *nest) {{ mutex_lock(&nest->a); {end} return 0; }}
static int nest_asked(struct nest *nest) {{ nest_is_glocked(nest); {rest} return 0; }}
static int nest_lookup(struct inode *dir, struct nest *nest) {{ other(nest); return nest_asked(nest); }}
static const struct inode_operations nest_ops = {{ .lookup = nest_lookup }};
"""


@pytest.mark.parametrize(("rest", "told"), [("", True), ("mutex_unlock(&nest->lock);", False)])
def test_a_name_that_speaks_of_a_lock_hides_no_caller_who_keeps_it(facts_of, make_obligation, rest, told):
    """A helper that asks for a "glock" was taken for one that locks for its callers, and a lost release was silent."""
    code = NAMED.format(end="mutex_unlock(&nest->lock); mutex_unlock(&nest->a);", rest=rest)
    found = [why for function, why in told_by(facts_of, make_obligation, code) if function == "nest_is_glocked"]
    assert bool(found) is told


@pytest.mark.parametrize(
    ("body", "nobody"),
    [
        ("mutex_lock(old); waits(new); mutex_unlock(old); return 0;", True),
        ("if (n) waits(new); else mutex_lock(old); mutex_unlock(old); return 0;", True),
        ("old = new; waits(new); mutex_unlock(old); return 0;", False),
        ("mutex_lock(own); new = old; waits(new); mutex_unlock(old); mutex_unlock(own); return 0;", False),
        ("waits(new); mutex_unlock(new); return 0;", False),
    ],
    ids=["taken ahead", "taken beside", "another name", "made of it", "the same"],
)
def test_another_variable_is_another_lock(facts_of, body, nobody):
    """What a caller gives back of one variable stood for what a helper had taken of another one."""
    code = f"""\
static int waits(struct mutex *lock) {{ mutex_lock(lock); return 0; }}
int g(struct mutex *old, struct mutex *new, struct mutex *own, int n) {{ {body} }}
"""
    assert nobody_gives_back(facts_of, code, "lock", "waits") is nobody
