/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A statement expression with a void pointer in the middle, as drivers' ASTs have it. */
#ifndef CORPUS_LINUX_CONTAINER_OF_H
#define CORPUS_LINUX_CONTAINER_OF_H

#include <linux/compiler.h>
#include <linux/stddef.h>

#define __points_at(ptr, type, member) \
	(__same_type(*(ptr), ((type *)0)->member) || __same_type(*(ptr), void))

#define container_of(ptr, type, member) \
({ \
	void *__inner = (void *)(ptr); \
	static_assert(__points_at(ptr, type, member)); \
	((type *)(__inner - offsetof(type, member))); \
})

/* Const goes in, const comes out. */
#define container_of_const(ptr, type, member) \
	_Generic((ptr), \
		 default: container_of(ptr, type, member), \
		 const typeof(*(ptr)) *: (const type *)container_of(ptr, type, member))

#endif
