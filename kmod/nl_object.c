// SPDX-License-Identifier: GPL-2.0
/*
 * The operations new, set, del, get and dump for any kind of object. The
 * differences between subnets and ports are in nl_subnet.c and nl_port.c, as
 * callbacks of struct vdhcp_nl_object.
 */
#include <net/sock.h>
#include "engine/keys.h"
#include "netlink.h"
#include "net.h"
#include "scratch.h"

/* Set before the family is registered, so before the first request. */
static const struct genl_family *request_family;

/**
 * vdhcp_nl_set_family() - set the family that replies and dumps are of
 * @family: the family, which is registered next
 *
 * The family's operations lead here, so this file does not refer to it.
 */
void vdhcp_nl_set_family(const struct genl_family *family)
{
	request_family = family;
}

/* Is this nest the raw option with this code? */
static bool is_option(const struct nlattr *nest, u16 code)
{
	const struct nlattr *attr = nla_find_nested(nest, VDHCP_A_OPTION_CODE);

	return attr && nla_get_u8(attr) == code;
}

/*
 * Find the attribute of type @type at position @index among those of its type.
 * If there are not so many, it is not a list: find the only one.
 */
static const struct nlattr *find_nth_attr(const struct genl_info *info,
					  int type, u16 index)
{
	const struct nlattr *attr;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		if (nla_type(attr) == type && !index--)
			return attr;
	return info->attrs[type];
}

static const struct nlattr *find_option(const struct genl_info *info, int type,
					u16 code)
{
	const struct nlattr *attr;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		if (nla_type(attr) == type && is_option(attr, code))
			return attr;
	return NULL;
}

/* Report an attribute within a nest as wrong or missing. */
static int blame_nested(struct genl_info *info, int err,
			const struct vdhcp_cfg_err *cfg_err, u64 present)
{
	u16 outer = cfg_err->attr & 0xff, inner = cfg_err->attr >> 8;
	const struct nlattr *nest, *attr;

	nest = find_nth_attr(info, outer, cfg_err->entry);
	attr = nest ? nla_find_nested(nest, inner) : NULL;
	if (attr)
		NL_SET_BAD_ATTR(info->extack, attr);
	else if ((nest && cfg_err->attr == VDHCP_AT_SUBNET) ||
		 !(present & BIT_ULL(outer)))
		NL_SET_ERR_ATTR_MISS(info->extack, nest, nest ? inner : outer);
	return err;
}

/**
 * vdhcp_nl_refuse() - refuse a request and report the reason
 * @info: the request
 * @err: negative errno
 * @cfg_err: the reason; its text is empty if there is nothing to add to @err
 * @present: bit N is set if this or an earlier request has set attribute N
 * @option: number of the attribute that holds raw options
 *
 * Return: @err.
 */
int vdhcp_nl_refuse(struct genl_info *info, int err,
		    const struct vdhcp_cfg_err *cfg_err, u64 present,
		    u16 option)
{
	const struct nlattr *attr;

	if (!cfg_err->text[0])
		return err;
	NL_SET_ERR_MSG_FMT(info->extack, "%.*s", NETLINK_MAX_FMTMSG_LEN - 1,
			   cfg_err->text);
	if (!cfg_err->attr)
		return err;
	if (cfg_err->attr >> 8)
		return blame_nested(info, err, cfg_err, present);
	attr = cfg_err->attr == option ?
		find_option(info, option, cfg_err->entry) :
		find_nth_attr(info, cfg_err->attr, cfg_err->entry);
	if (attr)
		NL_SET_BAD_ATTR(info->extack, attr);
	else if (!(present & BIT_ULL(cfg_err->attr)))
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, cfg_err->attr);
	return err;
}

static int refuse_request(struct vdhcp_nl_request *req, int err)
{
	u64 present = req->spec ? *(const u64 *)req->spec : 0;

	return vdhcp_nl_refuse(req->info, err, &req->cfg_err, present,
			       req->type->keys->option);
}

/**
 * vdhcp_nl_put_reply() - begin the reply to a request
 * @skb: message
 * @info: the request
 *
 * Return: the header for genlmsg_end(), NULL if there is no room.
 */
void *vdhcp_nl_put_reply(struct sk_buff *skb, const struct genl_info *info)
{
	return genlmsg_put(skb, info->snd_portid, info->snd_seq,
			   request_family, 0, info->genlhdr->cmd);
}

static int put_object(struct sk_buff *skb, void *hdr,
		      const struct vdhcp_nl_object *type, struct vdhcp_net *vn,
		      const void *object)
{
	if (!hdr)
		return -EMSGSIZE;
	if (type->put(skb, vn, object)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int refuse_name(const struct vdhcp_nl_request *req, int err,
		       const char *text)
{
	return vdhcp_nl_refuse_attr(req->info->extack,
				    req->info->attrs[req->type->name], err,
				    text);
}

static int check_name(const struct vdhcp_nl_request *req)
{
	if (req->info->attrs[req->type->name])
		return 0;
	if (req->info->extack)
		req->info->extack->_msg = req->type->missing;
	NL_SET_ERR_ATTR_MISS(req->info->extack, NULL, req->type->name);
	return -EINVAL;
}

/*
 * A batch may change an object only once, because requests after the first
 * change may refer to it.
 */
static int check_staged(const struct vdhcp_nl_request *req)
{
	if (req->batch && req->type->is_staged(req))
		return refuse_name(req, -EEXIST, req->type->staged);
	return 0;
}

static int find_object(struct vdhcp_nl_request *req)
{
	int err = check_name(req);

	if (err)
		return err;
	req->object = req->type->find(req->vn, req->info);
	return req->object ? 0 : refuse_name(req, -ENOENT, req->type->absent);
}

/* Set @req->object to the object that the new one replaces, or to NULL. */
static int check_new(struct vdhcp_nl_request *req)
{
	int err = check_name(req);

	if (err)
		return err;
	if (!req->type->valid_name(nla_data(req->info->attrs[req->type->name])))
		return refuse_name(req, -EINVAL, req->type->invalid);
	req->object = req->type->find(req->vn, req->info);
	if (req->object && !req->info->attrs[req->type->replace])
		return refuse_name(req, -EEXIST, req->type->exists);
	return check_staged(req);
}

static int prepare_spec(struct vdhcp_nl_request *req)
{
	int err;

	if (req->create) {
		err = check_new(req);
		if (err)
			return err;
		vdhcp_keys_init(req->spec, req->type->keys);
	} else {
		err = find_object(req);
		if (err)
			return err;
		req->type->load(req);
	}
	return vdhcp_nl_keys_apply(req);
}

/* Allocate the echo before the change, because a change cannot be undone. */
static int alloc_echo(const struct vdhcp_nl_request *req, size_t size,
		      struct sk_buff **echo)
{
	*echo = NULL;
	if (req->batch || !(req->info->nlhdr->nlmsg_flags & NLM_F_ECHO))
		return 0;
	*echo = genlmsg_new(size, GFP_KERNEL);
	return *echo ? 0 : -ENOMEM;
}

/* The change stays even if the sender's socket has no room for the echo. */
static void send_echo(struct vdhcp_nl_request *req, struct sk_buff *echo)
{
	void *hdr = vdhcp_nl_put_reply(echo, req->info);
	int err = put_object(echo, hdr, req->type, req->vn, req->object);

	if (WARN_ON_ONCE(err))
		nlmsg_free(echo);
	else
		genlmsg_reply(echo, req->info);
}

static int change_object(struct vdhcp_nl_request *req)
{
	size_t size, *largest = req->type->largest(req->vn);
	struct sk_buff *echo;
	bool exists;
	int err;

	err = prepare_spec(req);
	if (err)
		return err;
	size = req->type->state_size() +
	       vdhcp_nl_keys_size(req->spec, req->type->keys);
	*largest = max(*largest, size);
	err = alloc_echo(req, size, &echo);
	if (err)
		return err;
	exists = req->object;
	err = req->batch ? req->type->stage(req) : req->type->commit(req);
	if (err) {
		nlmsg_free(echo);
		return refuse_request(req, err);
	}
	if (echo)
		send_echo(req, echo);
	if (!req->batch)
		req->type->notify(req, exists ? VDHCP_CHANGE_CHANGED
					      : VDHCP_CHANGE_ADDED);
	return 0;
}

static int run_change(const struct vdhcp_nl_object *type, struct vdhcp_net *vn,
		      struct genl_info *info, struct vdhcp_batch *batch,
		      bool create)
{
	struct vdhcp_scratch *scratch = vdhcp_net_scratch(vn);
	struct vdhcp_nl_request req = {
		.type = type,
		.vn = vn,
		.info = info,
		.batch = batch,
		.create = create,
	};

	if (!scratch)
		return -ENOMEM;
	req.spec = &scratch->spec;
	return change_object(&req);
}

/**
 * vdhcp_nl_new() - add an object, or replace one
 * @type: kind of the object
 * @vn: the namespace; the caller holds its lock, and RTNL for a port without
 *	@batch
 * @info: the request
 * @batch: atomic batch that stages the object, or NULL
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_nl_new(const struct vdhcp_nl_object *type, struct vdhcp_net *vn,
		 struct genl_info *info, struct vdhcp_batch *batch)
{
	return run_change(type, vn, info, batch, true);
}

/**
 * vdhcp_nl_set() - change an object
 * @type: kind of the object
 * @vn: the namespace; the caller holds its lock
 * @info: the request
 * @batch: always NULL, because an atomic batch refuses this operation
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_nl_set(const struct vdhcp_nl_object *type, struct vdhcp_net *vn,
		 struct genl_info *info, struct vdhcp_batch *batch)
{
	return run_change(type, vn, info, batch, false);
}

/**
 * vdhcp_nl_del() - remove an object
 * @type: kind of the object
 * @vn: the namespace; the caller holds its lock, and RTNL for a port without
 *	@batch
 * @info: the request
 * @batch: atomic batch that stages the removal, or NULL
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_nl_del(const struct vdhcp_nl_object *type, struct vdhcp_net *vn,
		 struct genl_info *info, struct vdhcp_batch *batch)
{
	struct vdhcp_nl_request req = {
		.type = type,
		.vn = vn,
		.info = info,
		.batch = batch,
	};
	int err;

	err = find_object(&req);
	if (!err)
		err = check_staged(&req);
	if (err)
		return err;
	err = batch ? type->stage_removal(&req) : type->remove(&req);
	if (err)
		return refuse_request(&req, err);
	if (!batch)
		type->notify(&req, VDHCP_CHANGE_REMOVED);
	return 0;
}

static const struct vdhcp_nl_object *type_of(u8 cmd)
{
	return cmd == VDHCP_CMD_SUBNET_GET ? &vdhcp_nl_subnet : &vdhcp_nl_port;
}

static struct sk_buff *make_reply(struct vdhcp_nl_request *req)
{
	struct sk_buff *reply;
	int err;

	err = find_object(req);
	if (err)
		return ERR_PTR(err);
	reply = genlmsg_new(req->type->size(req->vn, req->object), GFP_KERNEL);
	if (!reply)
		return ERR_PTR(-ENOMEM);
	err = put_object(reply, vdhcp_nl_put_reply(reply, req->info), req->type,
			 req->vn, req->object);
	if (!err)
		return reply;
	nlmsg_free(reply);
	return ERR_PTR(err);
}

/**
 * vdhcp_nl_get() - reply with an object
 * @skb: not used
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_nl_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vdhcp_nl_request req = {
		.type = type_of(info->genlhdr->cmd),
		.info = info,
		.vn = vdhcp_pernet(genl_info_net(info)),
	};
	struct sk_buff *reply;

	mutex_lock(&req.vn->lock);
	reply = make_reply(&req);
	mutex_unlock(&req.vn->lock);
	return IS_ERR(reply) ? PTR_ERR(reply) : genlmsg_reply(reply, info);
}

/**
 * vdhcp_nl_start_dump() - size the buffers of a dump
 * @cb: the dump
 * @payload: bytes of the largest object; a dump cannot split one
 */
void vdhcp_nl_start_dump(struct netlink_callback *cb, size_t payload)
{
	static_assert(sizeof(struct vdhcp_nl_cursor) <= sizeof(cb->ctx));

	cb->min_dump_alloc = nlmsg_total_size(genlmsg_total_size(payload));
}

/**
 * vdhcp_nl_check_dump() - begin one buffer of a dump
 * @cb: the dump
 * @seq: vdhcp_net.seq; if it changes between two buffers, the core marks the
 *	dump as interrupted
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_nl_check_dump(struct netlink_callback *cb, u32 seq)
{
	if (nlmsg_attrlen(cb->nlh, GENL_HDRLEN)) {
		NL_SET_ERR_MSG(cb->extack, "a dump takes no attributes");
		return -EINVAL;
	}
	cb->seq = seq;
	return 0;
}

/**
 * vdhcp_nl_put_dump() - begin one object of a dump
 * @skb: message
 * @cb: the dump
 *
 * Return: the header for genlmsg_end(), NULL if there is no room.
 */
void *vdhcp_nl_put_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct genlmsghdr *genlhdr = nlmsg_data(cb->nlh);
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  request_family, NLM_F_MULTI, genlhdr->cmd);
	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

static const struct vdhcp_nl_object *
dumped_type(const struct netlink_callback *cb)
{
	const struct genlmsghdr *genlhdr = nlmsg_data(cb->nlh);

	return type_of(genlhdr->cmd);
}

/**
 * vdhcp_nl_start() - begin a dump of all objects of a kind
 * @cb: the dump
 *
 * Return: 0.
 */
int vdhcp_nl_start(struct netlink_callback *cb)
{
	struct vdhcp_net *vn = vdhcp_pernet(sock_net(cb->skb->sk));
	size_t largest;

	mutex_lock(&vn->lock);
	largest = *dumped_type(cb)->largest(vn);
	mutex_unlock(&vn->lock);
	vdhcp_nl_start_dump(cb, largest);
	return 0;
}

/**
 * vdhcp_nl_dump() - dump all objects of a kind in the order of their names
 * @skb: message
 * @cb: the dump
 *
 * Return: bytes written, 0 at the end, or a negative errno.
 */
int vdhcp_nl_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vdhcp_net *vn = vdhcp_pernet(sock_net(skb->sk));
	const struct vdhcp_nl_object *type = dumped_type(cb);
	struct vdhcp_nl_cursor at = *vdhcp_nl_get_cursor(cb);
	const void *object;
	int err;

	mutex_lock(&vn->lock);
	err = vdhcp_nl_check_dump(cb, vn->seq);
	while (!err && (object = type->next(vn, &at))) {
		err = put_object(skb, vdhcp_nl_put_dump(skb, cb), type, vn,
				 object);
		if (!err)
			*vdhcp_nl_get_cursor(cb) = at;
	}
	mutex_unlock(&vn->lock);
	return skb->len ? skb->len : err;
}
