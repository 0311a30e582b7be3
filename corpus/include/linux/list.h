/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef CORPUS_LINUX_LIST_H
#define CORPUS_LINUX_LIST_H

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/types.h>

#define LIST_HEAD_INIT(name) { &(name), &(name) }
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(struct list_head *head)
{
	WRITE_ONCE(head->prev, head);
	WRITE_ONCE(head->next, head);
}

static inline void __list_link(struct list_head *entry, struct list_head *before,
			       struct list_head *after)
{
	entry->prev = before;
	entry->next = after;
	after->prev = entry;
	before->next = entry;
}

static inline void list_add(struct list_head *entry, struct list_head *head)
{
	__list_link(entry, head, head->next);
}

static inline void list_add_tail(struct list_head *entry, struct list_head *head)
{
	__list_link(entry, head->prev, head);
}

static inline void list_del(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
	entry->next = NULL;
	entry->prev = NULL;
}

static inline void list_del_init(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
	INIT_LIST_HEAD(entry);
}

static inline bool list_empty(const struct list_head *head)
{
	return READ_ONCE(head->next) == head;
}

#define list_entry(ptr, type, member) container_of(ptr, type, member)
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_next_entry(pos, member) list_entry((pos)->member.next, typeof(*(pos)), member)

#define list_for_each_entry(it, list, link) \
	for ((it) = list_first_entry(list, typeof(*(it)), link); \
	     &(it)->link != (list); \
	     (it) = list_next_entry(it, link))

#define list_for_each_entry_safe(it, after, list, link) \
	for ((it) = list_first_entry(list, typeof(*(it)), link), \
	     (after) = list_next_entry(it, link); \
	     &(it)->link != (list); \
	     (it) = (after), (after) = list_next_entry(after, link))

#endif
