"""Where a table or key of a TOML file stands, for what is said about it."""

import os

import pytest

from cocci_gen.errors import RuleDocumentError
from cocci_gen.toml_places import line_of, tables_in, user_text

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


def test_what_is_no_plain_file_is_told_at_once(tmp_path):
    """A FIFO would be waited for without end, and a folder of that name looks like a file that nobody has written yet."""
    os.mkfifo(tmp_path / "fifo")

    with pytest.raises(RuleDocumentError, match="fifo: is a FIFO and no plain file; put a file of TOML there"):
        user_text(tmp_path / "fifo")
    with pytest.raises(RuleDocumentError, match="is a folder and no plain file"):
        user_text(tmp_path)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a = 1\r\nb = '\xe4'\r\n", "x.toml:2: is not UTF-8; save the file as UTF-8"),
        ("a = 1\n".encode("utf-16"), "x.toml:1: is not UTF-8; save the file as UTF-8"),
        (b"\xef\xbb\xbfa = 1\n", "x.toml:1: begins with a byte order mark; save the file as UTF-8 without one"),
        (b"a = 1\nb = \n", "x.toml:2: is no TOML: "),
        (b"a = 1\nb = '''", "x.toml:2: is no TOML: "),
    ],
)
def test_what_is_wrong_is_told_with_its_line(data, says, tmp_path):
    """Editors of other systems write their own encodings; none of them is the fault of the first key."""
    (tmp_path / "x.toml").write_bytes(data)

    with pytest.raises(RuleDocumentError) as raised:
        tables_in(user_text(tmp_path / "x.toml"), tmp_path / "x.toml")
    assert says in str(raised.value)


def test_lines_may_end_as_elsewhere(tmp_path):
    """CR LF is right in TOML."""
    (tmp_path / "x.toml").write_bytes(b"[vocabulary]\r\nsleeps = ['a']\r\n")
    assert {"vocabulary": {"sleeps": ["a"]}} == tables_in(user_text(tmp_path / "x.toml"), tmp_path / "x.toml")
