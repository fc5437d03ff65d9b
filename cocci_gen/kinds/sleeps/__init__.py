"""A call sleeps where nobody may (`never_sleeps`, `rcu_walk`, `irq_safe`), or what rcu-walk looks at is freed at once."""
