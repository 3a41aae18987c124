// SPDX-License-Identifier: GPL-2.0
/*
 * A second network namespace. No function that makes one is exported, but a
 * program can ask for it: unshare(1), where there is a user space.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/umh.h>
#include <net/net_namespace.h>
#include "world.h"

static struct pid *holder;
static struct net *made;
static DECLARE_COMPLETION(gone);

static int begin(struct subprocess_info *info, struct cred *new)
{
	holder = get_pid(task_pid(current));
	return 0;
}

static void __net_exit net_exit(struct net *net)
{
	if (net == READ_ONCE(made))
		complete(&gone);
}

/* Registered last and so unwound first; it tells when the others are next. */
static struct pernet_operations watch = { .exit = net_exit };

static struct net *net_of(struct pid *pid)
{
	unsigned int tries;
	struct net *net;

	for (tries = 0; tries < 500; tries++) {
		net = get_net_ns_by_pid(pid_nr(pid));
		if (IS_ERR(net))
			return NULL;
		if (net != &init_net)
			return net;
		put_net(net);
		msleep(20);
	}
	return NULL;
}

/**
 * vtest_netns_new() - make a namespace
 * @test: is skipped if there is no way to
 *
 * Return: the namespace with a reference, NULL for none.
 */
struct net *vtest_netns_new(struct kunit *test)
{
	char *argv[5] = { "/usr/bin/unshare", "--net", "sleep", "600", NULL };
	char *envp[2] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	struct subprocess_info *info;

	info = call_usermodehelper_setup(argv[0], argv, envp, GFP_KERNEL, begin, NULL, NULL);
	if (!info || call_usermodehelper_exec(info, UMH_WAIT_EXEC) || !holder)
		return NULL;
	if (register_pernet_subsys(&watch))
		return NULL;
	reinit_completion(&gone);
	WRITE_ONCE(made, net_of(holder));
	if (!made)
		unregister_pernet_subsys(&watch);
	return made;
}

/**
 * vtest_netns_put() - let a namespace go, and wait until it is gone
 * @net: from vtest_netns_new()
 */
void vtest_netns_put(struct net *net)
{
	kill_pid(holder, SIGKILL, 1);
	put_net(net);
	wait_for_completion_timeout(&gone, 10 * HZ);
	/* Waits for the rest of it. */
	unregister_pernet_subsys(&watch);
	net_ns_barrier();
	WRITE_ONCE(made, NULL);
}

/**
 * vtest_netns_reset() - let go what a test has left
 */
void vtest_netns_reset(void)
{
	if (made)
		vtest_netns_put(made);
	put_pid(holder);
	holder = NULL;
}
