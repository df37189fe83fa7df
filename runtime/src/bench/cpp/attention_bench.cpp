// Attention against the multiply-add peak of one thread. Not a test: prints a table. The products alone are counted as work, softmax
// is not. Queries, keys and values stand side by side as one fused projection leaves them.
//   g++ -std=c++20 -O3 -march=native -mprefer-vector-width=512 -ffp-contract=off -fno-math-errno -fno-trapping-math -fno-exceptions -fno-rtti
//       -I <include> attention_bench.cpp -o attention_bench && ./attention_bench
#include <toroid/attention.h>

#include "bench.h"

using namespace toroid;

template <class D>
static void row(double peak, int64_t batch, int64_t heads, int64_t tokens, D dimension) {
  const int64_t d = dimension, width = 3 * heads * d, count = batch * tokens * width;
  float* projections = bench::memory<float>(count + batch * tokens * heads * d);
  float* out = projections + count;
  float* bias = static_cast<float*>(calloc(static_cast<size_t>(batch * tokens), sizeof(float)));
  for (int64_t i = 0; i < count; ++i) projections[i] = static_cast<float>(i % 17 - 8) * 0.1f;
  const auto part = [=](int64_t p) { return Heads<const float>{projections + p * heads * d, tokens * width, d, width}; };
  const AttentionInputs<float> inputs = {batch, heads, tokens, tokens, part(0), part(1), part(2), 0.17f};
  const StoreHeads<float> store = {{out, tokens * heads * d, d, heads * d}};
  const auto mask = [=](int64_t b, int64_t, int64_t, int64_t j, auto some) { return Vec<float, kLanes>::load(bias + b * tokens + j, some); };
  const double plain = bench::best_seconds([&] { attention(nullptr, inputs, dimension, dimension, NoMask{}, store); });
  const double masked = bench::best_seconds([&] { attention(nullptr, inputs, dimension, dimension, mask, store); });
  const double flops = 4.0 * static_cast<double>(batch * heads * tokens * tokens * d);
  printf("(%lld, %lld, %4lld, %3lld) %-9s", static_cast<long long>(batch), static_cast<long long>(heads), static_cast<long long>(tokens),
         static_cast<long long>(d), __is_same(D, int64_t) ? "run-time" : "");
  printf("%10.2f us %7.1f GFLOP/s %5.1f %%", plain * 1e6, flops / plain * 1e-9, 100 * flops / plain / peak);
  printf("   masked %10.2f us %7.1f GFLOP/s %5.1f %%\n", masked * 1e6, flops / masked * 1e-9, 100 * flops / masked / peak);
  free(projections);
  free(bias);
}

int main() {
  const double peak = bench::peak_flops<float>();
  printf("peak %.1f GFLOP/s float; batch, heads, tokens, dimension\n", peak / 1e9);
  row(peak, 1, 12, 8, Constant<32>{});
  row(peak, 1, 12, 16, Constant<32>{});
  row(peak, 32, 12, 32, Constant<32>{});
  row(peak, 1, 12, 128, Constant<32>{});
  row(peak, 8, 12, 128, Constant<32>{});
  row(peak, 1, 12, 512, Constant<32>{});
  row(peak, 1, 12, 128, Constant<64>{});
  row(peak, 1, 12, 512, Constant<64>{});
  row(peak, 1, 16, 128, Constant<128>{});
  row(peak, 1, 12, 128, int64_t{32});
  row(peak, 1, 12, 128, int64_t{64});
}
