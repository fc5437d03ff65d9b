"""Where a table or key of a TOML file stands, for what is said about it."""

import pytest

from cocci_gen.toml_places import line_of

TEXT = """\
output = "x"  # path
paths = 1
[[tree]]
path = "a"
paths = ["fs"]
note = '''
revisions = ["no key"]
'''
[[ tree ]] # the second
"path" = "b"
paths = 3
[vocabulary]
lock.i_rwsem.take = []
[vocabulary.lock.s_umount]
take = 1
[module]
"""


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (("", "paths"), 2),
        (("tree", "paths", 0), 5),
        (("tree", "path", 1), 10),
        (("tree", "paths", 1), 11),
        (("tree", "revisions", 0), 3),
        (("tree", "revisions", 1), 9),
        (("vocabulary.lock.s_umount", "take"), 15),
        (("vocabulary.lock.s_umount", "release"), 14),
        (("vocabulary.lock.i_rwsem", "takes"), 13),
        (("vocabulary", "lock"), 13),
        (("", "module"), 16),
        (("module",), 16),
        (("verdict",), 0),
        (("", "nothing"), 0),
    ],
)
def test_a_line_is_that_of_the_table_which_was_meant(asked, line):
    """Of the first key of that name in the file, be it of another table, the line sends its reader to what is right."""
    assert line_of(TEXT, *asked) == line
