// SPDX-License-Identifier: GPL-2.0
/* Runs the target of a fuzzer on all files of directories, to measure coverage. */
#include <dirent.h>
#include <stdlib.h>
#include "fuzz.h"

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void run_input(const char *dir, const char *name)
{
	static u8 data[16384];
	char path[4096];
	size_t size;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "r");
	if (!f) {
		perror(path);
		exit(2);
	}
	size = fread(data, 1, sizeof(data), f);
	fclose(f);
	LLVMFuzzerTestOneInput(data, size);
}

int main(int argc, char **argv)
{
	struct dirent **list;
	int i, k, n;

	for (i = 1; i < argc; i++) {
		n = scandir(argv[i], &list, is_input, alphasort);
		if (n < 0) {
			perror(argv[i]);
			return 2;
		}
		for (k = 0; k < n; k++) {
			run_input(argv[i], list[k]->d_name);
			free(list[k]);
		}
		free(list);
		printf("%s: %d inputs\n", argv[i], n);
	}
	return 0;
}
