"""Numbers by which functions tell how it went, and that are no error numbers."""

import pytest

from cocci_gen.code.states.known import NEGATIVE, POSITIVE, ZERO, compare, sign_of, value_of
from cocci_gen.code.states.statuses import statuses

FAILED = NEGATIVE | POSITIVE


@pytest.mark.parametrize(
    ("name", "signs"),
    [
        ("nfs_ok", ZERO),
        ("BLK_STS_OK", ZERO),
        ("nfserr_inval", NEGATIVE),
        ("BLK_STS_IOERR", NEGATIVE),
        ("nfs_client", NEGATIVE | ZERO | POSITIVE),
    ],
)
def test_names(name, signs):
    """A way that returns a status of a failure counted as one that may have ended well."""
    assert sign_of(name) == signs


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("nfserrno(err)", FAILED),
        ("nfserrno(-EIO)", NEGATIVE),
        ("err ? err : 0", FAILED),
        ("err != nfs_ok ? err : nfserrno(0)", FAILED),
        ("err == 0 ? 0 : nfserr_io", NEGATIVE),
        ("err ?: nfs_ok", FAILED),
        ("other ?: nfs_ok", NEGATIVE | ZERO | POSITIVE),
    ],
)
def test_values(text, signs):
    """What makes a status of an error, or chooses one by a test of it, tells of a failure where that is one."""
    assert value_of(text, {"err": (FAILED, "")})[0] == signs


def test_the_number_that_a_status_is_made_of_is_another_constant():
    """`status == nfserr_io` could not be true where the status was made of -EIO."""
    made = value_of("nfserrno(err)", {"err": (NEGATIVE, "-EIO")})

    assert made == (NEGATIVE, "")
    assert compare({"status": made}, "status", "==", "nfserr_io", truth=True) is not None


def test_zero_by_another_name_is_the_same():
    """A status that is zero was held for another one than `nfs_ok`."""
    assert compare({"status": (ZERO, "0")}, "status", "==", "nfs_ok", truth=True) is not None
    assert compare({"status": (ZERO, "0")}, "status", "!=", "nfs_ok", truth=True) is None


@pytest.mark.parametrize(
    ("returns", "status", "tells"),
    [
        ("__be32", True, True),
        ("static blk_status_t", True, True),
        ("int", False, True),
        ("__be32 *", False, False),
        ("", False, False),
    ],
)
def test_types(returns, status, tells):
    """A pointer to such numbers is a pointer."""
    assert (statuses().is_returned(returns), statuses().tells(returns)) == (status, tells)
