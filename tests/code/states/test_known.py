"""What constants say."""

import pytest

from cocci_gen.code.states.known import CONSTANT, NEGATIVE, sign_of


@pytest.mark.parametrize("text", ["-EIO", "-BOX_ERR_FULL", "-BOX_ERR_ENOSPC_slot", "-1"])
def test_a_name_behind_a_minus_is_an_error(text):
    """bcachefs has error numbers of its own: one that is compared with such a number has failed, and is no zero."""
    assert CONSTANT.match(text)
    assert sign_of(text) == NEGATIVE


@pytest.mark.parametrize("text", ["-err", "-E", "-(EIO)", "-ret_of"])
def test_a_variable_is_none(text):
    """What stands in a variable is known of that, not by its name."""
    assert not CONSTANT.match(text)
