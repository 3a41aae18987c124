// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl monitor: print events when they happen. */
#include <errno.h>
#include <inttypes.h>
#include <linux/vdhcp.h>
#include <netlink/genl/genl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cmd.h"
#include "event.h"
#include "kernel.h"
#include "netdev.h"
#include "request.h"
#include "value.h"

#define A(name)		VDHCP_A_EVENT_##name

/*
 * Events of several CPUs do not arrive exactly in the order of their numbers. So
 * after an overrun, missing numbers are counted only when no event came for a
 * while, or when many events came.
 */
#define SETTLE_MS 20
#define SETTLE_EVENTS 64

/* How long to wait for the next event, whose number tells how many were lost. */
#define TELL_MS 1000

/* Which events are printed. */
struct filter {
	const char *dev;	/* NULL: all */
	bool has_vlan;
	uint32_t vlan;
};

/* A dump that is awaited while events arrive. */
struct pending_dump {
	uint32_t seq;		/* of the request; 0: none is awaited */
	bool found;		/* an object that was looked for */
};

struct monitor {
	struct ctx *ctx;
	struct filter filter;
	struct pending_dump ports;
	struct pending_dump families;
	bool gone;		/* the module is not loaded */
	bool overrun;		/* events were lost, and their number is not printed yet */
	bool told;		/* the loss was printed without a number */
	bool begun;		/* the first event came */
	uint64_t highest;	/* number of an event */
	uint64_t missing;	/* numbers up to the highest that did not come */
	unsigned int settled;	/* events since some were missing */
	bool closed;		/* the output was closed by its reader */
};

/* Prints a line that is no event of the module: @text for people, @event in JSON. */
static void print_notice(struct monitor *monitor, const char *event, const char *text)
{
	struct out *out = &monitor->ctx->out;

	out_object_begin(out, NULL);
	event_print_time(out);
	if (out->json)
		out_str(out, "event", NULL, event);
	out_text(out, " -- %s", text);
	out_object_end(out);
}

static void print_unconfigured(struct monitor *monitor)
{
	const struct filter *filter = &monitor->filter;
	struct out *out = &monitor->ctx->out;

	out_object_begin(out, NULL);
	event_print_time(out);
	if (out->json)
		out_str(out, "event", NULL, "not-configured");
	out_text(out, " --");
	out_str(out, "dev", "port", filter->dev);
	if (filter->has_vlan && (out->json || filter->vlan))
		out_num(out, "vlan", "vlan", filter->vlan);
	out_text(out, " is not configured; waiting for it");
	out_object_end(out);
}

/* @missed: number of lost events, 0 if it is not known. */
static void print_overrun(struct out *out, uint64_t missed)
{
	char number[24] = "";

	if (missed)
		snprintf(number, sizeof(number), "%" PRIu64 " ", missed);
	out_object_begin(out, NULL);
	event_print_time(out);
	if (out->json) {
		out_str(out, "event", NULL, "overrun");
		if (missed)
			out_num(out, "missed", NULL, missed);
	} else {
		out_text(out, " -- lost %sevent%s (socket buffer overrun); read the state again "
			 "(vdhcpctl port show)", number, missed == 1 ? "" : "s");
	}
	out_object_end(out);
}

static bool matches_port(const struct filter *filter, const struct nlattr *dev,
			 const struct nlattr *vlan)
{
	return dev && !strcmp(attr_text(dev), filter->dev) &&
	       (!filter->has_vlan || (vlan ? nla_get_u16(vlan) : 0U) == filter->vlan);
}

static bool matches_event(const struct filter *filter, struct nlattr *tb[])
{
	if (!filter->dev)
		return true;
	/* An event of a device concerns all ports on it. */
	if (tb[A(IFINDEX)])
		return tb[A(DEV)] && !strcmp(attr_text(tb[A(DEV)]), filter->dev);
	return matches_port(filter, tb[A(DEV)], tb[A(VLAN)]);
}

/* Follows the numbers of all events, also of those that are not printed. */
static void count_event(struct monitor *monitor, uint64_t number)
{
	if (!monitor->begun) {
		monitor->begun = true;
		monitor->highest = number;
	} else if (number > monitor->highest) {
		monitor->missing += number - monitor->highest - 1;
		monitor->highest = number;
	} else if (monitor->missing) {
		monitor->missing--;
	}
	if (monitor->missing)
		monitor->settled++;
	/* Without an overrun, missing events are still under way or were never sent. */
	if (!monitor->overrun && (!monitor->missing || monitor->settled > SETTLE_EVENTS)) {
		monitor->missing = 0;
		monitor->settled = 0;
	}
}

/* No event came for a while, or many came: reports what is missing. */
static void report_missing(struct monitor *monitor)
{
	if (monitor->overrun && monitor->missing) {
		print_overrun(&monitor->ctx->out, monitor->missing);
		monitor->overrun = false;
	} else if (monitor->overrun && !monitor->told) {
		print_overrun(&monitor->ctx->out, 0);
		monitor->told = true;
	}
	monitor->missing = 0;
	monitor->settled = 0;
}

/* Asks for all ports, without waiting; handle_port() and end_ports() read the answer. */
static int ask_ports(struct monitor *monitor)
{
	struct kernel *kernel = &monitor->ctx->kernel;
	struct nl_msg *msg;
	int err;

	if (!monitor->filter.dev)
		return STATUS_OK;
	msg = request_new(VDHCP_CMD_PORT_GET);
	if (!msg)
		return STATUS_SYSTEM;
	err = netlink_send(kernel, msg, kernel->family, NLM_F_DUMP);
	monitor->ports = (struct pending_dump){ .seq = kernel->seq };
	request_free(msg);
	return err;
}

static void handle_port(struct monitor *monitor, struct nlmsghdr *hdr)
{
	if (matches_port(&monitor->filter, attr_find(hdr, VDHCP_A_PORT_DEV),
			 attr_find(hdr, VDHCP_A_PORT_VLAN)))
		monitor->ports.found = true;
}

/* The dump of ports has ended. A port may be missing in one that was changed meanwhile. */
static int end_ports(struct monitor *monitor, const struct nlmsghdr *hdr)
{
	bool found = monitor->ports.found;

	monitor->ports.seq = 0;
	if (found || hdr->nlmsg_type != NLMSG_DONE)
		return STATUS_OK;
	if (hdr->nlmsg_flags & NLM_F_DUMP_INTR)
		return ask_ports(monitor);
	print_unconfigured(monitor);
	return STATUS_OK;
}

static void lose_module(struct monitor *monitor)
{
	if (monitor->gone)
		return;
	report_missing(monitor);
	monitor->gone = true;
	monitor->overrun = false;
	print_notice(monitor, "unloaded", "the module was unloaded; waiting for it to be loaded");
}

/* The module was loaded: its numbers begin again, and its configuration is empty. */
static int find_module(struct monitor *monitor)
{
	int err;

	err = kernel_join(&monitor->ctx->kernel);
	if (err)
		return err;
	if (!monitor->gone)
		lose_module(monitor);
	monitor->gone = false;
	monitor->begun = false;
	print_notice(monitor, "loaded", "the module was loaded; read the state again "
		     "(vdhcpctl port show)");
	return ask_ports(monitor);
}

/* Handles a message about a family, which may be another family. */
static int handle_family(struct monitor *monitor, struct nlmsghdr *hdr)
{
	struct kernel *kernel = &monitor->ctx->kernel;
	uint16_t old = kernel->family;

	switch (kernel_read_family(kernel, hdr)) {
	case FAMILY_REMOVED:
		lose_module(monitor);
		return STATUS_OK;
	case FAMILY_FOUND:
		monitor->families.found = true;
		if (monitor->gone || kernel->family != old)
			return find_module(monitor);
		return STATUS_OK;
	default:
		return STATUS_OK;
	}
}

/* The dump of families has ended: without the family the module is gone. */
static void end_families(struct monitor *monitor, const struct nlmsghdr *hdr)
{
	if (hdr->nlmsg_type == NLMSG_DONE && !monitor->families.found)
		lose_module(monitor);
	monitor->families.seq = 0;
}

/*
 * After an overrun, a message about the family may be among those that were lost.
 * A dump of all families does not make the kernel load the module.
 */
static int ask_families(struct monitor *monitor)
{
	int err;

	err = kernel_ask_families(&monitor->ctx->kernel);
	monitor->families = (struct pending_dump){ .seq = monitor->ctx->kernel.seq };
	return err;
}

static void handle_event(struct monitor *monitor, struct nlmsghdr *hdr)
{
	struct nlattr *tb[VDHCP_A_EVENT_MAX + 1];

	if (!event_parse(hdr, tb))
		return;
	if (tb[A(NUMBER)])
		count_event(monitor, nla_get_u64(tb[A(NUMBER)]));
	if (matches_event(&monitor->filter, tb))
		event_print(&monitor->ctx->out, tb);
	if (monitor->settled > SETTLE_EVENTS)
		report_missing(monitor);
}

static int handle_message(struct monitor *monitor, struct nlmsghdr *hdr)
{
	bool is_end = hdr->nlmsg_type == NLMSG_DONE || hdr->nlmsg_type == NLMSG_ERROR;
	uint32_t seq = hdr->nlmsg_seq;

	if (hdr->nlmsg_type == GENL_ID_CTRL)
		return handle_family(monitor, hdr);
	if (is_end && seq && seq == monitor->ports.seq)
		return end_ports(monitor, hdr);
	if (is_end && seq && seq == monitor->families.seq)
		end_families(monitor, hdr);
	if (hdr->nlmsg_type != monitor->ctx->kernel.family)
		return STATUS_OK;
	if (seq && seq == monitor->ports.seq)
		handle_port(monitor, hdr);
	else
		handle_event(monitor, hdr);
	return STATUS_OK;
}

static int receive_messages(struct monitor *monitor)
{
	struct sock *sock = &monitor->ctx->kernel.sock;
	struct nlmsghdr *hdr;
	int len, err = STATUS_OK;
	ssize_t received;

	received = sock_try_receive(sock);
	if (received < 0 && errno == ENOBUFS) {
		/* Numbers that are missing now were lost in the overrun before this one. */
		if (monitor->missing)
			report_missing(monitor);
		monitor->overrun = true;
		monitor->told = false;
		return ask_families(monitor);
	}
	if (received < 0 && errno == ENOMEM)
		return fail_memory();
	if (received < 0 && errno != EAGAIN)
		return fail_system("cannot receive from the kernel: %s", strerror(errno));
	len = received < 0 ? 0 : (int)received;
	for (hdr = (struct nlmsghdr *)sock->buf; nlmsg_ok(hdr, len) && !err;
	     hdr = nlmsg_next(hdr, &len))
		err = handle_message(monitor, hdr);
	return err;
}

/* Each line is written at once. A reader that closes the pipe is not an error. */
static int flush_output(struct monitor *monitor)
{
	struct out *out = &monitor->ctx->out;
	int err;

	if (out->failed)
		return fail_memory();
	if (!fflush(out->file) && !ferror(out->file))
		return STATUS_OK;
	err = errno;
	__fpurge(out->file);
	clearerr(out->file);
	monitor->closed = true;
	return err == EPIPE ? STATUS_OK :
	       fail_system("cannot write the output: %s", strerror(err));
}

static int listen_until_signal(struct monitor *monitor, int signals)
{
	struct pollfd fds[] = {
		{ .fd = monitor->ctx->kernel.sock.fd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
		{ .fd = fileno(monitor->ctx->out.file) },	/* POLLERR, POLLHUP */
	};
	struct signalfd_siginfo info;
	int err = STATUS_OK, ready, wait;

	while (!err && !monitor->closed) {
		wait = monitor->missing ? SETTLE_MS :
		       monitor->overrun && !monitor->told ? TELL_MS : -1;
		ready = poll(fds, ARRAY_SIZE(fds), wait);
		if (ready < 0 && errno != EINTR)
			return fail_system("cannot wait for events: %s", strerror(errno));
		if (ready < 0)
			continue;
		/* Reading the signal keeps it from killing the process when it is unblocked. */
		if (fds[1].revents)
			return read(signals, &info, sizeof(info)) < 0 ?
			       fail_system("cannot read a signal: %s", strerror(errno)) :
			       STATUS_OK;
		if (fds[2].revents)
			return STATUS_OK;
		if (!ready)
			report_missing(monitor);
		else
			err = receive_messages(monitor);
		err = err ?: flush_output(monitor);
	}
	return err;
}

/* Signals that end the process come through a file, so that none interrupts a line. */
static int run_monitor(struct monitor *monitor)
{
	sigset_t ours, old;
	int err, fd;

	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGTERM);
	fd = signalfd(-1, &ours, SFD_CLOEXEC);
	if (fd < 0)
		return fail_system("cannot open a file for signals: %s", strerror(errno));
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &ours, &old);
	err = kernel_join(&monitor->ctx->kernel);
	if (!err && monitor->ctx->stats)
		fputs("monitor: listening\n", stderr);
	err = err ?: ask_ports(monitor) ?: listen_until_signal(monitor, fd);
	sigprocmask(SIG_SETMASK, &old, NULL);
	close(fd);
	return err;
}

enum { WORD_ALL, WORD_PORT };

static const struct word words[] = {
	{ "all", WORD_ALL },
	{ "port", WORD_PORT },
	{ 0 },
};

static int read_filter(struct filter *filter, struct args *args)
{
	const char *word;
	int err;

	err = netdev_resolve(args);
	if (err)
		return err;
	word = args_next(args);
	if (!word || !*word)
		return fail_usage("DEV is missing, see \"vdhcpctl monitor help\"");
	if (strlen(word) > 15)
		return fail_usage("\"%s\" is longer than a device name can be (15 bytes)", word);
	filter->dev = word;
	err = args_options(args);
	word = args_peek(args);
	if (err || !word || strcmp(word, "vlan") != 0)
		return err;
	args_next(args);
	word = args_next(args);
	if (!word)
		return fail_usage("\"vlan\" needs a value: N");
	filter->has_vlan = true;
	return read_number("vlan", word, 0, 4094, &filter->vlan);
}

/**
 * cmd_monitor() - vdhcpctl monitor
 * @ctx: context
 * @args: words after it
 *
 * Return: a status; the end by a signal is STATUS_OK.
 */
int cmd_monitor(struct ctx *ctx, struct args *args)
{
	struct monitor monitor = { .ctx = ctx };
	int err = STATUS_OK;

	if (args_peek(args)) {
		switch (word_find(words, args_next(args), "a word of monitor")) {
		case WORD_ALL:
			break;
		case WORD_PORT:
			err = read_filter(&monitor.filter, args);
			break;
		default:
			return STATUS_USAGE;
		}
	}
	err = err ?: args_end(args);
	if (err)
		return err;
	ctx->out.lines = ctx->out.json;
	out_list_begin(&ctx->out);
	err = run_monitor(&monitor);
	ctx->out.lines = false;
	return err;
}
