/* SPDX-License-Identifier: GPL-2.0 */
/* Raw DHCP options: CODE FORM VALUE. */
#ifndef VDHCPCTL_OPTION_H
#define VDHCPCTL_OPTION_H

#include "types.h"

extern const struct attr_type type_option;

const char *option_form(uint32_t number);
unsigned int option_code(const struct nlattr *nest);

#endif /* VDHCPCTL_OPTION_H */
