#include <toroid/loops.h>

namespace toroid::generated {

// sum at Shapes.java:34
void cpp_fused_sum_4(const ToroidPool* pool, const float* __restrict tokens, float* __restrict output, [[maybe_unused]] int64_t batch) {
  [[maybe_unused]] constexpr int L = kLanes;
  parallel_for(pool, batch, grain_of(1040), [&](int64_t begin, int64_t end) {
    for (int64_t i0 = begin; i0 < end; ++i0) {
      for_lanes<L, 1>(0, 8, [&](int64_t i1, auto count, auto) TOROID_INLINE_LAMBDA {
        Sum<Vec<float, L>> sum_0_acc[1];
        for (int64_t j0 = 0; j0 < 64; ++j0) {
          const auto t0 = Vec<float, L>::load(tokens + 512 * i0 + i1 + 8 * j0, count);
          sum_0_acc[0].add(t0, Full<L>{});
        }
        const auto sum_0_value = merged(sum_0_acc).lanes();
        const auto sum_0_result = sum_0_value;
        sum_0_result.store(output + 8 * i0 + i1, count);
      });
    }
  });
}

}  // namespace toroid::generated
