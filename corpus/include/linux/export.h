/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_EXPORT_H
#define CORPUS_LINUX_EXPORT_H

struct module;
extern struct module __this_module;
#define THIS_MODULE (&__this_module)

/* The address is kept in a variable, so that the compiler keeps the symbol. */
#define EXPORT_SYMBOL(sym) \
	static void *__attribute__((__used__)) __addressable_##sym = (void *)(unsigned long)&sym
#define EXPORT_SYMBOL_GPL(sym) EXPORT_SYMBOL(sym)

#endif
