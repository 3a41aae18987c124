/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VDHCP_PERNET_H
#define VDHCP_PERNET_H

int vdhcp_pernet_register(void);
void vdhcp_pernet_unregister(void);

#endif /* VDHCP_PERNET_H */
