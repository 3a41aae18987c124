/* SPDX-License-Identifier: GPL-2.0 */
/* The commands, one in each cmd_*.c; each takes the words after its name and returns a status. */
#ifndef VDHCPCTL_CMD_H
#define VDHCPCTL_CMD_H

#include "args.h"

int cmd_subnet(struct ctx *ctx, struct args *args);
int cmd_port(struct ctx *ctx, struct args *args);
int cmd_sync(struct ctx *ctx, struct args *args);
int cmd_dump(struct ctx *ctx, struct args *args);
int cmd_stats(struct ctx *ctx, struct args *args);
int cmd_monitor(struct ctx *ctx, struct args *args);
int cmd_version(struct ctx *ctx, struct args *args);
int cmd_flush(struct ctx *ctx, struct args *args);
int cmd_batch(struct ctx *ctx, struct args *args);
int cmd_help(struct ctx *ctx, struct args *args);
int cmd_complete(struct ctx *ctx, struct args *args);

#endif /* VDHCPCTL_CMD_H */
