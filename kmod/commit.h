/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VDHCP_COMMIT_H
#define VDHCP_COMMIT_H

struct vdhcp_batch;
struct vdhcp_cfg_err;
struct vdhcp_net;

int vdhcp_commit_batch(struct vdhcp_net *vn, struct vdhcp_batch *batch,
		       struct vdhcp_cfg_err *cfg_err);

#endif /* VDHCP_COMMIT_H */
