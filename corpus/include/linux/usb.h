/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* usb_fill_*_urb() are inline functions that store the handler into ->complete. */
#ifndef CORPUS_LINUX_USB_H
#define CORPUS_LINUX_USB_H

#include <linux/device.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/types.h>

#define USB_DIR_IN 0x80
#define USB_TYPE_VENDOR (2 << 5)
#define USB_RECIP_INTERFACE 1

struct usb_device {
	int devnum;
	struct device dev;
};

struct usb_host_interface;

struct usb_interface {
	struct usb_host_interface *cur_altsetting;
	struct device dev;
};

struct usb_ctrlrequest {
	u8 bRequestType;
	u8 bRequest;
	__le16 wValue;
	__le16 wIndex;
	__le16 wLength;
};

struct usb_device_id {
	__u16 match_flags;
	__u16 idVendor;
	__u16 idProduct;
	unsigned long driver_info;
};

#define USB_DEVICE(vend, prod) \
	.match_flags = 3, .idVendor = (vend), .idProduct = (prod)

struct urb;
typedef void (*usb_complete_t)(struct urb *urb);

struct urb {
	struct usb_device *dev;
	unsigned int pipe;
	int status;
	void *transfer_buffer;
	u32 transfer_buffer_length;
	u32 actual_length;
	unsigned char *setup_packet;
	int interval;
	void *context;
	usb_complete_t complete;
};

struct usb_driver {
	const char *name;
	int (*probe)(struct usb_interface *intf, const struct usb_device_id *id);
	void (*disconnect)(struct usb_interface *intf);
	const struct usb_device_id *id_table;
	struct device_driver driver;
	unsigned int soft_unbind : 1;
};

int usb_register_driver(struct usb_driver *driver, struct module *owner, const char *mod_name);
void usb_deregister(struct usb_driver *driver);

#define usb_register(driver) usb_register_driver(driver, THIS_MODULE, KBUILD_MODNAME)
#define module_usb_driver(table) module_driver(table, usb_register, usb_deregister)

static inline struct usb_device *interface_to_usbdev(struct usb_interface *intf)
{
	return container_of(intf->dev.parent, struct usb_device, dev);
}

static inline void *usb_get_intfdata(struct usb_interface *intf)
{
	return dev_get_drvdata(&intf->dev);
}

static inline void usb_set_intfdata(struct usb_interface *intf, void *data)
{
	dev_set_drvdata(&intf->dev, data);
}

static inline unsigned int __usb_pipe(struct usb_device *dev, unsigned int kind,
				      unsigned int endpoint)
{
	return (kind << 30) | ((unsigned int)dev->devnum << 8) | (endpoint << 15);
}

#define usb_sndctrlpipe(dev, endpoint) __usb_pipe(dev, 2, endpoint)
#define usb_rcvctrlpipe(dev, endpoint) (__usb_pipe(dev, 2, endpoint) | USB_DIR_IN)
#define usb_rcvintpipe(dev, endpoint) (__usb_pipe(dev, 1, endpoint) | USB_DIR_IN)
#define usb_rcvbulkpipe(dev, endpoint) (__usb_pipe(dev, 3, endpoint) | USB_DIR_IN)

static inline void usb_fill_control_urb(struct urb *urb, struct usb_device *dev,
					unsigned int pipe, unsigned char *setup_packet,
					void *buffer, int len, usb_complete_t fn, void *context)
{
	urb->dev = dev;
	urb->pipe = pipe;
	urb->setup_packet = setup_packet;
	urb->transfer_buffer = buffer;
	urb->transfer_buffer_length = len;
	urb->complete = fn;
	urb->context = context;
}

static inline void usb_fill_int_urb(struct urb *urb, struct usb_device *dev, unsigned int pipe,
				    void *buffer, int len, usb_complete_t fn, void *context,
				    int interval)
{
	urb->dev = dev;
	urb->pipe = pipe;
	urb->transfer_buffer = buffer;
	urb->transfer_buffer_length = len;
	urb->complete = fn;
	urb->context = context;
	urb->interval = interval;
}

struct urb *usb_alloc_urb(int iso_packets, gfp_t flags);
void usb_free_urb(struct urb *urb);
int usb_submit_urb(struct urb *urb, gfp_t flags);
int usb_unlink_urb(struct urb *urb);
void usb_kill_urb(struct urb *urb);
void usb_poison_urb(struct urb *urb);

#endif
