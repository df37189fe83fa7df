// Depthwise convolution: one input channel for each output channel, vectorized over channels.
//
// Four pixels beside each other share the loads of the weights and, at stride 1, most of those of the image. Channels are innermost, so
// that memory is walked in order.
#pragma once

#include <toroid/convolution_image.h>

namespace toroid {
namespace tile {

constexpr int kDepthwisePixels = 4;   // sums that share the weights and, at stride 1, most of their inputs
constexpr int kDepthwiseVectors = 8;  // vectors of channels between calls of the epilogue

/// Depthwise convolution of pixels that lie beside each other, one vector of channels.
template <class Tile, class Shape>
struct DepthwiseWindow {
  typedef typename Tile::Element T;
  static constexpr int L = Tile::kLanes;
  typedef Vec<T, L> V;

  int64_t stride_h, stride_w;
  Range kh, kw;  // the taps inside the image

  /// sums[Pixels * step]: x is where the first pixel's first tap would be.
  template <int Pixels, class Count>
  TOROID_INLINE void inside(const T* x, const T* weights, Count count, T* sums, int64_t step) const {
    V sum[Pixels];
    TOROID_UNROLL for (int i = 0; i < Pixels; ++i) sum[i] = V::broadcast(T(0));
    for (int64_t h = kh.begin; h < kh.end; ++h) {
      const T* row = x + h * Shape::kDilationH * stride_h;
      const T* weight = weights + h * Shape::kKernelW * L;
      TOROID_UNROLL for (int w = 0; w < Shape::kKernelW; ++w) {
        const V factor = V::load(weight + w * L);
        TOROID_UNROLL for (int i = 0; i < Pixels; ++i)
          sum[i] = fma(V::load(row + (i * Shape::kStrideW + w * Shape::kDilationW) * stride_w, count), factor, sum[i]);
      }
    }
    TOROID_UNROLL for (int i = 0; i < Pixels; ++i) sum[i].store(sums + i * step);
  }

  template <class Count>
  TOROID_INLINE void at_edge(const T* x, const T* weights, Count count, T* sums) const {
    V sum = V::broadcast(T(0));
    for (int64_t h = kh.begin; h < kh.end; ++h)
      for (int64_t w = kw.begin; w < kw.end; ++w)
        sum = fma(V::load(x + h * Shape::kDilationH * stride_h + w * Shape::kDilationW * stride_w, count),
                  V::load(weights + (h * Shape::kKernelW + w) * L), sum);
    sum.store(sums);
  }

  /// sums[pixels][vectors][Lanes] for consecutive vectors of channels, the last of them cut to `last` lanes.
  template <class Last>
  TOROID_NOINLINE void run(const T* x, const T* weights, int pixels, int vectors, Last last, T* sums) const {
    for (int v = 0; v < vectors - 1; ++v, x += L, weights += Shape::kTaps * L, sums += L) run_vector(x, weights, pixels, Full<L>{}, sums, vectors * L);
    run_vector(x, weights, pixels, last, sums, vectors * L);
  }

 private:
  template <class Count>
  TOROID_INLINE void run_vector(const T* x, const T* weights, int pixels, Count count, T* sums, int64_t step) const {
    if (pixels == kDepthwisePixels) inside<kDepthwisePixels>(x, weights, count, sums, step);
    else at_edge(x, weights, count, sums);
  }
};

template <class Tile, class Shape, class C, class T, class E>
struct DepthwiseConvolution {
  static constexpr int L = Tile::kLanes;
  const Image<T>& image;
  C channels;
  const T* packed;
  E& epilogue;

  void run(Range rows) {
    for (int64_t row = rows.begin; row < rows.end; ++row) run_row(row / image.output_h, row % image.output_h);
  }

 private:
  void run_row(int64_t b, int64_t oh) {
    const int64_t ih = oh * Shape::kStrideH - Shape::kPaddingH;
    const T* x = image.x + b * image.stride_b + ih * image.stride_h;
    const Range kh = taps_inside(ih, Shape::kDilationH, Shape::kKernelH, image.h);
    for (int64_t ow = 0; ow < image.output_w;) {
      const int64_t iw = ow * Shape::kStrideW - Shape::kPaddingW;
      const bool inside = iw >= 0 && iw + (kDepthwisePixels - 1) * Shape::kStrideW + Shape::kWindowW <= image.w;
      const int pixels = inside ? kDepthwisePixels : 1;
      const DepthwiseWindow<Tile, Shape> window = {image.stride_h, image.stride_w, kh, taps_inside(iw, Shape::kDilationW, Shape::kKernelW, image.w)};
      run_pixels(window, Pixel{b, oh, ow}, pixels, x + iw * image.stride_w);
      ow += pixels;
    }
  }

  void run_pixels(const DepthwiseWindow<Tile, Shape>& window, Pixel pixel, int pixels, const T* x) {
    alignas(64) T sums[kDepthwisePixels * kDepthwiseVectors * L];
    for (int64_t c = 0; c < channels; c += kDepthwiseVectors * L) {
      const int64_t left = channels - c;
      const int vectors = static_cast<int>(smaller(kDepthwiseVectors, ceil_divide(left, L)));
      const T* weights = packed + c * Shape::kTaps;
      if constexpr (kKnown<C> >= 0 && kKnown<C> % L == 0) {
        window.run(x + c, weights, pixels, vectors, Full<L>{}, sums);
      } else {
        if (left >= vectors * L) window.run(x + c, weights, pixels, vectors, Full<L>{}, sums);
        else window.run(x + c, weights, pixels, vectors, left - (vectors - 1) * L, sums);
      }
      finish_pixels<Tile>(image, pixel, pixels, c, channels, 0, vectors, sums, epilogue);
    }
  }
};

}  // namespace tile
}  // namespace toroid
