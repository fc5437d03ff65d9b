"""Who calls a name, kept in a file beside the index that mends itself."""

from contextlib import closing

import pytest

from cocci_gen.facts.calls.callers import CallerIndex, reached_by

TEXT = "void f(void)\n{\n\tg();\n}\n"


@pytest.mark.parametrize(
    "damage", [lambda text: b"foreign" * 1000, lambda text: text[:2000], lambda text: bytes(len(text))]
)
def test_a_damaged_file_is_made_again(tmp_path, index_of, damage):
    """Every later check of a patch would otherwise end the same way, until somebody moves the file."""
    index = index_of({"fs/a.c": TEXT})
    with closing(CallerIndex(tmp_path / "cache")) as callers:
        assert callers.update(index, ("fs",)) == 1
    (path,) = (tmp_path / "cache").glob("callers-*.sqlite")
    path.write_bytes(damage(path.read_bytes()))

    with closing(CallerIndex(tmp_path / "cache")) as again:
        assert again.update(index, ("fs",)) == 1
        assert again.naming(["g"], index) == {"g": ["fs/a.c"]}


CHAIN = "".join(f"static void f{n}(void)\n{{\n\tf{n + 1}();\n}}\n" for n in reversed(range(20)))


@pytest.fixture
def reached(tmp_path, index_of):
    """reached(files, path, name) -> what a change of that function reaches."""

    def look(files, path, name):
        index = index_of(files)
        with closing(CallerIndex(tmp_path / "cache")) as callers:
            callers.update(index, ("fs",))
            return reached_by(index, callers, [(path, name)], ())

    return look


def test_a_helper_at_the_end_of_a_long_chain_of_calls_is_followed_to_its_start(reached):
    """Every change of a small helper at the bottom of a module would be left undecided."""
    found = reached({"fs/a.c": CHAIN}, "fs/a.c", "f19")

    assert {("fs/a.c", f"f{n}") for n in range(20)} == found.functions
    assert not found.beyond


@pytest.mark.parametrize("said", ["/* as f() does */", "// not f()", 'print("f() failed");'])
def test_who_tells_of_a_function_does_not_call_it(reached, said):
    """A remark in the code that writes pages back, of which a hundred file systems are in need, would reach them all."""
    files = {
        "fs/a.c": "void f(void)\n{\n\twork();\n}\n",
        "fs/b.c": f"void g(void)\n{{\n\twork(); {said}\n}}\nvoid h(void)\n{{\n\t/* f() */ f();\n}}\n",
    }
    assert {("fs/a.c", "f"), ("fs/b.c", "h")} == reached(files, "fs/a.c", "f").functions


def test_where_too_many_are_reached_the_next_are_named(reached, monkeypatch):
    """A check that left something out would not say what."""
    monkeypatch.setattr("cocci_gen.facts.calls.callers.MOST", 5)
    found = reached({"fs/a.c": CHAIN}, "fs/a.c", "f19")

    assert {("fs/a.c", f"f{n}") for n in range(15, 20)} == found.functions
    assert {("fs/a.c", "f14")} == found.beyond


@pytest.mark.parametrize("few", [0, 100])
def test_names_that_stand_in_order_are_found_as_others_are(tmp_path, index_of, monkeypatch, few):
    """Who calls a name would hang on how many files some run has read."""
    monkeypatch.setattr("cocci_gen.facts.calls.callers._FEW", few)
    monkeypatch.setattr("cocci_gen.facts.calls.callers._FORTIETH", 1)
    files = {"fs/a.c": TEXT, "fs/b.c": TEXT.replace("g()", "h()"), "fs/c.c": TEXT}
    for index in (index_of(files), index_of({**files, "fs/d.c": TEXT + "/* another */\n", "fs/b.c": TEXT})):
        with closing(CallerIndex(tmp_path / "cache")) as callers:
            callers.update(index, ("fs",))
            found = callers.naming(["g", "h", "k"], index)

    assert {"g": [f"fs/{name}.c" for name in "abcd"], "h": [], "k": []} == {n: sorted(at) for n, at in found.items()}


def test_the_kernel_calls_nothing_of_a_module(tmp_path, index_of, monkeypatch):
    """A name that a module shares with the kernel would lead to half of fs/, and leave the change undecided."""
    files = {
        "module/b.c": "void shared(void)\n{\n}\n",
        "module/c.c": "void own(void)\n{\n\tshared();\n}\n",
        "fs/k.c": "void of_kernel(void)\n{\n\tshared();\n}\n",
    }
    index = index_of(files)
    monkeypatch.setattr(type(index.tree), "home", lambda _, path: "module" if path.startswith("module/") else "")
    with closing(CallerIndex(tmp_path / "cache")) as callers:
        callers.update(index, ("fs", "module"))
        found = reached_by(index, callers, [("module/b.c", "shared")], ())

    assert {("module/b.c", "shared"), ("module/c.c", "own")} == found.functions
