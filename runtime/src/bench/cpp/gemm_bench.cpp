// Matrix products against the multiply-add peak of one thread. Not a test: prints a table.
//   g++ -std=c++20 -O3 -march=native -mprefer-vector-width=512 -ffp-contract=off -fno-math-errno -fno-trapping-math -fno-exceptions -fno-rtti
//       -I <include> gemm_bench.cpp -o gemm_bench && ./gemm_bench
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <initializer_list>

#include <toroid/gemm.h>

using namespace toroid;

static double seconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The shortest of many calls, each timed over about 50 µs.
template <class F>
static double best_seconds(F f) {
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

template <class T>
static double peak_flops() {
  constexpr int L = kVectorBytes / static_cast<int>(sizeof(T)), chains = 10, steps = 1000;
  typedef Vec<T, L> V;
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

template <class T>
static T* buffer(int64_t count) {
  T* memory = static_cast<T*>(aligned_alloc(64, static_cast<size_t>((count * static_cast<int64_t>(sizeof(T)) + 127) / 64 * 64)));
  for (int64_t i = 0; i < count; ++i) memory[i] = static_cast<T>(i % 7 - 3);
  return memory;
}

template <class T, class N, class K>
static void bench(double peak, int64_t m, N n, K k) {
  typedef DefaultTile<T> Tile;
  T* a = buffer<T>(m * k);
  T* b = buffer<T>(n * k);
  T* packed = buffer<T>(packed_size<Tile>(n, k));
  T* c = buffer<T>(m * n);
  const double packing = best_seconds([&] { pack_panels<Tile>(nullptr, n, k, b, k, 1, packed); });
  const double taken = best_seconds([&] {
    gemm<Tile>(nullptr, m, n, k, a, k, packed, [=](int64_t i, int64_t j, auto sums, auto count) { sums.store(c + i * n + j, count); });
  });
  const double flops = 2.0 * static_cast<double>(m * n * k);
  printf("%-7s %5lld x %5lld x %5lld %12.3f us %6.1f %%   packing %10.3f us\n", sizeof(T) == 4 ? "float" : "double", static_cast<long long>(m),
         static_cast<long long>(k), static_cast<long long>(n), taken * 1e6, 100 * flops / taken / peak, packing * 1e6);
  free(a);
  free(b);
  free(packed);
  free(c);
}

int main() {
  const double peak = peak_flops<float>(), peak_double = peak_flops<double>();
  printf("peak %.1f GFLOP/s float, %.1f double; M x K x N\n", peak / 1e9, peak_double / 1e9);
  bench<float>(peak, 1, Constant<128>{}, Constant<64>{});
  bench<float>(peak, 1, Constant<10>{}, Constant<128>{});
  bench<float>(peak, 64, Constant<128>{}, Constant<64>{});
  bench<float>(peak, 64, Constant<10>{}, Constant<128>{});
  bench<float>(peak, 360, Constant<10>{}, Constant<128>{});
  for (int64_t m : {1, 2, 3, 4, 5, 7, 8, 12, 13, 16, 24, 33, 128, 1024}) bench<float>(peak, m, Constant<384>{}, Constant<384>{});
  bench<float>(peak, 128, Constant<1536>{}, Constant<384>{});
  bench<float>(peak, 128, Constant<384>{}, Constant<1536>{});
  bench<float>(peak, 1024, Constant<1536>{}, Constant<384>{});
  bench<float>(peak, 1024, Constant<384>{}, Constant<1536>{});
  bench<float>(peak, 128, Constant<768>{}, Constant<3072>{});
  bench<float>(peak, 256, Constant<1024>{}, Constant<1024>{});
  bench<float>(peak, 1024, Constant<1024>{}, Constant<1024>{});
  bench<float>(peak, 128, Constant<4096>{}, Constant<4096>{});
  bench<float>(peak, 128, Constant<48>{}, Constant<384>{});
  bench<float>(peak, 512, int64_t{1000}, int64_t{2048});
  bench<double>(peak_double, 128, Constant<384>{}, Constant<384>{});
  bench<double>(peak_double, 1024, Constant<1536>{}, Constant<384>{});
}
