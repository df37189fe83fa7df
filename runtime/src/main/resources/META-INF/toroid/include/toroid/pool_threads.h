// The pool behind `ToroidPool`, on pthreads. Included by the container alone, never by kernels.
//
// A job is split statically: thread t owns the parts t, t + shares, …, so that a thread finds in its caches what it wrote in the
// kernel before. Each thread's share is a slot that must be claimed before it is run: by its owner when it notices the job, or
// by the caller once that is through with its own share. So a job never waits for a worker that is still asleep or has lost
// its core, only for shares that are really being run.
//
// Idle workers spin for some microseconds, since kernels of a model follow each other closely, and then park.
#pragma once

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <new>
#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#endif

#include <toroid/pool.h>
#include <toroid/threads.h>

namespace toroid {
namespace pool_threads {

constexpr int64_t kSpinNanoseconds = 40000;
constexpr int64_t kSpinNanosecondsCrowded = 2000;  // more threads than CPUs: whoever spins takes the core from one who works

inline void pause_cpu() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("isb");
#endif
}

inline int64_t nanoseconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1000000000 + now.tv_nsec;
}

// A counter that threads can wait on. Every access is sequentially consistent: announcing oneself as asleep and looking at the
// counter (and, on the other side, changing it and looking for sleepers) must not be reordered.
class WaitWord {
 public:
  uint32_t load() const { return __atomic_load_n(&value_, __ATOMIC_SEQ_CST); }

  // Whoever changes the value calls `wake` afterwards.
  uint32_t add(uint32_t difference) { return __atomic_add_fetch(&value_, difference, __ATOMIC_SEQ_CST); }
  void set(uint32_t value) { __atomic_store_n(&value_, value, __ATOMIC_SEQ_CST); }

  // Returns once the value is not (or no longer) `seen`; spins first.
  void wait_while(uint32_t seen, int64_t spin_nanoseconds) {
    if (spin_while(seen, spin_nanoseconds)) return;
    __atomic_add_fetch(&sleepers_, 1, __ATOMIC_SEQ_CST);
    park_while(seen);
    __atomic_sub_fetch(&sleepers_, 1, __ATOMIC_SEQ_CST);
  }

  void wake() {
    if (__atomic_load_n(&sleepers_, __ATOMIC_SEQ_CST) != 0) unpark();
  }

 private:
  bool spin_while(uint32_t seen, int64_t spin_nanoseconds) const {
    int64_t deadline = 0;
    for (;;) {
      for (int i = 0; i < 64; i++) {
        if (__atomic_load_n(&value_, __ATOMIC_ACQUIRE) != seen) return true;
        pause_cpu();
      }
      const int64_t now = nanoseconds();
      if (deadline == 0) deadline = now + spin_nanoseconds;
      if (now >= deadline) return false;
    }
  }

#if defined(__linux__)
  void park_while(uint32_t seen) {
    while (load() == seen) syscall(SYS_futex, &value_, FUTEX_WAIT_PRIVATE, seen, nullptr, nullptr, 0);
  }
  void unpark() { syscall(SYS_futex, &value_, FUTEX_WAKE_PRIVATE, INT32_MAX, nullptr, nullptr, 0); }
#else
  void park_while(uint32_t seen) {
    pthread_mutex_lock(&mutex_);
    while (load() == seen) pthread_cond_wait(&changed_, &mutex_);
    pthread_mutex_unlock(&mutex_);
  }
  void unpark() {
    pthread_mutex_lock(&mutex_);
    pthread_cond_broadcast(&changed_);
    pthread_mutex_unlock(&mutex_);
  }
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t changed_ = PTHREAD_COND_INITIALIZER;
#endif

  alignas(64) uint32_t value_ = 0;
  uint32_t sleepers_ = 0;
};

struct Pool;

// One thread's share of the current job. `state` is 2 * job while open and 2 * job + 1 once claimed.
struct alignas(64) Share {
  uint64_t state = 0;
  Pool* pool = nullptr;
  int32_t index = 0;
  pthread_t thread = {};

  void open(uint64_t job) { __atomic_store_n(&state, 2 * job, __ATOMIC_RELEASE); }
  bool claim(uint64_t job) {
    uint64_t expected = 2 * job;
    return __atomic_compare_exchange_n(&state, &expected, 2 * job + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
  }
};

struct Pool {
  ToroidPool face;
  int64_t spin_nanoseconds;
  Share* slots;

  alignas(64) int32_t runs = 0;
  alignas(64) uint32_t busy = 0;
  bool stopping = false;
  uint64_t job = 0;       // the number of the current job; only the holder of `busy` changes it
  uint64_t announced = 0; // the same, for the workers to read
  int64_t parts = 0;
  int32_t shares = 0;
  ToroidTask task = nullptr;
  void* context = nullptr;

  WaitWord announcements{};  // one more for each job
  WaitWord unfinished{};     // shares of the current job that are not done yet
};

inline void run_share(Pool& pool, int32_t index) {
  for (int64_t part = index; part < pool.parts; part += pool.shares) pool.task(pool.context, part);
}

inline void finish_share(Pool& pool) {
  if (pool.unfinished.add(~uint32_t{0}) == 0) pool.unfinished.wake();
}

inline void* work(void* argument) {
  Share& slot = *static_cast<Share*>(argument);
  Pool& pool = *slot.pool;
  uint32_t seen = 0;
  for (;;) {
    pool.announcements.wait_while(seen, pool.spin_nanoseconds);
    seen = pool.announcements.load();
    if (__atomic_load_n(&pool.stopping, __ATOMIC_SEQ_CST)) return nullptr;
    if (!slot.claim(__atomic_load_n(&pool.announced, __ATOMIC_ACQUIRE))) continue;
    run_share(pool, slot.index);
    finish_share(pool);
  }
}

inline void run_serially(int64_t parts, ToroidTask task, void* context) {
  for (int64_t part = 0; part < parts; part++) task(context, part);
}

// The threads of a job: those that other runs leave, and not more than there are parts.
inline int32_t shares_of(const Pool& pool, int64_t parts) {
  const int32_t runs = __atomic_load_n(&pool.runs, __ATOMIC_RELAXED);
  const int32_t left = runs > 1 ? pool.face.threads - runs + 1 : pool.face.threads;
  return parts < left ? static_cast<int32_t>(parts) : left;
}

inline void parallel(void* self, int64_t parts, ToroidTask task, void* context) {
  Pool& pool = *static_cast<Pool*>(self);
  const int32_t shares = shares_of(pool, parts);
  if (shares <= 1 || __atomic_exchange_n(&pool.busy, 1, __ATOMIC_ACQUIRE) != 0) {
    run_serially(parts, task, context);
    return;
  }
  pool.parts = parts;
  pool.shares = shares;
  pool.task = task;
  pool.context = context;
  pool.job++;
  pool.unfinished.set(static_cast<uint32_t>(shares) - 1);
  for (int32_t i = 1; i < shares; i++) pool.slots[i].open(pool.job);
  __atomic_store_n(&pool.announced, pool.job, __ATOMIC_RELEASE);
  pool.announcements.add(1);
  pool.announcements.wake();

  run_share(pool, 0);
  for (int32_t i = shares - 1; i > 0; i--) {
    if (!pool.slots[i].claim(pool.job)) continue;
    run_share(pool, i);
    finish_share(pool);
  }
  for (uint32_t left; (left = pool.unfinished.load()) != 0;) pool.unfinished.wait_while(left, pool.spin_nanoseconds);
  __atomic_store_n(&pool.busy, 0, __ATOMIC_RELEASE);
}

inline void stop(Pool& pool, int32_t started) {
  __atomic_store_n(&pool.stopping, true, __ATOMIC_SEQ_CST);
  pool.announcements.add(1);
  pool.announcements.wake();
  for (int32_t i = 1; i < started; i++) pthread_join(pool.slots[i].thread, nullptr);
}

inline void destroy(Pool* pool) {
  free(pool->slots);
  pool->~Pool();
  free(pool);
}

template <class T>
inline T* allocate(size_t count) {
  void* memory = nullptr;
  if (posix_memalign(&memory, alignof(T) < 64 ? 64 : alignof(T), count * sizeof(T)) != 0) return nullptr;
  return static_cast<T*>(memory);
}

inline int64_t spin_nanoseconds(int threads) {
  return threads > sysconf(_SC_NPROCESSORS_ONLN) ? kSpinNanosecondsCrowded : kSpinNanoseconds;
}

}  // namespace pool_threads

// A pool of `threads` threads, the caller of `parallel` being one of them; null with errno set if threads < 1, or if the system
// gives no memory or no further thread.
inline ToroidPool* pool_create(int threads) {
  using namespace pool_threads;
  if (threads < 1) {
    errno = EINVAL;
    return nullptr;
  }
  Pool* memory = allocate<Pool>(1);
  Share* slots = allocate<Share>(static_cast<size_t>(threads));
  if (memory == nullptr || slots == nullptr) {
    free(memory);
    free(slots);
    errno = ENOMEM;
    return nullptr;
  }
  Pool* pool = new (memory) Pool{{memory, threads, parallel, nullptr}, spin_nanoseconds(threads), slots};
  pool->face.runs = &pool->runs;
  for (int32_t i = 0; i < threads; i++) {
    Share* slot = new (&slots[i]) Share;
    slot->pool = pool;
    slot->index = i;
  }
  for (int32_t i = 1; i < threads; i++) {
    const int error = start_thread(&pool->slots[i].thread, work, &pool->slots[i], "toroid", i);
    if (error == 0) continue;
    stop(*pool, i);
    destroy(pool);
    errno = error;
    return nullptr;
  }
  return &pool->face;
}

// Ends and joins the workers. No `parallel` may be running or follow. Null is ignored.
inline void pool_delete(ToroidPool* face) {
  using namespace pool_threads;
  if (face == nullptr) return;
  Pool* pool = static_cast<Pool*>(face->self);
  stop(*pool, face->threads);
  destroy(pool);
}

}  // namespace toroid
