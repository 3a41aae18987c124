// SPDX-License-Identifier: GPL-2.0
/* The keys of subnets and ports, as uapi/keys.yaml and uapi/vdhcp.yaml describe them. */
#include <linux/vdhcp.h>

#include "keys.h"
#include "name.h"
#include "option.h"
#include "route.h"
#include "vdhcp-names-gen.h"

#include "keys-gen.h"
