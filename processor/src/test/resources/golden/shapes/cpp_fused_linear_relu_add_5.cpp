#include <toroid/gemm.h>
#include <toroid/loops.h>
#include <toroid/math.h>

namespace toroid::generated {

// linear, relu, add at Shapes.java:40
void cpp_fused_linear_relu_add_5(const ToroidPool* pool, const float* __restrict features, const float* __restrict linear_weight_packed, const float* __restrict linear_bias, const float* __restrict residual, float* __restrict output, [[maybe_unused]] int64_t batch) {
  using Tile = DefaultTile<float>;
  [[maybe_unused]] constexpr int L = Tile::kLanes;
  gemm<Tile>(
      pool, batch, Constant<40>{}, Constant<24>{}, features, 24, linear_weight_packed,
      [&]([[maybe_unused]] int64_t m, [[maybe_unused]] int64_t n, auto sums, [[maybe_unused]] auto count) TOROID_INLINE_LAMBDA {
    const auto t0 = Vec<float, L>::load(linear_bias + n, count);
    const auto t1 = sums + t0;
    const auto t2 = Vec<float, L>::broadcast(0.0f);
    const auto t3 = maximum(t1, t2);
    const auto t4 = Vec<float, L>::load(residual + 40 * m + n, count);
    const auto t5 = t3 + t4;
    t5.store(output + 40 * m + n, count);
  });
}

}  // namespace toroid::generated
