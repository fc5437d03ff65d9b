"""What headers declare."""

import pytest

from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.evolutions import FunctionChanged, MacroChanged, MethodChanged, MethodGone, MethodRenamed
from cocci_gen.port.changes.header_declarations import read_headers

HEADER = b"""
extern struct owner init_owner;
extern const struct way *ways[], *last_way;
int plain;
enum { DEEP, };
DECLARE_SOMETHING(int, to) written by hand;
struct plot {
	const long flags;
	const char *name;
	DECLARE_FLEX_ARRAY(int, raw);
};
"""


def test_variables_are_those_that_a_header_announces():
    """Words of text that did not parse would be gone from the next kernel, and told at every place that says them."""
    constants = read_headers([("a.h", HEADER)]).constants

    assert {"init_owner", "ways", "last_way"} == {name for name, ones in constants.items() if ones[0].variable}
    assert {"DEEP"} == {name for name, ones in constants.items() if not ones[0].variable}


def test_a_member_that_nobody_may_set_and_one_that_a_macro_declares_are_known():
    """A store would be taken for one that compiles, and a member for one that went."""
    declared = read_headers([("a.h", HEADER)])

    assert [True, False] == [declared.members["plot", name][0].const for name in ("flags", "name")]
    assert "raw" in declared.said["plot"]


def test_a_member_that_structures_share_by_a_macro_is_not_gone():
    """Each table that fills it would be left to a person, although nothing changed (gost-crypto, 60 places)."""
    old = read_headers([("a.h", b"struct alg {\n\tint size;\n\tint left;\n};\n")])
    shared = b"#define ALG_COMMON {\\\n\tint size;\\\n}\nstruct alg {\n\tunion {\n\t\tstruct ALG_COMMON;\n\t};\n};\n"
    new = read_headers([("a.h", shared)])

    assert ["alg.left"] == [one.id for one in compare(old, new, (), ())]


@pytest.mark.parametrize("way", [(b"typedef int handler(struct row *row, int n);", b"handler *work;"),
                                 (b"typedef int (*handler)(struct row *row,\n\t\t\tint n);", b"handler work;")])  # fmt: skip
def test_a_member_whose_type_names_a_function_is_a_method(way):
    """The handlers of a table would keep the head that the type had."""
    (method,) = read_headers([("a.h", b"%s\nstruct table {\n\t%s\n};\n" % way)]).methods["table", "work"]

    assert ("int", ("struct row *row", "int n")) == (method.prototype.returns, method.prototype.parameters)


@pytest.mark.parametrize(
    "behind",
    [
        b"__acquires(sem)",
        b"__acquires(sem->lock) __must_hold(x)",
        b"\n\t__cond_acquires(true, get(sem))",
        b"__must_check",
    ],
)
def test_what_a_compiler_is_told_behind_the_parameters_hides_no_function(behind):
    """down_read() was gone on 7.3, at every place that takes a semaphore."""
    text = b"extern void down(struct sem *sem) %s;\nstatic inline int up(struct sem *sem) %s\n{\n\treturn 0;\n}\n"
    functions = read_headers([("a.h", text % (behind, behind))]).functions

    assert {"down", "up"} == functions.keys()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("#define disk(n) make(n)", "#define disk(limits, n) make(limits, n)", ["disk()"]),
        ("#define disk(n) make(n)", "#define disk(n) make_it(n)", []),
        ("#define disk(n) make(n)", "#define disk(n, ...) make(n, __VA_ARGS__)", []),
        ("#define disk(n) make(n)", "int disk(int n);", []),
        ("#define disk(owner, n) make(owner, n)", "int disk(int n);", ["disk()"]),
        ("#define disk(owner, n) make(owner, n)", "int disk(int n, ...);", []),
        ("#define disk 1", "#define disk 2", []),
    ],
    ids=["one more", "the same", "any number", "a function", "a function of less", "one of any number", "no arguments"],
)
def test_a_macro_that_takes_other_arguments_is_told(old, new, told):
    """blk_alloc_disk(node) has no prototype that would change, and does not compile any more."""
    sides = [read_headers([("include/linux/a.h", f"{text}\n".encode())]) for text in (old, new)]

    assert told == [one.id for one in compare(*sides, (), ()) if isinstance(one, MacroChanged)]


def test_a_macro_that_stands_alone_hides_no_function():
    """`DEFINE_GUARD(...)` without a semicolon took downgrade_write() with it, which was told as gone."""
    text = b"DEFINE_GUARD(sem, struct sem, raise(_T->lock), /* */)\n"
    text += b"DECLARE_GUARD(sem, __acquires(_T), __releases(*(struct sem **)_T))\n#define use(_T) guard(sem, _T)\n"
    text += b"/* Lower it. */\nextern void lower(struct sem *sem) __releases(sem) __acquires_shared(sem);\n"

    assert {"lower"} == read_headers([("a.h", text)]).functions.keys()


ROWS = b"""
typedef struct row_s {
	int length;
} row_t;
struct ops {
	int (*mow)(row_t *row);
};
int mow(row_t *row, int n);
row_t *next(void);
"""


def test_a_structure_in_place_of_the_name_of_its_type_changes_nothing():
    """Whoever passes a `row_t *` would be told to look at each call, though the type is the same."""
    now = ROWS.replace(b"row_s", b"row")
    new = now[:7] + now[7:].replace(b"row_t *row", b"struct row *row").replace(b"row_t *next", b"struct row *next")
    sides = [read_headers([("a.h", text)]) for text in (ROWS, new)]
    other = read_headers([("a.h", new.replace(b"struct row *", b"struct hay *"))])
    changed = (FunctionChanged, MethodChanged)

    assert [] == [one for one in compare(*sides, (), ()) if isinstance(one, changed)]
    assert ["mow()", "next()", "ops.mow"] == sorted(
        one.id for one in compare(sides[0], other, (), ()) if isinstance(one, changed)
    )


def test_a_name_for_a_pointer_to_a_function_changes_nothing():
    """bus_find_device() takes a device_match_t, which is what it took, and each call of it was left to a person."""
    old = read_headers([("a.h", b"int find(struct bus *bus, int (*match)(struct row *row, const void *data));\n")])
    text = b"typedef int (*match_t)(struct row *row, const void *data);\nint find(struct bus *bus, match_t %smatch);\n"

    assert () == compare(old, read_headers([("a.h", text % b"")]), (), ())
    assert ["find()"] == [one.id for one in compare(old, read_headers([("a.h", text % b"*")]), (), ())]


def test_a_method_in_a_union_without_a_name_is_one_of_the_structure():
    """Two heads of one method stand side by side while callers are moved over; then one goes, and its instances must follow."""
    both = b"\tunion {\n\t\tint (*drop)(struct row *row);\n\t\tstruct {\n\t\t\tvoid (*drop_new)(struct row *row);\n\t\t};\n\t};\n"
    declared = read_headers([("a.h", b"struct table {\n%s\tunion {\n\t\tint (*left)(void);\n\t} named;\n};\n" % both)])
    found = {name: method.prototype.line for (_, name), (method,) in declared.methods.items()}

    assert {"drop": 3, "drop_new": 5} == found


AUKS = b"struct auk_operations {\n\tint (*feed)(struct auk *auk);\n%s};\n"
ONE = b"\tvoid (*dive)(struct auk *auk);\n"


@pytest.mark.parametrize(
    ("old", "new", "then"),
    [
        (b"\tunion {\n" + ONE + ONE.replace(b"dive", b"dive_new") + b"\t};\n", ONE, "dive"),
        (b"\tunion {\n" + ONE + ONE.replace(b"dive", b"fall") + b"\t};\n", ONE, "dive"),
        (ONE.replace(b"void", b"int") + ONE.replace(b"dive", b"dive_new"), ONE, "dive"),
        (b"\tunion {\n" + ONE + ONE.replace(b"dive", b"fall").replace(b"auk)", b"auk, int n)") + b"\t};\n", ONE, ""),
        (b"\tunion {\n" + ONE + b"\t};\n\tunion {\n" + ONE.replace(b"dive", b"fall") + b"\t};\n", ONE, ""),
        (ONE + ONE.replace(b"dive", b"dive_new"), ONE, ""),
        (ONE.replace(b"void", b"int") + ONE.replace(b"dive", b"fall"), ONE, ""),
        (
            ONE.replace(b"void", b"int") + ONE.replace(b"dive", b"dive_new"),
            ONE + ONE.replace(b"dive", b"dive_deep"),
            "dive_deep",
        ),
    ],
    ids=["two names of one", "with no word in common", "the new form", "another prototype", "of two unions", "beside",
         "no word in common", "what came is nearer"],
)  # fmt: skip
def test_a_method_that_went_was_another_one_all_along(old, new, then):
    """`.remove_new` of two thousand drivers set `.remove`, which stays; a person would be told that it has no successor."""
    sides = [read_headers([("include/linux/auk.h", AUKS % text)]) for text in (old, new)]
    (one,) = [one for one in compare(*sides, (), ()) if isinstance(one, MethodGone | MethodRenamed)]

    assert then == (one.new.name if isinstance(one, MethodRenamed) else "")
