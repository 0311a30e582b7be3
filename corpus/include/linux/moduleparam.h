/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_MODULEPARAM_H
#define CORPUS_LINUX_MODULEPARAM_H

#include <linux/compiler.h>
#include <linux/types.h>

#define MODULE_INFO(tag, info) \
	static const char __UNIQUE_ID(tag)[] \
		__attribute__((__used__, __section__(".modinfo"), __aligned__(1))) \
		= __stringify(tag) "=" info

#define MODULE_PARM_DESC(name, text) MODULE_INFO(parm, #name ":" text)

struct kernel_param {
	const char *name;
	void *arg;
	u16 perm;
};

#define module_param(_name, type, _perm) \
	static const struct kernel_param __param_##_name \
		__attribute__((__used__, __section__("__param"))) \
		= { .name = #_name, .arg = &_name, .perm = _perm }

#endif
