/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * As for code that is built as a module: module_init() and module_exit() make
 * init_module() and cleanup_module() aliases of the driver's own functions.
 */
#ifndef CORPUS_LINUX_MODULE_H
#define CORPUS_LINUX_MODULE_H

#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/moduleparam.h>

int init_module(void);
void cleanup_module(void);

#define module_init(initfn) \
	static inline initcall_t __maybe_unused __inittest(void) \
	{ \
		return initfn; \
	} \
	int init_module(void) __attribute__((alias(#initfn)))

#define module_exit(exitfn) \
	static inline exitcall_t __maybe_unused __exittest(void) \
	{ \
		return exitfn; \
	} \
	void cleanup_module(void) __attribute__((alias(#exitfn)))

#define MODULE_DEVICE_TABLE(bus, table) \
	extern typeof(table) __mod_##bus##__##table##_device_table \
		__attribute__((__unused__, alias(__stringify(table))))

#define MODULE_AUTHOR(text) MODULE_INFO(author, text)
#define MODULE_DESCRIPTION(text) MODULE_INFO(description, text)
#define MODULE_LICENSE(text) MODULE_INFO(license, text)

int try_module_get(struct module *module);
void __module_get(struct module *module);
void module_put(struct module *module);

#endif
