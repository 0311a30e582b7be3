/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_GFP_H
#define CORPUS_LINUX_GFP_H

#include <linux/types.h>

#define GFP_KERNEL ((gfp_t)0xcc0)
#define GFP_ATOMIC ((gfp_t)0x820)
#define __GFP_ZERO ((gfp_t)0x100)

/* Every allocation is a macro around a _noprof function, within a statement expression. */
#define alloc_hooks(alloc) \
({ \
	typeof(alloc) __res = alloc; \
	__res; \
})

#endif
