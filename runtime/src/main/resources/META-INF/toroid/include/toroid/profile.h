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

// The latest runs. Writers take turns by a ticket and never wait; a reader sees by a slot's state whether it read one run. A writer that
// sleeps in a slot while a whole round passes keeps it until it is done: who comes to it meanwhile leaves his run out, and his ticket there.
struct ProfileRing {
  static constexpr int64_t kCapacity = int64_t{1} << 16;

  struct Slot {
    static constexpr int64_t kBusy = 1;     // a writer is in it
    static constexpr int64_t kLeftOut = 2;  // the run of its ticket is not there

    int64_t state;  // one more than the latest ticket that came here, times 4, and the above
    ToroidKernelRun run;

    static int64_t holding(int64_t ticket) { return (ticket + 1) * 4; }

    // False if the run of this ticket is to be left out. Tried again only when another writer has come, a round earlier or later.
    bool claim(int64_t ticket) {
      int64_t seen = __atomic_load_n(&state, __ATOMIC_SEQ_CST);
      while (seen < holding(ticket)) {
        const bool is_free = (seen & kBusy) == 0;
        if (change(seen, holding(ticket) | kBusy | (is_free ? 0 : kLeftOut))) return is_free;
      }
      return false;
    }

    void finish(int64_t ticket) {
      int64_t seen = holding(ticket) | kBusy;
      if (!change(seen, holding(ticket))) __atomic_fetch_and(&state, ~kBusy, __ATOMIC_SEQ_CST);
    }

    bool change(int64_t& seen, int64_t to) {
      return __atomic_compare_exchange_n(&state, &seen, to, /*weak=*/false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    }
  };

  int64_t tickets = 0;
  int64_t calls = 0;
  Slot slots[kCapacity] = {};

  void add(const ToroidKernelRun& run) {
    const int64_t ticket = __atomic_fetch_add(&tickets, 1, __ATOMIC_RELAXED);
    Slot& slot = slots[ticket % kCapacity];
    if (!slot.claim(ticket)) return;
    copy(run, slot.run, [](const int64_t& from, int64_t& to) { __atomic_store_n(&to, from, __ATOMIC_RELEASE); });
    slot.finish(ticket);
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
      const int64_t state = __atomic_load_n(&slot.state, __ATOMIC_SEQ_CST), whole = Slot::holding(next);
      if (state < whole || state == (whole | Slot::kBusy)) break;  // still being written
      copy(slot.run, runs[count], [](const int64_t& from, int64_t& to) { to = __atomic_load_n(&from, __ATOMIC_ACQUIRE); });
      if (state == whole && __atomic_load_n(&slot.state, __ATOMIC_SEQ_CST) == whole) count++;
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
