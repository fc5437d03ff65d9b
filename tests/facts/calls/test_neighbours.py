"""Who calls a function by its name, near it."""

import pytest

from cocci_gen.facts.calls.neighbours import is_known_here_alone, neighbour_meant, neighbours_calling

CALLED = (
    "static int take(void)\n{\n\treturn take();\n}\n"
    "int first(void)\n{\n\treturn take ();\n}\n"
    "int other(void)\n{\n\treturn 0;\n}\n"
)
OF_ITS_OWN = "static int take(void)\n{\n\treturn 1;\n}\nint third(void)\n{\n\treturn take();\n}\n"


def named(index, path, name):
    """The names of those who call the one of this path."""
    [definition] = (one for one in index.resolve(name, path) if one.path == path)
    return [one.name for one in neighbours_calling(definition, index)]


def test_a_static_function_is_called_in_its_file_alone_and_not_by_itself(index_of):
    """A function of the same name next door would count as a caller, and a wrong lock would come from it."""
    index = index_of({"fs/a/a.c": CALLED, "fs/a/b.c": OF_ITS_OWN})

    assert named(index, "fs/a/a.c", "take") == ["first"]


def test_another_is_called_in_the_whole_folder_but_where_the_name_means_another_function(index_of):
    """A second caller that does something else with the page would be overlooked, or a stranger's be taken for one."""
    shared = CALLED.replace("static int take", "int take")
    user = "int take(void);\nint second(void)\n{\n\treturn take();\n}\n"
    index = index_of({"fs/a/a.c": shared, "fs/a/b.c": user, "fs/a/c.c": OF_ITS_OWN, "fs/b/d.c": user})

    assert named(index, "fs/a/a.c", "take") == ["first", "second"]


def test_a_call_means_the_one_function_of_its_folder(index_of):
    """Of two of a name next door one would be read for the other; the kernel's of that name is no helper of the folder."""
    twice, far = "int other(void)\n{\n\treturn 1;\n}\n", "int far(void)\n{\n\treturn 2;\n}\n"
    index = index_of({"fs/a/a.c": CALLED, "fs/a/b.c": twice, "fs/a/c.c": OF_ITS_OWN, "fs/b/d.c": far})

    found = [neighbour_meant(name, "fs/a/c.c", index) for name in ("first", "other", "far", "none")]

    assert [one and (one.path, one.name) for one in found] == [("fs/a/a.c", "first"), None, None, None]


def test_another_head_of_the_same_name_is_no_call_of_it(index_of):
    """A method that stands twice, for two configurations, passed for one that somebody calls by its name."""
    stub = "#ifdef CONFIG_A\nstatic int one(void)\n{\n\treturn 0;\n}\n#else\nstatic int one(void)\n{\n\treturn 1;\n}\n#endif\n"
    index = index_of({"fs/a/a.c": stub})

    assert [[*neighbours_calling(one, index)] for one in index.resolve("one", "fs/a/a.c")] == [[], []]


OWN = "int take(void)\n{\n\treturn 0;\n}\nint first(void)\n{\n\treturn take();\n}\n"


@pytest.mark.parametrize(
    ("more", "alone"),
    [
        ("/* not as take() does */\nint other(void)\n{\n\treturn 0;\n}\n", True),
        ("static int take(void)\n{\n\treturn 1;\n}\nint other(void)\n{\n\treturn take();\n}\n", True),
        ("int other(struct ops *ops)\n{\n\treturn ops->take;\n}\n", True),
        ("int take(void);\n", False),
        ("int other(void)\n{\n\treturn take();\n}\n", False),
        ("struct file_operations ops = { .flush = take };\n", False),
    ],
)
def test_who_is_called_or_declared_elsewhere_is_not_known_here_alone(index_of, more, alone):
    """A lock that a caller elsewhere gives back would pass for forgotten; a remark elsewhere would hide one that nobody does."""
    index = index_of({"fs/a/a.c": OWN, "fs/b/b.c": more})
    [take] = (one for one in index.resolve("take", "fs/a/a.c") if one.path == "fs/a/a.c")

    assert is_known_here_alone(take, index) is alone


@pytest.mark.parametrize(
    ("head", "tail", "alone"),
    [("", "EXPORT_SYMBOL_GPL(take);\n", False), ("static ", "EXPORT_SYMBOL(first);\n", True), ("", "", True)],
)
def test_what_is_handed_to_modules_is_not_known_here_alone(index_of, head, tail, alone):
    """Nobody reads what the modules out of the tree do with the lock that it leaves them."""
    index = index_of({"fs/a/a.c": head + OWN + tail})
    [take] = index.resolve("take", "fs/a/a.c")

    assert is_known_here_alone(take, index) is alone
