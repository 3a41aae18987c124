/* SPDX-License-Identifier: GPL-2.0 */
/* Declarations shared by netlink.c and the nl_*.c files. */
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
 * @type: kind of the object
 * @vn: the namespace, whose lock is held
 * @info: the parsed message
 * @batch: atomic batch that stages the change until it is committed, or NULL
 * @create: the request adds an object or replaces @object; otherwise it changes
 *	some keys of @object
 * @object: the existing object, NULL if there is none
 * @spec: spec of the object after the change
 * @n_nests: number of nests with an address that were read so far
 * @cfg_err: reason of a refusal
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
 * struct vdhcp_nl_cursor - position of a dump, kept in netlink_callback.ctx
 * @dev: device of the last port; "" at the beginning
 * @vlan: VLAN id of the last port
 * @subnet: id of the last subnet; 0 at the beginning
 * @n: number of subnets written so far
 */
struct vdhcp_nl_cursor {
	char dev[IFNAMSIZ];
	u16 vlan;
	u32 subnet;
	u32 n;
};

/**
 * vdhcp_nl_get_cursor() - get the position of a dump
 * @cb: the dump
 *
 * Return: the cursor, all zero at the beginning.
 */
static inline struct vdhcp_nl_cursor *
vdhcp_nl_get_cursor(struct netlink_callback *cb)
{
	return (struct vdhcp_nl_cursor *)cb->ctx;
}

/**
 * struct vdhcp_nl_object - a kind of object: subnets or ports
 * @keys: keys of the object
 * @name: attribute that names the object
 * @clear: attribute that lists the keys to clear
 * @replace: flag attribute that allows a new object to replace an existing one
 * @missing: error text if the request lacks @name
 * @invalid: error text if @valid_name refuses the name
 * @absent: error text if no object has the name
 * @exists: error text if the object exists and @replace is not set
 * @staged: error text if the batch has staged a change of the object already
 * @valid_name: check whether an object may have a name
 * @find: find the object that a request names; NULL if there is none
 * @is_staged: check whether the batch has staged a change of the object that
 *	the request names
 * @load: fill @req->spec from @req->object
 * @bind: read a nest with an address, a subnet, or both, into @req->spec
 * @commit: add or change @req->object
 * @stage: stage the same change in @req->batch
 * @remove: remove @req->object
 * @stage_removal: stage the removal in @req->batch
 * @put: write an object to a message
 * @size: get the most bytes that @put writes for an object
 * @state_size: get the bytes that @put writes in addition to the keys
 * @largest: get a pointer to the upper bound on the size of all objects
 * @next: find the object after the cursor of a dump and move the cursor to it;
 *	NULL at the end
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
void vdhcp_nl_set_family(const struct genl_family *family);
void *vdhcp_nl_put_reply(struct sk_buff *skb, const struct genl_info *info);
void vdhcp_nl_start_dump(struct netlink_callback *cb, size_t payload);
int vdhcp_nl_check_dump(struct netlink_callback *cb, u32 seq);
void *vdhcp_nl_put_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* nl_port_state.c */
int vdhcp_nl_port_state_put(struct sk_buff *skb, const struct vdhcp_net *vn,
			    const struct vdhcp_port *port);
size_t vdhcp_nl_port_state_size(void);

/* nl_keys.c */
int vdhcp_nl_keys_apply(struct vdhcp_nl_request *req);
int vdhcp_nl_keys_put(struct sk_buff *skb, const void *spec,
		      const struct vdhcp_key_set *set);
size_t vdhcp_nl_keys_size(const void *spec, const struct vdhcp_key_set *set);
int vdhcp_nl_read_addr(__be32 *addr, const struct nlattr *attr,
		       struct netlink_ext_ack *extack);
int vdhcp_nl_refuse_attr(struct netlink_ext_ack *extack,
			 const struct nlattr *attr, int err, const char *text);

/* nl_subnet.c */
extern const struct vdhcp_nl_object vdhcp_nl_subnet;

/* nl_port.c */
extern const struct vdhcp_nl_object vdhcp_nl_port;

struct vdhcp_port *vdhcp_nl_next_port(const struct vdhcp_net *vn,
				      struct vdhcp_nl_cursor *cursor);

/* nl_batch.c */
int vdhcp_nl_write(struct sk_buff *skb, struct genl_info *info);
int vdhcp_nl_batch_begin(struct sk_buff *skb, struct genl_info *info);
int vdhcp_nl_batch_commit(struct sk_buff *skb, struct genl_info *info);
int vdhcp_nl_batch_register(void);
void vdhcp_nl_batch_unregister(void);

/* nl_stats.c */
int vdhcp_nl_stats_reset(struct vdhcp_net *vn, struct genl_info *info);
int vdhcp_nl_stats_get(struct sk_buff *skb, struct genl_info *info);
int vdhcp_nl_stats_start(struct netlink_callback *cb);
int vdhcp_nl_stats_dump(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* VDHCP_NETLINK_H */
