"""What is kept of two kernels is of the code that found it."""

from cocci_gen.port import store
from cocci_gen.resources import package_code


def test_each_part_of_the_code_that_a_key_names_is_there():
    """Modules moved into rooms and the list kept their old names: what an older comparison had found was taken for today's."""
    names = [name for name, _ in package_code()]

    assert [] == [one for one in store._COMPARING if not any(name.startswith(one) for name in names)]
    assert {"port/changes/comparison.py", "port/texts/parameters.py"} < set(store.own_code(store._COMPARING))
