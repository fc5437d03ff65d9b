"""Who calls a name, kept in a file beside the index that mends itself."""

from contextlib import closing

import pytest

from cocci_gen.facts.callers import CallerIndex

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
