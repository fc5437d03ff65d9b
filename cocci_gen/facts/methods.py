"""An implementation and a struct of operations -> whether the function really is one of its methods.

An assignment `x->write_info = fn;` does not tell of which struct x is; the parameters of fn do.
"""

from __future__ import annotations

import re

from cocci_gen.code.control_flow import Graph
from cocci_gen.facts.index import Implementation

#: One of these is a parameter of every method of the struct (include/linux/fs.h, mm.h, quota.h, dcache.h, blkdev.h).
_RECEIVED = {
    "address_space_operations": {
        "page",
        "folio",
        "address_space",
        "readahead_control",
        "kiocb",
        "swap_info_struct",
        "file",
    },
    "block_device_operations": {"block_device", "gendisk", "bio", "request"},
    "dentry_operations": {"dentry", "inode", "path"},
    "dquot_operations": {"dquot", "super_block", "inode"},
    "file_operations": {"file", "inode", "kiocb"},
    "file_system_type": {"file_system_type", "super_block", "fs_context"},
    "super_operations": {"super_block", "inode", "dentry", "seq_file"},
    "vm_operations_struct": {"vm_fault", "vm_area_struct"},
}
_STRUCT = re.compile(r"struct (\w+) ?\*")


def is_method(struct: str, implementation: Implementation, graph: Graph) -> bool:
    """Whether a table of the struct names the function, or its parameters are those of a method of the struct."""
    if any(entry.struct == struct for entry in implementation.entries) or struct not in _RECEIVED:
        return True
    received = {match.group(1) for parameter in graph.parameters if (match := _STRUCT.search(parameter.type))}
    return bool(received & _RECEIVED[struct])
