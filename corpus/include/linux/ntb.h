/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * What an NTB driver gives to the core. An ntb_dev begins with its struct
 * device; a client may hold a reference to it.
 */
#ifndef CORPUS_LINUX_NTB_H
#define CORPUS_LINUX_NTB_H

#include <linux/completion.h>
#include <linux/device.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct ntb_dev;
struct pci_dev;

enum ntb_topo {
	NTB_TOPO_NONE = -1,
	NTB_TOPO_PRI,
	NTB_TOPO_SEC,
};

enum ntb_speed {
	NTB_SPEED_AUTO = -1,
	NTB_SPEED_NONE = 0,
};

enum ntb_width {
	NTB_WIDTH_AUTO = -1,
	NTB_WIDTH_NONE = 0,
};

struct ntb_dev_ops {
	int (*port_number)(struct ntb_dev *ntb);
	int (*peer_port_count)(struct ntb_dev *ntb);
	u64 (*link_is_up)(struct ntb_dev *ntb, enum ntb_speed *speed, enum ntb_width *width);
	int (*link_enable)(struct ntb_dev *ntb, enum ntb_speed max_speed,
			   enum ntb_width max_width);
	int (*link_disable)(struct ntb_dev *ntb);
	u64 (*db_valid_mask)(struct ntb_dev *ntb);
	/* Both or neither; a vector is a number from 0. */
	int (*db_vector_count)(struct ntb_dev *ntb);
	u64 (*db_vector_mask)(struct ntb_dev *ntb, int vector);
	u64 (*db_read)(struct ntb_dev *ntb);
	int (*db_clear)(struct ntb_dev *ntb, u64 bits);
	int (*db_set_mask)(struct ntb_dev *ntb, u64 bits);
	int (*db_clear_mask)(struct ntb_dev *ntb, u64 bits);
	int (*peer_db_set)(struct ntb_dev *ntb, u64 bits);
	int (*spad_count)(struct ntb_dev *ntb);
	u32 (*spad_read)(struct ntb_dev *ntb, int index);
	int (*spad_write)(struct ntb_dev *ntb, int index, u32 val);
};

struct ntb_ctx_ops {
	void (*link_event)(void *ctx);
	void (*db_event)(void *ctx, int vec);
};

struct ntb_dev {
	struct device dev;
	struct pci_dev *pdev;
	enum ntb_topo topo;
	const struct ntb_dev_ops *ops;
	void *ctx;
	const struct ntb_ctx_ops *ctx_ops;
	spinlock_t ctx_lock;
	struct completion released;
};

int ntb_register_device(struct ntb_dev *ntb);
void ntb_unregister_device(struct ntb_dev *ntb);
int ntb_set_ctx(struct ntb_dev *ntb, void *ctx, const struct ntb_ctx_ops *ctx_ops);
void ntb_clear_ctx(struct ntb_dev *ntb);
void ntb_link_event(struct ntb_dev *ntb);
void ntb_db_event(struct ntb_dev *ntb, int vector);

#endif
