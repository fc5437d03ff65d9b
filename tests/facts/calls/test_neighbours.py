"""Who calls a function by its name, near it."""

from cocci_gen.facts.calls.neighbours import neighbour_meant, neighbours_calling

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
