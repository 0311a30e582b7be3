// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The twin of led_core_bad.c: the LED comes after the core that its callback calls.
 */
#include <linux/i2c.h>
#include <linux/leds.h>
#include <linux/module.h>
#include <linux/pmbus.h>
#include <linux/slab.h>

#define BEACON_LAMP 0xd0

struct beacon {
	struct i2c_client *client;
	struct pmbus_driver_info info;
	struct led_classdev lamp;
};

static int beacon_set(struct led_classdev *lamp, enum led_brightness brightness)
{
	struct beacon *beacon = container_of(lamp, struct beacon, lamp);

	return pmbus_write_byte_data(beacon->client, 0, BEACON_LAMP, brightness);
}

static int beacon_probe_ok(struct i2c_client *client)
{
	struct beacon *beacon;
	int ret;

	beacon = devm_kzalloc(&client->dev, sizeof(*beacon), GFP_KERNEL);
	if (!beacon)
		return -ENOMEM;
	beacon->client = client;
	beacon->info.pages = 1;
	beacon->lamp.name = "beacon";
	beacon->lamp.brightness_set_blocking = beacon_set;
	ret = pmbus_do_probe(client, &beacon->info);
	if (ret)
		return ret;
	return devm_led_classdev_register(&client->dev, &beacon->lamp);
}

static struct i2c_driver beacon_driver = {
	.probe = beacon_probe_ok,
	.driver = { .name = "beacon" },
};
module_i2c_driver(beacon_driver);

MODULE_DESCRIPTION("Beacon with a supply on the PMBus");
