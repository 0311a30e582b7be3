/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Registering is a macro that hands over the module as well. */
#ifndef CORPUS_LINUX_IIO_IIO_H
#define CORPUS_LINUX_IIO_IIO_H

#include <linux/device.h>
#include <linux/types.h>

#define IIO_VAL_INT 1
#define IIO_CHAN_INFO_RAW 0

enum iio_chan_type {
	IIO_VOLTAGE,
	IIO_LIGHT,
	IIO_TEMP,
};

struct iio_chan_spec {
	enum iio_chan_type type;
	int channel;
	long info_mask_separate;
};

struct iio_dev;

struct iio_info {
	int (*read_raw)(struct iio_dev *indio_dev, struct iio_chan_spec const *chan,
			int *val, int *val2, long mask);
};

#define INDIO_DIRECT_MODE 0x01

struct iio_dev {
	int modes;
	struct device dev;
	struct iio_chan_spec const *channels;
	int num_channels;
	const char *name;
	const struct iio_info *info;
	void *priv;
};

static inline void *iio_priv(const struct iio_dev *indio_dev)
{
	return indio_dev->priv;
}

struct iio_dev *iio_device_alloc(struct device *parent, int sizeof_priv);
void iio_device_free(struct iio_dev *indio_dev);
struct iio_dev *devm_iio_device_alloc(struct device *parent, int sizeof_priv);

int __iio_device_register(struct iio_dev *indio_dev, struct module *this_mod);
void iio_device_unregister(struct iio_dev *indio_dev);
int __devm_iio_device_register(struct device *dev, struct iio_dev *indio_dev,
			       struct module *this_mod);

#define iio_device_register(indio_dev) \
	__iio_device_register((indio_dev), THIS_MODULE)
#define devm_iio_device_register(dev, indio_dev) \
	__devm_iio_device_register((dev), (indio_dev), THIS_MODULE)

#endif
