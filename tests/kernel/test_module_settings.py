"""What a module says of itself, and what its series are called where it says nothing."""

from cocci_gen.kernel.module_settings import ModuleSettings, maintainers_of


def test_a_module_that_names_nobody_has_a_name_all_the_same():
    """Its series lay in a folder `no-section`, as if nobody knew what it is of."""
    people = maintainers_of(ModuleSettings("demofs", (), (), (), ""))
    found = [people.leading_section(path) for path in ("file.c", "src/deep/file.c")]

    assert ["demofs", "demofs"] == [one and one.title for one in found]
    assert () == people.recipients("file.c")
