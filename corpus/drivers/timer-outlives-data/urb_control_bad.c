// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A doorbell lamp that is switched by a control request. The USB core ends the requests
 * of an interface before disconnect, but those to endpoint 0 are not among them: the
 * request is freed with its completion still to come.
 */
#include <linux/err.h>
#include <linux/leds.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/usb.h>

struct lamp {
	struct usb_device *udev;
	struct led_classdev led;
	struct urb *urb;
	struct usb_ctrlrequest *setup;
	unsigned int errors;
};

static void lamp_complete(struct urb *urb)
{
	struct lamp *lamp = urb->context;

	if (urb->status)
		lamp->errors++;
}

static void lamp_set(struct led_classdev *led, enum led_brightness brightness)
{
	struct lamp *lamp = container_of(led, struct lamp, led);

	lamp->setup->wValue = brightness;
	usb_submit_urb(lamp->urb, GFP_ATOMIC);
}

static int lamp_probe_bad(struct usb_interface *intf, const struct usb_device_id *id)
{
	struct lamp *lamp;
	int ret = -ENOMEM;

	lamp = kzalloc(sizeof(*lamp), GFP_KERNEL);
	if (!lamp)
		return -ENOMEM;
	lamp->udev = interface_to_usbdev(intf);
	lamp->setup = kzalloc(sizeof(*lamp->setup), GFP_KERNEL);
	if (!lamp->setup)
		goto err_lamp;
	lamp->urb = usb_alloc_urb(0, GFP_KERNEL);
	if (!lamp->urb)
		goto err_setup;

	lamp->setup->bRequestType = USB_TYPE_VENDOR | USB_RECIP_INTERFACE;
	usb_fill_control_urb(lamp->urb, lamp->udev, usb_sndctrlpipe(lamp->udev, 0),
			     (unsigned char *)lamp->setup, NULL, 0, lamp_complete, lamp);

	lamp->led.name = "lamp";
	lamp->led.max_brightness = LED_ON;
	lamp->led.brightness_set = lamp_set;
	ret = led_classdev_register(&intf->dev, &lamp->led);
	if (ret)
		goto err_urb;
	usb_set_intfdata(intf, lamp);
	return 0;

err_urb:
	usb_free_urb(lamp->urb);
err_setup:
	kfree(lamp->setup);
err_lamp:
	kfree(lamp);
	return ret;
}

static void lamp_disconnect_bad(struct usb_interface *intf)
{
	struct lamp *lamp = usb_get_intfdata(intf);

	led_classdev_unregister(&lamp->led);
	usb_free_urb(lamp->urb);
	kfree(lamp->setup);
	kfree(lamp);
}

static const struct usb_device_id lamp_ids[] = {
	{ USB_DEVICE(0x7e03, 0x0042) },
	{ }
};
MODULE_DEVICE_TABLE(usb, lamp_ids);

static struct usb_driver lamp_driver = {
	.name = "lamp",
	.probe = lamp_probe_bad,
	.disconnect = lamp_disconnect_bad,
	.id_table = lamp_ids,
};
module_usb_driver(lamp_driver);

MODULE_DESCRIPTION("Doorbell lamp");
