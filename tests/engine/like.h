/* SPDX-License-Identifier: GPL-2.0 */
/* Replies that a vector describes by their differences from another vector's reply. */
#ifndef VDHCP_TESTS_LIKE_H
#define VDHCP_TESTS_LIKE_H

#include "frame_text.h"

void like_read(struct frame_text *d, struct text *text);

#endif /* VDHCP_TESTS_LIKE_H */
