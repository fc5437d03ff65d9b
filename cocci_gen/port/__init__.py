"""Two kernels and code written for the first -> the same code for the second, and what is left for a person.

May import every room but cli.

    trees, made_functions -> header_declarations -> declared -> comparison -> evolutions -> descriptions   what the headers of
                                           both revisions say, and how it differs
    used                                   what of it some code meets
    instances, parameters -> body_uses -> head_plans -> parameter_lists -> heads   what the declarations alone decide; so do
                                           carried, own_definitions, direct_calls, renames, unfolded, new_owners,
                                           quoted_names, renamed_structs with struct_rules, and new_homes with
                                           include_graph, gone_headers, taken_names; effects, what must do nothing to be dropped
    qualifiers                             heads that a macro of the module makes the new ones already
    terms, examples -> generalise -> places -> support -> rules   what the tree's own files show, where each of it fits;
                                           typed_holes, of what type it is;
                                           constant_arguments, what all callers give for a parameter that came; made_arguments,
                                           what the old argument was made of;
                                           accessors -> accessor_rules, parts_beside, members that went behind functions
    elsewhere                              what the usual folders do not show, from the files that use it
    context_trees -> handings -> context_helpers, moved_methods -> contexts -> context_rules   methods whose work is
                                           done for a context by now
    lost_methods -> lost_method_rules      methods whose work another one beside them does; own_uses, who names a function
    header_rules                           what the headers decide alone, found once
    moved_work -> moved_work_rules         methods whose work another one does with another helper by now
    application -> leftovers, unchanged_calls -> report    carried out with spatch, verified, told; plain_text -> mentions, where
                                           code uses what changed; nearest, who made the step; given_types, which calls give what
    successors, porting_notes -> said_renames    what the tree uses instead of what went, what porting.rst says since
    changed_values                         what a function returns by now that may mean the opposite
    breaches                               what the new locking.rst asks of the ported code
    new_view -> uncompiled, undeclared     what the new kernel does not compile of it, and what neither kernel has;
                                           asked_by_build, what the module's own build asks for
    desk -> making -> addressees, series   a whole port, from two opened kernels to its mails
    measuring -> replay, upstream_lines, interface_files   how near it comes to what upstream did, and who wrote the change
"""
