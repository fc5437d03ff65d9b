"""`explain` of a helper says that it was looked at, from where, and what it does."""

import json

from cocci_gen.reports.settled import helper_lines

LINE = {
    "obligation": "file_system_type.mount.gives_back", "path": "fs/nest/super.c", "function": "nest_fill_super", "line": 12,
    "reason": "it gives buffer bh of line 9 back on the ways that were followed",
    "through": ["nest_mount() hands nest_fill_super() on"],
}  # fmt: skip


def test_a_settled_helper_is_told_of(tmp_path):
    """It was said that nothing binds what fills in a superblock, although it had been read."""
    (tmp_path / "helpers.jsonl").write_text(json.dumps(LINE) + "\n")

    assert [
        "fs/nest/super.c:12: nest_fill_super()",
        "  keeps, as a helper, file_system_type.mount.gives_back",
        "      why: it gives buffer bh of line 9 back on the ways that were followed",
        "      nest_mount() hands nest_fill_super() on",
    ] == helper_lines(tmp_path, "", "nest_fill_super")
    assert helper_lines(tmp_path, "fs/nest/super.c", "nest_fill_super")
    assert [] == helper_lines(tmp_path, "fs/nest/dir.c", "nest_fill_super")


def test_a_run_without_the_list_tells_of_none(tmp_path):
    """Runs of earlier versions have no such file."""
    assert [] == helper_lines(tmp_path, "", "nest_fill_super")
