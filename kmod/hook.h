/* SPDX-License-Identifier: GPL-2.0 */
/* The packet path. */
#ifndef VDHCP_HOOK_H
#define VDHCP_HOOK_H

struct nf_hook_state;
struct sk_buff;

unsigned int vdhcp_hook(void *priv, struct sk_buff *skb,
			const struct nf_hook_state *state);

#endif /* VDHCP_HOOK_H */
