/* SPDX-License-Identifier: GPL-2.0 */
/* Vectors: a configuration, a frame, and the expected verdict and reply. */
#ifndef VDHCP_TESTS_VECTOR_H
#define VDHCP_TESTS_VECTOR_H

#include "config.h"
#include "frame_text.h"
#include "drive.h"

#define VECTOR_STEPS_MAX	8
#define VECTOR_ROWS_MAX		48
#define VECTOR_EXPECTS_MAX	64

/**
 * struct expectation - one line under "expect"
 * @line: number of the line
 * @n: number of words
 * @words: the words, allocated
 */
struct expectation {
	int line;
	int n;
	char **words;
};

/**
 * struct step - one frame, or one configuration that must be refused
 * @line: number of its first line
 * @config: configuration for the frame
 * @refused: object that must be refused; CONFIG_OK if there is a frame
 * @attr: attribute that must be at fault
 * @why: part of the expected error text
 * @frame: bytes of the frame
 * @hw_tag: VLAN tag that the device took out of the frame
 * @partial: the checksum at @csum_at is partial
 * @csum_at: offset in @frame
 * @verdict: expected verdict
 * @notes: expected notes
 * @replies: a reply is expected
 * @has_tag: @tag is expected
 * @tag: VLAN tag of the reply, proto 0 for none
 * @whole: @reply is expected, byte for byte
 * @reply: bytes of the expected reply
 * @n_expects: entries of @expects
 * @expects: conditions for the reply
 */
struct step {
	int line;
	struct config config;
	enum config_object refused;
	u16 attr;
	char *why;
	struct bytes frame;
	struct vdhcp_tag hw_tag;
	bool partial;
	u32 csum_at;
	enum vdhcp_verdict verdict;
	u8 notes;
	bool replies;
	bool has_tag;
	struct vdhcp_tag tag;
	bool whole;
	struct bytes reply;
	int n_expects;
	struct expectation expects[VECTOR_EXPECTS_MAX];
};

/**
 * struct vector - one file
 * @path: of the file
 * @name: topic/name
 * @comment: first line of the comment at its top
 * @n_rows: entries of @rows
 * @rows: rows that the vector shows
 * @n_steps: entries of @steps
 * @steps: the steps, in order
 */
struct vector {
	char *path;
	char *name;
	char *comment;
	int n_rows;
	char *rows[VECTOR_ROWS_MAX];
	int n_steps;
	struct step *steps;
};

struct vector *vector_read(const char *path);
void vector_free(struct vector *v);

/**
 * struct vectors - all vectors, in the order of their names
 * @n: entries of @v
 * @v: the vectors
 */
struct vectors {
	int n;
	struct vector **v;
};

void vectors_read(const char *dir, struct vectors *all);
void vectors_free(struct vectors *all);

/* expect.c: returns NULL, or what is wrong with the reply. */
const char *expect_check(const struct expectation *e, const struct text *where,
			 const u8 *reply, u32 len);

#endif /* VDHCP_TESTS_VECTOR_H */
