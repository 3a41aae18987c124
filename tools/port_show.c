// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl port show: which ports, in which order, and in which form. */
#include <fnmatch.h>
#include <inttypes.h>
#include <linux/vdhcp.h>
#include <netlink/genl/genl.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "messages.h"
#include "near.h"
#include "object.h"
#include "port_show.h"
#include "port_state.h"
#include "request.h"
#include "value.h"
#include "verdict.h"
#include "warnings.h"

#define S(name)		VDHCP_A_PORT_STATE_##name

/**
 * struct filter - which ports are shown
 * @dev: pattern of the device's name, NULL for all
 * @subnet: subnet of an address, NULL for all
 * @has_vlan: only ports with VLAN @vlan
 * @has_mac: only ports with MAC @mac
 * @has_addr: only ports with address @addr
 * @has_asked: only ports whose guest asked within @asked seconds
 * @waiting: only ports whose device does not exist
 * @unfit: only ports whose device exists, but is not attached
 * @unbound: only ports in mode serve whose guest does not hold its address
 * @vlan: see @has_vlan
 * @asked: see @has_asked
 * @addr: see @has_addr
 * @mac: see @has_mac
 */
struct filter {
	const char *dev;
	const char *subnet;
	bool has_vlan;
	bool has_mac;
	bool has_addr;
	bool has_asked;
	bool waiting;
	bool unfit;
	bool unbound;
	uint32_t vlan;
	uint32_t asked;
	struct in_addr addr;
	uint8_t mac[MAC_LEN];
};

enum {
	BY_DEV, BY_VLAN, BY_SUBNET, BY_MAC, BY_ADDR, BY_ASKED, BY_WAITING, BY_UNFIT, BY_UNBOUND,
};

/* They cannot be abbreviated, because any other word is the name of a device. */
static const struct word filter_words[] = {
	{ "dev", BY_DEV },
	{ "vlan", BY_VLAN },
	{ "subnet", BY_SUBNET },
	{ "mac", BY_MAC },
	{ "addr", BY_ADDR },
	{ "asked-within", BY_ASKED },
	{ "waiting", BY_WAITING },
	{ "unfit", BY_UNFIT },
	{ "unbound", BY_UNBOUND },
	{ 0 },
};

/**
 * struct view - what is shown of a port
 * @hdr: the port
 * @dev: name of its device
 * @vlan: its VLAN, 0 for none
 * @tb: its state
 */
struct view {
	const struct nlmsghdr *hdr;
	const char *dev;
	uint32_t vlan;
	struct nlattr *tb[VDHCP_A_PORT_STATE_MAX + 1];
};

static const struct word *find_filter(const char *name)
{
	const struct word *word;

	for (word = filter_words; word->name; word++)
		if (!strcmp(word->name, name))
			return word;
	return NULL;
}

static int fail_filter(const char *given)
{
	const struct word *word;
	struct near near;

	near_begin(&near, given);
	for (word = filter_words; word->name; word++)
		near_try(&near, word->name);
	return fail_usage("\"%s\" is not a filter of port show%s, see \"vdhcpctl port help\"",
			  given, near_text(&near));
}

static int read_filter(struct filter *filter, const struct word *word, const char *value)
{
	switch (word->value) {
	case BY_DEV:
		filter->dev = value;
		return STATUS_OK;
	case BY_SUBNET:
		filter->subnet = value;
		return STATUS_OK;
	case BY_VLAN:
		filter->has_vlan = true;
		return read_number(word->name, value, 0, 4094, &filter->vlan);
	case BY_MAC:
		filter->has_mac = true;
		return read_mac(word->name, value, filter->mac);
	case BY_ADDR:
		filter->has_addr = true;
		return read_ip(word->name, value, &filter->addr);
	default:
		filter->has_asked = true;
		return read_seconds(word->name, value, 0, UINT32_MAX, &filter->asked);
	}
}

static int read_filters(struct filter *filter, struct args *args)
{
	const struct word *word;
	const char *given, *value;
	int err;

	while (!(err = args_options(args)) && (given = args_next(args))) {
		word = find_filter(given);
		if (!word)
			return fail_filter(given);
		filter->waiting |= word->value == BY_WAITING;
		filter->unfit |= word->value == BY_UNFIT;
		filter->unbound |= word->value == BY_UNBOUND;
		if (word->value >= BY_WAITING)
			continue;
		value = args_next(args);
		if (!value)
			return fail_usage("\"%s\" needs a value", given);
		err = read_filter(filter, word, value);
		if (err)
			return err;
	}
	return err;
}

static void read_view(struct view *view, const struct nlmsghdr *hdr)
{
	const struct nlattr *dev = attr_find(hdr, VDHCP_A_PORT_DEV);
	const struct nlattr *vlan = attr_find(hdr, VDHCP_A_PORT_VLAN);
	const struct nlattr *state = attr_find(hdr, VDHCP_A_PORT_STATE);

	*view = (struct view){ .hdr = hdr, .dev = dev ? attr_text(dev) : "" };
	if (vlan && nla_len(vlan) >= (int)sizeof(uint16_t))
		view->vlan = nla_get_u16(vlan);
	if (!state || !port_state_parse(state, view->tb))
		memset(view->tb, 0, sizeof(view->tb));
}

/* Finds the next attribute of an address of a port; @nest is the last address, or NULL. */
static const struct nlattr *next_address(const struct view *view, const struct nlattr **nest,
					 int type)
{
	const struct nlattr *nla;
	bool begun = !*nest;
	int rem;

	nlmsg_for_each_attr(nla, (struct nlmsghdr *)view->hdr, GENL_HDRLEN, rem) {
		if (begun && nla_type(nla) == VDHCP_A_PORT_ADDRESS) {
			*nest = nla;
			return nla_find(nla_data(nla), nla_len(nla), type);
		}
		begun |= nla == *nest;
	}
	*nest = NULL;
	return NULL;
}

/* Does an address of the port have an attribute with these bytes? */
static bool has_address(const struct view *view, int type, const void *data, size_t len)
{
	const struct nlattr *nest = NULL, *nla;

	do {
		nla = next_address(view, &nest, type);
		if (nla && (size_t)nla_len(nla) == len && !memcmp(nla_data(nla), data, len))
			return true;
	} while (nest);
	return false;
}

static uint32_t device_of(const struct view *view)
{
	return view->tb[S(DEVICE)] ? nla_get_u32(view->tb[S(DEVICE)]) : 0;
}

static bool is_unfit(const struct view *view)
{
	return device_of(view) == VDHCP_DEVICE_UNSUPPORTED ||
	       device_of(view) == VDHCP_DEVICE_NO_HOOK;
}

static bool is_waiting(const struct view *view)
{
	return !view->tb[S(IFINDEX)] && !is_unfit(view);
}

static bool is_bound(const struct view *view)
{
	return view->tb[S(BOUND)] && nla_get_u8(view->tb[S(BOUND)]);
}

static const char *mode_of(const struct view *view)
{
	const struct nlattr *mode = attr_find(view->hdr, VDHCP_A_PORT_MODE);

	return port_mode_name(mode && nla_len(mode) ? nla_get_u8(mode) : VDHCP_MODE_SERVE);
}

static bool is_unbound(const struct view *view)
{
	return !is_bound(view) && !strcmp(mode_of(view), port_mode_name(VDHCP_MODE_SERVE));
}

static bool matches_filter(const struct filter *filter, const struct view *view)
{
	const struct nlattr *mac = attr_find(view->hdr, VDHCP_A_PORT_MAC);

	if (filter->dev && fnmatch(filter->dev, view->dev, 0))
		return false;
	if (filter->has_vlan && filter->vlan != view->vlan)
		return false;
	if (filter->has_mac && (!mac || nla_len(mac) != MAC_LEN ||
				memcmp(nla_data(mac), filter->mac, MAC_LEN) != 0) &&
	    !has_address(view, VDHCP_A_ADDRESS_MAC, filter->mac, MAC_LEN))
		return false;
	if (filter->has_addr && !has_address(view, VDHCP_A_ADDRESS_ADDR, &filter->addr,
					     sizeof(filter->addr)))
		return false;
	if (filter->subnet && !has_address(view, VDHCP_A_ADDRESS_SUBNET, filter->subnet,
					   strlen(filter->subnet) + 1))
		return false;
	if (filter->has_asked && (!view->tb[S(LAST_ASKED)] ||
				  nla_get_u64(view->tb[S(LAST_ASKED)]) / 1000 > filter->asked))
		return false;
	return (!filter->waiting || is_waiting(view)) && (!filter->unfit || is_unfit(view)) &&
	       (!filter->unbound || is_unbound(view));
}

/* Natural order: tap2 comes before tap10. */
static int compare_views(const void *a, const void *b)
{
	const struct view *x = a, *y = b;
	int diff = strverscmp(x->dev, y->dev);

	return diff ?: (x->vlan > y->vlan) - (x->vlan < y->vlan);
}

/* Brief form: a line for each port, in columns */

enum { DEV, VLAN, STATE, GUEST, ADDRESS, SUBNET, MAC, ASKED, VERDICT, COLUMNS };

static const char *const titles[COLUMNS] = {
	"DEV", "VLAN", "STATE", "GUEST", "ADDRESS", "SUBNET", "MAC", "ASKED", "VERDICT",
};

/* Size of the widest cell, the name of a subnet. */
#define CELL_SIZE 64

/* Writes the time since the last message in its largest unit. */
static void show_ago(uint64_t ms, char *cell)
{
	uint64_t seconds = ms / 1000;

	if (seconds < 60)
		snprintf(cell, CELL_SIZE, "%" PRIu64 ".%" PRIu64 "s", seconds, ms / 100 % 10);
	else if (seconds < 3600)
		snprintf(cell, CELL_SIZE, "%" PRIu64 "m", seconds / 60);
	else if (seconds < 86400)
		snprintf(cell, CELL_SIZE, "%" PRIu64 "h", seconds / 3600);
	else
		snprintf(cell, CELL_SIZE, "%" PRIu64 "d", seconds / 86400);
}

static void show_device(const struct view *view, char *cell)
{
	char buf[NAME_SIZE];

	if (view->tb[S(UNSUPPORTED)])
		snprintf(cell, CELL_SIZE, "unfit:%s", attr_text(view->tb[S(UNSUPPORTED)]));
	else if (is_unfit(view))
		snprintf(cell, CELL_SIZE, "%s", "no-hook");
	else if (is_waiting(view))
		snprintf(cell, CELL_SIZE, "%s", "waiting");
	else
		snprintf(cell, CELL_SIZE, "%s", port_device_name(device_of(view), buf));
}

static void show_address(const struct view *view, char *cells[COLUMNS])
{
	const struct nlattr *nest = NULL, *addr = next_address(view, &nest, VDHCP_A_ADDRESS_ADDR);
	const struct nlattr *subnet = nest ? nla_find(nla_data(nest), nla_len(nest),
						      VDHCP_A_ADDRESS_SUBNET) : NULL;
	char ip[INET_ADDRSTRLEN];
	unsigned int more = 0;

	if (nest)
		while (next_address(view, &nest, VDHCP_A_ADDRESS_ADDR) || nest)
			more++;
	if (addr && nla_len(addr) >= (int)sizeof(struct in_addr))
		snprintf(cells[ADDRESS], CELL_SIZE, "%s", show_ip(nla_data(addr), ip));
	if (more)
		snprintf(cells[ADDRESS] + strlen(cells[ADDRESS]), 16, ",+%u", more);
	if (subnet)
		snprintf(cells[SUBNET], CELL_SIZE, "%s", attr_text(subnet));
}

static void show_cells(const struct view *view, char *cells[COLUMNS])
{
	const struct nlattr *mac = attr_find(view->hdr, VDHCP_A_PORT_MAC);
	char buf[NAME_SIZE];
	size_t i;

	for (i = 0; i < COLUMNS; i++)
		snprintf(cells[i], CELL_SIZE, "%s", "-");
	snprintf(cells[DEV], CELL_SIZE, "%s", view->dev);
	if (view->vlan)
		snprintf(cells[VLAN], CELL_SIZE, "%" PRIu32, view->vlan);
	show_device(view, cells[STATE]);
	if (is_bound(view) || is_unbound(view))
		snprintf(cells[GUEST], CELL_SIZE, "%s", is_bound(view) ? "bound" : "unbound");
	else
		snprintf(cells[GUEST], CELL_SIZE, "%s", mode_of(view));
	show_address(view, cells);
	if (mac && nla_len(mac) == MAC_LEN)
		show_mac(nla_data(mac), cells[MAC]);
	if (view->tb[S(LAST_ASKED)])
		show_ago(nla_get_u64(view->tb[S(LAST_ASKED)]), cells[ASKED]);
	if (view->tb[S(LAST_VERDICT)])
		snprintf(cells[VERDICT], CELL_SIZE, "%s",
			 verdict_name(nla_get_u32(view->tb[S(LAST_VERDICT)]), buf));
}

static void print_cells(FILE *file, const char *const *cells, const int *widths)
{
	size_t i;

	for (i = 0; i + 1 < COLUMNS; i++)
		clean_print(file, "%-*s  ", widths[i], cells[i]);
	clean_print(file, "%s\n", cells[i]);
}

static void print_totals(FILE *file, const struct view *views, size_t count)
{
	size_t bound = 0, unbound = 0, waiting = 0, unfit = 0, i;

	for (i = 0; i < count; i++) {
		bound += is_bound(&views[i]);
		unbound += is_unbound(&views[i]);
		waiting += is_waiting(&views[i]);
		unfit += is_unfit(&views[i]);
	}
	clean_print(file, "%zu port%s: %zu bound, %zu unbound; %zu waiting for %s device, "
		    "%zu with an unfit device\n", count, count == 1 ? "" : "s", bound, unbound,
		    waiting, waiting == 1 ? "its" : "their", unfit);
}

static void print_brief(FILE *file, const struct view *views, size_t count)
{
	char text[COLUMNS][CELL_SIZE], *cells[COLUMNS];
	int widths[COLUMNS], width;
	size_t i, column;

	for (column = 0; column < COLUMNS; column++) {
		cells[column] = text[column];
		widths[column] = (int)strlen(titles[column]);
	}
	for (i = 0; i < count; i++) {
		show_cells(&views[i], cells);
		for (column = 0; column < COLUMNS; column++) {
			width = (int)strlen(cells[column]);
			widths[column] = width > widths[column] ? width : widths[column];
		}
	}
	if (count)
		print_cells(file, titles, widths);
	for (i = 0; i < count; i++) {
		show_cells(&views[i], cells);
		print_cells(file, (const char *const *)cells, widths);
	}
	print_totals(file, views, count);
}

/* Warns about all ports, whichever are shown. */
static int check_ports(const struct messages *found)
{
	struct warnings warnings = { 0 };
	struct nlmsghdr *hdr = NULL;
	int err = STATUS_OK;

	while (!err && (hdr = messages_next(found, hdr)))
		err = warnings_add_port(&warnings, hdr);
	if (!err)
		warnings_check_ports(&warnings);
	warnings_end(&warnings);
	return err;
}

static int print_views(struct ctx *ctx, const struct object *object,
		       const struct messages *found, const struct filter *filter)
{
	struct nlmsghdr *hdr = NULL;
	struct view *views;
	size_t count = 0, i;

	views = calloc(found->count + 1, sizeof(*views));
	if (!views)
		return fail_memory();
	while ((hdr = messages_next(found, hdr))) {
		read_view(&views[count], hdr);
		count += matches_filter(filter, &views[count]);
	}
	qsort(views, count, sizeof(*views), compare_views);
	if (ctx->brief && !ctx->out.json)
		print_brief(ctx->out.file, views, count);
	else
		for (i = 0; i < count; i++)
			object_print(ctx, object, views[i].hdr);
	free(views);
	return STATUS_OK;
}

/**
 * port_show() - vdhcpctl port show
 * @ctx: context
 * @object: ports
 * @args: the name of a port, or filters; the first word says which
 *
 * Return: a status.
 */
int port_show(struct ctx *ctx, const struct object *object, struct args *args)
{
	struct messages found = { 0 };
	struct filter filter = { 0 };
	const char *word;
	int err;

	err = args_options(args);
	word = args_peek(args);
	if (!err && word && find_filter(word))
		err = read_filters(&filter, args);
	if (err)
		return err;
	out_list_begin(&ctx->out);
	err = object_get(ctx, object, args, messages_add, &found) ?:
	      print_views(ctx, object, &found, &filter) ?: check_ports(&found);
	messages_free(&found);
	return out_list_end(&ctx->out, err);
}
