#include <toroid/convolution.h>
#include <toroid/loops.h>
#include <toroid/math.h>

namespace toroid::generated {

// convolution, clamp at Shapes.java:46
void cpp_fused_convolution_clamp_7(const ToroidPool* pool, const float* __restrict pixels_channels_last, const float* __restrict convolution_weight_packed, const float* __restrict convolution_bias, float* __restrict output, [[maybe_unused]] int64_t batch) {
  using Tile = DefaultTile<float>;
  using Shape = Convolution2dShape<3, 3, 1, 1, 1, 1, 1, 1, 1>;
  [[maybe_unused]] constexpr int L = Tile::kLanes;
  convolution2d<Tile, Shape>(
      pool, batch, 16, 16, Constant<3>{}, Constant<16>{},
      pixels_channels_last, 768, 48, 3, convolution_weight_packed,
      [&]([[maybe_unused]] int64_t b, [[maybe_unused]] int64_t oh, [[maybe_unused]] int64_t ow, [[maybe_unused]] int64_t co, auto sums, [[maybe_unused]] auto count) TOROID_INLINE_LAMBDA {
    const auto t0 = Vec<float, L>::load(convolution_bias + co, count);
    const auto t1 = sums + t0;
    const auto t2 = Vec<float, L>::broadcast(0.0f);
    const auto t3 = maximum(t1, t2);
    const auto t4 = Vec<float, L>::broadcast(6.0f);
    const auto t5 = minimum(t3, t4);
    store_strided(t5, output + 4096 * b + 256 * co + 16 * oh + ow, 256, count);
  });
}

}  // namespace toroid::generated
