#ifndef PUNOS_CSCHEDULER_SHIM_H
#define PUNOS_CSCHEDULER_SHIM_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sched.h>

// glibc declares sched_getaffinity for _GNU_SOURCE only, and CPU_COUNT is a macro. The sizes are the kernel's: a
// machine of more than 4,096 processors gets an error, and its caller goes by another count.
extern int sched_getaffinity(__pid_t, size_t, cpu_set_t *);

/// How many processors this process may run on; 0 where the kernel does not say.
static inline int punos_allowed_processors(void) {
  unsigned long set[64] = {0};
  int count = 0;
  if (sched_getaffinity(0, sizeof set, (cpu_set_t *)set) != 0) return 0;
  for (unsigned i = 0; i < sizeof set / sizeof *set; i++) count += __builtin_popcountl(set[i]);
  return count;
}
#endif
