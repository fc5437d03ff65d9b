"""A git kernel tree -> what git, MAINTAINERS and Kbuild say of it."""
