/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Scope-based cleanup: a static inline function per name, which the cleanup
 * attribute of a local calls. The generated names are those the kernel gets
 * (__free_NAME, class_NAME_constructor, class_NAME_destructor), and so is _T,
 * by which the caller's expressions refer to the variable.
 */
#ifndef CORPUS_LINUX_CLEANUP_H
#define CORPUS_LINUX_CLEANUP_H

#include <linux/compiler.h>
#include <linux/types.h>

#define DEFINE_FREE(tag, type, drop) \
	static inline void __free_##tag(void *slot) \
	{ \
		type _T = *(type *)slot; \
		drop; \
	}

#define __free(tag) __cleanup(__free_##tag)

#define no_free_ptr(p) \
({ \
	__auto_type __kept = (p); \
	(p) = NULL; \
	__kept; \
})

#define return_ptr(p) return no_free_ptr(p)

#define DEFINE_CLASS(tag, type, drop, make, params...) \
	typedef type class_##tag##_t; \
	static inline void class_##tag##_destructor(type *slot) \
	{ \
		type _T = *slot; \
		drop; \
	} \
	static inline type class_##tag##_constructor(params) \
	{ \
		type made = make; \
		return made; \
	}

#define CLASS(tag, var) \
	class_##tag##_t var __cleanup(class_##tag##_destructor) = class_##tag##_constructor

/* The class of a plain lock is a pointer to it. */
#define DEFINE_GUARD(tag, type, acquire, release) \
	DEFINE_CLASS(tag, type, if (_T) { release; }, ({ acquire; _T; }), type _T) \
	static inline void *class_##tag##_lock_ptr(class_##tag##_t *slot) \
	{ \
		return (void *)(unsigned long)*slot; \
	}

/* The class of a lock whose release needs more than the lock is a record. */
#define DEFINE_LOCK_GUARD_1(tag, type, acquire, release, fields...) \
	typedef struct { \
		type *lock; \
		fields; \
	} class_##tag##_t; \
	static inline void class_##tag##_destructor(class_##tag##_t *_T) \
	{ \
		if (_T->lock) { \
			release; \
		} \
	} \
	static inline class_##tag##_t class_##tag##_constructor(type *which) \
	{ \
		class_##tag##_t held = { .lock = which }; \
		class_##tag##_t *_T = &held; \
		acquire; \
		return held; \
	} \
	static inline void *class_##tag##_lock_ptr(class_##tag##_t *slot) \
	{ \
		return (void *)(unsigned long)slot->lock; \
	}

#define guard(tag) CLASS(tag, __UNIQUE_ID(guard))

/*
 * A loop of one round: its variable is the guard, its end a jump to the label,
 * which sits in a branch never taken in front of the caller's statement.
 */
#define __scoped_guard(tag, done, params...) \
	for (CLASS(tag, scope)(params); class_##tag##_lock_ptr(&scope) || 1; ({ goto done; })) \
		if (0) { \
		done: \
			break; \
		} else

#define scoped_guard(tag, params...) __scoped_guard(tag, __UNIQUE_ID(label), params)

#endif
