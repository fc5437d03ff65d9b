"""What a path walk looks at with nobody holding it -> ObjectPath, and the nodes of a function that such a walk comes to."""
