// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A kind of links: with it go all devices that are of it.
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

static int __init echo_init_ok(void)
{
	int err;

	err = rtnl_link_register(&echo_link_ops);
	if (err)
		return err;
	echo_dev = echo_make();
	err = register_netdevice(echo_dev);
	if (err)
		rtnl_link_unregister(&echo_link_ops);
	return err;
}

static void __exit echo_exit_ok(void)
{
	rtnl_link_unregister(&echo_link_ops);
}

module_init(echo_init_ok);
module_exit(echo_exit_ok);

MODULE_DESCRIPTION("Echo");
