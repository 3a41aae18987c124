// SPDX-License-Identifier: GPL-2.0
/* Counters in Prometheus' text format. */
#include <inttypes.h>
#include <linux/vdhcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "messages.h"
#include "port.h"
#include "port_state.h"
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

/**
 * struct port - a port, for labels and gauges
 * @dev: name of its device
 * @vlan: its VLAN, 0 for none
 * @subnet: subnet of its first address, "" without one
 * @state: state of its device
 * @bound: its guest holds its address
 */
struct port {
	const char *dev;
	uint32_t vlan;
	const char *subnet;
	char state[NAME_SIZE];
	bool bound;
};

/**
 * struct page - what is printed
 * @all: each port
 * @one: one port
 * @counters: replies with counters
 * @configured: replies with ports, which @ports refers to
 * @ports: all ports, sorted by device and VLAN until the gauges are printed
 * @count: number of ports
 */
struct page {
	bool all;
	bool one;
	struct messages counters;
	struct messages configured;
	struct port *ports;
	size_t count;
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

/* Prints a label; a reader would reject the whole page for bytes that are no text. */
static void print_name(FILE *file, const char *name, const char *value)
{
	char clean[VDHCP_NAME_MAX + 1];

	snprintf(clean, sizeof(clean), "%s", value);
	clean_text(clean);
	print_label(file, name, clean);
}

static uint32_t vlan_of(const struct nlattr *vlan)
{
	return vlan && nla_len(vlan) >= (int)sizeof(uint16_t) ? nla_get_u16(vlan) : 0U;
}

static int compare_ports(const void *a, const void *b)
{
	const struct port *x = a, *y = b;
	int diff = strcmp(x->dev, y->dev);

	return diff ?: (x->vlan > y->vlan) - (x->vlan < y->vlan);
}

/* Finds the port of a reply with counters; NULL if it was removed meanwhile. */
static const struct port *find_port(const struct page *page, const struct nlmsghdr *hdr)
{
	const struct nlattr *dev = attr_find(hdr, VDHCP_A_STATS_DEV);
	const struct port key = {
		.dev = dev ? attr_text(dev) : "",
		.vlan = vlan_of(attr_find(hdr, VDHCP_A_STATS_VLAN)),
	};

	return page->count ? bsearch(&key, page->ports, page->count, sizeof(key), compare_ports) :
			     NULL;
}

/* Prints the labels of a port; the totals have none. */
static void print_port(FILE *file, const struct page *page, const struct nlmsghdr *hdr)
{
	const struct nlattr *dev = attr_find(hdr, VDHCP_A_STATS_DEV);
	const struct port *port = find_port(page, hdr);

	if (!dev)
		return;
	print_name(file, "dev", attr_text(dev));
	fprintf(file, ",vlan=\"%u\",", vlan_of(attr_find(hdr, VDHCP_A_STATS_VLAN)));
	print_name(file, "subnet", port ? port->subnet : "");
	putc(',', file);
}

/* Counters that are 0 are left out, so that a port costs a few series and not all verdicts. */
static void print_samples(FILE *file, const struct page *page, const struct metric *metric,
			  struct nlmsghdr *hdr)
{
	const struct nlattr *nla;
	struct counter counter;
	int rem;

	nlmsg_for_each_attr(nla, hdr, GENL_HDRLEN, rem) {
		if (!stats_read(metric->group, nla, &counter) || !counter.packets)
			continue;
		fprintf(file, "%s{", metric->name);
		print_port(file, page, hdr);
		print_label(file, metric->group->single, counter.name);
		if (metric->group == &stats_verdicts)
			fprintf(file, ",kind=\"%s\"", kind_names[counter.kind]);
		fprintf(file, "} %" PRIu64 "\n", counter.packets);
	}
}

/* Prints the sums of a port by the kind of the verdict. */
static void print_sums(FILE *file, const struct page *page, struct nlmsghdr *hdr)
{
	uint64_t sums[VDHCP_KINDS + 1] = { 0 };
	const struct nlattr *nla;
	struct counter counter;
	size_t i;
	int rem;

	nlmsg_for_each_attr(nla, hdr, GENL_HDRLEN, rem)
		if (stats_read(&stats_verdicts, nla, &counter))
			sums[counter.kind] += counter.packets;
	for (i = 0; i < ARRAY_SIZE(sums); i++) {
		if (!sums[i])
			continue;
		fputs("vdhcp_port_packets_total{", file);
		print_port(file, page, hdr);
		fprintf(file, "kind=\"%s\"} %" PRIu64 "\n", kind_names[i], sums[i]);
	}
}

static void print_header(FILE *file, const char *name, const char *type, const char *help)
{
	fprintf(file, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static int compare_groups(const void *a, const void *b)
{
	const struct port *x = a, *y = b;

	return strcmp(x->subnet, y->subnet) ?: strcmp(x->state, y->state);
}

/* Prints how many ports have each state, in each subnet. */
static void print_gauges(FILE *file, struct page *page)
{
	size_t i, first, bound;

	qsort(page->ports, page->count, sizeof(*page->ports), compare_groups);
	print_header(file, "vdhcp_ports", "gauge", "Ports by subnet and state of their device.");
	for (first = i = 0; i < page->count; i++) {
		if (i + 1 < page->count && !compare_groups(&page->ports[i], &page->ports[i + 1]))
			continue;
		fputs("vdhcp_ports{", file);
		print_name(file, "subnet", page->ports[i].subnet);
		fprintf(file, ",state=\"%s\"} %zu\n", page->ports[i].state, i + 1 - first);
		first = i + 1;
	}
	print_header(file, "vdhcp_ports_bound", "gauge",
		     "Ports whose guest holds its address, by subnet.");
	for (bound = i = 0; i < page->count; i++) {
		bound += page->ports[i].bound;
		if (i + 1 < page->count &&
		    !strcmp(page->ports[i].subnet, page->ports[i + 1].subnet))
			continue;
		fputs("vdhcp_ports_bound{", file);
		print_name(file, "subnet", page->ports[i].subnet);
		fprintf(file, "} %zu\n", bound);
		bound = 0;
	}
}

/* Prints few series for each port, because a host may have thousands of ports. */
static void print_all_ports(FILE *file, const struct page *page)
{
	struct nlmsghdr *hdr = NULL;
	size_t i;

	print_header(file, "vdhcp_port_packets_total", "counter",
		     "Packets received from the guest of a port, by kind of the verdict.");
	while ((hdr = messages_next(&page->counters, hdr)))
		print_sums(file, page, hdr);
	print_header(file, "vdhcp_port_bound", "gauge", "1 if the guest holds its address.");
	for (i = 0; i < page->count; i++) {
		if (!page->ports[i].bound)
			continue;
		fputs("vdhcp_port_bound{", file);
		print_name(file, "dev", page->ports[i].dev);
		fprintf(file, ",vlan=\"%u\",", page->ports[i].vlan);
		print_name(file, "subnet", page->ports[i].subnet);
		fputs("} 1\n", file);
	}
}

static void print_page(FILE *file, struct page *page, const char *version)
{
	struct nlmsghdr *hdr;
	size_t i;

	print_header(file, "vdhcp_info", "gauge", "The loaded module.");
	fputs("vdhcp_info{", file);
	print_label(file, "version", version);
	fputs("} 1\n", file);
	if (page->all)
		print_all_ports(file, page);
	for (i = 0; i < ARRAY_SIZE(metrics) && !page->all; i++) {
		print_header(file, metrics[i].name, "counter", metrics[i].help);
		hdr = NULL;
		while ((hdr = messages_next(&page->counters, hdr)))
			print_samples(file, page, &metrics[i], hdr);
	}
	if (!page->one)
		print_gauges(file, page);
}

static void read_port(struct port *port, const struct nlmsghdr *hdr)
{
	const struct nlattr *dev = attr_find(hdr, VDHCP_A_PORT_DEV), *nest, *nla;
	const struct nlattr *state = attr_find(hdr, VDHCP_A_PORT_STATE);
	struct nlattr *tb[VDHCP_A_PORT_STATE_MAX + 1];
	char name[NAME_SIZE];
	int rem;

	*port = (struct port){
		.dev = dev ? attr_text(dev) : "", .subnet = "", .state = "unknown",
		.vlan = vlan_of(attr_find(hdr, VDHCP_A_PORT_VLAN)),
	};
	nlmsg_for_each_attr(nest, (struct nlmsghdr *)hdr, GENL_HDRLEN, rem) {
		nla = nla_type(nest) == VDHCP_A_PORT_ADDRESS ?
		      nla_find(nla_data(nest), nla_len(nest), VDHCP_A_ADDRESS_SUBNET) : NULL;
		if (nla && !*port->subnet)
			port->subnet = attr_text(nla);
	}
	if (!state || !port_state_parse(state, tb))
		return;
	port->bound = tb[VDHCP_A_PORT_STATE_BOUND] && nla_get_u8(tb[VDHCP_A_PORT_STATE_BOUND]);
	if (!tb[VDHCP_A_PORT_STATE_DEVICE])
		return;
	snprintf(port->state, sizeof(port->state), "%s",
		 port_device_name(nla_get_u32(tb[VDHCP_A_PORT_STATE_DEVICE]), name));
}

/* Reads all ports, for their subnets and states. */
static int read_ports(struct ctx *ctx, struct page *page)
{
	struct args nothing = { .ctx = ctx };
	struct nlmsghdr *hdr = NULL;
	int err;

	err = object_get(ctx, &port_object, &nothing, messages_add, &page->configured);
	if (err)
		return err;
	page->ports = calloc(page->configured.count + 1, sizeof(*page->ports));
	if (!page->ports)
		return fail_memory();
	while ((hdr = messages_next(&page->configured, hdr)))
		read_port(&page->ports[page->count++], hdr);
	qsort(page->ports, page->count, sizeof(*page->ports), compare_ports);
	return STATUS_OK;
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
	struct page page = { 0 };
	int err;

	err = check_format(ctx) ?: args_options(args);
	if (err)
		return err;
	page.all = args_peek(args) && !strcmp(args_peek(args), "all");
	page.one = args_peek(args) && !page.all;
	err = stats_query(ctx, args, messages_add, &page.counters) ?: check_format(ctx) ?:
	      read_ports(ctx, &page);
	if (!err)
		print_page(ctx->out.file, &page, ctx->kernel.info.version);
	messages_free(&page.counters);
	messages_free(&page.configured);
	free(page.ports);
	return err;
}
