/* SPDX-License-Identifier: GPL-2.0 */
/* Text and JSON through one set of calls. */
#ifndef VDHCPCTL_OUT_H
#define VDHCPCTL_OUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "err.h"

#define OUT_DEPTH 8

/**
 * struct out - a printer
 * @file: file to print to
 * @json: print JSON, otherwise words that vdhcpctl can read again
 * @pretty: with @json, indent and use several lines
 * @lines: with @json, print each object of the list on a line of its own, without
 *         brackets around the list (JSON Lines); @pretty is ignored
 * @joined: with @lines, the caller ends the lines
 * @failed: there was no memory for a part of the JSON
 * @empty: no object was printed in the current list
 * @depth: number of frames in use
 * @frame: objects and arrays that are open, outermost first
 *
 * A command prints a list of objects. In JSON each object is printed as soon as it
 * is complete, so that a long list needs no memory. A value has two names: its key
 * in JSON and the word before it in text; inside of an array it has neither.
 */
struct out {
	FILE *file;
	bool json;
	bool pretty;
	bool lines;
	bool joined;
	bool failed;
	bool empty;
	unsigned int depth;
	struct out_frame {
		json_t *node;
		bool array;
		bool empty;
	} frame[OUT_DEPTH];
};

void out_list_begin(struct out *out);
int out_list_end(struct out *out, int err);
void out_object_begin(struct out *out, const char *key);
void out_object_end(struct out *out);
void out_array_begin(struct out *out, const char *key, const char *word);
void out_array_end(struct out *out);

void out_str(struct out *out, const char *key, const char *word, const char *value);
void out_num(struct out *out, const char *key, const char *word, uint64_t value);
void out_real(struct out *out, const char *key, double value);
void out_bool(struct out *out, const char *key, const char *word, bool value);
void out_text(struct out *out, const char *fmt, ...) __printf(2, 3);

#endif /* VDHCPCTL_OUT_H */
