#include <toroid/convolution.h>
#include <toroid/gemm.h>
#include <toroid/loops.h>

namespace toroid::generated {

// the weight of linear at Shapes.java:40 in panels
void pack_linear_weight(const ToroidPool* pool, const float* __restrict linear_weight, float* __restrict linear_weight_packed) {
  using Tile = DefaultTile<float>;
  pack_panels<Tile>(pool, 40, 24, linear_weight, 24, 1, linear_weight_packed);
}

// the weight of convolution at Shapes.java:46 in panels
void pack_convolution_weight(const ToroidPool* pool, const float* __restrict convolution_weight, float* __restrict convolution_weight_packed) {
  using Tile = DefaultTile<float>;
  pack_convolution<Tile, Convolution2dShape<3, 3, 1, 1, 1, 1, 1, 1, 1>>(pool, 3, 16, convolution_weight, convolution_weight_packed);
}

}  // namespace toroid::generated
