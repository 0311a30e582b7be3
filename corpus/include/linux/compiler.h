/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Attributes and hints under the names that drivers use. */
#ifndef CORPUS_LINUX_COMPILER_H
#define CORPUS_LINUX_COMPILER_H

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define __iomem
#define __user
#define __force
#define __percpu

#define __must_check __attribute__((__warn_unused_result__))
#define __maybe_unused __attribute__((__unused__))
#define __always_unused __attribute__((__unused__))
#define __always_inline inline __attribute__((__always_inline__))
#define __aligned(n) __attribute__((__aligned__(n)))
#define __packed __attribute__((__packed__))
#define __printf(a, b) __attribute__((__format__(printf, a, b)))
#define __cleanup(func) __attribute__((__cleanup__(func)))
#define fallthrough __attribute__((__fallthrough__))

#define __same_type(a, b) __builtin_types_compatible_p(typeof(a), typeof(b))
#define static_assert(cond, ...) _Static_assert(cond, "" __VA_ARGS__)

#define __stringify_1(...) #__VA_ARGS__
#define __stringify(...) __stringify_1(__VA_ARGS__)

#define __PASTE_1(a, b) a##b
#define __PASTE(a, b) __PASTE_1(a, b)
#define __UNIQUE_ID(prefix) __PASTE(__PASTE(__UNIQUE_ID_, prefix), __COUNTER__)

#define READ_ONCE(x) (*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, val) do { *(volatile typeof(x) *)&(x) = (val); } while (0)

#define typecheck(type, x) \
({ \
	type __want; \
	typeof(x) __have; \
	(void)(&__want == &__have); \
	1; \
})

#endif
