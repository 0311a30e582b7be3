/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef GRANARY_CORE_H
#define GRANARY_CORE_H

#include <linux/device.h>
#include <linux/gfp.h>
#include <linux/mutex.h>

struct clk;

struct granary {
	struct mutex lock;
	struct granary *next;
	void *owner;
	bool is_remote;
	int grain;
};

int granary_weigh(struct granary *granary);
int granary_count(struct granary *granary);
int granary_refill(struct granary *granary, gfp_t flags);
int granary_audit(struct granary *granary);
void granary_open(struct granary *granary);
void granary_close(struct granary *granary);
void granary_adopt(struct granary *granary, void *owner);
void granary_free(struct granary *granary);
int devm_granary_clk(struct device *dev, struct clk *clk);
int granary_report(struct granary *granary);

#endif
