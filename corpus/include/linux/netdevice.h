/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_NETDEVICE_H
#define CORPUS_LINUX_NETDEVICE_H

#include <linux/device.h>
#include <linux/types.h>

struct net_device {
	struct device dev;
	unsigned int flags;
};

struct napi_struct {
	unsigned long state;
	int (*poll)(struct napi_struct *napi, int budget);
	struct net_device *dev;
};

int register_netdevice(struct net_device *dev);
void unregister_netdevice(struct net_device *dev);
void free_netdev(struct net_device *dev);

struct rtnl_link_ops {
	const char *kind;
	void (*setup)(struct net_device *dev);
};

int rtnl_link_register(struct rtnl_link_ops *ops);
void rtnl_link_unregister(struct rtnl_link_ops *ops);

void netif_napi_add_weight(struct net_device *dev, struct napi_struct *napi,
			   int (*poll)(struct napi_struct *napi, int budget), int weight);

static inline void netif_napi_add(struct net_device *dev, struct napi_struct *napi,
				  int (*poll)(struct napi_struct *napi, int budget))
{
	netif_napi_add_weight(dev, napi, poll, 64);
}

void netif_napi_del(struct napi_struct *napi);
void napi_enable(struct napi_struct *n);
void napi_disable(struct napi_struct *n);

#endif
