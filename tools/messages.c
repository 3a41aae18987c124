// SPDX-License-Identifier: GPL-2.0
/* Copies of messages, kept one after the other. */
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "messages.h"
#include "request.h"

/**
 * messages_add() - keep a copy of a message; a reply_fn
 * @hdr: message
 * @arg: struct messages
 *
 * Return: a status.
 */
int messages_add(struct nlmsghdr *hdr, void *arg)
{
	struct messages *messages = arg;
	size_t size = messages->size ?: REQUEST_MAX, len = NLMSG_ALIGN(hdr->nlmsg_len);
	char *data;

	while (messages->len + len > size)
		size *= 2;
	if (size != messages->size) {
		data = realloc(messages->data, size);
		if (!data)
			return fail_memory();
		messages->data = data;
		messages->size = size;
	}
	memcpy(messages->data + messages->len, hdr, hdr->nlmsg_len);
	memset(messages->data + messages->len + hdr->nlmsg_len, 0, len - hdr->nlmsg_len);
	messages->len += len;
	messages->count++;
	return STATUS_OK;
}

/**
 * messages_next() - get the next message
 * @messages: messages
 * @hdr: a message of them; NULL for the first one
 *
 * Return: the message after @hdr, NULL at the end; valid until messages_add().
 */
struct nlmsghdr *messages_next(const struct messages *messages, struct nlmsghdr *hdr)
{
	char *next = hdr ? (char *)hdr + NLMSG_ALIGN(hdr->nlmsg_len) : messages->data;

	return messages->len && next < messages->data + messages->len ?
	       (struct nlmsghdr *)next : NULL;
}

/**
 * messages_free() - free all messages
 * @messages: messages
 */
void messages_free(struct messages *messages)
{
	free(messages->data);
	*messages = (struct messages){ 0 };
}
