// SPDX-License-Identifier: GPL-2.0
/* What has to be done to get from one configuration to another. */
#include <stdlib.h>
#include <string.h>

#include "diff.h"

static const char *const kind_names[] = {
	[DIFF_ADDED] = "added", [DIFF_CHANGED] = "changed", [DIFF_UNCHANGED] = "unchanged",
	[DIFF_REMOVED] = "removed",
};

static bool same(const struct table *a, size_t i, const struct table *b, size_t j)
{
	const struct nlmsghdr *x = table_item(a, i), *y = table_item(b, j);

	return x->nlmsg_len == y->nlmsg_len && !memcmp(x, y, x->nlmsg_len);
}

static void note(struct diff *diff, size_t *counts, bool removed, const struct table *table,
		 size_t item, enum diff_kind kind)
{
	bool gone = kind == DIFF_REMOVED;

	if (removed != gone)
		return;
	counts[kind]++;
	if (kind != DIFF_UNCHANGED)
		diff->steps[diff->count++] = (struct step){ table, item, kind };
}

/* Two sorted tables side by side; what is removed, or else all that is not. */
static void merge(struct diff *diff, size_t *counts, bool removed, const struct table *want,
		  const struct table *have)
{
	size_t i = 0, j = 0;
	int order;

	while (i < want->count || j < have->count) {
		if (i == want->count)
			order = 1;
		else if (j == have->count)
			order = -1;
		else
			order = table_order(want, i, have, j);
		if (order > 0)
			note(diff, counts, removed, have, j++, DIFF_REMOVED);
		else if (order < 0)
			note(diff, counts, removed, want, i++, DIFF_ADDED);
		else
			note(diff, counts, removed, want, i,
			     same(want, i, have, j) ? DIFF_UNCHANGED : DIFF_CHANGED);
		if (!order) {
			i++;
			j++;
		}
	}
}

/**
 * diff_make() - compare two configurations
 * @diff: result, all zero or the result of another comparison
 * @want: what there should be, sorted
 * @have: what there is, sorted
 *
 * Both have to stay as long as the result is used.
 *
 * Return: a status.
 */
int diff_make(struct diff *diff, const struct config *want, const struct config *have)
{
	size_t most = want->subnets.count + want->ports.count + have->subnets.count +
		      have->ports.count;
	struct step *steps;

	steps = reallocarray(diff->steps, most + 1, sizeof(*steps));
	if (!steps)
		return fail_memory();
	*diff = (struct diff){ .steps = steps };
	/* Ports need their subnet all the time. */
	merge(diff, diff->subnets, false, &want->subnets, &have->subnets);
	merge(diff, diff->ports, false, &want->ports, &have->ports);
	merge(diff, diff->ports, true, &want->ports, &have->ports);
	merge(diff, diff->subnets, true, &want->subnets, &have->subnets);
	return STATUS_OK;
}

/**
 * diff_request() - the request that does a step
 * @step: the step
 * @scratch: a request to work in
 *
 * Return: the object to be added or put in the place of the old one, or
 * @scratch with its removal.
 */
const struct nlmsghdr *diff_request(const struct step *step, struct nl_msg *scratch)
{
	const struct nlmsghdr *hdr = table_item(step->table, step->item);
	const struct object *object = step->table->object;
	const struct attr *attr;
	struct nlattr *nla;

	if (step->kind != DIFF_REMOVED)
		return hdr;
	request_reset(scratch);
	genlmsg_hdr(nlmsg_hdr(scratch))->cmd = object->del;
	attr_for_each(attr, &object->set) {
		nla = attr->flags & ATTR_ID ? attr_find(hdr, attr->nla) : NULL;
		/* There is room, as there was for the whole object. */
		if (nla)
			(void)nla_put(scratch, attr->nla, nla_len(nla), nla_data(nla));
	}
	return nlmsg_hdr(scratch);
}

static void print_counts(struct out *out, const char *key, const size_t *counts)
{
	size_t i;

	out_text(out, "%s:", key);
	if (out->json)
		out_object_begin(out, key);
	for (i = 0; i < DIFF_KINDS; i++) {
		if (out->json)
			out_num(out, kind_names[i], NULL, counts[i]);
		else
			out_text(out, "%s %s %zu", i ? "," : "", kind_names[i], counts[i]);
	}
	if (out->json)
		out_object_end(out);
}

static void print_steps(const struct diff *diff, struct out *out)
{
	char label[LABEL_SIZE], text[LABEL_SIZE + 16];
	const struct step *step;
	size_t i;

	if (out->json)
		out_array_begin(out, "differences", NULL);
	for (i = 0; i < diff->count; i++) {
		step = &diff->steps[i];
		snprintf(text, sizeof(text), "%s: %s",
			 table_label(step->table, step->item, label), kind_names[step->kind]);
		if (out->json)
			out_str(out, NULL, NULL, text);
		else
			out_text(out, "%s\n", text);
	}
	if (out->json)
		out_array_end(out);
}

/**
 * diff_print() - tell how many objects differ
 * @diff: comparison
 * @out: printer
 * @each: name each of them, too
 *
 * Return: a status.
 */
int diff_print(const struct diff *diff, struct out *out, bool each)
{
	out_list_begin(out);
	out_object_begin(out, NULL);
	if (each)
		print_steps(diff, out);
	print_counts(out, "subnets", diff->subnets);
	out_text(out, "\n");
	print_counts(out, "ports", diff->ports);
	out_object_end(out);
	return out_list_end(out, STATUS_OK);
}

/**
 * diff_free() - free what a comparison holds
 * @diff: comparison, or all zero
 */
void diff_free(struct diff *diff)
{
	free(diff->steps);
	diff->steps = NULL;
}
