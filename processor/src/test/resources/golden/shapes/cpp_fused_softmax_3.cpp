#include <toroid/loops.h>
#include <toroid/math.h>

namespace toroid::generated {

// _softmax at Shapes.java:28
void cpp_fused_softmax_3(const ToroidPool* pool, const float* __restrict scores, float* __restrict output, [[maybe_unused]] int64_t batch) {
  [[maybe_unused]] constexpr int L = kLanes;
  parallel_for(pool, batch, grain_of(2400), [&](int64_t begin, int64_t end) {
    alignas(64) float exp_0_row[100];
    for (int64_t i0 = begin; i0 < end; ++i0) {
      Maximum<Vec<float, L>> amax_0_acc[4];
      for_lanes<L, 4>(0, 100, [&](int64_t j0, auto count, auto slot) TOROID_INLINE_LAMBDA {
        const auto t0 = Vec<float, L>::load(scores + 100 * i0 + j0, count);
        amax_0_acc[slot.index].add(t0, count);
      });
      const auto amax_0_value = merged(amax_0_acc).total();
      const float amax_0_result = amax_0_value;
      Sum<Vec<float, L>> sum_0_acc[4];
      const auto t2 = Vec<float, L>::broadcast(amax_0_result);
      for_lanes<L, 4>(0, 100, [&](int64_t j0, auto count, auto slot) TOROID_INLINE_LAMBDA {
        const auto t1 = Vec<float, L>::load(scores + 100 * i0 + j0, count);
        const auto t3 = t1 - t2;
        const auto t4 = exp(t3);
        t4.store(exp_0_row + j0, count);
        sum_0_acc[slot.index].add(t4, count);
      });
      const auto sum_0_value = merged(sum_0_acc).total();
      const float sum_0_result = sum_0_value;
      const auto t6 = Vec<float, L>::broadcast(sum_0_result);
      for_lanes<L, 1>(0, 100, [&](int64_t j0, auto count, auto) TOROID_INLINE_LAMBDA {
        const auto t5 = Vec<float, L>::load(exp_0_row + j0, count);
        const auto t7 = t5 / t6;
        t7.store(output + 100 * i0 + j0, count);
      });
    }
  });
}

}  // namespace toroid::generated
