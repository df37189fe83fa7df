// Depthwise convolution of volumes: one input channel for each output channel, vectorized over channels. Four cells beside each other share
// the loads of the weights and, where they move one by one below two or three taps, those of the volume.
#pragma once

#include <toroid/volume.h>

namespace toroid {
namespace tile {

constexpr int kVolumeCells = 4;
constexpr int kVolumeVectors = 8;  // vectors of channels between calls of the epilogue

/// Rows of cells on one thread.
template <class Tile, class C, class E>
struct PieceDepthwise {
  typedef typename Tile::Element T;
  static constexpr int L = Tile::kLanes;
  typedef Vec<T, L> V;

  const Volume<T>& volume;
  const Triple& kernel;
  const Piece& piece;
  C channels;
  const T* packed;
  E& epilogue;

  /// Rows along the width, of all volumes, counted through.
  void run(Range rows) const {
    for (int64_t row = rows.begin; row < rows.end; ++row) run_row(Cell::at(piece, row * piece.axis[2].count));
  }

 private:
  void run_row(Cell cell) const {
    const Axis &d = piece.axis[0], &h = piece.axis[1], &w = piece.axis[2];
    const int64_t id = d.input(cell.q[0]), ih = h.input(cell.q[1]);
    const T* x = volume.x + cell.b * volume.stride_b + id * volume.stride.of[0] + ih * volume.stride.of[1];
    Taps taps = {inner_taps(d, id, volume.size.of[0]), inner_taps(h, ih, volume.size.of[1]), {0, 0}};
    while (cell.q[2] < w.count) {
      const int64_t left = w.count - cell.q[2], iw = w.input(cell.q[2]), last = w.input(cell.q[2] + kVolumeCells - 1);
      taps.w = inner_taps(w, iw, volume.size.of[2]);
      const Range at_last = inner_taps(w, last, volume.size.of[2]);
      const bool inside = left >= kVolumeCells && taps.w.end - taps.w.begin == w.taps && at_last.end - at_last.begin == w.taps;
      run_cells(cell, inside ? kVolumeCells : 1, taps, x + iw * volume.stride.of[2]);
      cell.q[2] += inside ? kVolumeCells : 1;
    }
  }

  /// Those inside the volume.
  struct Taps {
    Range d, h, w;
  };

  void run_cells(const Cell& cell, int cells, const Taps& taps, const T* x) const {
    alignas(64) T sums[kVolumeCells * kVolumeVectors * L];
    for (int64_t c = 0; c < channels; c += kVolumeVectors * L) {
      const int vectors = static_cast<int>(smaller(kVolumeVectors, ceil_divide(channels - c, L)));
      for (int v = 0; v < vectors; ++v) {
        const int64_t first = c + v * L, count = channels - first;
        const T* weights = packed + first * kernel.product();
        if (count >= L) sum(cells, taps, x + first, weights, Full<L>{}, sums + v * L, vectors * L);
        else sum(cells, taps, x + first, weights, count, sums + v * L, vectors * L);
      }
      finish_cells<Tile>(piece, cell, cells, c, channels, 0, vectors, sums, epilogue);
    }
  }

  template <class Count>
  TOROID_INLINE void sum(int cells, const Taps& taps, const T* x, const T* weights, Count count, T* sums, int64_t apart) const {
    const Axis& w = piece.axis[2];
    const bool slides = w.stride == 1 && (w.dilation == 1 || w.dilation == -1);
    if (cells == 1) sum_cells<1, 0>(taps, x, weights, count, sums, apart);
    else if (slides && w.taps == 2) sum_cells<kVolumeCells, 2>(taps, x, weights, count, sums, apart);
    else if (slides && w.taps == 3) sum_cells<kVolumeCells, 3>(taps, x, weights, count, sums, apart);
    else sum_cells<kVolumeCells, 0>(taps, x, weights, count, sums, apart);
  }

  /// Sliding is the number of taps along the width if cells and taps move one by one, else 0.
  template <int Cells, int Sliding, class Count>
  TOROID_NOINLINE void sum_cells(const Taps& taps, const T* x, const T* weights, Count count, T* sums, int64_t apart) const {
    const Axis &d = piece.axis[0], &h = piece.axis[1], &w = piece.axis[2];
    V sum[Cells];
    TOROID_UNROLL for (int i = 0; i < Cells; ++i) sum[i] = V::broadcast(T(0));
    for (int64_t td = taps.d.begin; td < taps.d.end; ++td) {
      for (int64_t th = taps.h.begin; th < taps.h.end; ++th) {
        const T* from = x + td * d.dilation * volume.stride.of[0] + th * h.dilation * volume.stride.of[1];
        const T* weight = weights + ((d.tap(td) * kernel.of[1] + h.tap(th)) * kernel.of[2] + w.first_tap) * L;
        if constexpr (Sliding > 0) slide<Cells, Sliding>(from, weight, count, sum);
        else add_taps<Cells>(taps.w, from, weight, count, sum);
      }
    }
    TOROID_UNROLL for (int i = 0; i < Cells; ++i) sum[i].store(sums + i * apart);
  }

  template <int Cells, class Count>
  TOROID_INLINE void add_taps(Range taps, const T* x, const T* weights, Count count, V (&sum)[Cells]) const {
    const Axis& w = piece.axis[2];
    const int64_t apart = w.stride * volume.stride.of[2], step = w.dilation * volume.stride.of[2];
    for (int64_t t = taps.begin; t < taps.end; ++t) {
      const V factor = V::load(weights + t * w.tap_step * L);
      TOROID_UNROLL for (int i = 0; i < Cells; ++i) sum[i] = fma(V::load(x + t * step + i * apart, count), factor, sum[i]);
    }
  }

  template <int Cells, int TapCount, class Count>
  TOROID_INLINE void slide(const T* x, const T* weights, Count count, V (&sum)[Cells]) const {
    const Axis& w = piece.axis[2];
    const bool backwards = w.dilation < 0;
    const int64_t step = volume.stride.of[2], weight_step = (backwards ? -w.tap_step : w.tap_step) * L;
    if (backwards) {  // from the last tap on, which reads the first element
      x -= (TapCount - 1) * step;
      weights -= (TapCount - 1) * weight_step;
    }
    V in[Cells + TapCount - 1];
    TOROID_UNROLL for (int i = 0; i < Cells + TapCount - 1; ++i) in[i] = V::load(x + i * step, count);
    TOROID_UNROLL for (int t = 0; t < TapCount; ++t) {
      const V factor = V::load(weights + t * weight_step);
      TOROID_UNROLL for (int i = 0; i < Cells; ++i) sum[i] = fma(in[i + t], factor, sum[i]);
    }
  }
};

}  // namespace tile
}  // namespace toroid
