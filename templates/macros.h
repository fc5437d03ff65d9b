// SPDX-License-Identifier: GPL-2.0-only
//
// Macros that help spatch to parse kernel code, given to it as --macro-file-builtins, in place of its own standard.h.
//
// In place of, and not beside it with --macro-file: macros of the latter are only tried once a function has failed to parse,
// when the harm is done (after `char *p __free(kfree)` spatch takes kfree for a type in the whole file), and they do not
// override the built-in ones, some of which 1.1.1 itself cannot parse (DEFINE_PER_CPU).  It also makes what is parsed
// independent of the version that is installed.  In fs, mm and block of 6.12 this file leaves 120 of 1747 files with a hole,
// the built-in macros leave 173.
//
// YACFE_ITERATOR and MACROSTATEMENT are words that spatch knows; `#define x` alone means "not there".

// Attributes without arguments.
#define __init
#define __exit
#define __initdata
#define __initconst
#define __exitdata
#define __init_or_module
#define __initdata_or_module
#define __meminit
#define __meminitdata
#define __memexit
#define __init_memblock
#define __initdata_memblock
#define __net_init
#define __net_exit
#define __net_initdata
#define __ref
#define __refdata
#define __user
#define __kernel
#define __iomem
#define __percpu
#define __rcu
#define __force
#define __bitwise
#define __bitwise__
#define __nocast
#define __private
#define __safe
#define __must_check
#define __maybe_unused
#define __always_unused
#define __used
#define __unused
#define __pure
#define __attribute_const__
#define __cold
#define __hot
#define __weak
#define __visible
#define __deprecated
#define __noreturn
#define __malloc
#define __packed
#define __always_inline inline
#define __noclone
#define __flatten
#define __randomize_layout
#define __no_randomize_layout
#define __designated_init
#define __nonstring
#define __latent_entropy
#define __no_kcsan
#define __no_sanitize_address
#define __no_sanitize_memory
#define __no_sanitize_or_inline inline
#define __no_kasan_or_inline inline
#define __no_kmsan_checks
#define __no_profile
#define __no_stack_protector
#define __disable_sanitizer_instrumentation
#define __nocfi
#define __noscs
#define __sched
#define __kprobes
#define __lockfunc
#define __irq_entry
#define __softirq_entry
#define __cpuidle
#define __bpf_kfunc
#define __read_mostly
#define __ro_after_init
#define __cacheline_aligned
#define __cacheline_aligned_in_smp
#define ____cacheline_aligned
#define ____cacheline_aligned_in_smp
#define ____cacheline_internodealigned_in_smp
#define __page_aligned_data
#define __page_aligned_bss
#define __exception
#define __thread
#define noinline
#define noinline_for_stack
#define noinline_for_kasan
#define noinstr
#define notrace
#define nokprobe_inline inline
#define asmlinkage
#define fastcall
#define STATIC static

// Attributes with arguments.
#define __acquires(x)
#define __releases(x)
#define __must_hold(x)
#define __cond_acquires(x)
#define __printf(a, b)
#define __scanf(a, b)
#define __aligned(x)
#define __section(x)
#define __alias(x)
#define __alloc_size(...)
#define __realloc_size(...)
#define __assume_aligned(...)
#define __counted_by(x)
#define __counted_by_le(x)
#define __counted_by_be(x)
#define __free(x)
#define __cleanup(x)
#define __no_sanitize(x)
#define __diagnose_as(...)
#define __compiletime_error(x)
#define __compiletime_warning(x)
#define __guarded_by(...)
#define __page_aligned(x)

// Loops and blocks.  A guard runs its block exactly once, so it must not be a loop for spatch (YACFE_ITERATOR): a loop has
// a way around its body, and a release in there would not count.
#define scoped_guard(...)
#define scoped_cond_guard(name, fail, ...) if (!name) { fail; } else
#define scoped_seqlock_read(...)
#define scoped_class(...)
#define cgroup_taskset_for_each_leader YACFE_ITERATOR
#define for_each_vma(iterator, vma) while (((vma) = vma_next(&(iterator))) != NULL)
#define for_each_vma_range(iterator, vma, end) while (((vma) = vma_find(&(iterator), (end))) != NULL)

// Declarations.
#define BKEY_PADDED_ONSTACK(key, size) struct btree_key
#define DEFINE_PER_CPU(type, name) __typeof__(type) name
#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name
#define DECLARE_BITMAP(name, bits) unsigned long name[bits]
#define typeof_member(type, member) void *
#define DARRAY(type) struct darray
#define DARRAY_PREALLOCATED(type, number) struct darray
#define GENRADIX(type) struct genradix
#define CLOSURE_CALLBACK(name) void name(struct work_struct *ws)

// Strings, so that `KERN_ERR "text"` is one string.
#define KERN_EMERG "KERN_EMERG"
#define KERN_ALERT "KERN_ALERT"
#define KERN_CRIT "KERN_CRIT"
#define KERN_ERR "KERN_ERR"
#define KERN_WARNING "KERN_WARNING"
#define KERN_NOTICE "KERN_NOTICE"
#define KERN_INFO "KERN_INFO"
#define KERN_DEBUG "KERN_DEBUG"
#define KERN_CONT "KERN_CONT"
#define KERN_DEFAULT "KERN_DEFAULT"
#define KBUILD_MODNAME "module"

// System calls.
#define SYSCALL_DEFINE0(name) long name(void)
#define SYSCALL_DEFINE1(name, t1, a1) long name(t1 a1)
#define SYSCALL_DEFINE2(name, t1, a1, t2, a2) long name(t1 a1, t2 a2)
#define SYSCALL_DEFINE3(name, t1, a1, t2, a2, t3, a3) long name(t1 a1, t2 a2, t3 a3)
#define SYSCALL_DEFINE4(name, t1, a1, t2, a2, t3, a3, t4, a4) long name(t1 a1, t2 a2, t3 a3, t4 a4)
#define SYSCALL_DEFINE5(name, t1, a1, t2, a2, t3, a3, t4, a4, t5, a5) long name(t1 a1, t2 a2, t3 a3, t4 a4, t5 a5)
#define SYSCALL_DEFINE6(name, t1, a1, t2, a2, t3, a3, t4, a4, t5, a5, t6, a6) long name(t1 a1, t2 a2, t3 a3, t4 a4, t5 a5, t6 a6)
#define COMPAT_SYSCALL_DEFINE0(name) long name(void)
#define COMPAT_SYSCALL_DEFINE1(name, t1, a1) long name(t1 a1)
#define COMPAT_SYSCALL_DEFINE2(name, t1, a1, t2, a2) long name(t1 a1, t2 a2)
#define COMPAT_SYSCALL_DEFINE3(name, t1, a1, t2, a2, t3, a3) long name(t1 a1, t2 a2, t3 a3)
#define COMPAT_SYSCALL_DEFINE4(name, t1, a1, t2, a2, t3, a3, t4, a4) long name(t1 a1, t2 a2, t3 a3, t4 a4)
#define COMPAT_SYSCALL_DEFINE5(name, t1, a1, t2, a2, t3, a3, t4, a4, t5, a5) long name(t1 a1, t2 a2, t3 a3, t4 a4, t5 a5)
#define COMPAT_SYSCALL_DEFINE6(name, t1, a1, t2, a2, t3, a3, t4, a4, t5, a5, t6, a6) long name(t1 a1, t2 a2, t3 a3, t4 a4, t5 a5, t6 a6)

// Statements.
#define ifdebug(facility) if (facility)
#define D1(x) MACROSTATEMENT
#define D2(x) MACROSTATEMENT
