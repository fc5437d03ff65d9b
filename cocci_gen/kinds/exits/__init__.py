"""A return is reached without the call that it owes: `unlocks`, `writeback`."""
