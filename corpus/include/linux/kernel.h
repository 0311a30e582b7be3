/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_KERNEL_H
#define CORPUS_LINUX_KERNEL_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/errno.h>
#include <linux/printk.h>
#include <linux/types.h>

#define ARRAY_SIZE(arr) (sizeof(arr) / sizeof((arr)[0]))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))

#define min(a, b) ({ \
	typeof(a) __min_a = (a); \
	typeof(b) __min_b = (b); \
	__min_a < __min_b ? __min_a : __min_b; })
#define max(a, b) ({ \
	typeof(a) __max_a = (a); \
	typeof(b) __max_b = (b); \
	__max_a > __max_b ? __max_a : __max_b; })
#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) max((type)(a), (type)(b))

#define WARN_ON(cond) ({ int __warn = !!(cond); unlikely(__warn); })
#define WARN_ON_ONCE(cond) WARN_ON(cond)

#define lower_32_bits(n) ((u32)((n) & 0xffffffff))
#define upper_32_bits(n) ((u32)(((n) >> 16) >> 16))

int __must_check kstrtou32(const char *s, unsigned int base, u32 *res);
__printf(3, 4) int snprintf(char *buf, size_t size, const char *fmt, ...);
__printf(3, 4) int scnprintf(char *buf, size_t size, const char *fmt, ...);
void might_sleep(void);

#endif
