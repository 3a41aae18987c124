// SPDX-License-Identifier: GPL-2.0
/* Counters in Prometheus' text format. */
#include <inttypes.h>
#include <linux/vdhcp.h>
#include <stdio.h>
#include <string.h>

#include "clean.h"
#include "messages.h"
#include "prometheus.h"
#include "request.h"
#include "stats.h"

/* The page has all samples of a metric together, but each reply has samples of every metric. */
static const struct metric {
	const struct stats_group *group;
	const char *name;
	const char *help;
} metrics[] = {
	{ &stats_messages, "vdhcp_messages_total",
	  "DHCP messages among the packets, by option 53." },
	{ &stats_verdicts, "vdhcp_packets_total",
	  "Packets received from guests, each counted under one verdict." },
	{ &stats_notes, "vdhcp_notes_total",
	  "Remarks about packets, in addition to their verdicts." },
};

static const char *const kind_names[] = {
	[VDHCP_KINDS] = "unknown",
	[VDHCP_KIND_REPLY] = "reply",
	[VDHCP_KIND_CONSUMED] = "consumed",
	[VDHCP_KIND_DROP] = "drop",
	[VDHCP_KIND_PASS] = "pass",
};

static void print_label(FILE *file, const char *name, const char *value)
{
	fprintf(file, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '\n')
			fputs("\\n", file);
		else
			fprintf(file, *value == '"' || *value == '\\' ? "\\%c" : "%c", *value);
	}
	putc('"', file);
}

/* A reader would reject the whole page for bytes that are no text. */
static void print_device(FILE *file, const struct nlmsghdr *hdr)
{
	const struct nlattr *dev = attr_find(hdr, VDHCP_A_STATS_DEV);
	const struct nlattr *vlan = attr_find(hdr, VDHCP_A_STATS_VLAN);
	char name[16];

	if (!dev)
		return;
	snprintf(name, sizeof(name), "%s", attr_text(dev));
	clean_text(name);
	print_label(file, "dev", name);
	fprintf(file, ",vlan=\"%u\",",
		vlan && nla_len(vlan) >= (int)sizeof(uint16_t) ? nla_get_u16(vlan) : 0U);
}

static void print_samples(FILE *file, const struct metric *metric, struct nlmsghdr *hdr)
{
	const struct nlattr *nla;
	struct counter counter;
	int rem;

	nlmsg_for_each_attr(nla, hdr, GENL_HDRLEN, rem) {
		if (!stats_read(metric->group, nla, &counter))
			continue;
		fprintf(file, "%s{", metric->name);
		print_device(file, hdr);
		print_label(file, metric->group->single, counter.name);
		if (metric->group == &stats_verdicts)
			fprintf(file, ",kind=\"%s\"", kind_names[counter.kind]);
		fprintf(file, "} %" PRIu64 "\n", counter.packets);
	}
}

static void print_header(FILE *file, const char *name, const char *type, const char *help)
{
	fprintf(file, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void print_page(FILE *file, const struct messages *page, const char *version)
{
	struct nlmsghdr *hdr;
	size_t i;

	print_header(file, "vdhcp_info", "gauge", "The loaded module.");
	fputs("vdhcp_info{", file);
	print_label(file, "version", version);
	fputs("} 1\n", file);
	for (i = 0; i < ARRAY_SIZE(metrics) && page->len; i++) {
		print_header(file, metrics[i].name, "counter", metrics[i].help);
		for (hdr = messages_next(page, NULL); hdr; hdr = messages_next(page, hdr))
			print_samples(file, &metrics[i], hdr);
	}
}

/* The option may stand before the words of the command or after them. */
static int check_format(const struct ctx *ctx)
{
	if (ctx->out.json)
		return fail_usage("-json cannot be used with \"stats prometheus\"");
	return STATUS_OK;
}

/**
 * prometheus_print() - print counters
 * @ctx: context
 * @args: which counters, see stats_query()
 *
 * If anything fails nothing is printed, because a page without some counters would
 * look as if they had been reset.
 *
 * Return: a status.
 */
int prometheus_print(struct ctx *ctx, struct args *args)
{
	struct messages page = { 0 };
	int err;

	err = check_format(ctx) ?: stats_query(ctx, args, messages_add, &page) ?: check_format(ctx);
	if (!err)
		print_page(ctx->out.file, &page, ctx->kernel.info.version);
	messages_free(&page);
	return err;
}
