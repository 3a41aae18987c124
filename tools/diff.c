// SPDX-License-Identifier: GPL-2.0
/* The steps that lead from one configuration to another. */
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "diff.h"
#include "request.h"

static const char *const kind_names[] = {
	[DIFF_ADDED] = "added", [DIFF_CHANGED] = "changed", [DIFF_UNCHANGED] = "unchanged",
	[DIFF_REMOVED] = "removed",
};

static bool is_same(const struct table *a, size_t i, const struct table *b, size_t j)
{
	const struct nlmsghdr *x = table_item(a, i), *y = table_item(b, j);

	return x->nlmsg_len == y->nlmsg_len && !memcmp(x, y, x->nlmsg_len);
}

static void add_step(struct diff *diff, size_t *counts, bool removed, const struct table *table,
		     size_t item, enum diff_kind kind)
{
	bool gone = kind == DIFF_REMOVED;

	if (removed != gone)
		return;
	counts[kind]++;
	if (kind != DIFF_UNCHANGED)
		diff->steps[diff->count++] = (struct step){
			.table = table, .item = item, .kind = kind,
		};
}

/* Adds the step of an object that both configurations have, if it differs. */
static void add_pair(struct diff *diff, size_t *counts, bool removed, const struct table *want,
		     size_t i, const struct table *have, size_t j)
{
	size_t count = diff->count;

	add_step(diff, counts, removed, want, i,
		 is_same(want, i, have, j) ? DIFF_UNCHANGED : DIFF_CHANGED);
	if (diff->count == count)
		return;
	diff->steps[count].old_table = have;
	diff->steps[count].old = j;
}

/* Compares two sorted tables; @removed selects the objects that are removed, or the others. */
static void compare_tables(struct diff *diff, size_t *counts, bool removed,
			   const struct table *want, const struct table *have)
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
			add_step(diff, counts, removed, have, j++, DIFF_REMOVED);
		else if (order < 0)
			add_step(diff, counts, removed, want, i++, DIFF_ADDED);
		else
			add_pair(diff, counts, removed, want, i++, have, j++);
	}
}

/**
 * diff_make() - compare two configurations
 * @diff: result, all zero or the result of another comparison
 * @want: configuration that is wanted, sorted
 * @have: configuration of the kernel, sorted
 *
 * The result refers to both configurations.
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
	/* A port needs its subnet at every step. */
	compare_tables(diff, diff->subnets, false, &want->subnets, &have->subnets);
	compare_tables(diff, diff->ports, false, &want->ports, &have->ports);
	compare_tables(diff, diff->ports, true, &want->ports, &have->ports);
	compare_tables(diff, diff->subnets, true, &want->subnets, &have->subnets);
	return STATUS_OK;
}

/**
 * diff_request() - get the request of a step
 * @step: step
 * @scratch: request that is overwritten
 *
 * Return: the request that adds or replaces the object, or @scratch with the
 * request that removes it.
 */
const struct nlmsghdr *diff_request(const struct step *step, struct nl_msg *scratch)
{
	const struct nlmsghdr *hdr = table_item(step->table, step->item);
	const struct object *object = step->table->object;
	const struct attr *attr;
	struct nlattr *nla;

	if (step->kind != DIFF_REMOVED)
		return hdr;
	request_reset(scratch, object->del);
	attr_for_each(attr, &object->set) {
		nla = attr->flags & ATTR_ID ? attr_find(hdr, attr->nla) : NULL;
		/* The whole object fitted, so its name does. */
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

static int print_changes(const struct step *step, struct out *out)
{
	char label[LABEL_SIZE];

	if (step->kind != DIFF_CHANGED)
		return STATUS_OK;
	return change_print(out, &step->table->object->set,
			    table_label(step->table, step->item, label),
			    table_item(step->old_table, step->old),
			    table_item(step->table, step->item));
}

static int print_steps(const struct diff *diff, struct out *out)
{
	char label[LABEL_SIZE], text[LABEL_SIZE + 16];
	const struct step *step;
	int err = STATUS_OK;
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
		if (!out->json)
			err = err ?: print_changes(step, out);
	}
	if (!out->json)
		return err;
	out_array_end(out);
	out_array_begin(out, "changes", NULL);
	for (i = 0; i < diff->count && !err; i++)
		err = print_changes(&diff->steps[i], out);
	out_array_end(out);
	return err;
}

/**
 * diff_print() - print how many objects differ
 * @diff: comparison
 * @out: printer
 * @each: print the name of each of them, and which keys changed, too
 *
 * Return: a status.
 */
int diff_print(const struct diff *diff, struct out *out, bool each)
{
	int err = STATUS_OK;

	out_list_begin(out);
	out_object_begin(out, NULL);
	if (each)
		err = print_steps(diff, out);
	print_counts(out, "subnets", diff->subnets);
	out_text(out, "\n");
	print_counts(out, "ports", diff->ports);
	out_object_end(out);
	return out_list_end(out, err);
}

/**
 * diff_free() - free a comparison
 * @diff: comparison, or all zero
 */
void diff_free(struct diff *diff)
{
	free(diff->steps);
	diff->steps = NULL;
}
