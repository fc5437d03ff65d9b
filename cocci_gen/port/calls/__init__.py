"""Functions and macros that take or return something else, or went -> rules for those who call them."""
