/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the netlink_*.c files: attributes in, attributes out. */
#ifndef VDHCP_NETLINK_H
#define VDHCP_NETLINK_H

#include <net/genetlink.h>
#include "engine/conf.h"

struct netlink_callback;
struct sk_buff;
struct vdhcp_batch;
struct vdhcp_net;
struct vdhcp_port;
struct vdhcp_subnet;

extern struct genl_family vdhcp_netlink_family;

/**
 * struct vdhcp_netlink_cursor - how far a dump has got
 * @name: name of the last subnet or device; "" at the beginning
 * @vlan: VLAN id of the last port
 */
struct vdhcp_netlink_cursor {
	char name[VDHCP_NAME_MAX + 1];
	u16 vlan;
};

/* netlink.c */
int vdhcp_netlink_register(void);
void vdhcp_netlink_unregister(void);
int vdhcp_netlink_refuse(struct genl_info *info, int err, const struct vdhcp_cfg_err *cfg_err,
			 u64 present, u16 option);
void *vdhcp_netlink_put_reply(struct sk_buff *skb, const struct genl_info *info);
int vdhcp_netlink_echo_new(const struct genl_info *info, size_t payload,
			   struct sk_buff **echo);
void vdhcp_netlink_echo_send(struct genl_info *info, int err, struct sk_buff *echo);
int vdhcp_netlink_dump_start(struct netlink_callback *cb, size_t payload);
int vdhcp_netlink_dump_begin(struct netlink_callback *cb, u32 seq,
			     struct vdhcp_netlink_cursor **cursor);
void vdhcp_netlink_dump_at(struct vdhcp_netlink_cursor *cursor, const char *name, u16 vlan);
void *vdhcp_netlink_dump_put(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink_batch.c */
int vdhcp_netlink_write(struct sk_buff *skb, struct genl_info *info);
int vdhcp_netlink_batch_begin(struct sk_buff *skb, struct genl_info *info);
int vdhcp_netlink_batch_commit(struct sk_buff *skb, struct genl_info *info);
int vdhcp_netlink_batch_register(void);
void vdhcp_netlink_batch_unregister(void);

/* netlink_option.c */
int vdhcp_netlink_option_apply(struct vdhcp_optlist *list, const struct nlattr *attr,
			       bool create, struct netlink_ext_ack *extack);
int vdhcp_netlink_option_put(struct sk_buff *skb, int type, const struct vdhcp_option *opt);
size_t vdhcp_netlink_option_size(const struct vdhcp_option *opt);

/* nl_port_state.c */
int vdhcp_nl_port_state_put(struct sk_buff *skb, const struct vdhcp_net *vn,
			    const struct vdhcp_port *port);
size_t vdhcp_nl_port_state_size(void);

/* netlink_subnet.c */
int vdhcp_netlink_subnet_new(struct vdhcp_net *vn, struct genl_info *info,
			     struct vdhcp_batch *batch);
int vdhcp_netlink_subnet_set(struct vdhcp_net *vn, struct genl_info *info,
			     struct vdhcp_batch *batch);
int vdhcp_netlink_subnet_del(struct vdhcp_net *vn, struct genl_info *info,
			     struct vdhcp_batch *batch);
int vdhcp_netlink_subnet_get(struct sk_buff *skb, struct genl_info *info);
int vdhcp_netlink_subnet_start(struct netlink_callback *cb);
int vdhcp_netlink_subnet_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink_subnet_fill.c */
int vdhcp_netlink_subnet_fill(struct sk_buff *skb, void *hdr, const struct vdhcp_net *vn,
			      const struct vdhcp_subnet *subnet);
size_t vdhcp_netlink_subnet_size(const struct vdhcp_subnet_spec *spec);

/* netlink_port.c */
int vdhcp_netlink_port_new(struct vdhcp_net *vn, struct genl_info *info,
			   struct vdhcp_batch *batch);
int vdhcp_netlink_port_set(struct vdhcp_net *vn, struct genl_info *info,
			   struct vdhcp_batch *batch);
int vdhcp_netlink_port_del(struct vdhcp_net *vn, struct genl_info *info,
			   struct vdhcp_batch *batch);
int vdhcp_netlink_port_get(struct sk_buff *skb, struct genl_info *info);
int vdhcp_netlink_port_start(struct netlink_callback *cb);
int vdhcp_netlink_port_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink_stats.c */
int vdhcp_netlink_stats_get(struct sk_buff *skb, struct genl_info *info);
int vdhcp_netlink_stats_start(struct netlink_callback *cb);
int vdhcp_netlink_stats_dump(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* VDHCP_NETLINK_H */
