// A piece of a convolution of volumes as a product of matrices, whose rows, one for each cell of the result, are the inputs below the kernel.
//
// With many channels rows are read in place, plane by plane of the kernel, whose taps are one run where no cell of a tile leaves the
// volume; where one does, the plane is copied with its zeros, or, if that is too much for the stack, goes tap by tap. With few channels all
// taps of the rows of a block are copied together first.
#pragma once

#include <toroid/volume.h>

namespace toroid {
namespace tile {

constexpr int64_t kVolumeRowBytes = 64 << 10;  // of copied rows
constexpr int64_t kVolumeChannels = 32;        // from which rows are read in place

/// One group on one thread.
template <class Tile, class C, class E>
struct PieceConvolution {
  typedef typename Tile::Element T;
  static constexpr int L = Tile::kLanes;
  static constexpr int64_t kVectors = kKnown<C> < 0 ? -1 : ceil_divide(kKnown<C>, L);
  static constexpr int64_t kCapacity = kVolumeRowBytes / static_cast<int64_t>(sizeof(T));

  const Volume<T>& volume;
  const Piece& piece;
  C cout;
  const T* x;       // the volume, from the group's first channel on
  const T* packed;  // of the group
  int64_t first_channel;
  E& epilogue;

  /// Cells of all volumes, counted through, by panels of output channels.
  void run(Range cells, Range panels) {
    const bool copies = volume.cin < kVolumeChannels && k() > 0 && k() * 6 <= kCapacity;
    if (copies) copied(cells, panels);
    else in_place(cells, panels);
  }

 private:
  int64_t k() const { return piece.taps() * volume.cin; }

  /// Where the first tap of a cell lies, which may be outside.
  struct Corner {
    const T* x;  // of the volume
    int64_t at[3];
  };

  Corner corner(const Cell& cell) const {
    return {x + cell.b * volume.stride_b, {piece.axis[0].input(cell.q[0]), piece.axis[1].input(cell.q[1]), piece.axis[2].input(cell.q[2])}};
  }
  bool inside(int i, int64_t at) const { return static_cast<uint64_t>(at) < static_cast<uint64_t>(volume.size.of[i]); }
  bool all_inside(int i, int64_t start) const {
    return inside(i, start) && inside(i, start + (piece.axis[i].taps - 1) * piece.axis[i].dilation);
  }
  int64_t step(int i) const { return piece.axis[i].dilation * volume.stride.of[i]; }

  // ---- rows in place

  void in_place(Range cells, Range panels) {
    alignas(64) T copy[kCapacity + L];  // whole vectors end past the last element
    alignas(64) T sums[kBlockSums<Tile>];
    Corner corners[kBlockTiles * Tile::kRows];
    for (int64_t at = cells.begin; at < cells.end;) {
      const int rows = next_rows(cells.end - at, highest_tile<Tile>(panels.end));
      const int tiles = tiles_in_block(cells.end - at, rows);
      const Cell first = Cell::at(piece, at);
      Cell cell = first;
      for (int r = 0; r < tiles * rows; ++r, cell.next(piece)) corners[r] = corner(cell);
      for (int64_t v = panels.begin; v < panels.end;) {
        const int width = next_width<Tile>(panels.end - v, rows, /* known= */ kVectors >= 0);
        in_place_block(kernel_for<Tile, kVectors>(rows, width), corners, tiles, rows, packed + v * k() * L, width, copy, sums);
        finish_cells<Tile>(piece, first, int64_t{tiles} * rows, v * L, cout, first_channel, width, sums, epilogue);
        v += width;
      }
      at += tiles * rows;
    }
  }

  void in_place_block(MicroKernel<Tile> kernel, const Corner* corners, int tiles, int rows, const T* b, int width, T* copy,
                      T* sums) const {
    bool plain[kBlockTiles], started[kBlockTiles];
    for (int t = 0; t < tiles; ++t) {
      started[t] = false;
      plain[t] = true;
      for (int r = 0; r < rows; ++r) {
        const Corner& corner = corners[t * rows + r];
        plain[t] &= all_inside(1, corner.at[1]) && all_inside(2, corner.at[2]);
      }
    }
    const int64_t plane = piece.axis[1].taps * piece.axis[2].taps * volume.cin;
    for (int64_t tap = 0; tap < piece.axis[0].taps; ++tap, b += plane * L) {
      for (int t = 0; t < tiles; ++t) {
        T* tile_sums = sums + int64_t{t} * rows * width * L;
        const Corner* first = corners + t * rows;
        int within = 0;
        for (int r = 0; r < rows; ++r) within += inside(0, first[r].at[0] + tap * piece.axis[0].dilation);
        if (within == 0 || plane == 0) continue;
        if (plain[t] && within == rows) whole_plane(kernel, first, rows, tap, b, tile_sums, started[t]);
        else if (plane * rows <= kCapacity) copied_plane(kernel, first, rows, tap, b, copy, tile_sums, started[t]);
        else tap_by_tap(kernel, first, rows, tap, b, tile_sums, started[t]);
        started[t] = true;
      }
    }
    for (int t = 0; t < tiles; ++t)
      if (!started[t]) __builtin_memset(sums + int64_t{t} * rows * width * L, 0, static_cast<size_t>(rows * width * L) * sizeof(T));
  }

  void whole_plane(MicroKernel<Tile> kernel, const Corner* corners, int rows, int64_t tap, const T* b, T* sums, bool resume) const {
    Runs runs = {piece.axis[1].taps, piece.axis[2].taps, volume.cin, step(1), step(2), 0};
    if (step(2) == volume.cin) runs = {runs.outer, 1, runs.inner * volume.cin, runs.outer_stride, 0, 0};
    const T* pointers[Tile::kRows];
    for (int r = 0; r < rows; ++r) {
      const Corner& corner = corners[r];
      pointers[r] = corner.x + (corner.at[0] + tap * piece.axis[0].dilation) * volume.stride.of[0] + corner.at[1] * volume.stride.of[1] +
                    corner.at[2] * volume.stride.of[2];
    }
    kernel(pointers, runs, b, k() * L, sums, resume, Ahead{reinterpret_cast<uintptr_t>(b), 0});
  }

  void copied_plane(MicroKernel<Tile> kernel, const Corner* corners, int rows, int64_t tap, const T* b, T* copy, T* sums, bool resume) const {
    const Runs runs = {1, 1, piece.axis[1].taps * piece.axis[2].taps * volume.cin, 0, 0, 0};
    const T* pointers[Tile::kRows];
    for (int r = 0; r < rows; ++r) {
      pointers[r] = copy + r * runs.length;
      copy_plane(corners[r], tap, copy + r * runs.length);
    }
    kernel(pointers, runs, b, k() * L, sums, resume, Ahead{reinterpret_cast<uintptr_t>(b), 0});
  }

  void tap_by_tap(MicroKernel<Tile> kernel, const Corner* corners, int rows, int64_t tap, const T* b, T* sums, bool resume) const {
    for (int64_t h = 0; h < piece.axis[1].taps; ++h) {
      for (int64_t w = 0; w < piece.axis[2].taps; ++w) {
        for (int64_t c = 0; c < volume.cin; c += kZeroRow) {
          const Runs runs = {1, 1, smaller(kZeroRow, volume.cin - c), 0, 0, 0};
          const T* pointers[Tile::kRows];
          for (int r = 0; r < rows; ++r) {
            const T* here = element(corners[r], tap, h, w);
            pointers[r] = here == nullptr ? kZeros<T> : here + c;
          }
          kernel(pointers, runs, b, k() * L, sums, resume, Ahead{reinterpret_cast<uintptr_t>(b), 0});
          b += runs.length * L;
          resume = true;
        }
      }
    }
  }

  /// Null outside the volume.
  TOROID_INLINE const T* element(const Corner& corner, int64_t d, int64_t h, int64_t w) const {
    const int64_t id = corner.at[0] + d * piece.axis[0].dilation, ih = corner.at[1] + h * piece.axis[1].dilation;
    const int64_t iw = corner.at[2] + w * piece.axis[2].dilation;
    if (!(inside(0, id) && inside(1, ih) && inside(2, iw))) return nullptr;
    return corner.x + id * volume.stride.of[0] + ih * volume.stride.of[1] + iw * volume.stride.of[2];
  }

  // ---- copied rows

  void copied(Range cells, Range panels) {
    alignas(64) T copy[kCapacity + L];  // whole vectors end past the last element
    alignas(64) T sums[kBlockSums<Tile>];
    const Runs runs = {1, 1, k(), 0, 0, 0};
    const int64_t fit = kCapacity / k();
    for (int64_t at = cells.begin; at < cells.end;) {
      const int highest = highest_tile<Tile>(panels.end);
      const int rows = next_rows(cells.end - at, fit < highest ? 6 : highest);
      const int tiles = static_cast<int>(smaller(tiles_in_block(cells.end - at, rows), fit / rows));
      const Cell first = Cell::at(piece, at);
      Cell cell = first;
      for (int r = 0; r < tiles * rows; ++r, cell.next(piece)) copy_row(corner(cell), copy + r * k());
      for (int64_t v = panels.begin; v < panels.end;) {
        const int width = next_width<Tile>(panels.end - v, rows, /* known= */ kVectors >= 0);
        const T* b = packed + v * k() * L;
        for (int t = 0; t < tiles; ++t) {
          const T* pointers[Tile::kRows];
          for (int r = 0; r < rows; ++r) pointers[r] = copy + (t * rows + r) * k();
          kernel_for<Tile, kVectors>(rows, width)(pointers, runs, b, k() * L, sums + int64_t{t} * rows * width * L, /* resume= */ false,
                                                  Ahead{reinterpret_cast<uintptr_t>(b), 0});
        }
        finish_cells<Tile>(piece, first, int64_t{tiles} * rows, v * L, cout, first_channel, width, sums, epilogue);
        v += width;
      }
      at += tiles * rows;
    }
  }

  void copy_row(const Corner& corner, T* to) const {
    const int64_t plane = piece.axis[1].taps * piece.axis[2].taps * volume.cin;
    for (int64_t d = 0; d < piece.axis[0].taps; ++d, to += plane) copy_plane(corner, d, to);
  }

  /// In the order of the taps; vectors that end past a run are written over by the next one.
  void copy_plane(const Corner& corner, int64_t d, T* to) const {
    const int64_t taps = piece.axis[2].taps;
    const bool dense = step(2) == volume.cin && all_inside(2, corner.at[2]);
    for (int64_t h = 0; h < piece.axis[1].taps; ++h) {
      if (dense) {
        copy_run(element(corner, d, h, 0), taps * volume.cin, to);
        to += taps * volume.cin;
        continue;
      }
      for (int64_t w = 0; w < taps; ++w, to += volume.cin) copy_run(element(corner, d, h, w), volume.cin, to);
    }
  }

  /// Zeros for null.
  static TOROID_INLINE void copy_run(const T* from, int64_t count, T* to) {
    typedef Vec<T, L> V;
    if (from == nullptr) {
      for (int64_t i = 0; i < count; i += L) V::broadcast(T(0)).store(to + i);
      return;
    }
    int64_t i = 0;
    for (; i + L <= count; i += L) V::load(from + i).store(to + i);
    if (i < count) V::load(from + i, count - i).store(to + i);
  }
};

}  // namespace tile
}  // namespace toroid
