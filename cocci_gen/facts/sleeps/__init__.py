"""A function that must not sleep, or may free what others look at -> the calls that it must not reach, with the chain."""
