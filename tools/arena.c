// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of a parsed document: a bump allocator, freed as a whole.
 *
 * A document consists of some hundred thousand small pieces. A bump allocator halves
 * parse time compared with malloc() and free(). It is global because jansson's
 * allocation hooks carry no context.
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
 * struct chunk - memory from malloc() that allocations are cut from
 * @next: the chunk that was allocated before
 * @data: the memory
 */
struct chunk {
	struct chunk *next;
	max_align_t data[];
};

static struct chunk *chunks;
static char *position;
static size_t bytes_left;

/*
 * Exits without memory, because jansson (2.14 and before) goes on after a failed
 * allocation with a text that is cut short, or reads beyond its end. Nothing was
 * sent to the kernel at this point.
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

static void *allocate_piece(size_t size)
{
	void *data = position;

	if (size > SIZE_MAX / 2)
		exit(fail_memory());
	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (size > CHUNK_SIZE / 2)
		return add_chunk(size)->data;
	if (size > bytes_left) {
		data = add_chunk(CHUNK_SIZE)->data;
		bytes_left = CHUNK_SIZE;
	}
	position = (char *)data + size;
	bytes_left -= size;
	return data;
}

static void ignore_free(void *data)
{
	(void)data;
}

/**
 * arena_begin() - make jansson allocate from the arena
 *
 * Values that jansson makes from now on must not be freed with json_decref().
 */
void arena_begin(void)
{
	json_set_alloc_funcs(allocate_piece, ignore_free);
}

/**
 * arena_stop() - make jansson allocate with malloc() again
 *
 * The memory of the arena stays valid.
 */
void arena_stop(void)
{
	json_set_alloc_funcs(malloc, free);
}

/**
 * arena_free() - free all memory of the arena
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
	bytes_left = 0;
}
