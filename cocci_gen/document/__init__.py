"""locking.rst of a tree -> RuleTable -> Obligation, or the reason why a cell asks for nothing."""
