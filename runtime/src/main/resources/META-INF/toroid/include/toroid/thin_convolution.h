// Convolution with few taps and input channels, as of an image's three colours: all multiply-adds of eight pixels are written out, weights
// stay in registers where they fit, and a patch of the image is streamed through.
#pragma once

#include <toroid/convolution_patch.h>

namespace toroid {
namespace tile {

constexpr int64_t kThinTerms = 27;  // of one sum
constexpr int kThinPixels = 8;      // beside each other
constexpr int64_t kThinBytes = 24 << 10;

template <class T, class Shape>
constexpr bool is_thin(int64_t cin) {
  return Shape::kGroups == 1 && cin > 0 && Shape::kTaps * cin <= kThinTerms &&
         patch_columns<Shape>(kThinPixels) * Shape::kWindowH * cin * static_cast<int64_t>(sizeof(T)) <= kThinBytes;
}

/// Cin input channels; one thread.
template <class Tile, class Shape, int64_t Cin, class Cout, class E>
struct ThinConvolution {
  typedef typename Tile::Element T;
  static constexpr int L = Tile::kLanes;
  typedef Vec<T, L> V;
  static constexpr int kPixels = Tile::kAccumulators < 2 * kThinPixels ? Tile::kAccumulators / 2 : kThinPixels;
  static constexpr int kTerms = static_cast<int>(Shape::kTaps * Cin);
  static constexpr int64_t kCapacity = kThinBytes / static_cast<int64_t>(sizeof(T));

  const Image<T>& image;
  Cout cout;
  const T* packed;
  E& epilogue;

  /// Rows of all images, counted through, by panels of output channels.
  void run(Range rows, Range panels) const {
    alignas(64) T patch[kCapacity + kPixels * Shape::kStrideW * Cin + L];  // whole tiles and vectors end past the last column
    const WindowSize size = window_size<Shape>(image, kCapacity / Cin);
    for_patches<Tile, Shape>(image, rows, size, patch, [&](const Window& window) __attribute__((always_inline)) {
      int64_t v = panels.begin;
      if constexpr (kKnown<Cout> < 0 || kKnown<Cout> > L) {
        for (; v + 2 <= panels.end; v += 2) run_window<2>(window, v, patch);
      }
      if constexpr (kKnown<Cout> < 0 || (kKnown<Cout> + L - 1) / L % 2 != 0) {
        if (v < panels.end) run_window<1>(window, v, patch);
      }
    });
  }

 private:
  /// Compilers must not reorder long sums: they would add up pixel after pixel, or keep more of the image in registers than there are.
  static constexpr bool kLong = kTerms > 12;
  /// Forgets what p is, so that elements are addressed as p + constant and not by pointers kept for each, nor remembered.
  static TOROID_INLINE void hide(const T*& p) { __asm__("" : "+r"(p)); }

  static constexpr bool resident(int width) { return width * (kTerms + kPixels) <= Tile::kAccumulators + 4; }

  template <int W>
  TOROID_NOINLINE void run_window(const Window& window, int64_t vector, const T* patch) const {
    const T* b = packed + vector * kTerms * L;
    const int64_t row_stride = patch_columns<Shape>(window.ow.end - window.ow.begin) * Cin;
    alignas(64) T sums[kPixels * W * L];
    V weights[W][kTerms];
    if constexpr (resident(W)) {
      TOROID_UNROLL for (int w = 0; w < W; ++w)
        TOROID_UNROLL for (int k = 0; k < kTerms; ++k) weights[w][k] = V::load(b + (w * kTerms + k) * L);
    }
    for (int64_t oh = window.oh.begin; oh < window.oh.end; ++oh, patch += Shape::kStrideH * row_stride) {
      const T* x = patch;
      for (int64_t ow = window.ow.begin; ow < window.ow.end; ow += kPixels, x += kPixels * Shape::kStrideW * Cin) {
        sum_pixels<W>(x, row_stride, weights, b, sums);
        if constexpr (kLong) __asm__ __volatile__("" : "+m"(sums));
        const int64_t count = smaller(kPixels, window.ow.end - ow);
        for (int64_t i = 0; i < count; ++i) finish_pixel<Tile>(Pixel{window.b, oh, ow + i}, vector * L, cout, 0, W, sums + i * W * L, epilogue);
      }
    }
  }

  /// sums[kPixels][W * Lanes]
  template <int W>
  static TOROID_INLINE void sum_pixels(const T* x, int64_t row_stride, const V (&weights)[W][kTerms], const T* b, T* sums) {
    hide(b);
    V c[kPixels][W];
    TOROID_UNROLL for (int i = 0; i < kPixels; ++i)
      TOROID_UNROLL for (int w = 0; w < W; ++w) c[i][w] = V::broadcast(T(0));
    TOROID_UNROLL for (int kh = 0; kh < Shape::kKernelH; ++kh) {
      const T* row = x + kh * Shape::kDilationH * row_stride;
      hide(row);
      TOROID_UNROLL for (int kw = 0; kw < Shape::kKernelW; ++kw) {
        TOROID_UNROLL for (int ci = 0; ci < Cin; ++ci) {
          const int k = (kh * Shape::kKernelW + kw) * static_cast<int>(Cin) + ci;
          if constexpr (kLong) hide(row);
          V factor[W];
          TOROID_UNROLL for (int w = 0; w < W; ++w) factor[w] = resident(W) ? weights[w][k] : V::load(b + (w * kTerms + k) * L);
          TOROID_UNROLL for (int i = 0; i < kPixels; ++i) {
            const V a = V::broadcast(row[(i * Shape::kStrideW + kw * Shape::kDilationW) * Cin + ci]);
            TOROID_UNROLL for (int w = 0; w < W; ++w) c[i][w] = fma(a, factor[w], c[i][w]);
          }
        }
      }
    }
    TOROID_UNROLL for (int i = 0; i < kPixels; ++i)
      TOROID_UNROLL for (int w = 0; w < W; ++w) c[i][w].store(sums + (i * W + w) * L);
  }
};

}  // namespace tile
}  // namespace toroid
