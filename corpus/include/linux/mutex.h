/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_MUTEX_H
#define CORPUS_LINUX_MUTEX_H

#include <linux/cleanup.h>
#include <linux/lockdep_types.h>
#include <linux/types.h>

struct device;

struct mutex {
	atomic_long_t owner;
	struct list_head wait_list;
};

#define DEFINE_MUTEX(name) \
	struct mutex name = { .wait_list = { &(name).wait_list, &(name).wait_list } }

void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key);

#define mutex_init(lock) \
	do { \
		static struct lock_class_key __class; \
 \
		__mutex_init((lock), #lock, &__class); \
	} while (0)

/* As with debugging of mutexes: devres destroys it. */
int __must_check __devm_mutex_init(struct device *dev, struct mutex *lock);

#define devm_mutex_init(dev, lock) \
({ \
	typeof(lock) __lock = (lock); \
 \
	mutex_init(__lock); \
	__devm_mutex_init(dev, __lock); \
})

void mutex_destroy(struct mutex *lock);
void mutex_lock(struct mutex *lock);
int __must_check mutex_lock_interruptible(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);

DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))
DEFINE_FREE(mutex, struct mutex *, if (_T) mutex_unlock(_T))

#endif
