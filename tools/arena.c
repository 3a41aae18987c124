// SPDX-License-Identifier: GPL-2.0
/*
 * Memory for a document, all of which is given back at once.
 *
 * A document is made of a hundred thousand small pieces. To take them one behind
 * the other out of a few large ones, and to give none of them back before the
 * end, takes half of the time that malloc() and free() take. There is one arena
 * only, because jansson does not say whom it asks for.
 */
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "arena.h"
#include "err.h"

#define CHUNK_SIZE 1048576
#define ALIGNMENT sizeof(max_align_t)

/**
 * struct chunk - a large piece
 * @next: the one before it
 * @data: what is handed out
 */
struct chunk {
	struct chunk *next;
	max_align_t data[];
};

static struct chunk *chunks;
static char *position;
static size_t left;

/*
 * jansson up to 2.14 at least goes on when there is no memory for the rest of a
 * text: the text is cut short, or read beyond its end. So it does not get to
 * know of it; nothing was sent to the kernel yet.
 */
static struct chunk *add_chunk(size_t size)
{
	struct chunk *chunk = malloc(sizeof(*chunk) + size);

	if (!chunk)
		exit(fail_memory());
	chunk->next = chunks;
	chunks = chunk;
	return chunk;
}

static void *allocate(size_t size)
{
	void *data = position;

	if (size > SIZE_MAX / 2)
		exit(fail_memory());
	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (size > CHUNK_SIZE / 2)
		return add_chunk(size)->data;
	if (size > left) {
		data = add_chunk(CHUNK_SIZE)->data;
		left = CHUNK_SIZE;
	}
	position = (char *)data + size;
	left -= size;
	return data;
}

static void leave(void *data)
{
	(void)data;
}

/**
 * arena_begin() - have jansson take memory from the arena
 *
 * What it makes from now on must not be given back with json_decref().
 */
void arena_begin(void)
{
	json_set_alloc_funcs(allocate, leave);
}

/**
 * arena_stop() - have jansson take memory from where it comes from else
 *
 * What is in the arena stays there.
 */
void arena_stop(void)
{
	json_set_alloc_funcs(malloc, free);
}

/**
 * arena_free() - give back all of the arena
 */
void arena_free(void)
{
	struct chunk *chunk;

	while (chunks) {
		chunk = chunks;
		chunks = chunk->next;
		free(chunk);
	}
	position = NULL;
	left = 0;
}
