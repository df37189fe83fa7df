// The words that all kinds of convolution share: the shape of the window, the images, and output pixels in order.
#pragma once

#include <toroid/gemm.h>

namespace toroid {

/// A window: kernel, stride, padding on both sides, dilation; and into how many groups channels fall. Winograd allows the transformation
/// of winograd.h where it applies.
template <int KH, int KW, int SH, int SW, int PH, int PW, int DH, int DW, int Groups, bool Winograd = true>
struct Convolution2dShape {
  static constexpr int kKernelH = KH, kKernelW = KW, kTaps = KH * KW;
  static constexpr int kStrideH = SH, kStrideW = SW;
  static constexpr int kPaddingH = PH, kPaddingW = PW;
  static constexpr int kDilationH = DH, kDilationW = DW;
  static constexpr int kGroups = Groups;
  static constexpr bool kWinograd = Winograd;
  static constexpr int kWindowH = (KH - 1) * DH + 1, kWindowW = (KW - 1) * DW + 1;
  static constexpr bool kPadded = PH > 0 || PW > 0;
  static constexpr int64_t output_h(int64_t h) { return (h + 2 * PH - kWindowH) / SH + 1; }
  static constexpr int64_t output_w(int64_t w) { return (w + 2 * PW - kWindowW) / SW + 1; }
};

namespace tile {

template <class Shape>
constexpr bool is_depthwise(int64_t cin, int64_t cout) {
  return Shape::kGroups > 1 && cin == Shape::kGroups && cout == Shape::kGroups;
}

/// One call's tensors and sizes; channels are those of one group.
template <class T>
struct Image {
  const T* x;
  int64_t stride_b, stride_h, stride_w;
  int64_t h, w, output_h, output_w;
  int64_t cin, cout;
};

constexpr int64_t kZeroRow = 1024;
/// What a tap outside the image reads.
template <class T>
inline constexpr T kZeros[kZeroRow] = {};

/// Output pixels in order; `next` after the last of an image is the first of the following one.
struct Pixel {
  int64_t b, oh, ow;
  /// The first of a row, rows of all images counted through.
  template <class T>
  static Pixel row(const Image<T>& image, int64_t index) {
    if (index == 0) return {0, 0, 0};
    return {index / image.output_h, index % image.output_h, 0};
  }
  template <class T>
  static Pixel at(const Image<T>& image, int64_t index) {
    if (index == 0) return {0, 0, 0};
    Pixel pixel = row(image, index / image.output_w);
    pixel.ow = index % image.output_w;
    return pixel;
  }
  template <class T>
  TOROID_INLINE void next(const Image<T>& image) {
    if (++ow < image.output_w) return;
    ow = 0;
    if (++oh < image.output_h) return;
    oh = 0;
    ++b;
  }
};

/// The taps t < count of [0, size) whose position start + t * dilation lies inside.
constexpr Range taps_inside(int64_t start, int64_t dilation, int64_t count, int64_t size) {
  Range taps = {start < 0 ? ceil_divide(-start, dilation) : 0, start >= size ? 0 : smaller(count, (size - start - 1) / dilation + 1)};
  if (taps.begin > taps.end) taps.begin = taps.end;
  return taps;
}

/// Hands sums[width * Lanes] of one pixel to the epilogue; `first` is the first output channel of the group.
template <class Tile, class C, class T, class E>
TOROID_INLINE void finish_pixel(const Pixel& pixel, int64_t channel, C channels, int64_t first, int width, const T* sums, E& epilogue) {
  constexpr int L = Tile::kLanes;
  typedef Vec<T, L> V;
  for (int v = 0; v < width; ++v, sums += L) {
    const int64_t co = channel + v * L;
    const int64_t count = channels - co;
    if constexpr (kKnown<C> < 0 || kKnown<C> % L != 0) {
      if (count < L) {
        epilogue(pixel.b, pixel.oh, pixel.ow, first + co, V::load(sums), count);
        continue;
      }
    }
    if constexpr (kKnown<C> < 0 || kKnown<C> >= L) epilogue(pixel.b, pixel.oh, pixel.ow, first + co, V::load(sums), Full<L>{});
  }
}

/// The same for sums[pixels][width * Lanes].
template <class Tile, class C, class T, class E>
TOROID_NOINLINE void finish_pixels(const Image<T>& image, Pixel pixel, int64_t pixels, int64_t channel, C channels, int64_t first, int width, const T* sums,
                                   E& epilogue) {
  for (int64_t i = 0; i < pixels; ++i, pixel.next(image), sums += width * Tile::kLanes)
    finish_pixel<Tile>(pixel, channel, channels, first, width, sums, epilogue);
}

}  // namespace tile
}  // namespace toroid
