/* SPDX-License-Identifier: GPL-2.0 */
/* A file of commands that are sent without waiting for each other. */
#ifndef VDHCPCTL_BATCH_H
#define VDHCPCTL_BATCH_H

#include "attrs.h"

int batch_begin(struct kernel *kernel, uint8_t mode, const uint32_t *generation,
		struct answer *answer);
int batch_write(struct batch *batch, const struct attr_set *set, struct nl_msg *msg);
int batch_settle(struct batch *batch);
void batch_break(struct batch *batch);
bool batch_is_stdin(const struct batch *batch);

#endif /* VDHCPCTL_BATCH_H */
