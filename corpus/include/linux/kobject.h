/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_KOBJECT_H
#define CORPUS_LINUX_KOBJECT_H

#include <linux/atomic.h>
#include <linux/types.h>

struct kref {
	atomic_t refcount;
};

struct kobject;
struct attribute_group;

struct kobj_type {
	void (*release)(struct kobject *kobj);
	const struct attribute_group **default_groups;
};

struct kobject {
	const char *name;
	struct kobject *parent;
	const struct kobj_type *ktype;
	struct kref kref;
};

void kobject_init(struct kobject *kobj, const struct kobj_type *ktype);
int kobject_init_and_add(struct kobject *kobj, const struct kobj_type *ktype,
			 struct kobject *parent, const char *fmt, ...);
void kobject_put(struct kobject *kobj);

void kref_init(struct kref *kref);
void kref_get(struct kref *kref);
int kref_put(struct kref *kref, void (*release)(struct kref *kref));

struct attribute {
	const char *name;
	umode_t mode;
};

struct attribute_group {
	const char *name;
	struct attribute **attrs;
};

#endif
