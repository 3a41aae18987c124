/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by netlink.c and the nl_*.c files: attributes in, attributes out. */
#ifndef VDHCP_NETLINK_H
#define VDHCP_NETLINK_H

#include <linux/if.h>
#include <net/genetlink.h>
#include "engine/cfg_err.h"
#include "event.h"

struct netlink_callback;
struct sk_buff;
struct vdhcp_batch;
struct vdhcp_key_set;
struct vdhcp_net;
struct vdhcp_nl_object;
struct vdhcp_port;
struct vdhcp_subnet;

extern struct genl_family vdhcp_netlink_family;

/**
 * struct vdhcp_nl_request - a request that changes one object
 * @type: what kind of object
 * @vn: the namespace, whose lock is held
 * @info: the message
 * @batch: atomic batch that keeps the request until it is committed, or NULL
 * @create: the object is new, or takes the place of @object
 * @object: the object that exists, or NULL
 * @spec: what it will be
 * @n_nests: nests with an address that were read so far
 * @cfg_err: why it is refused
 */
struct vdhcp_nl_request {
	const struct vdhcp_nl_object *type;
	struct vdhcp_net *vn;
	struct genl_info *info;
	struct vdhcp_batch *batch;
	bool create;
	void *object;
	void *spec;
	unsigned int n_nests;
	struct vdhcp_cfg_err cfg_err;
};

/**
 * struct vdhcp_nl_cursor - how far a dump has got, in netlink_callback.ctx
 * @dev: device of the last port; "" at the beginning
 * @vlan: VLAN id of the last port
 * @subnet: id of the last subnet; 0 at the beginning
 * @n: how many subnets were written
 */
struct vdhcp_nl_cursor {
	char dev[IFNAMSIZ];
	u16 vlan;
	u32 subnet;
	u32 n;
};

/**
 * struct vdhcp_nl_object - what is particular to one kind of object
 * @keys: its keys
 * @name: attribute that names it
 * @clear: attribute that says which keys are cleared
 * @replace: attribute that says that a new one may take the place of another
 * @missing: text for a request without @name
 * @invalid: text for a name that no object may have
 * @absent: text for the name of an object that does not exist
 * @exists: text for the name of an object that exists
 * @staged: text for one that the batch has already
 * @valid_name: may an object have this name?
 * @find: the object that a request names, or NULL
 * @is_staged: has the batch of a request the object that it names?
 * @load: fill @spec from @object
 * @bind: read a nest with an address, its subnet, or both, into @spec
 * @commit: add @object, or change it
 * @stage: the same in @batch
 * @remove: remove @object
 * @stage_removal: the same in @batch
 * @put: write all of an object
 * @size: bytes that @put writes at most
 * @state_size: what they are in addition to the keys
 * @largest: the most that any object took to show
 * @next: the object after the cursor of a dump, or NULL; moves the cursor to it
 * @notify: send the event of a change
 */
struct vdhcp_nl_object {
	const struct vdhcp_key_set *keys;
	u16 name;
	u16 clear;
	u16 replace;
	const char *missing;
	const char *invalid;
	const char *absent;
	const char *exists;
	const char *staged;
	bool (*valid_name)(const char *name);
	void *(*find)(const struct vdhcp_net *vn, const struct genl_info *info);
	bool (*is_staged)(const struct vdhcp_nl_request *req);
	void (*load)(struct vdhcp_nl_request *req);
	int (*bind)(struct vdhcp_nl_request *req, const struct nlattr *nest);
	int (*commit)(struct vdhcp_nl_request *req);
	int (*stage)(struct vdhcp_nl_request *req);
	int (*remove)(struct vdhcp_nl_request *req);
	int (*stage_removal)(struct vdhcp_nl_request *req);
	int (*put)(struct sk_buff *skb, struct vdhcp_net *vn,
		   const void *object);
	size_t (*size)(struct vdhcp_net *vn, const void *object);
	size_t (*state_size)(void);
	size_t *(*largest)(struct vdhcp_net *vn);
	void *(*next)(const struct vdhcp_net *vn,
		      struct vdhcp_nl_cursor *cursor);
	void (*notify)(struct vdhcp_nl_request *req, enum vdhcp_change change);
};

/* netlink.c */
int vdhcp_netlink_register(void);
void vdhcp_netlink_unregister(void);
int vdhcp_nl_info_get(struct sk_buff *skb, struct genl_info *info);

/* nl_object.c */
extern const struct vdhcp_nl_object vdhcp_nl_subnet, vdhcp_nl_port;

int vdhcp_nl_new(const struct vdhcp_nl_object *type, struct vdhcp_net *vn,
		 struct genl_info *info, struct vdhcp_batch *batch);
int vdhcp_nl_set(const struct vdhcp_nl_object *type, struct vdhcp_net *vn,
		 struct genl_info *info, struct vdhcp_batch *batch);
int vdhcp_nl_del(const struct vdhcp_nl_object *type, struct vdhcp_net *vn,
		 struct genl_info *info, struct vdhcp_batch *batch);
int vdhcp_nl_get(struct sk_buff *skb, struct genl_info *info);
int vdhcp_nl_start(struct netlink_callback *cb);
int vdhcp_nl_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vdhcp_nl_refuse(struct genl_info *info, int err,
		    const struct vdhcp_cfg_err *cfg_err, u64 present,
		    u16 option);
void *vdhcp_nl_put_reply(struct sk_buff *skb, const struct genl_info *info);
void vdhcp_nl_start_dump(struct netlink_callback *cb, size_t payload);
int vdhcp_nl_check_dump(struct netlink_callback *cb, u32 seq);
void *vdhcp_nl_put_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* nl_port_state.c */
int vdhcp_nl_port_state_put(struct sk_buff *skb, const struct vdhcp_net *vn,
			    const struct vdhcp_port *port);
size_t vdhcp_nl_port_state_size(void);

static inline struct vdhcp_nl_cursor *
vdhcp_nl_cursor(struct netlink_callback *cb)
{
	return (struct vdhcp_nl_cursor *)cb->ctx;
}

/* nl_keys.c */
int vdhcp_nl_keys_apply(struct vdhcp_nl_request *req);
int vdhcp_nl_keys_put(struct sk_buff *skb, const void *spec,
		      const struct vdhcp_key_set *set);
size_t vdhcp_nl_keys_size(const void *spec, const struct vdhcp_key_set *set);
int vdhcp_nl_read_addr(__be32 *addr, const struct nlattr *attr,
		       struct netlink_ext_ack *extack);
int vdhcp_nl_refuse_attr(struct netlink_ext_ack *extack,
			 const struct nlattr *attr, int err, const char *text);

/* nl_port.c */
struct vdhcp_port *vdhcp_nl_next_port(const struct vdhcp_net *vn,
				      struct vdhcp_nl_cursor *cursor);

/* nl_batch.c */
int vdhcp_nl_write(struct sk_buff *skb, struct genl_info *info);
int vdhcp_nl_batch_begin(struct sk_buff *skb, struct genl_info *info);
int vdhcp_nl_batch_commit(struct sk_buff *skb, struct genl_info *info);
int vdhcp_nl_batch_register(void);
void vdhcp_nl_batch_unregister(void);

/* nl_stats.c */
int vdhcp_nl_stats_get(struct sk_buff *skb, struct genl_info *info);
int vdhcp_nl_stats_start(struct netlink_callback *cb);
int vdhcp_nl_stats_dump(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* VDHCP_NETLINK_H */
