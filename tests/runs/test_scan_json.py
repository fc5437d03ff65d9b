"""A remembered scan: what comes back is what was put in, and nothing else passes for one."""

from dataclasses import replace

import pytest

from cocci_gen.kinds.duties import Unexamined
from cocci_gen.runs.scan_json import RememberedScanError, scan_from_bytes, scan_to_bytes


def test_a_remembered_scan_is_the_same_scan(judged, scan_of):
    """The second run over a tree shows what the first one found, and nothing else."""
    scan = scan_of(judged(), judged("low", fixed=False), unexamined=[Unexamined("a.b.c", "fs/b.c", "f", 3, "x")])

    assert replace(scan, cached_jobs=scan.jobs) == scan_from_bytes(scan_to_bytes(scan), scan.commit, scan.obligations)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"findings": [{}]}'])
def test_a_broken_remembered_scan_is_one_clear_error(data):
    """A damaged cache must not end in a traceback."""
    with pytest.raises(RememberedScanError, match="remove the cache"):
        scan_from_bytes(data, "c" * 40, ())
