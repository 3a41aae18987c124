// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl monitor: what happens, when it happens. */
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
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "kernel.h"
#include "request.h"
#include "value.h"
#include "vdhcp-names-gen.h"
#include "verdict.h"

#define A(name)		VDHCP_A_EVENT_##name

/*
 * Events from several CPUs come in an order that is not quite that of their
 * numbers, so after an overrun the missing ones are counted only when nothing
 * more came for a while, or when enough came.
 */
#define SETTLE_MS 20
#define SETTLE_EVENTS 64

/* How many were lost is known with the next event, which may be long in coming. */
#define TELL_MS 1000

/* Longest that a guest can send in one option, and its NUL. */
#define BYTES_SIZE 256

static const char *const event_names[] = { VDHCP_EVENT_LIST(NAME_OF) };
static const char *const change_names[] = { VDHCP_CHANGE_LIST(NAME_OF) };

static struct nla_policy policy[VDHCP_A_EVENT_MAX + 1] = {
	[A(NUMBER)] = { .type = NLA_U64 },
	[A(EVENT)] = { .type = NLA_U32 },
	[A(VLAN)] = { .type = NLA_U16 },
	[A(IFINDEX)] = { .type = NLA_U32 },
	[A(MAC)] = { .minlen = MAC_LEN },
	[A(ADDR)] = { .type = NLA_U32 },
	[A(VERDICT)] = { .type = NLA_U32 },
	[A(FIRST)] = { .type = NLA_U8 },
	[A(XID)] = { .type = NLA_U32 },
	[A(TIME)] = { .type = NLA_U32 },
	[A(SUPPRESSED)] = { .type = NLA_U32 },
	[A(CHANGE)] = { .type = NLA_U32 },
	[A(GENERATION)] = { .type = NLA_U32 },
};

/* Which events are printed. */
struct filter {
	const char *dev;	/* NULL: all */
	bool has_vlan;
	uint32_t vlan;
};

struct monitor {
	struct ctx *ctx;
	struct filter filter;
	bool overrun;		/* events were lost; how many was not told yet */
	bool told;		/* that some were lost was told */
	bool begun;		/* the first event came */
	uint64_t highest;	/* number */
	uint64_t missing;	/* numbers up to the highest that did not come */
	unsigned int settled;	/* events since some were missing */
	bool gone;		/* nobody reads what is printed */
};

static void print_time(struct out *out)
{
	struct timespec now;
	char text[64];
	struct tm tm;
	int ms;

	clock_gettime(CLOCK_REALTIME, &now);
	ms = (int)(now.tv_nsec / 1000000);
	if (out->json) {
		gmtime_r(&now.tv_sec, &tm);
		snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
			 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
			 tm.tm_sec, ms);
		out_str(out, "timestamp", NULL, text);
	} else {
		localtime_r(&now.tv_sec, &tm);
		out_text(out, "%02d:%02d:%02d.%03d", tm.tm_hour, tm.tm_min, tm.tm_sec, ms);
	}
}

/* Bytes of the guest's choice. Some guests end them with NULs. */
static void print_bytes(struct out *out, const char *key, const struct nlattr *nla)
{
	size_t i, len = (size_t)nla_len(nla);
	char text[BYTES_SIZE];

	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	memcpy(text, nla_data(nla), len);
	while (len && !text[len - 1])
		len--;
	for (i = 0; i < len; i++)
		if (!text[i])
			text[i] = '?';
	text[len] = '\0';
	out_str(out, key, key, text);
}

static bool is_warning(uint32_t event)
{
	return event == VDHCP_EVENT_DECLINE || event == VDHCP_EVENT_SPOOFED_MAC ||
	       event == VDHCP_EVENT_ROGUE_SERVER;
}

/* What the event is of: a device, a port, or a subnet. */
static void print_subject(struct out *out, uint32_t event, struct nlattr *tb[])
{
	bool device = event == VDHCP_EVENT_ATTACHED || event == VDHCP_EVENT_DETACHED;

	if (tb[A(DEV)])
		out_str(out, "dev", device ? "device" : "port", attr_text(tb[A(DEV)]));
	if (tb[A(VLAN)] && (out->json || nla_get_u16(tb[A(VLAN)])))
		out_num(out, "vlan", "vlan", nla_get_u16(tb[A(VLAN)]));
	if (tb[A(SUBNET)])
		out_str(out, "subnet", "subnet", attr_text(tb[A(SUBNET)]));
	if (tb[A(IFINDEX)])
		out_num(out, "ifindex", "ifindex", nla_get_u32(tb[A(IFINDEX)]));
}

static void print_guest(struct out *out, uint32_t event, struct nlattr *tb[])
{
	char ip[INET_ADDRSTRLEN], mac[MAC_STRLEN];
	bool decline = event == VDHCP_EVENT_DECLINE;

	if (tb[A(ADDR)] && !decline)
		out_str(out, "addr", "addr", show_ip(nla_data(tb[A(ADDR)]), ip));
	if (tb[A(MAC)])
		out_str(out, "mac", "mac", show_mac(nla_data(tb[A(MAC)]), mac));
	if (tb[A(HOSTNAME)])
		print_bytes(out, "hostname", tb[A(HOSTNAME)]);
	if (tb[A(VENDOR_CLASS)])
		print_bytes(out, "vendor-class", tb[A(VENDOR_CLASS)]);
	if (tb[A(ADDR)] && decline) {
		out_text(out, ":");
		out_str(out, "addr", "address", show_ip(nla_data(tb[A(ADDR)]), ip));
		out_text(out, " is in use by somebody else");
	}
	if (event == VDHCP_EVENT_SPOOFED_MAC)
		out_text(out, " is not the port's:");
	if (event == VDHCP_EVENT_ROGUE_SERVER)
		out_text(out, ": the guest sent a DHCP server message");
}

static void print_answer(struct out *out, uint32_t event, struct nlattr *tb[])
{
	char name[NAME_SIZE], xid[16];
	uint32_t us;

	/* To people, the name of the event says it already where there is but one. */
	if (tb[A(VERDICT)] && (out->json || event == VDHCP_EVENT_ACK || event == VDHCP_EVENT_NAK ||
			       event == VDHCP_EVENT_SPOOFED_MAC))
		out_str(out, "verdict", NULL, verdict_name(nla_get_u32(tb[A(VERDICT)]), name));
	if (tb[A(FIRST)] && out->json)
		out_bool(out, "first", NULL, nla_get_u8(tb[A(FIRST)]));
	else if (tb[A(FIRST)] && nla_get_u8(tb[A(FIRST)]))
		out_text(out, " first");
	if (tb[A(XID)] && out->json) {
		snprintf(xid, sizeof(xid), "0x%08" PRIx32, ntohl(nla_get_u32(tb[A(XID)])));
		out_str(out, "xid", NULL, xid);
	}
	if (!tb[A(TIME)])
		return;
	us = nla_get_u32(tb[A(TIME)]);
	if (out->json)
		out_num(out, "time", NULL, us);
	else
		out_text(out, " %" PRIu32 ".%" PRIu32 "ms", us / 1000, us / 100 % 10);
}

static void print_event(struct out *out, struct nlattr *tb[])
{
	uint32_t event = nla_get_u32(tb[A(EVENT)]);
	char name[NAME_SIZE];

	out_object_begin(out, NULL);
	print_time(out);
	if (tb[A(NUMBER)] && out->json)
		out_num(out, "number", NULL, nla_get_u64(tb[A(NUMBER)]));
	if (is_warning(event))
		out_text(out, " WARNING");
	out_str(out, "event", NULL,
		number_name(event_names, ARRAY_SIZE(event_names), "event", event, name));
	if (tb[A(CHANGE)])
		out_str(out, "change", NULL,
			number_name(change_names, ARRAY_SIZE(change_names), "change",
				    nla_get_u32(tb[A(CHANGE)]), name));
	print_subject(out, event, tb);
	print_guest(out, event, tb);
	print_answer(out, event, tb);
	if (tb[A(SUPPRESSED)] && out->json)
		out_num(out, "suppressed", NULL, nla_get_u32(tb[A(SUPPRESSED)]));
	else if (tb[A(SUPPRESSED)] && nla_get_u32(tb[A(SUPPRESSED)]))
		out_text(out, " (%" PRIu32 " more suppressed)", nla_get_u32(tb[A(SUPPRESSED)]));
	if (tb[A(GENERATION)])
		out_num(out, "generation", "generation", nla_get_u32(tb[A(GENERATION)]));
	out_object_end(out);
}

/* 0: it is not known how many. */
static void print_overrun(struct out *out, uint64_t missed)
{
	char number[24] = "";

	if (missed)
		snprintf(number, sizeof(number), "%" PRIu64 " ", missed);
	out_object_begin(out, NULL);
	print_time(out);
	if (out->json) {
		out_str(out, "event", NULL, "overrun");
		if (missed)
			out_num(out, "missed", NULL, missed);
	} else {
		out_text(out, " -- missed %sevent%s: the listener was too slow; read the state "
			 "again (vdhcpctl port show)", number, missed == 1 ? "" : "s");
	}
	out_object_end(out);
}

static bool matches(const struct filter *filter, struct nlattr *tb[])
{
	if (!filter->dev)
		return true;
	if (!tb[A(DEV)] || strcmp(attr_text(tb[A(DEV)]), filter->dev) != 0)
		return false;
	/* A device comes and goes for all of its ports. */
	return !filter->has_vlan || tb[A(IFINDEX)] ||
	       (tb[A(VLAN)] ? nla_get_u16(tb[A(VLAN)]) : 0U) == filter->vlan;
}

/* Follows the numbers, whatever is printed. */
static void count(struct monitor *monitor, uint64_t number)
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
	/* Nothing was lost, so what is missing is on its way or was never sent. */
	if (!monitor->overrun && (!monitor->missing || monitor->settled > SETTLE_EVENTS)) {
		monitor->missing = 0;
		monitor->settled = 0;
	}
}

/* Nothing more came for a while, or enough. */
static void settle(struct monitor *monitor)
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

static void take(struct monitor *monitor, struct nlmsghdr *hdr)
{
	struct nlattr *tb[VDHCP_A_EVENT_MAX + 1];

	/* Answers to requests are of no interest here; there were none since we joined. */
	if (hdr->nlmsg_type != monitor->ctx->kernel.family ||
	    genlmsg_parse(hdr, 0, tb, VDHCP_A_EVENT_MAX, policy) ||
	    genlmsg_hdr(hdr)->cmd != VDHCP_CMD_EVENT_NTF || !tb[A(EVENT)])
		return;
	if (tb[A(NUMBER)])
		count(monitor, nla_get_u64(tb[A(NUMBER)]));
	if (matches(&monitor->filter, tb))
		print_event(&monitor->ctx->out, tb);
	if (monitor->settled > SETTLE_EVENTS)
		settle(monitor);
}

static int receive(struct monitor *monitor)
{
	struct sock *sock = &monitor->ctx->kernel.sock;
	struct nlmsghdr *hdr;
	ssize_t received;
	int len;

	received = sock_try_receive(sock);
	if (received < 0 && errno == ENOBUFS) {
		/* The ones that are missing now were lost the last time. */
		if (monitor->missing)
			settle(monitor);
		monitor->overrun = true;
		monitor->told = false;
		return STATUS_OK;
	}
	if (received < 0 && errno == ENOMEM)
		return fail_memory();
	if (received < 0 && errno != EAGAIN)
		return fail_system("cannot receive from the kernel: %s", strerror(errno));
	if (received < 0)
		return STATUS_OK;
	len = (int)received;
	for (hdr = (struct nlmsghdr *)sock->buf; nlmsg_ok(hdr, len); hdr = nlmsg_next(hdr, &len))
		take(monitor, hdr);
	return STATUS_OK;
}

/* Everything is printed at once. A reader that went away is not an error. */
static int flush(struct monitor *monitor)
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
	monitor->gone = true;
	return err == EPIPE ? STATUS_OK :
	       fail_system("cannot write the output: %s", strerror(err));
}

static int listen_until(struct monitor *monitor, int signals)
{
	struct pollfd fds[] = {
		{ .fd = monitor->ctx->kernel.sock.fd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
		{ .fd = fileno(monitor->ctx->out.file) },	/* POLLERR, POLLHUP */
	};
	struct signalfd_siginfo info;
	int err = STATUS_OK, ready, wait;

	while (!err && !monitor->gone) {
		wait = monitor->missing ? SETTLE_MS :
		       monitor->overrun && !monitor->told ? TELL_MS : -1;
		ready = poll(fds, ARRAY_SIZE(fds), wait);
		if (ready < 0 && errno != EINTR)
			return fail_system("cannot wait for events: %s", strerror(errno));
		if (ready < 0)
			continue;
		/* Taken, as it would end us in a worse way as soon as it is let through. */
		if (fds[1].revents)
			return read(signals, &info, sizeof(info)) < 0 ?
			       fail_system("cannot read a signal: %s", strerror(errno)) :
			       STATUS_OK;
		if (fds[2].revents)
			return STATUS_OK;
		if (!ready)
			settle(monitor);
		else
			err = receive(monitor);
		err = err ?: flush(monitor);
	}
	return err;
}

/* Signals that end us come through a file, so that none comes at a bad time. */
static int run(struct monitor *monitor)
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
	err = err ?: listen_until(monitor, fd);
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
	const char *word = args_next(args);

	if (!word || !*word)
		return fail_usage("DEV is missing, see \"vdhcpctl monitor help\"");
	if (strlen(word) > 15)
		return fail_usage("\"%s\" is longer than a device name can be", word);
	filter->dev = word;
	word = args_peek(args);
	if (!word || strcmp(word, "vlan") != 0)
		return STATUS_OK;
	args_next(args);
	word = args_next(args);
	if (!word)
		return fail_usage("\"vlan\" needs a value");
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
	err = run(&monitor);
	ctx->out.lines = false;
	return err;
}
