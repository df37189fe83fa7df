// What the benches share: the shortest time of a call, the multiply-add peak of a thread, and memory.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <toroid/micro_kernel.h>

namespace bench {

inline double seconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The shortest of many calls, each timed over about 50 µs.
template <class F>
double best_seconds(F f) {
  double start = seconds();
  int64_t calls = 0;
  do {
    f();
    ++calls;
  } while (seconds() - start < 2e-3);
  const int64_t repeats = 1 + calls / 40;
  double best = 1e9;
  for (double until = seconds() + 0.15; seconds() < until;) {
    start = seconds();
    for (int64_t i = 0; i < repeats; ++i) f();
    const double taken = (seconds() - start) / static_cast<double>(repeats);
    if (taken < best) best = taken;
  }
  return best;
}

/// Of one thread: chains of multiply-adds in registers, as many as hide their latency.
template <class T>
double peak_flops() {
  constexpr int L = toroid::kVectorBytes / static_cast<int>(sizeof(T)), chains = 10, steps = 1000;
  typedef toroid::Vec<T, L> V;
  V c[chains];
  T factors[2] = {T(0.5), T(1)};
  const double taken = best_seconds([&] {
    __asm__ __volatile__("" : "+m"(factors));
    const V a = V::broadcast(factors[0]), b = V::broadcast(factors[1]);
    TOROID_UNROLL for (int i = 0; i < chains; ++i) c[i] = b;
    for (int s = 0; s < steps; ++s) {
      TOROID_UNROLL for (int i = 0; i < chains; ++i) c[i] = fma(c[i], a, b);
    }
    __asm__ __volatile__("" : : "m"(c) : "memory");
  });
  return 2.0 * L * chains * steps / taken;
}

/// Memory for so many elements, on a line of the caches; to be freed.
template <class T>
T* memory(int64_t count) {
  return static_cast<T*>(aligned_alloc(64, static_cast<size_t>((count * static_cast<int64_t>(sizeof(T)) + 127) / 64 * 64)));
}

/// The same with small numbers in it.
template <class T>
T* buffer(int64_t count) {
  T* elements = memory<T>(count);
  for (int64_t i = 0; i < count; ++i) elements[i] = static_cast<T>(i % 7 - 3);
  return elements;
}

}  // namespace bench
