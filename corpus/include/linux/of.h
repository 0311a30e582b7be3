/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_OF_H
#define CORPUS_LINUX_OF_H

#include <linux/mod_devicetable.h>
#include <linux/types.h>

struct device_node {
	const char *name;
	const char *full_name;
};

int of_property_read_u32(const struct device_node *np, const char *name, u32 *out);
bool of_property_read_bool(const struct device_node *np, const char *name);

#define of_match_ptr(ptr) (ptr)

#endif
