// SPDX-License-Identifier: GPL-2.0
/* Raw options, which subnets and ports have alike. */
#include "netlink.h"

/**
 * vdhcp_netlink_option_apply() - change a list as one attribute says
 * @list: raw options
 * @attr: nest of enum vdhcp_a_option, by policy valid
 * @create: the object is new, so there is nothing to remove
 * @extack: for errors
 *
 * Return: 0 or a negative errno; @list is then unchanged.
 */
int vdhcp_netlink_option_apply(struct vdhcp_optlist *list, const struct nlattr *attr,
			       bool create, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[VDHCP_A_OPTION_MAX + 1];
	struct vdhcp_option opt;
	int err;

	err = nla_parse_nested(tb, VDHCP_A_OPTION_MAX, attr, NULL, extack);
	if (err)
		return err;
	if (!tb[VDHCP_A_OPTION_CODE]) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "option needs a code");
		NL_SET_ERR_ATTR_MISS(extack, attr, VDHCP_A_OPTION_CODE);
		return -EINVAL;
	}
	opt.code = nla_get_u8(tb[VDHCP_A_OPTION_CODE]);
	if (!tb[VDHCP_A_OPTION_DATA]) {
		if (create) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "option needs data");
			NL_SET_ERR_ATTR_MISS(extack, attr, VDHCP_A_OPTION_DATA);
			return -EINVAL;
		}
		vdhcp_optlist_remove(list, opt.code);
		return 0;
	}
	opt.form = VDHCP_OPTION_FORM_HEX;
	if (tb[VDHCP_A_OPTION_FORM])
		opt.form = nla_get_u8(tb[VDHCP_A_OPTION_FORM]);
	opt.len = nla_len(tb[VDHCP_A_OPTION_DATA]);
	opt.data = nla_data(tb[VDHCP_A_OPTION_DATA]);
	err = vdhcp_optlist_set(list, &opt);
	if (err)
		NL_SET_ERR_MSG_ATTR(extack, attr, "no room for so many raw options");
	return err;
}

/**
 * vdhcp_netlink_option_put() - write one option
 * @skb: to write to
 * @type: attribute number of the nest
 * @opt: the option
 *
 * Return: 0 or -EMSGSIZE.
 */
int vdhcp_netlink_option_put(struct sk_buff *skb, int type, const struct vdhcp_option *opt)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest || nla_put_u8(skb, VDHCP_A_OPTION_CODE, opt->code) ||
	    nla_put(skb, VDHCP_A_OPTION_DATA, opt->len, opt->data) ||
	    nla_put_u8(skb, VDHCP_A_OPTION_FORM, opt->form))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * vdhcp_netlink_option_size() - what vdhcp_netlink_option_put() writes
 * @opt: the option
 *
 * Return: bytes.
 */
size_t vdhcp_netlink_option_size(const struct vdhcp_option *opt)
{
	return nla_total_size(2 * nla_total_size(sizeof(u8)) + nla_total_size(opt->len));
}
