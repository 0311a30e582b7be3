// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Opening a signal box takes memory for the caller; every way to fail gives it
 * back.
 */
#include <linux/err.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#define SIGNAL_LEVERS 24

struct signal_session {
	u32 *levers;
	int nr;
};

static DEFINE_MUTEX(signal_lock);
static int signal_users;

static int signal_open_ok(struct inode *inode, struct file *file)
{
	struct signal_session *session;
	int ret;

	session = kzalloc(sizeof(*session), GFP_KERNEL);
	if (!session)
		return -ENOMEM;

	session->levers = kcalloc(SIGNAL_LEVERS, sizeof(u32), GFP_KERNEL);
	if (!session->levers) {
		ret = -ENOMEM;
		goto err_free;
	}
	session->nr = SIGNAL_LEVERS;

	ret = mutex_lock_interruptible(&signal_lock);
	if (ret)
		goto err_levers;
	if (signal_users) {
		mutex_unlock(&signal_lock);
		ret = -EBUSY;
		goto err_levers;
	}
	signal_users++;
	mutex_unlock(&signal_lock);

	file->private_data = session;
	return 0;

err_levers:
	kfree(session->levers);
err_free:
	kfree(session);
	return ret;
}

static int signal_close(struct inode *inode, struct file *file)
{
	struct signal_session *session = file->private_data;

	mutex_lock(&signal_lock);
	signal_users--;
	mutex_unlock(&signal_lock);
	kfree(session->levers);
	kfree(session);
	return 0;
}

static const struct file_operations signal_fops = {
	.owner = THIS_MODULE,
	.open = signal_open_ok,
	.release = signal_close,
};

static struct miscdevice signal_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "signalbox",
	.fops = &signal_fops,
};

static int __init signal_init(void)
{
	return misc_register(&signal_misc);
}
module_init(signal_init);

static void __exit signal_exit(void)
{
	misc_deregister(&signal_misc);
}
module_exit(signal_exit);

MODULE_DESCRIPTION("Signal box");
