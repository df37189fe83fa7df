// The thread pool as kernels see it: a C struct of function pointers, owned by the host process, and a loop over it.
// One pool serves every model of a process, so that two models never fight for the same cores.
#pragma once

#include <stddef.h>
#include <stdint.h>

extern "C" {

// One part of a job. `part` counts from 0; a task must not throw and may itself call `parallel`, which then runs serially.
typedef void (*ToroidTask)(void* context, int64_t part);

// `parallel` runs task(context, 0) … task(context, parts - 1), the caller taking its share, and returns when all are done.
// If the pool is busy with another caller's job, the caller runs every part itself: nothing queues, cores are never oversubscribed.
// For the same reason a job takes no more threads than the other runs leave: with as many runs as threads, each has its own.
typedef struct ToroidPool {
  void* self;
  int32_t threads;  // the caller included
  void (*parallel)(void* self, int64_t parts, ToroidTask task, void* context);
  int32_t* runs;    // how many runs of models are under way with this pool, atomic; null if nobody counts
} ToroidPool;
}

namespace toroid {

// Counts a run for as long as it lives.
class PoolRun {
 public:
  explicit PoolRun(const ToroidPool* pool) : runs_(pool != nullptr ? pool->runs : nullptr) { add(1); }
  ~PoolRun() { add(-1); }
  PoolRun(const PoolRun&) = delete;
  PoolRun& operator=(const PoolRun&) = delete;

 private:
  void add(int32_t difference) const {
    if (runs_ != nullptr) __atomic_add_fetch(runs_, difference, __ATOMIC_RELAXED);
  }

  int32_t* runs_;
};

// A half-open range of indices.
struct Range {
  int64_t begin;
  int64_t end;
};

// The part-th of `parts` contiguous ranges of [0, n), whose lengths differ by one at most.
inline Range split(int64_t n, int64_t parts, int64_t part) {
  const int64_t length = n / parts;
  const int64_t longer = n % parts;
  const int64_t begin = part * length + (part < longer ? part : longer);
  return {begin, begin + length + (part < longer ? 1 : 0)};
}

// Threads that a job of `work` units can use if each should get `grain` of them.
inline int64_t useful_threads(const ToroidPool* pool, int64_t work, int64_t grain) {
  if (pool == nullptr || pool->threads <= 1 || work <= grain) return 1;
  const int64_t wanted = (work - 1) / (grain < 1 ? 1 : grain) + 1;
  return wanted < pool->threads ? wanted : pool->threads;
}

// body(part) for each part; one part is a plain call.
template <class F>
inline void parallel_parts(const ToroidPool* pool, int64_t parts, F&& body) {
  if (parts <= 1) {
    if (parts == 1) body(int64_t{0});
    return;
  }
  auto run = [&body](int64_t part) { body(part); };
  using Run = decltype(run);
  pool->parallel(pool->self, parts, [](void* context, int64_t part) { (*static_cast<Run*>(context))(part); }, &run);
}

// body(begin, end) over contiguous ranges that cover [0, n): on the caller alone if n <= grain or the pool has one thread
// (or is null), else in at most ceil(n / grain) parts.
template <class F>
inline void parallel_for(const ToroidPool* pool, int64_t n, int64_t grain, F&& body) {
  if (n <= 0) return;
  const int64_t parts = useful_threads(pool, n, grain);
  if (parts == 1) {
    body(int64_t{0}, n);
    return;
  }
  parallel_parts(pool, parts, [&body, n, parts](int64_t part) {
    const Range range = split(n, parts, part);
    body(range.begin, range.end);
  });
}

}  // namespace toroid
