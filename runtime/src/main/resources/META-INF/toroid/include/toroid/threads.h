// Starting the threads of a library that lives in somebody else's process.
#pragma once

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>

namespace toroid {

constexpr size_t kStackBytes = size_t{2} << 20;

// 0 or an errno. Our threads take no signals, which belong to the host's threads, but those of faults: blocked, they would end the
// process without the host's report.
inline int start_thread(pthread_t* thread, void* (*run)(void*), void* argument, const char* role, int number) {
  pthread_attr_t attributes;
  const int unready = pthread_attr_init(&attributes);
  if (unready != 0) return unready;
  pthread_attr_setstacksize(&attributes, kStackBytes);
  sigset_t all, before;
  sigfillset(&all);
  const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
  for (int fault : faults) sigdelset(&all, fault);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const int error = pthread_create(thread, &attributes, run, argument);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
#if defined(__linux__) && defined(_GNU_SOURCE)
  char name[16];
  snprintf(name, sizeof name, "%s-%d", role, number);
  if (error == 0) pthread_setname_np(*thread, name);
#else
  (void)role;
  (void)number;
#endif
  return error;
}

}  // namespace toroid
