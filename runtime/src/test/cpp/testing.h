// What the C++ tests share: checks that are counted, random numbers that are the same in each run, memory whose end is watched, threads.
#pragma once

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <toroid/pool_threads.h>
#include <unistd.h>

namespace testing {

// ---- checks

inline int64_t checks = 0, failures = 0;
constexpr int64_t kMostShown = 30;

inline void count_check() { __atomic_add_fetch(&checks, 1, __ATOMIC_RELAXED); }

inline void say(const char* format, va_list values) {
  fprintf(stderr, "%s: ", program_invocation_short_name);
  vfprintf(stderr, format, values);
  fprintf(stderr, "\n");
}

/// Ends the test: what would follow is of no use.
[[noreturn]] __attribute__((format(printf, 1, 2))) inline void fail(const char* format, ...) {
  va_list values;
  va_start(values, format);
  say(format, values);
  va_end(values);
  exit(1);
}

/// A failed check after which the test goes on; the first of them are shown.
__attribute__((format(printf, 1, 2))) inline void complain(const char* format, ...) {
  if (++failures > kMostShown) return;
  va_list values;
  va_start(values, format);
  say(format, values);
  va_end(values);
}

/// A check that ends the test if it fails, by any thread; `detail` is a number that tells which.
inline void expect(bool condition, const char* what, int64_t detail) {
  count_check();
  if (!condition) fail("%s (%lld)", what, static_cast<long long>(detail));
}

/// Says how it went; what main returns.
inline int finish() {
  printf("%s: %lld checks, %lld failures\n", program_invocation_short_name, static_cast<long long>(checks), static_cast<long long>(failures));
  return failures == 0 ? 0 : 1;
}

// ---- numbers

inline float float_of(uint32_t bits) { return __builtin_bit_cast(float, bits); }
inline uint32_t bits_of(float x) { return __builtin_bit_cast(uint32_t, x); }

/// The same bits, or both any NaN.
template <class T>
bool identical(T a, T b) {
  return (a != a && b != b) || memcmp(&a, &b, sizeof a) == 0;
}

/// By Marsaglia's shifts: all 64 bits are good.
inline uint64_t random_bits() {
  static uint64_t state = 42;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}
inline int64_t random_below(int64_t bound) { return static_cast<int64_t>(random_bits() % static_cast<uint64_t>(bound)); }
/// Between -1 and 1.
inline double random_value() { return static_cast<double>(random_bits() >> 40) * 0x1p-23 - 1.0; }

/// A tensor of [outer, length, inner]; its lines run through the middle dimension.
struct Lines {
  int64_t outer, length, inner;
  int64_t count() const { return outer * length * inner; }
};

// ---- memory

/// Elements that end at a page without access: reading or writing the next one kills the program. Floating ones are random, others zero.
template <class T>
struct Buffer {
  T* data;
  int64_t size;
  char* pages;
  size_t bytes;
  explicit Buffer(int64_t count) : size(count) {
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE)), needed = static_cast<size_t>(count) * sizeof(T);
    bytes = (needed + page - 1) / page * page + page;
    pages = static_cast<char*>(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (pages == MAP_FAILED || mprotect(pages + bytes - page, page, PROT_NONE) != 0)
      fail("no memory for %lld elements: %s", static_cast<long long>(count), strerror(errno));
    data = reinterpret_cast<T*>(pages + bytes - page - needed);
    if constexpr (static_cast<T>(0.5) != T(0)) fill([] { return static_cast<T>(random_value()); });
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { munmap(pages, bytes); }
  template <class F>
  void fill(F value) {
    for (int64_t i = 0; i < size; ++i) data[i] = value();
  }
};

// ---- threads

/// The test on the calling thread alone, then on so many.
template <class F>
void alone_and_on(int threads, F test) {
  test(static_cast<const ToroidPool*>(nullptr));
  ToroidPool* const pool = toroid::pool_create(threads);
  expect(pool != nullptr, "no pool", threads);
  test(static_cast<const ToroidPool*>(pool));
  toroid::pool_delete(pool);
}

}  // namespace testing
