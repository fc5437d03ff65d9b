"""A sleeping call is reached where nobody may sleep: `never_sleeps`, `rcu_walk`, `irq_safe`."""
