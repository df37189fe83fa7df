// Records when kernels ran, how long, and how much they had to do. Only the wrapper of a model that was built with
// toroid.instrument=profile includes this header, once.
#pragma once

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <toroid/profile_abi.h>

namespace toroid {

// The places of all kernels, for toroid_profile_kernels; the wrapper defines it.
struct KernelTable {
  int64_t count;
  const ToroidKernel* kernels;
};

// The latest runs. Writers take turns by a ticket and never wait; a reader sees by a slot's sequence whether it read one run.
struct ProfileRing {
  static constexpr int64_t kCapacity = int64_t{1} << 16;

  struct Slot {
    int64_t sequence;  // one more than the ticket of what it holds; 0 while that is being written
    ToroidKernelRun run;
  };

  int64_t tickets = 0;
  int64_t calls = 0;
  Slot slots[kCapacity] = {};

  void add(const ToroidKernelRun& run) {
    const int64_t ticket = __atomic_fetch_add(&tickets, 1, __ATOMIC_RELAXED);
    Slot& slot = slots[ticket % kCapacity];
    __atomic_store_n(&slot.sequence, 0, __ATOMIC_SEQ_CST);
    copy(run, slot.run, [](const int64_t& from, int64_t& to) { __atomic_store_n(&to, from, __ATOMIC_RELEASE); });
    __atomic_store_n(&slot.sequence, ticket + 1, __ATOMIC_SEQ_CST);
  }

  int64_t read(int64_t& next, ToroidKernelRun* runs, int64_t capacity, int64_t& lost) const {
    const int64_t end = __atomic_load_n(&tickets, __ATOMIC_SEQ_CST);
    lost = 0;
    if (next < 0) next = end;
    if (next < end - kCapacity) {
      lost = end - kCapacity - next;
      next = end - kCapacity;
    }
    int64_t count = 0;
    for (; next < end && count < capacity; next++) {
      const Slot& slot = slots[next % kCapacity];
      const int64_t sequence = __atomic_load_n(&slot.sequence, __ATOMIC_SEQ_CST);
      if (sequence < next + 1) break;  // still being written
      copy(slot.run, runs[count], [](const int64_t& from, int64_t& to) { to = __atomic_load_n(&from, __ATOMIC_ACQUIRE); });
      if (sequence == next + 1 && __atomic_load_n(&slot.sequence, __ATOMIC_SEQ_CST) == sequence) count++;
      else lost++;
    }
    return count;
  }

  template <class F>
  static void copy(const ToroidKernelRun& from, ToroidKernelRun& to, F move) {
    move(from.kernel, to.kernel);
    move(from.call, to.call);
    move(from.thread, to.thread);
    move(from.start, to.start);
    move(from.nanoseconds, to.nanoseconds);
    move(from.bytes, to.bytes);
    move(from.operations, to.operations);
  }
};

inline constinit ProfileRing profile_ring;

inline int64_t profile_time() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1000000000 + now.tv_nsec;
}

// A call of an entry, from its making to its end.
class ProfiledCall {
 public:
  explicit ProfiledCall(int64_t entry)
      : run{-1 - entry, __atomic_add_fetch(&profile_ring.calls, 1, __ATOMIC_RELAXED), syscall(SYS_gettid), profile_time(), 0, 0, 0} {}
  ProfiledCall(const ProfiledCall&) = delete;
  ProfiledCall& operator=(const ProfiledCall&) = delete;
  ~ProfiledCall() {
    run.nanoseconds = profile_time() - run.start;
    profile_ring.add(run);
  }

 private:
  friend class ProfiledKernel;
  ToroidKernelRun run;
};

// A run of a kernel, from its making to its end.
class ProfiledKernel {
 public:
  ProfiledKernel(const ProfiledCall& call, int64_t kernel, int64_t bytes, int64_t operations)
      : run{kernel, call.run.call, call.run.thread, profile_time(), 0, bytes, operations} {}
  ProfiledKernel(const ProfiledKernel&) = delete;
  ProfiledKernel& operator=(const ProfiledKernel&) = delete;
  ~ProfiledKernel() {
    run.nanoseconds = profile_time() - run.start;
    profile_ring.add(run);
  }

 private:
  ToroidKernelRun run;
};

}  // namespace toroid

extern "C" {

extern __attribute__((visibility("hidden"))) const toroid::KernelTable toroid_kernel_table;

int32_t toroid_profile_kernels(const ToroidKernel** kernels, int64_t* count) {
  *kernels = toroid_kernel_table.kernels;
  *count = toroid_kernel_table.count;
  return TOROID_SUCCESS;
}

int64_t toroid_profile_read(int64_t* next, ToroidKernelRun* runs, int64_t capacity, int64_t* lost) {
  return toroid::profile_ring.read(*next, runs, capacity, *lost);
}

}  // extern "C"
