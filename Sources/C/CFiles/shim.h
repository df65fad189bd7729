// Linux's renameat2, which Swift's Glibc module does not show: two files change places in one step.
//
// Takes no header of libc's that defines types: Clang would count them as this module's in one build and as Glibc's in
// the next, and Swift refuse their members where only the other is imported.
#ifndef PUNOS_CFILES_H
#define PUNOS_CFILES_H
#include <sys/syscall.h>

extern long syscall(long number, ...);

// From linux/fs.h.
static const unsigned int punos_rename_no_replace = 1;
static const unsigned int punos_rename_exchange = 2;
// AT_FDCWD of linux/fcntl.h: paths are seen from the working folder.
static const int punos_working_folder = -100;

// 0, or -1 with errno.
static inline int punos_rename(const char *from, const char *to, unsigned int flags) {
  return (int)syscall(SYS_renameat2, punos_working_folder, from, punos_working_folder, to, flags);
}
#endif
