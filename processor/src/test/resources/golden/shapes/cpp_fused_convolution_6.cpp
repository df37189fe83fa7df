#include <toroid/loops.h>

namespace toroid::generated {

// convolution at Shapes.java:46
void cpp_fused_convolution_6(const ToroidPool* pool, const float* __restrict pixels, float* __restrict pixels_channels_last, [[maybe_unused]] int64_t batch) {
  [[maybe_unused]] constexpr int L = kLanes;
  parallel_for(pool, batch, grain_of(1536), [&](int64_t begin, int64_t end) {
    for (int64_t i0 = begin; i0 < end; ++i0) {
      for (int64_t i1 = 0; i1 < 256; ++i1) {
        for_lanes<L, 1>(0, 3, [&](int64_t j0, auto count, auto) TOROID_INLINE_LAMBDA {
          const auto t0 = Vec<float, L>::strided(pixels + 768 * i0 + i1 + 256 * j0, 256, count);
          t0.store(pixels_channels_last + 768 * i0 + 3 * i1 + j0, count);
        });
      }
    }
  });
}

}  // namespace toroid::generated
