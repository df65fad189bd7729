// Linux's renameat2, which Swift's Glibc module does not show: two files change places in one step.
#ifndef PUNOS_CFILES_H
#define PUNOS_CFILES_H
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Flags from linux/fs.h.
static const unsigned int punos_rename_no_replace = 1;
static const unsigned int punos_rename_exchange = 2;

// 0, or -1 with errno.
static inline int punos_rename(const char *from, const char *to, unsigned int flags) {
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
}
#endif
