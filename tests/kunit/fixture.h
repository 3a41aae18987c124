/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the suites stand on: the module registered as main.c does it, objects
 * to configure it with, devices that remember what they sent.
 *
 * Whatever a test makes here is gone after vtest_reset(), which a suite calls
 * in its exit(): that also runs after an assertion has ended the test. No
 * lock is held across an assertion, therefore all that needs one is wrapped.
 */
#ifndef VDHCP_KUNIT_FIXTURE_H
#define VDHCP_KUNIT_FIXTURE_H

#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <net.h>
#include <pernet.h>
#include <port.h>
#include <subnet.h>
#include <tap.h>
#include "kunit_compat.h"

/* Of the subnet and the port that tests begin with. */
#define VTEST_NETWORK	0xc0000200u	/* 192.0.2.0/24 */
#define VTEST_GATEWAY	0xc0000201u
#define VTEST_ADDR	0xc000020au
#define VTEST_SERVER	0xc00002feu	/* a server identifier that answers ARP */

extern const u8 vtest_mac[VDHCP_ETH_ALEN];
extern const u8 vtest_other_mac[VDHCP_ETH_ALEN];

int vtest_begin(struct kunit_suite *suite);
int vtest_begin_netlink(struct kunit_suite *suite);
void vtest_end(struct kunit_suite *suite);
void vtest_reset(struct kunit *test);

struct vdhcp_net *vtest_net(void);
atomic64_t *vtest_counts(const struct vdhcp_port *port);
void vtest_lock(struct vdhcp_net *vn);
void vtest_unlock(struct vdhcp_net *vn);

struct vdhcp_subnet_spec *vtest_subnet_spec(struct kunit *test, const char *name);
struct vdhcp_port_spec *vtest_port_spec(struct kunit *test);

struct vdhcp_subnet *vtest_subnet_add(const struct vdhcp_subnet_spec *spec,
				      struct vdhcp_cfg_err *cfg_err);
int vtest_subnet_set(const struct vdhcp_subnet_spec *spec, struct vdhcp_cfg_err *cfg_err);
int vtest_subnet_del(const char *name, struct vdhcp_cfg_err *cfg_err);
struct vdhcp_subnet *vtest_subnet_find(const char *name);
struct vdhcp_subnet *vtest_subnet_above(const char *name);
struct vdhcp_subnet *vtest_subnet_after(const char *name);

struct vdhcp_port *vtest_port_add(const char *dev, u16 vlan, const char *subnet,
				  struct vdhcp_port_spec *spec,
				  struct vdhcp_cfg_err *cfg_err);
int vtest_port_set(const char *dev, u16 vlan, const char *subnet,
		   struct vdhcp_port_spec *spec, struct vdhcp_cfg_err *cfg_err);
int vtest_port_del(const char *dev, u16 vlan);
struct vdhcp_port *vtest_port_find(const char *dev, u16 vlan);
struct vdhcp_port *vtest_port_after(const char *dev, u16 vlan);
const struct vdhcp_port_snap *vtest_port_snap(const struct vdhcp_port *port);
void vtest_flush(void);
u32 vtest_seq(void);

struct net_device *vtest_attached(struct vdhcp_net *vn, const char *dev);

/*
 * device.c
 */

/**
 * struct vtest_dev - a device of a test
 * @node: in the list of all of them
 * @dev: the device
 * @sent: what was given to it for transmission
 * @passed: what it received and no hook kept
 * @result: what ndo_start_xmit() returns; what is not NETDEV_TX_OK drops
 * @tries: how many times it was called
 * @forget: what it took is freed at once, as devices do
 */
struct vtest_dev {
	struct list_head node;
	struct net_device *dev;
	struct sk_buff_head sent;
	struct sk_buff_head passed;
	int result;
	unsigned int tries;
	bool forget;
};

struct vtest_dev *vtest_dev_new(struct net *net, const char *name, unsigned short type);
struct vtest_dev *vtest_dev_new_queued(struct net *net, const char *name);
void vtest_dev_del(struct vtest_dev *vdev);
void vtest_dev_reset(void);
int vtest_dev_rename(struct vtest_dev *vdev, const char *name);
int vtest_dev_altname(struct vtest_dev *vdev, const char *name);
int vtest_dev_move(struct vtest_dev *vdev, struct net *net);
int vtest_dev_receive(struct vtest_dev *vdev, struct sk_buff *skb);

/*
 * netns.c
 */

struct net *vtest_netns_new(struct kunit *test);
void vtest_netns_put(struct net *net);
void vtest_netns_reset(void);

/*
 * Failing allocations: the @n'th from now on of this task fails, 1 being the
 * next. vtest_fail_end() ends it and tells whether none was left to fail, that
 * is, whether an allocation has failed.
 */
#ifdef CONFIG_FAILSLAB
static inline void vtest_fail_begin(unsigned int n)
{
	WRITE_ONCE(current->fail_nth, n);
}

static inline bool vtest_fail_end(void)
{
	bool failed = !READ_ONCE(current->fail_nth);

	WRITE_ONCE(current->fail_nth, 0);
	return failed;
}
#else
static inline void vtest_fail_begin(unsigned int n)
{
}

static inline bool vtest_fail_end(void)
{
	return false;
}
#endif

#endif /* VDHCP_KUNIT_FIXTURE_H */
