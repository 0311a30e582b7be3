// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A core that keeps its bells on a list. When a bell cannot be registered, it
 * stays on the list, though its owner takes it for gone and frees it.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>

struct bell {
	struct list_head node;
	struct miscdevice misc;
	unsigned int pitch;
	int (*strike)(struct bell *bell);
};

int bell_register(struct bell *bell);
void bell_unregister(struct bell *bell);
void bell_strike_all(unsigned int lowest);

static DEFINE_MUTEX(bell_lock);
static LIST_HEAD(bell_list);

static const struct file_operations bell_fops = {
	.owner = THIS_MODULE,
};

int bell_register(struct bell *bell)
{
	int ret;

	if (!bell->strike)
		return -EINVAL;

	mutex_lock(&bell_lock);
	list_add_tail(&bell->node, &bell_list);

	bell->misc.minor = MISC_DYNAMIC_MINOR;
	bell->misc.name = "bell";
	bell->misc.fops = &bell_fops;
	ret = misc_register(&bell->misc);
	mutex_unlock(&bell_lock);
	return ret;
}
EXPORT_SYMBOL_GPL(bell_register);

void bell_unregister(struct bell *bell)
{
	mutex_lock(&bell_lock);
	misc_deregister(&bell->misc);
	list_del(&bell->node);
	mutex_unlock(&bell_lock);
}
EXPORT_SYMBOL_GPL(bell_unregister);

void bell_strike_all(unsigned int lowest)
{
	struct bell *bell;

	mutex_lock(&bell_lock);
	list_for_each_entry(bell, &bell_list, node)
		if (bell->pitch >= lowest)
			bell->strike(bell);
	mutex_unlock(&bell_lock);
}
EXPORT_SYMBOL_GPL(bell_strike_all);

MODULE_DESCRIPTION("Bells");
