"""Names found by what stands in them, which is to find what a search finds."""

import re

import pytest

from cocci_gen.code.texts.stems import places_of

TEXT = b"lock(a); mutex_lock(&b); mutex_lock_nested (c, 1);\nunlock(d); x.lock(e); my_mutex_lock(f); mutex_locklock(g); lock"


@pytest.mark.parametrize(
    ("names", "stems"),
    [
        (("lock", "mutex_lock", "mutex_lock_nested", "mutex_locklock"), (b"lock",)),
        (("mutex_lock", "unlock"), (b"mutex_lock", b"unlock")),
        (("mutex_lock", "lock"), (b"mutex", b"lock")),
        (("absent",), (b"absent",)),
    ],
)
@pytest.mark.parametrize("text", [TEXT, b"lock(", b"", b"_lock(a)lock(b)"])
def test_found_is_what_a_search_finds(names, stems, text):
    """Each place once and in order, whole names only, be it that one name stands in another, or a stem twice in one."""
    pattern = re.compile(rf"\b(?:{'|'.join(names)}) ?\(".encode())
    assert places_of(pattern, stems, text) == [found.start() for found in pattern.finditer(text)]
