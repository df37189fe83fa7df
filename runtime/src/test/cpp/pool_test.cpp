// The thread pool: every part runs exactly once, under nesting, competition between callers, and parked workers.
#include <initializer_list>

#include <toroid/pool.h>
#include <toroid/pool_threads.h>

#include "testing.h"

using namespace toroid;
using testing::expect;

static void every_part_runs_once(ToroidPool* pool) {
  for (int64_t parts = 0; parts <= 13; parts++) {
    int counts[13] = {};
    parallel_parts(pool, parts, [&](int64_t part) { counts[part]++; });
    for (int64_t part = 0; part < parts; part++) expect(counts[part] == 1, "a part did not run once", part);
  }
}

static void ranges_cover(ToroidPool* pool) {
  for (int64_t n : {0, 1, 2, 3, 7, 64, 1000}) {
    for (int64_t grain : {1, 2, 5, 1000}) {
      int touched[1000] = {};
      int64_t ranges = 0;
      parallel_for(pool, n, grain, [&](int64_t begin, int64_t end) {
        __atomic_add_fetch(&ranges, 1, __ATOMIC_RELAXED);
        for (int64_t i = begin; i < end; i++) touched[i]++;
      });
      for (int64_t i = 0; i < n; i++) expect(touched[i] == 1, "an index was not covered once", i);
      expect(ranges <= (n + grain - 1) / grain, "more ranges than ceil(n / grain)", ranges);
      expect(pool == nullptr || ranges <= pool->threads, "more ranges than threads", ranges);
    }
  }
}

static void splits_evenly() {
  for (int64_t n = 0; n < 40; n++) {
    for (int64_t parts = 1; parts < 9; parts++) {
      int64_t next = 0;
      for (int64_t part = 0; part < parts; part++) {
        const Range range = split(n, parts, part);
        expect(range.begin == next, "ranges are not adjacent", part);
        expect(range.end - range.begin == n / parts || range.end - range.begin == n / parts + 1, "uneven range", part);
        next = range.end;
      }
      expect(next == n, "ranges do not cover", n);
    }
  }
}

static void nested_jobs_run_serially(ToroidPool* pool) {
  int counts[4][5] = {};
  parallel_parts(pool, 4, [&](int64_t outer) {
    const pthread_t thread = pthread_self();
    parallel_parts(pool, 5, [&](int64_t inner) {
      counts[outer][inner]++;
      expect(pthread_equal(thread, pthread_self()) != 0, "a nested job left its thread", outer);
    });
  });
  for (auto& row : counts)
    for (int count : row) expect(count == 1, "a nested part did not run once", count);
}

struct Caller {
  ToroidPool* pool;
  int64_t sum;
};

static void* call_often(void* argument) {
  Caller& caller = *static_cast<Caller*>(argument);
  for (int64_t job = 0; job < 2000; job++) {
    int64_t partial[4] = {};
    parallel_parts(caller.pool, 4, [&](int64_t part) { partial[part] = job + part; });
    for (int64_t value : partial) caller.sum += value;
  }
  return nullptr;
}

static void callers_compete(ToroidPool* pool) {
  Caller callers[3] = {{pool, 0}, {pool, 0}, {pool, 0}};
  pthread_t threads[3];
  for (int i = 0; i < 3; i++) pthread_create(&threads[i], nullptr, call_often, &callers[i]);
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
  for (const Caller& caller : callers) expect(caller.sum == 4 * (1999 * 2000 / 2) + 2000 * 6, "competing callers lost a part", caller.sum);
}

static void* sleep_and_mark(void* argument) {
  timespec pause = {0, 3000000};
  nanosleep(&pause, nullptr);
  return argument;
}

// Longer pauses than the spinning, so that the workers park between jobs.
static void parked_workers_wake(ToroidPool* pool) {
  for (int job = 0; job < 20; job++) {
    sleep_and_mark(nullptr);
    int64_t sum = 0;
    parallel_parts(pool, 4, [&](int64_t part) {
      if (job % 4 == 0) sleep_and_mark(nullptr);
      __atomic_add_fetch(&sum, part + 1, __ATOMIC_RELAXED);
    });
    expect(sum == 10, "a parked worker's part was lost", sum);
  }
}

// Runs two parts until they have run at the same time; each then calls the body. Otherwise each waits for the other until a deadline.
template <class F>
static bool two_at_once(ToroidPool* pool, F&& body) {
  int met = 0;
  for (int attempt = 0; attempt < 50 && met == 0; attempt++) {
    int arrived = 0;
    parallel_parts(pool, 2, [&](int64_t) {
      __atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST);
      const int64_t deadline = pool_threads::nanoseconds() + 100000000;
      while (__atomic_load_n(&arrived, __ATOMIC_SEQ_CST) < 2 && pool_threads::nanoseconds() < deadline) sched_yield();
      if (__atomic_load_n(&arrived, __ATOMIC_SEQ_CST) < 2 || pool_threads::nanoseconds() >= deadline) return;
      body();
      __atomic_store_n(&met, 1, __ATOMIC_SEQ_CST);
    });
  }
  return met == 1;
}

static void workers_really_help(ToroidPool* pool) {
  expect(two_at_once(pool, [] {}), "two parts never ran at the same time", pool->threads);
}

// Threads that a job of many slow parts really had. On a busy machine a worker may come too late for its parts.
static int threads_of_one_job(ToroidPool* pool) {
  pthread_t seen[8];
  int count = 0;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  parallel_parts(pool, 64, [&](int64_t) {
    pthread_mutex_lock(&mutex);
    int i = 0;
    while (i < count && pthread_equal(seen[i], pthread_self()) == 0) i++;
    seen[i] = pthread_self();
    if (i == count) count++;
    pthread_mutex_unlock(&mutex);
    const timespec pause{0, 200000};
    nanosleep(&pause, nullptr);
  });
  return count;
}

static int threads_of_a_job(ToroidPool* pool, int wanted) {
  int most = 0;
  for (int attempt = 0; attempt < 50 && most < wanted; attempt++) {
    const int count = threads_of_one_job(pool);
    if (count > most) most = count;
  }
  return most;
}

// With two runs under way a job leaves a thread to the other, with as many as threads or more it has its caller alone.
static void runs_leave_threads_to_each_other(ToroidPool* pool) {
  const int threads = pool->threads;
  expect(threads_of_a_job(pool, threads) == threads, "a job alone has not all threads", threads);
  {
    const PoolRun one(pool);
    expect(threads_of_a_job(pool, threads) == threads, "the only run has not all threads", threads);
    const PoolRun two(pool);
    expect(threads_of_a_job(pool, threads - 1) == threads - 1, "the second run has no thread", threads);
    every_part_runs_once(pool);
    const PoolRun three(pool), four(pool), five(pool), six(pool);
    expect(threads_of_a_job(pool, 1) == 1, "many runs share threads", threads);
    every_part_runs_once(pool);
  }
  expect(*pool->runs == 0, "runs are counted for ever", *pool->runs);
  expect(threads_of_a_job(pool, threads) == threads, "threads are not given back", threads);
}

// A fault must reach the host's handler, and nothing else may.
static void workers_take_the_signals_of_faults_alone(ToroidPool* pool) {
  const pthread_t caller = pthread_self();
  int workers = 0;
  two_at_once(pool, [&] {
    if (pthread_equal(caller, pthread_self()) != 0) return;
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) expect(sigismember(&blocked, fault) == 0, "a worker blocks a fault", fault);
    for (int other : {SIGTERM, SIGINT, SIGUSR1}) expect(sigismember(&blocked, other) == 1, "a worker takes a signal", other);
    workers = 1;
  });
  expect(workers == 1, "no worker ran a part", workers);
}

int main() {
  splits_evenly();
  ranges_cover(nullptr);
  expect(pool_create(0) == nullptr && errno == EINVAL, "a pool of no threads was made", errno);
  pool_delete(nullptr);
  for (int threads : {1, 2, 3, 5}) {
    ToroidPool* pool = pool_create(threads);
    expect(pool != nullptr && pool->threads == threads, "no pool", threads);
    every_part_runs_once(pool);
    ranges_cover(pool);
    nested_jobs_run_serially(pool);
    callers_compete(pool);
    if (threads > 1) {
      parked_workers_wake(pool);
      workers_really_help(pool);
      workers_take_the_signals_of_faults_alone(pool);
      runs_leave_threads_to_each_other(pool);
    }
    pool_delete(pool);
  }
  for (int i = 0; i < 50; i++) pool_delete(pool_create(3));
  return testing::finish();
}
