// Parts of an image, copied with their border of zeros into a patch on the stack, so that no window leaves it.
#pragma once

#include <toroid/convolution_image.h>

namespace toroid {
namespace tile {

/// Output pixels of which one patch holds all inputs: rows oh.., columns ow.., within image b.
struct Window {
  int64_t b;
  Range oh, ow;
  bool same_place(const Window& other) const {
    return oh.begin == other.oh.begin && oh.end == other.oh.end && ow.begin == other.ow.begin && ow.end == other.ow.end;
  }
};

/// Output rows and columns of the largest window.
struct WindowSize {
  int64_t high, wide;
};

/// A whole vector is stored at the end, zeros filling it up.
template <class Tile, class T>
TOROID_INLINE void copy_elements(T* to, const T* from, int64_t count) {
  constexpr int L = Tile::kLanes;
  int64_t i = 0;
  for (; i + L <= count; i += L) Vec<T, L>::load(from + i).store(to + i);
  if (i < count) Vec<T, L>::load(from + i, count - i).store(to + i);
}

/// Columns of the patch below so many output columns.
template <class Shape>
constexpr int64_t patch_columns(int64_t output_columns) {
  return (output_columns - 1) * Shape::kStrideW + Shape::kWindowW;
}
template <class Shape>
constexpr int64_t patch_rows(int64_t output_rows) {
  return (output_rows - 1) * Shape::kStrideH + Shape::kWindowH;
}

/// The size of windows whose patches hold at most so many pixels; whole rows if possible. Not positive if there is none.
template <class Shape, class T>
WindowSize window_size(const Image<T>& image, int64_t capacity) {
  const int64_t columns = patch_columns<Shape>(image.output_w);
  if (columns * patch_rows<Shape>(image.output_h) <= capacity) return {image.output_h, image.output_w};
  if (columns * Shape::kWindowH <= capacity) return {(capacity / columns - Shape::kWindowH) / Shape::kStrideH + 1, image.output_w};
  const int64_t widest = capacity / Shape::kWindowH;
  return {1, widest < Shape::kWindowW ? 0 : (widest - Shape::kWindowW) / Shape::kStrideW + 1};
}

/// The part of image b below a window, dense, [rows][columns][cin], with zeros where it is outside the image. May write a vector past
/// its end, of zeros. `clean` says that the patch held the same part of another image before.
template <class Tile, class Shape, class T>
void copy_patch(const Image<T>& image, const Window& window, bool clean, T* patch) {
  const int64_t first_h = window.oh.begin * Shape::kStrideH - Shape::kPaddingH, first_w = window.ow.begin * Shape::kStrideW - Shape::kPaddingW;
  const int64_t rows = patch_rows<Shape>(window.oh.end - window.oh.begin), columns = patch_columns<Shape>(window.ow.end - window.ow.begin);
  const Range inside_h = {first_h < 0 ? -first_h : 0, smaller(rows, image.h - first_h)};
  const Range inside_w = {first_w < 0 ? -first_w : 0, smaller(columns, image.w - first_w)};
  if (!clean && (inside_h.begin > 0 || inside_h.end < rows || inside_w.begin > 0 || inside_w.end < columns))
    __builtin_memset(patch, 0, static_cast<size_t>(rows * columns * image.cin) * sizeof(T));
  const T* from = image.x + window.b * image.stride_b + (first_h + inside_h.begin) * image.stride_h + (first_w + inside_w.begin) * image.stride_w;
  T* to = patch + (inside_h.begin * columns + inside_w.begin) * image.cin;
  const int64_t wide = inside_w.end - inside_w.begin;
  if (wide <= 0) return;
  for (int64_t row = inside_h.begin; row < inside_h.end; ++row, from += image.stride_h, to += columns * image.cin) {
    if (image.stride_w == image.cin) {
      copy_elements<Tile>(to, from, wide * image.cin);
    } else {
      for (int64_t column = 0; column < wide; ++column) copy_elements<Tile>(to + column * image.cin, from + column * image.stride_w, image.cin);
    }
  }
}

/// f(window) for windows that cover the rows of all images, counted through, each after its patch has been copied.
template <class Tile, class Shape, class T, class F>
TOROID_INLINE void for_patches(const Image<T>& image, Range rows, const WindowSize& size, T* patch, F f) {
  Pixel row = Pixel::row(image, rows.begin);
  Window last = {};
  for (int64_t left = rows.end - rows.begin; left > 0;) {
    const int64_t height = smaller(size.high, smaller(left, image.output_h - row.oh));
    for (int64_t ow = 0; ow < image.output_w; ow += size.wide) {
      const Window window = {row.b, {row.oh, row.oh + height}, {ow, smaller(ow + size.wide, image.output_w)}};
      copy_patch<Tile, Shape>(image, window, /* clean= */ window.same_place(last), patch);
      f(window);
      last = window;
    }
    left -= height;
    row.oh += height;
    if (row.oh == image.output_h) row = {row.b + 1, 0, 0};
  }
}

}  // namespace tile
}  // namespace toroid
