/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints for packets and for changes of the configuration. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vdhcp

#if !defined(VDHCP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VDHCP_TRACE_H

#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/tracepoint.h>
#include "../uapi/vdhcp-names-gen.h"
#include "engine/engine.h"

#ifndef VDHCP_TRACE_ENUMS
#define VDHCP_TRACE_ENUMS

/**
 * enum vdhcp_op - change of the configuration
 * @VDHCP_OP_NEW: an object was added
 * @VDHCP_OP_SET: an object was changed
 * @VDHCP_OP_DEL: an object was removed
 * @VDHCP_OP_ATTACH: a device appeared
 * @VDHCP_OP_DETACH: the device disappeared
 */
enum vdhcp_op {
	VDHCP_OP_NEW,
	VDHCP_OP_SET,
	VDHCP_OP_DEL,
	VDHCP_OP_ATTACH,
	VDHCP_OP_DETACH,
};

/**
 * enum vdhcp_object - object that was changed
 * @VDHCP_OBJECT_SUBNET: a subnet
 * @VDHCP_OBJECT_PORT: a port
 * @VDHCP_OBJECT_TAP: the ports of one device
 */
enum vdhcp_object {
	VDHCP_OBJECT_SUBNET,
	VDHCP_OBJECT_PORT,
	VDHCP_OBJECT_TAP,
};

/* One entry of __print_symbolic(), with the comma before the next entry. */
#define VDHCP_TRACE_ROW(value, name, ...) { value, name },

#endif /* VDHCP_TRACE_ENUMS */

/* Export the enums, because user space reads the formats as well. */
#define EM(value, ...) TRACE_DEFINE_ENUM(value); /* a list has no separators */
VDHCP_VERDICT_LIST(EM)
VDHCP_MESSAGE_LIST(EM)
#undef EM
TRACE_DEFINE_ENUM(__VDHCP_VERDICT_MAX);
TRACE_DEFINE_ENUM(__VDHCP_MESSAGE_MAX);
TRACE_DEFINE_ENUM(VDHCP_OP_NEW);
TRACE_DEFINE_ENUM(VDHCP_OP_SET);
TRACE_DEFINE_ENUM(VDHCP_OP_DEL);
TRACE_DEFINE_ENUM(VDHCP_OP_ATTACH);
TRACE_DEFINE_ENUM(VDHCP_OP_DETACH);
TRACE_DEFINE_ENUM(VDHCP_OBJECT_SUBNET);
TRACE_DEFINE_ENUM(VDHCP_OBJECT_PORT);
TRACE_DEFINE_ENUM(VDHCP_OBJECT_TAP);

TRACE_EVENT(vdhcp_request,
	    TP_PROTO(const struct net_device *dev, u16 vlan,
		     const struct vdhcp_txn *txn),
	    TP_ARGS(dev, vlan, txn),
	    TP_STRUCT__entry(__array(char, dev, IFNAMSIZ)
			     __field(u16, vlan)
			     __array(u8, mac, ETH_ALEN)
			     __field(u32, xid)
			     __field(u8, message)
			     __field(u8, notes)
			     __field(u8, verdict)
	    ),
	    TP_fast_assign(strscpy(__entry->dev, dev->name, IFNAMSIZ);
			   __entry->vlan = vlan;
			   memcpy(__entry->mac, txn->frame.eth->src,
				  ETH_ALEN);
			   __entry->xid = be32_to_cpu(txn->xid);
			   __entry->message = txn->message;
			   __entry->notes = txn->notes;
			   __entry->verdict = txn->verdict;
	    ),
	    TP_printk("dev=%s vlan=%u mac=%pM xid=0x%08x message=%s notes=0x%x verdict=%s",
		      __entry->dev, __entry->vlan, __entry->mac, __entry->xid,
		      __print_symbolic(__entry->message,
				       VDHCP_MESSAGE_LIST(VDHCP_TRACE_ROW)
				       { __VDHCP_MESSAGE_MAX, "none" }),
		      __entry->notes,
		      __print_symbolic(__entry->verdict,
				       VDHCP_VERDICT_LIST(VDHCP_TRACE_ROW)
				       { __VDHCP_VERDICT_MAX, "none" }))
);

TRACE_EVENT(vdhcp_config,
	    TP_PROTO(enum vdhcp_op op, enum vdhcp_object object,
		     const char *name, u16 vlan),
	    TP_ARGS(op, object, name, vlan),
	    TP_STRUCT__entry(__field(u8, op)
			     __field(u8, object)
			     __array(char, name, VDHCP_NAME_MAX + 1)
			     __field(u16, vlan)
	    ),
	    TP_fast_assign(__entry->op = op;
			   __entry->object = object;
			   strscpy(__entry->name, name, VDHCP_NAME_MAX + 1);
			   __entry->vlan = vlan;
	    ),
	    TP_printk("op=%s object=%s name=%s vlan=%u",
		      __print_symbolic(__entry->op,
				       { VDHCP_OP_NEW, "new" },
				       { VDHCP_OP_SET, "set" },
				       { VDHCP_OP_DEL, "del" },
				       { VDHCP_OP_ATTACH, "attach" },
				       { VDHCP_OP_DETACH, "detach" }),
		      __print_symbolic(__entry->object,
				       { VDHCP_OBJECT_SUBNET, "subnet" },
				       { VDHCP_OBJECT_PORT, "port" },
				       { VDHCP_OBJECT_TAP, "tap" }),
		      __entry->name, __entry->vlan)
);

#endif /* VDHCP_TRACE_H */

/* Found by -I, because this directory is outside of the kernel tree. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
