/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_INIT_H
#define CORPUS_LINUX_INIT_H

#define __init __attribute__((__section__(".init.text"), __cold__))
#define __exit __attribute__((__section__(".exit.text"), __cold__))
#define __initdata
#define __exit_p(x) (x)

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);

#endif
