// The words of convolution in three dimensions, and of transposed convolution in any: how a kernel moves over a volume, and the pieces of
// the result of which each is an ordinary convolution.
//
// A transposed convolution with stride S spreads each input over the result: what lies at o there is the sum of the inputs i and taps k
// with i * S - P + k * D = o. All o with the same remainder by S meet the same taps, and their inputs lie beside each other: S * S * S
// pieces, each a convolution of stride 1 with its part of the taps. No product is computed in vain, and no sum is scattered.
#pragma once

#include <toroid/convolution_image.h>

namespace toroid {

/// One number for each of depth, height and width.
struct Triple {
  int64_t of[3];
  constexpr int64_t product() const { return of[0] * of[1] * of[2]; }
};

struct VolumeKernel {
  Triple size, stride, padding, dilation;
  int64_t groups;
  bool transposed;
  constexpr bool is_depthwise(int64_t cin, int64_t cout) const { return groups > 1 && cin == groups && cout == groups; }
};

namespace tile {

/// One dimension of a piece: cell q of it, which lies at `first + q * step` in the result, meets the inputs `q * stride + offset + t * dilation`
/// by the taps `first_tap + t * tap_step` for t < taps. The dilation may be negative.
struct Axis {
  int64_t count, first, step;
  int64_t stride, offset;
  int64_t taps, first_tap, tap_step, dilation;

  constexpr int64_t output(int64_t q) const { return first + q * step; }
  constexpr int64_t input(int64_t q) const { return q * stride + offset; }
  constexpr int64_t tap(int64_t t) const { return first_tap + t * tap_step; }
};

constexpr int64_t greatest_divisor(int64_t a, int64_t b) { return b == 0 ? a : greatest_divisor(b, a % b); }

constexpr Axis forward_axis(const VolumeKernel& kernel, int i, int64_t output) {
  return {output, 0, 1, kernel.stride.of[i], -kernel.padding.of[i], kernel.size.of[i], 0, 1, kernel.dilation.of[i]};
}

/// The cells that leave the remainder `phase` when divided by the stride.
constexpr Axis phase_axis(const VolumeKernel& kernel, int i, int64_t phase, int64_t output) {
  const int64_t stride = kernel.stride.of[i], dilation = kernel.dilation.of[i], place = phase + kernel.padding.of[i];
  const int64_t divisor = greatest_divisor(stride, dilation), step = stride / divisor;
  int64_t tap = 0;
  while (tap < step && (place - tap * dilation) % stride != 0) ++tap;
  const int64_t size = kernel.size.of[i], taps = tap < step && tap < size ? (size - 1 - tap) / step + 1 : 0;
  const int64_t count = phase < output ? (output - phase - 1) / stride + 1 : 0;
  return {count, phase, stride, 1, taps == 0 ? 0 : (place - tap * dilation) / stride, taps, tap, step, -(dilation / divisor)};
}

/// Part of a convolution, and of its taps: `before` of them belong to the pieces before it.
struct Piece {
  Axis axis[3];
  int64_t before;

  constexpr int64_t taps() const { return axis[0].taps * axis[1].taps * axis[2].taps; }
  constexpr int64_t cells() const { return axis[0].count * axis[1].count * axis[2].count; }
};

/// f(piece) for all of them.
template <class F>
constexpr void for_pieces(const VolumeKernel& kernel, const Triple& output, F&& f) {
  if (!kernel.transposed) {
    f(Piece{{forward_axis(kernel, 0, output.of[0]), forward_axis(kernel, 1, output.of[1]), forward_axis(kernel, 2, output.of[2])}, 0});
    return;
  }
  int64_t before = 0;
  for (int64_t d = 0; d < kernel.stride.of[0]; ++d) {
    for (int64_t h = 0; h < kernel.stride.of[1]; ++h) {
      for (int64_t w = 0; w < kernel.stride.of[2]; ++w) {
        const Piece piece = {{phase_axis(kernel, 0, d, output.of[0]), phase_axis(kernel, 1, h, output.of[1]), phase_axis(kernel, 2, w, output.of[2])}, before};
        f(piece);
        before += piece.taps();
      }
    }
  }
}

/// One call's tensors and sizes; channels are those of one group.
template <class T>
struct Volume {
  const T* x;
  int64_t stride_b;
  Triple stride, size;
  int64_t cin;
};

/// Cells of a piece in order; `next` after the last of a volume is the first of the following one.
struct Cell {
  int64_t b, q[3];

  static Cell at(const Piece& piece, int64_t index) {
    if (index == 0) return {0, {0, 0, 0}};
    const int64_t row = index / piece.axis[2].count, plane = row / piece.axis[1].count;
    return {plane / piece.axis[0].count, {plane % piece.axis[0].count, row % piece.axis[1].count, index % piece.axis[2].count}};
  }
  TOROID_INLINE void next(const Piece& piece) {
    for (int i = 2; i >= 0; --i) {
      if (++q[i] < piece.axis[i].count) return;
      q[i] = 0;
    }
    ++b;
  }
};

/// The taps t of an axis whose input lies inside, for a cell whose first tap is at `start`.
constexpr Range inner_taps(const Axis& axis, int64_t start, int64_t size) {
  if (axis.taps == 0) return {0, 0};
  if (axis.dilation > 0) return taps_inside(start, axis.dilation, axis.taps, size);
  const Range mirrored = taps_inside(start + (axis.taps - 1) * axis.dilation, -axis.dilation, axis.taps, size);
  return {axis.taps - mirrored.end, axis.taps - mirrored.begin};
}

/// Hands sums[width * Lanes] of one cell to epilogue(b, od, oh, ow, co, sums, count); `first` is the first output channel of the group.
template <class Tile, class C, class T, class E>
TOROID_INLINE void finish_cell(const Piece& piece, const Cell& cell, int64_t channel, C channels, int64_t first, int width, const T* sums, E& epilogue) {
  constexpr int L = Tile::kLanes;
  typedef Vec<T, L> V;
  const int64_t od = piece.axis[0].output(cell.q[0]), oh = piece.axis[1].output(cell.q[1]), ow = piece.axis[2].output(cell.q[2]);
  for (int v = 0; v < width; ++v, sums += L) {
    const int64_t co = channel + v * L;
    const int64_t count = channels - co;
    if constexpr (kKnown<C> < 0 || kKnown<C> % L != 0) {
      if (count < L) {
        epilogue(cell.b, od, oh, ow, first + co, V::load(sums), count);
        continue;
      }
    }
    if constexpr (kKnown<C> < 0 || kKnown<C> >= L) epilogue(cell.b, od, oh, ow, first + co, V::load(sums), Full<L>{});
  }
}

/// The same for sums[cells][width * Lanes].
template <class Tile, class C, class T, class E>
TOROID_NOINLINE void finish_cells(const Piece& piece, Cell cell, int64_t cells, int64_t channel, C channels, int64_t first, int width, const T* sums,
                                  E& epilogue) {
  for (int64_t i = 0; i < cells; ++i, cell.next(piece), sums += width * Tile::kLanes)
    finish_cell<Tile>(piece, cell, channel, channels, first, width, sums, epilogue);
}

}  // namespace tile
}  // namespace toroid
