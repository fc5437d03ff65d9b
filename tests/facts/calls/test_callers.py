"""Which functions a change reaches by calls."""

import pytest

from cocci_gen.facts.calls.callers import Callers, reached_by

CHAIN = "".join(f"static void f{n}(void)\n{{\n\tf{n + 1}();\n}}\n" for n in reversed(range(20)))


@pytest.fixture
def reached(index_of):
    """reached(files, path, name) -> what a change of that function reaches."""

    def look(files, path, name):
        return reached_by(Callers(index_of(files), ("fs",)), [(path, name)], ())

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


def test_the_kernel_calls_nothing_of_a_module(index_of, monkeypatch):
    """A name that a module shares with the kernel would lead to half of fs/, and leave the change undecided."""
    files = {
        "module/b.c": "void shared(void)\n{\n}\n",
        "module/c.c": "void own(void)\n{\n\tshared();\n}\n",
        "fs/k.c": "void of_kernel(void)\n{\n\tshared();\n}\n",
    }
    index = index_of(files)
    monkeypatch.setattr(type(index.tree), "home", lambda _, path: "module" if path.startswith("module/") else "")
    found = reached_by(Callers(index, ("fs", "module")), [("module/b.c", "shared")], ())

    assert {("module/b.c", "shared"), ("module/c.c", "own")} == found.functions


def test_who_calls_by_a_table_of_the_folder_is_reached(reached):
    """A change of what only a table names would reach nobody, and no method would be looked at that leads to it."""
    files = {
        "fs/box/a.c": "void open_box(struct bed *bed)\n{\n\tbed->ops->dig(1);\n}\nvoid other(int dig)\n{\n\twork(dig);\n}\n",
        "fs/box/b.c": "static void deep(int n)\n{\n\twork(n);\n}\nconst struct bed_ops deep_ops = { .dig = deep };\n",
        "fs/crate/a.c": "void open_crate(struct bed *bed)\n{\n\tbed->ops->dig(1);\n}\n",
    }
    assert {("fs/box/b.c", "deep"), ("fs/box/a.c", "open_box")} == reached(files, "fs/box/b.c", "deep").functions
