/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_BUG_H
#define CORPUS_LINUX_BUG_H

#include <linux/compiler.h>

#define BUG() do { __builtin_unreachable(); } while (0)
#define BUG_ON(condition) do { if (unlikely(condition)) BUG(); } while (0)

#endif
