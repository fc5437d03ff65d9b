"""Whether what is stored through a parameter may be NULL."""

import pytest

from cocci_gen.port.methods.nulls import may_be_null


@pytest.mark.parametrize(
    ("body", "unsure"),
    [
        ("plot = dig(n); if (!plot) return -1; *plotp = plot;", False),
        ("plot = dig(n); if (!plot) { log(); return -1; } *plotp = plot;", False),
        ("plot = dig(n); if (unlikely(IS_ERR(plot))) return -1; *plotp = plot;", False),
        ("plot = dig(n); if (!plot) goto out; *plotp = plot;\nout:\n return 0;", False),
        ("plot = dig(n); if (!plot) goto out;\nout:\n *plotp = plot; return 0;", True),
        ("if (!plot) return -1; plot = dig(n); *plotp = plot;", True),
        ("plot = dig(n); *plotp = plot; if (!plot) return -1;", True),
        ("*plotp = dig(n);", True),
        ("*plotp = dig(n); if (!*plotp) return -1;", True),
        ("return dig_into(plotp) ? 0 : trample(*plotp);", False),
        ("if (*plotp) return 0;", True),
        ("dig_into(&plot); if (!plot) return -1; *plotp = plot;", True),
        ("*plotp = NULL;", False),
        ("*plotp = &field->plot;", False),
    ],
)
def test_a_store_is_sure_only_where_null_has_left_the_function(body, unsure):
    """The helper that leads from the old structure to the new one would be called with NULL, which the compiler takes."""
    assert may_be_null(body, "plotp") is unsure
