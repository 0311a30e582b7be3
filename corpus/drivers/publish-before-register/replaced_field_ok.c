// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * A choir book replaces its page when it is turned. When there is no memory for
 * the new one, the old one stays.
 */
#include <linux/io.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>

struct choirbook {
	size_t size;
	char *page;
};

int choirbook_turn_ok(struct choirbook *book, size_t size);
char choirbook_sing(struct choirbook *book);

int choirbook_turn_ok(struct choirbook *book, size_t size)
{
	char *page;

	page = kzalloc(size, GFP_KERNEL);
	if (!page)
		return -ENOMEM;

	kfree(book->page);
	book->page = page;
	book->size = size;
	return 0;
}

char choirbook_sing(struct choirbook *book)
{
	return book->page[0];
}
