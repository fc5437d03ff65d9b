"""Two kernels and code written for the first -> the same code for the second, and what is left for a person.

May import every room but cli.  In the order of the story, each of the rooms inside imports only those before it:

    texts       what stands in the files of both kernels and of the code
    changes     what their headers declare, and how it differs: the evolutions
    lessons     what functions and tables of the tree show, before and after: templates, their support, the rules made of them
    remains     the places that no rule reached, and the nearest examples
    members, headers, tables, methods, calls   the rules, by what of the code they change
    documents   what porting.rst and locking.rst add to that
    edits       the rules carried out with spatch, and verified
    output      what is told, written and mailed
    checks      the ported code beside the new kernel: compiled, bound, declared
    measures    how near it comes to what upstream did

and beside them

    store       evolutions and rules, kept from run to run
    header_rules -> knowledge   what the headers decide alone, and all that the tree teaches
    used -> pipeline            what of it some code meets, and its port
    desk -> making              a whole port, from two opened kernels to its mails
"""
