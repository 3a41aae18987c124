/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The keys of an object in one table: their names on the command line and in
 * documents, the attributes that carry them, and their types. Parsing, printing,
 * help and error messages follow from the table.
 */
#ifndef VDHCPCTL_ATTRS_H
#define VDHCPCTL_ATTRS_H

#include "types.h"

/* An object has fewer keys, and the numbers of its attributes are lower. */
#define ATTRS_MAX 64

/* Size of an object's name: "port", a device and a VLAN, or "subnet" and a name. */
#define LABEL_SIZE 96

/**
 * struct attr_set - the keys of an object
 * @object: kind of object, "port"
 * @attrs: keys in the order of the document; one without a key ends them
 * @clear: attribute that holds numbers of attributes to be set to their default,
 *         0 if there is none
 */
struct attr_set {
	const char *object;
	const struct attr *attrs;
	uint16_t clear;
};

#define attr_for_each(attr, set) \
	for ((attr) = (set)->attrs; (attr)->key; (attr)++)

/* The keys of a nest that begins with the key @first. */
#define attr_for_each_nested(attr, first) \
	for ((attr) = (first); (attr)->nest == (first)->nest; (attr)++)

int attrs_parse(const struct attr_set *set, enum attr_use use, struct args *args,
		struct nl_msg *msg);
void attrs_print(const struct attr_set *set, struct out *out, const struct nlmsghdr *hdr);
void attrs_print_one(const struct attr_set *set, const struct attr *attr, struct out *out,
		     const struct nlmsghdr *hdr);
void attrs_print_keys(const struct attr_set *set);
void attrs_print_usage(const struct attr_set *set);
bool attrs_name_is_whole(const struct attr_set *set, const struct nl_msg *msg);
bool attrs_name_matches(const struct attr_set *set, const struct nl_msg *msg,
			const struct nlmsghdr *hdr);
const struct attr *attrs_find_nla(const struct attr_set *set, unsigned int nest,
				  unsigned int nla);
bool attr_is_first_nested(const struct attr_set *set, const struct attr *attr);
struct nlattr *attr_find_nested(const struct attr *attr, const struct nlattr *nest);

#endif /* VDHCPCTL_ATTRS_H */
