/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * A spinlock_t wraps a raw lock; spin_lock() is a function, the saving forms
 * are macros that store into the caller's flags. Initialising ends in a function,
 * as with debugging of locks.
 */
#ifndef CORPUS_LINUX_SPINLOCK_H
#define CORPUS_LINUX_SPINLOCK_H

#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/lockdep_types.h>
#include <linux/types.h>

typedef struct raw_spinlock {
	u32 val;
} raw_spinlock_t;

typedef struct spinlock {
	struct raw_spinlock rlock;
} spinlock_t;

#define DEFINE_SPINLOCK(x) spinlock_t x = { .rlock = { 0 } }

void _raw_spin_lock(raw_spinlock_t *lock);
void _raw_spin_lock_irq(raw_spinlock_t *lock);
void _raw_spin_lock_bh(raw_spinlock_t *lock);
unsigned long _raw_spin_lock_irqsave(raw_spinlock_t *lock);
void _raw_spin_unlock(raw_spinlock_t *lock);
void _raw_spin_unlock_irq(raw_spinlock_t *lock);
void _raw_spin_unlock_bh(raw_spinlock_t *lock);
void _raw_spin_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags);

#define raw_spin_lock_irqsave(raw, saved) \
	do { \
		typecheck(unsigned long, saved); \
		(saved) = _raw_spin_lock_irqsave(raw); \
	} while (0)

static __always_inline raw_spinlock_t *spinlock_check(spinlock_t *lock)
{
	return &lock->rlock;
}

void __raw_spin_lock_init(raw_spinlock_t *lock, const char *name, struct lock_class_key *key,
			  short inner);

#define spin_lock_init(which) \
	do { \
		static struct lock_class_key __class; \
 \
		__raw_spin_lock_init(spinlock_check(which), #which, &__class, 3); \
	} while (0)

static __always_inline void spin_lock(spinlock_t *lock)
{
	_raw_spin_lock(&lock->rlock);
}

static __always_inline void spin_lock_irq(spinlock_t *lock)
{
	_raw_spin_lock_irq(&lock->rlock);
}

static __always_inline void spin_lock_bh(spinlock_t *lock)
{
	_raw_spin_lock_bh(&lock->rlock);
}

#define spin_lock_irqsave(which, saved) \
	do { \
		raw_spin_lock_irqsave(spinlock_check(which), saved); \
	} while (0)

static __always_inline void spin_unlock(spinlock_t *lock)
{
	_raw_spin_unlock(&lock->rlock);
}

static __always_inline void spin_unlock_irq(spinlock_t *lock)
{
	_raw_spin_unlock_irq(&lock->rlock);
}

static __always_inline void spin_unlock_bh(spinlock_t *lock)
{
	_raw_spin_unlock_bh(&lock->rlock);
}

static __always_inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	_raw_spin_unlock_irqrestore(&lock->rlock, flags);
}

DEFINE_LOCK_GUARD_1(spinlock, spinlock_t, spin_lock(_T->lock), spin_unlock(_T->lock))
DEFINE_LOCK_GUARD_1(spinlock_irqsave, spinlock_t,
		    spin_lock_irqsave(_T->lock, _T->flags),
		    spin_unlock_irqrestore(_T->lock, _T->flags),
		    unsigned long flags)

#endif
