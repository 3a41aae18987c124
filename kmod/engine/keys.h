/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The keys of subnets and ports, in tables generated from uapi/keys.yaml.
 * keys.c and nl_keys.c have one case for each kind of key. Code for a single
 * key is in conf.c and conf_port.c.
 */
#ifndef VDHCP_ENGINE_KEYS_H
#define VDHCP_ENGINE_KEYS_H

#include "conf.h"

/**
 * enum vdhcp_key_kind - kinds of values
 * @VDHCP_KEY_NONE: the attribute is not a key
 * @VDHCP_KEY_ID: name of the object; has no field in the spec
 * @VDHCP_KEY_VLAN: VLAN id of the object; has no field in the spec
 * @VDHCP_KEY_RESERVED: reserved; requests with it are refused
 * @VDHCP_KEY_BINDINGS: struct vdhcp_addresses; nl_port.c reads and writes it,
 *	because the engine does not know the subnets
 * @VDHCP_KEY_NETWORK: first address of a network
 * @VDHCP_KEY_PREFIX_LEN: prefix length of a network
 * @VDHCP_KEY_ADDRESS: unicast address
 * @VDHCP_KEY_ADDRESSES: struct vdhcp_addrs
 * @VDHCP_KEY_U16: 16-bit number
 * @VDHCP_KEY_U32: 32-bit number
 * @VDHCP_KEY_SECONDS: 32-bit number; the highest value is infinite
 * @VDHCP_KEY_BOOL: 0 or 1
 * @VDHCP_KEY_ENUM: 8-bit number, 1 or more
 * @VDHCP_KEY_TEXT: text without control characters
 * @VDHCP_KEY_DOMAIN: one domain name
 * @VDHCP_KEY_DOMAINS: struct vdhcp_names of domain names
 * @VDHCP_KEY_MAC: MAC address of an interface
 * @VDHCP_KEY_ROUTES: struct vdhcp_routes
 * @VDHCP_KEY_OPTIONS: struct vdhcp_optlist
 */
enum vdhcp_key_kind {
	VDHCP_KEY_NONE,
	VDHCP_KEY_ID,
	VDHCP_KEY_VLAN,
	VDHCP_KEY_RESERVED,
	VDHCP_KEY_BINDINGS,
	VDHCP_KEY_NETWORK,
	VDHCP_KEY_PREFIX_LEN,
	VDHCP_KEY_ADDRESS,
	VDHCP_KEY_ADDRESSES,
	VDHCP_KEY_U16,
	VDHCP_KEY_U32,
	VDHCP_KEY_SECONDS,
	VDHCP_KEY_BOOL,
	VDHCP_KEY_ENUM,
	VDHCP_KEY_TEXT,
	VDHCP_KEY_DOMAIN,
	VDHCP_KEY_DOMAINS,
	VDHCP_KEY_MAC,
	VDHCP_KEY_ROUTES,
	VDHCP_KEY_OPTIONS,
};

/**
 * struct vdhcp_key - one key of an object
 * @name: name in error texts; NULL if the attribute is not a key
 * @fixed: error text for a request that clears the key; NULL if that is allowed
 * @preset: default of a number
 * @min: lowest value of a number
 * @max: highest value of a number, or longest text
 * @offset: offset of the field in the spec
 * @kind: enum vdhcp_key_kind
 * @code: code of the DHCP option; 0 if there is none or conf.c adds it
 * @prefix: byte before the value in that option; 0 if there is none
 * @shown: written to user space even if it is not present
 */
struct vdhcp_key {
	const char *name;
	const char *fixed;
	u32 preset;
	u32 min;
	u32 max;
	u16 offset;
	u8 kind;
	u8 code;
	u8 prefix;
	bool shown;
};

/**
 * struct vdhcp_key_set - the keys of an object
 * @keys: the keys, indexed by the number of the attribute
 * @n: number of entries in @keys
 * @clear: bytes of the spec that initialising sets to zero, from its beginning
 * @option: number of the attribute that holds raw options
 *
 * Every spec begins with a u64 in which bit N is set if attribute N is present.
 */
struct vdhcp_key_set {
	const struct vdhcp_key *keys;
	u16 n;
	u16 clear;
	u16 option;
};

/**
 * vdhcp_key_field() - get the field of a key in a spec
 * @spec: spec of any object
 * @key: the key
 *
 * Return: the field; its type depends on the kind of the key.
 */
static inline void *vdhcp_key_field(const void *spec,
				    const struct vdhcp_key *key)
{
	return (u8 *)spec + key->offset;
}

/**
 * vdhcp_key_present() - check whether a key is present in a spec
 * @spec: spec of any object
 * @attr: number of the attribute
 *
 * Return: true if it is; otherwise the key has its default.
 */
static inline bool vdhcp_key_present(const void *spec, u16 attr)
{
	return *(const u64 *)spec & BIT_ULL(attr);
}

/**
 * vdhcp_key_is_list() - check whether a request replaces all values of a key
 * @key: the key
 *
 * Return: true for lists, except for raw options, which are changed one by one,
 * and for the addresses of a port, which nl_port.c replaces.
 */
static inline bool vdhcp_key_is_list(const struct vdhcp_key *key)
{
	return key->kind == VDHCP_KEY_ADDRESSES ||
	       key->kind == VDHCP_KEY_DOMAINS || key->kind == VDHCP_KEY_ROUTES;
}

extern const struct vdhcp_key_set vdhcp_subnet_keys, vdhcp_port_keys;

const struct vdhcp_key *vdhcp_key_find(const struct vdhcp_key_set *set,
				       u32 attr);
void vdhcp_key_clear(void *spec, const struct vdhcp_key_set *set, u16 attr);
void vdhcp_keys_init(void *spec, const struct vdhcp_key_set *set);
int vdhcp_keys_validate(const void *spec, const struct vdhcp_key_set *set,
			struct vdhcp_cfg_err *cfg_err);
int vdhcp_keys_compile(const void *spec, const struct vdhcp_key_set *set,
		       struct vdhcp_optset_builder *builder,
		       struct vdhcp_cfg_err *cfg_err);

#endif /* VDHCP_ENGINE_KEYS_H */
