// SPDX-License-Identifier: GPL-2.0
/*
 * A second network namespace. The kernel exports no function that creates one, but a
 * program can: unshare(1), if there is a user space.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/umh.h>
#include <net/net_namespace.h>
#include "fixture.h"

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

/* Registered last, so its exit runs first and shows that the others are next. */
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
 * vtest_netns_new() - create a namespace
 * @test: skipped if that is not possible
 *
 * Return: the namespace with a reference, or NULL.
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
 * vtest_netns_put() - put a namespace and wait until it is gone
 * @net: from vtest_netns_new()
 */
void vtest_netns_put(struct net *net)
{
	kill_pid(holder, SIGKILL, 1);
	put_net(net);
	wait_for_completion_timeout(&gone, 10 * HZ);
	/* Waits for the rest of the cleanup. */
	unregister_pernet_subsys(&watch);
	net_ns_barrier();
	WRITE_ONCE(made, NULL);
}

/**
 * vtest_netns_reset() - put the namespaces that a test left
 */
void vtest_netns_reset(void)
{
	if (made)
		vtest_netns_put(made);
	put_pid(holder);
	holder = NULL;
}
