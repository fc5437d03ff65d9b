"""The same functions and tables before and after -> PortRule: the templates on which the tree agrees, with their support."""
