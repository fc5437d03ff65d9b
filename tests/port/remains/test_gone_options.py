"""Options of the kernel that went."""

import pytest

from cocci_gen.port.remains.gone_options import gone_options
from cocci_gen.port.texts.trees import of_texts

OLD = {"fs/Kconfig": b"config HAY\n\tbool\n\nmenuconfig STRAW\n\tbool\n", "fs/ash/Kconfig.more": b"config HAY_BALES\n"}
NEW = {"fs/Kconfig": b"config STRAW\n\tbool\n\tdepends on HAY\n"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("#ifdef CONFIG_HAY", ["CONFIG_HAY"]),
        ("#if IS_ENABLED(CONFIG_HAY_BALES)", ["CONFIG_HAY_BALES"]),
        ("#if defined(CONFIG_HAY) || defined(CONFIG_HAY_MODULE)", ["CONFIG_HAY"]),
        ("#ifdef CONFIG_STRAW", []),
        ("#ifdef CONFIG_OF_THE_MODULE", []),
        ("/* CONFIG_HAY */", []),
        ("#ifdef MY_CONFIG_HAY", []),
    ],
    ids=["went", "of a part", "twice", "is there", "never was there", "a comment", "another word"],
)
def test_what_asks_for_an_option_that_went_is_told(line, told):
    """Half of a module would be left out of the build, and nobody hear of it."""
    text = f"\n{line}\nint f(void);\n#endif\n".encode()

    left = list(gone_options(of_texts("old", OLD), of_texts("new", NEW), {"a.c": text}))

    assert told == [one.evolution for one in left]
    assert {2} >= {one.line for one in left}
