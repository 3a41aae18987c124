/* SPDX-License-Identifier: GPL-2.0 */
/* Memory of a parsed document, freed as a whole. */
#ifndef VDHCPCTL_ARENA_H
#define VDHCPCTL_ARENA_H

void arena_begin(void);
void arena_stop(void);
void arena_free(void);

#endif /* VDHCPCTL_ARENA_H */
