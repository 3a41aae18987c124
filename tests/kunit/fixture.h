/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fixture of the suites: the module registered as main.c does it, objects
 * to configure it with, and devices that keep the frames that they sent.
 *
 * vtest_reset() removes everything that a test made here. A suite calls it in
 * its exit(), which also runs after an assertion has ended the test. An
 * assertion would not release a lock, so functions here take the locks.
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

/* Addresses of the subnet and the port that tests begin with. */
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
 * @node: entry in the list of all devices of tests
 * @dev: the device
 * @sent: frames that the device transmitted
 * @passed: frames that the device received and no hook consumed
 * @result: return value of ndo_start_xmit(); other than NETDEV_TX_OK drops
 * @tries: number of calls of ndo_start_xmit()
 * @forget: free transmitted frames at once, as real devices do
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
 * vtest_fail_begin() lets the @n'th allocation of this task from now on fail,
 * 1 being the next. vtest_fail_end() stops this and returns whether an
 * allocation has failed.
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
