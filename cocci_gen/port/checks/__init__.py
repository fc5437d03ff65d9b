"""Ported code and the new kernel -> what does not compile, breaks a rule of the new document, or uses what nobody declares."""
