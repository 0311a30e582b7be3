/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* In the kernel this stands in drivers/hwmon/pmbus/pmbus.h. */
#ifndef CORPUS_LINUX_PMBUS_H
#define CORPUS_LINUX_PMBUS_H

#include <linux/i2c.h>

struct pmbus_driver_info {
	int pages;
};

int pmbus_do_probe(struct i2c_client *client, struct pmbus_driver_info *info);
int pmbus_write_byte_data(struct i2c_client *client, int page, u8 reg, u8 value);

#endif
