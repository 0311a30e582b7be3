// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * An echo device that stays registered when its module goes.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/netdevice.h>

static struct net_device *echo_dev;

static void echo_setup(struct net_device *dev)
{
	dev->flags = 0;
}

static struct rtnl_link_ops echo_link_ops = {
	.kind = "echo",
	.setup = echo_setup,
};

struct net_device *echo_make(void);

static int __init echo_init_bad(void)
{
	int err;

	echo_dev = echo_make();
	err = register_netdevice(echo_dev);
	if (err)
		free_netdev(echo_dev);
	return err;
}

static void __exit echo_exit_bad(void)
{
	echo_setup(echo_dev);
}

module_init(echo_init_bad);
module_exit(echo_exit_bad);

MODULE_DESCRIPTION("Echo");
