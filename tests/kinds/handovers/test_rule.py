"""The kind `returns_locked`: what becomes a duty."""

from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.kinds.handovers.rule import HandoverRule

CODE = "static int sow(struct inode *inode)\n{\n\treturn 0;\n}\nstatic const struct inode_operations iops = { .sow = sow };\n"


def test_a_method_without_a_contract_is_told(facts_of):
    """A rule that nobody has put into a contract yet must not pass for functions without fault."""
    source = RuleSource("Documentation/filesystems/locking.rst", 1, "sow")
    obligation = Obligation("inode_operations", "sow", "returns_locked", "inode", "column", "locks it", source)
    duties, missing = HandoverRule().duties(obligation, facts_of({"fs/a.c": CODE}, methods=("sow",)))

    assert () == duties
    assert [("fs/a.c", "sow")] == [(one.path, one.function) for one in missing]
    assert "contracts.toml" in missing[0].reason
