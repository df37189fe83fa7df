#include <toroid/loops.h>
#include <toroid/math.h>

namespace toroid::generated {

// add, sigmoid at Shapes.java:22
void cpp_fused_add_sigmoid_2(const ToroidPool* pool, const float* __restrict left, const float* __restrict right, float* __restrict output, [[maybe_unused]] int64_t batch) {
  [[maybe_unused]] constexpr int L = kLanes;
  parallel_for(pool, 8 * batch, grain_of(16), [&](int64_t begin, int64_t end) {
    for_lanes<L, 1>(begin, end, [&](int64_t j0, auto count, auto) TOROID_INLINE_LAMBDA {
      const auto t0 = Vec<float, L>::load(left + j0, count);
      const auto t1 = Vec<float, L>::load(right + j0, count);
      const auto t2 = t0 + t1;
      const auto t3 = sigmoid(t2);
      t3.store(output + j0, count);
    });
  });
}

}  // namespace toroid::generated
