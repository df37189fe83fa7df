// Attention against the multiply-add peak of one thread. Not a test: prints a table. The products alone are counted as work, softmax
// is not. Queries, keys and values stand side by side as one fused projection leaves them.
//   g++ -std=c++20 -O3 -march=native -mprefer-vector-width=512 -ffp-contract=off -fno-math-errno -fno-trapping-math -fno-exceptions -fno-rtti
//       -I <include> attention_bench.cpp -o attention_bench && ./attention_bench
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <toroid/attention.h>

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

static double peak_flops() {
  constexpr int chains = 10, steps = 1000;
  typedef Vec<float, kLanes> V;
  V c[chains];
  float factors[2] = {0.5f, 1.0f};
  const double taken = best_seconds([&] {
    __asm__ __volatile__("" : "+m"(factors));
    const V a = V::broadcast(factors[0]), b = V::broadcast(factors[1]);
    TOROID_UNROLL for (int i = 0; i < chains; ++i) c[i] = b;
    for (int s = 0; s < steps; ++s) {
      TOROID_UNROLL for (int i = 0; i < chains; ++i) c[i] = fma(c[i], a, b);
    }
    __asm__ __volatile__("" : : "m"(c) : "memory");
  });
  return 2.0 * kLanes * chains * steps / taken;
}

template <class D>
static void bench(double peak, int64_t batch, int64_t heads, int64_t tokens, D dimension) {
  const int64_t d = dimension, width = 3 * heads * d, count = batch * tokens * width;
  float* projections = static_cast<float*>(aligned_alloc(64, static_cast<size_t>(count + batch * tokens * heads * d) * sizeof(float)));
  float* out = projections + count;
  float* bias = static_cast<float*>(calloc(static_cast<size_t>(batch * tokens), sizeof(float)));
  for (int64_t i = 0; i < count; ++i) projections[i] = static_cast<float>(i % 17 - 8) * 0.1f;
  const auto part = [=](int64_t p) { return Heads<const float>{projections + p * heads * d, tokens * width, d, width}; };
  const AttentionInputs<float> inputs = {batch, heads, tokens, tokens, part(0), part(1), part(2), 0.17f};
  const StoreHeads<float> store = {{out, tokens * heads * d, d, heads * d}};
  const auto mask = [=](int64_t b, int64_t, int64_t, int64_t j, auto some) { return Vec<float, kLanes>::load(bias + b * tokens + j, some); };
  const double plain = best_seconds([&] { attention(nullptr, inputs, dimension, dimension, NoMask{}, store); });
  const double masked = best_seconds([&] { attention(nullptr, inputs, dimension, dimension, mask, store); });
  const double flops = 4.0 * static_cast<double>(batch * heads * tokens * tokens * d);
  printf("(%lld, %lld, %4lld, %3lld) %-9s", static_cast<long long>(batch), static_cast<long long>(heads), static_cast<long long>(tokens),
         static_cast<long long>(d), __is_same(D, int64_t) ? "run-time" : "");
  printf("%10.2f us %7.1f GFLOP/s %5.1f %%", plain * 1e6, flops / plain * 1e-9, 100 * flops / plain / peak);
  printf("   masked %10.2f us %7.1f GFLOP/s %5.1f %%\n", masked * 1e6, flops / masked * 1e-9, 100 * flops / masked / peak);
  free(projections);
  free(bias);
}

int main() {
  const double peak = peak_flops();
  printf("peak %.1f GFLOP/s float; batch, heads, tokens, dimension\n", peak / 1e9);
  bench(peak, 1, 12, 8, Constant<32>{});
  bench(peak, 1, 12, 16, Constant<32>{});
  bench(peak, 32, 12, 32, Constant<32>{});
  bench(peak, 1, 12, 128, Constant<32>{});
  bench(peak, 8, 12, 128, Constant<32>{});
  bench(peak, 1, 12, 512, Constant<32>{});
  bench(peak, 1, 12, 128, Constant<64>{});
  bench(peak, 1, 12, 512, Constant<64>{});
  bench(peak, 1, 16, 128, Constant<128>{});
  bench(peak, 1, 12, 128, int64_t{32});
  bench(peak, 1, 12, 128, int64_t{64});
}
