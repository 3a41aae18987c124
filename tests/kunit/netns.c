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

static struct pid *holder_pid;
static struct net *new_net;
static DECLARE_COMPLETION(net_gone);

static int take_pid(struct subprocess_info *info, struct cred *new)
{
	holder_pid = get_pid(task_pid(current));
	return 0;
}

static void __net_exit net_exit(struct net *net)
{
	if (net == READ_ONCE(new_net))
		complete(&net_gone);
}

/* Registered last, so its exit runs first and shows that the others are next. */
static struct pernet_operations exit_ops = { .exit = net_exit };

static struct net *wait_for_net(struct pid *pid)
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

static struct net *create_netns(void)
{
	char *argv[5] = { "/usr/bin/unshare", "--net", "sleep", "600", NULL };
	char *envp[2] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	struct subprocess_info *info;

	info = call_usermodehelper_setup(argv[0], argv, envp, GFP_KERNEL, take_pid, NULL, NULL);
	if (!info || call_usermodehelper_exec(info, UMH_WAIT_EXEC) || !holder_pid)
		return NULL;
	if (register_pernet_subsys(&exit_ops))
		return NULL;
	reinit_completion(&net_gone);
	WRITE_ONCE(new_net, wait_for_net(holder_pid));
	if (!new_net)
		unregister_pernet_subsys(&exit_ops);
	return new_net;
}

/**
 * vtest_netns_new() - create a namespace
 * @test: skipped if that is not possible
 *
 * Return: the namespace with a reference, for vtest_netns_put().
 */
struct net *vtest_netns_new(struct kunit *test)
{
	struct net *net = create_netns();

	if (!net)
		kunit_skip(test, "no second network namespace here");
	return net;
}

/**
 * vtest_netns_put() - put a namespace and wait until it is gone
 * @net: from vtest_netns_new()
 */
void vtest_netns_put(struct net *net)
{
	kill_pid(holder_pid, SIGKILL, 1);
	put_net(net);
	wait_for_completion_timeout(&net_gone, 10 * HZ);
	/* Waits for the rest of the cleanup. */
	unregister_pernet_subsys(&exit_ops);
	net_ns_barrier();
	WRITE_ONCE(new_net, NULL);
}

/**
 * vtest_netns_reset() - put the namespaces that a test left
 */
void vtest_netns_reset(void)
{
	if (new_net)
		vtest_netns_put(new_net);
	put_pid(holder_pid);
	holder_pid = NULL;
}
