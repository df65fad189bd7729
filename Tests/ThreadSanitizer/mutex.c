// Tells ThreadSanitizer of the ways through Swift's Mutex that it cannot see.
//
// A Mutex that nobody else holds is taken and given back by an atomic exchange in the caller's own, instrumented code. One
// that is contended goes through libswiftSynchronization and the kernel, which are not instrumented: what one thread wrote
// under the lock then looks to the next as if nothing had ordered the two. Loaded before that library (`make test-tsan`),
// this stands between it and its callers and says what the lock orders.
//
// The functions are those of Swift 6's Mutex on Linux: methods of an address in Swift's calling convention.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

// Weak: programs without ThreadSanitizer, which a test starts, have neither.
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

#define SELF __attribute__((swift_context)) void *self
#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK_SLOW "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef void (*LockSlow)(uint32_t owner, SELF) __attribute__((swiftcall));
typedef bool (*TryLockSlow)(SELF) __attribute__((swiftcall));
typedef void (*UnlockSlow)(SELF) __attribute__((swiftcall));

static void *next(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  // A Swift whose Mutex is made otherwise: better no run than one that proves nothing.
  if (found == NULL) abort();
  return found;
}

__attribute__((swiftcall)) void lock_slow(uint32_t owner, SELF) __asm__(LOCK_SLOW);
__attribute__((swiftcall)) void lock_slow(uint32_t owner, SELF) {
  static LockSlow real;
  if (real == NULL) real = (LockSlow)next(LOCK_SLOW);
  real(owner, self);
  if (__tsan_acquire) __tsan_acquire(self);
}

__attribute__((swiftcall)) bool try_lock_slow(SELF) __asm__(TRY_LOCK_SLOW);
__attribute__((swiftcall)) bool try_lock_slow(SELF) {
  static TryLockSlow real;
  if (real == NULL) real = (TryLockSlow)next(TRY_LOCK_SLOW);
  bool isTaken = real(self);
  if (isTaken && __tsan_acquire) __tsan_acquire(self);
  return isTaken;
}

__attribute__((swiftcall)) void unlock_slow(SELF) __asm__(UNLOCK_SLOW);
__attribute__((swiftcall)) void unlock_slow(SELF) {
  static UnlockSlow real;
  if (real == NULL) real = (UnlockSlow)next(UNLOCK_SLOW);
  if (__tsan_release) __tsan_release(self);
  real(self);
}
