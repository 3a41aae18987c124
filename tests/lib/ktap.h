/* SPDX-License-Identifier: GPL-2.0 */
/* Results as KTAP, with "N passed, N failed, N skipped" as the last line; see ktap.sh. */
#ifndef TESTS_KTAP_H
#define TESTS_KTAP_H

#include <stdbool.h>
#include <stdio.h>

/**
 * struct ktap - what was printed so far; zero it before the first test
 * @passed: number of tests that passed
 * @failed: number of tests that failed
 */
struct ktap {
	unsigned int passed;
	unsigned int failed;
};

static inline void ktap_begin(void)
{
	printf("KTAP version 1\n");
}

static inline void ktap_result(struct ktap *ktap, bool good, const char *name)
{
	if (good)
		ktap->passed++;
	else
		ktap->failed++;
	printf("%s %u - %s\n", good ? "ok" : "not ok", ktap->passed + ktap->failed, name);
}

/* Returns the exit status: 0 if a test passed and none failed. */
static inline int ktap_end(const struct ktap *ktap)
{
	printf("1..%u\n%u passed, %u failed, 0 skipped\n", ktap->passed + ktap->failed,
	       ktap->passed, ktap->failed);
	return ktap->failed || !ktap->passed;
}

#endif
