"""The index of a tree in which one function has another body: what it says of that file is said of the changed text."""

from cocci_gen.facts.tree.overlays import OverlaidIndex, Replacement

CODE = b"int f(void) { return 0; }\nint g(void) { return 1; }\n"
CHANGED = CODE.replace(b"return 0", b"unlock(); return 0")


def test_the_texts_of_functions_are_cut_from_the_changed_file(index_of):
    """Rules that read texts, not graphs, looked at the old file, at the places of the new one: six mutants of fifty passed."""
    index = index_of({"fs/box/a.c": CODE})
    (root,) = index.definitions("f")
    texts = {one.name: index.text_of(one) for name in "fg" for one in index.definitions(name)}
    trial = OverlaidIndex(index, root, (Replacement(root, CHANGED),))

    assert texts == {"f": CODE.splitlines()[0], "g": CODE.splitlines()[1]}
    assert b"int f(void) { unlock(); return 0; }" == trial.text_of(trial.root())
    assert [texts["g"]] == [trial.text_of(one) for one in trial.definitions("g")]


def test_who_calls_a_name_is_asked_of_the_changed_file(index_of):
    """A fix that takes the last call of a helper away, or adds the first one, would be tried as if it had not."""
    index = index_of({"fs/box/a.c": CODE, "fs/box/b.c": "void h(void) { unlock(); }\n"})
    (root,) = index.definitions("f")
    added = OverlaidIndex(index, root, (Replacement(root, CHANGED),))
    (other,) = index.definitions("h")
    gone = OverlaidIndex(index, other, (Replacement(other, b"void h(void) { }\n"),))

    assert [one.calling("unlock") for one in (index, added, gone)] == [
        ("fs/box/b.c",),
        ("fs/box/a.c", "fs/box/b.c"),
        (),
    ]
