"""The texts of a kernel, a work tree or a module -> what stands in them: lines, plain code, functions, terms, includes."""
