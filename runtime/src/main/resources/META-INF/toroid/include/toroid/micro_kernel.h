// The register tile under matrix products and convolutions.
//
// A tile holds `rows` rows times `width` vectors of the result in registers and adds up over k: one vector load of B per column, one
// broadcast of A per row, one multiply-add per pair. B is packed in panels, [panels][k][Panel], of one vector or of a whole number of them,
// so a tile may be of any shape: few rows take more columns, so that enough independent sums hide the latency of multiply-add. Panels of
// matrix products are 64 bytes wide whatever the instruction set, so that one packing serves all. Rows of A are given by pointers,
// and k by runs, so a row may be a matrix row or the taps of a convolution window, in place.
//
// Every element is one chain of multiply-adds in the order of k, whatever tile it falls in: results do not depend on the number
// of rows, on the position of a row, or on the number of threads.
#pragma once

#include <toroid/vec.h>

#if defined(__clang__)
#define TOROID_UNROLL _Pragma("clang loop unroll(full)")
#else
#define TOROID_UNROLL _Pragma("GCC unroll 64")
#endif
#define TOROID_NOINLINE __attribute__((noinline))

namespace toroid {

/// A size known at compile time, where a run-time one would do too.
template <int64_t V>
struct Constant {
  constexpr operator int64_t() const { return V; }
};

/// At most Rows rows and Rows * Vectors sums, each of a vector of Lanes elements of T; B in panels of Panel elements.
template <class T, int Rows, int Vectors, int Lanes, int Panel = Lanes>
struct GemmTile {
  typedef T Element;
  static constexpr int kRows = Rows;
  static constexpr int kLanes = Lanes;
  static constexpr int kPanel = Panel;
  static constexpr int kPanelVectors = Panel / Lanes;
  static constexpr int kAccumulators = Rows * Vectors;
  typedef GemmTile<T, Rows, Vectors, Lanes> OnVectorPanels;
};

#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int kTileRows = 12;  // 32 registers: 24 sums
#else
constexpr int kTileRows = 6;  // 16 registers: 12 sums
#endif
constexpr int kPanelBytes = 64;
template <class T>
using DefaultTile = GemmTile<T, kTileRows, 2, kVectorBytes / static_cast<int>(sizeof(T)), kPanelBytes / static_cast<int>(sizeof(T))>;

namespace tile {

/// Where the elements of a row lie, in the order of k: offset + o * outer_stride + j * inner_stride + i for o < outer, j < inner, i < length.
struct Runs {
  int64_t outer, inner, length;
  int64_t outer_stride, inner_stride;
  int64_t offset;
  int64_t size() const { return outer * inner * length; }
};

constexpr int64_t ceil_divide(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// Where the vector-th vector of packed B begins; panels lie k * Panel apart.
template <class Tile>
constexpr int64_t vector_offset(int64_t vector, int64_t panel) {
  return vector / Tile::kPanelVectors * panel + vector % Tile::kPanelVectors * Tile::kLanes;
}

/// Panels that will be read after these: with each element of k, a kernel asks for a line of each, and goes on by `step` bytes. Hardware
/// fetches ahead within a page only, and a tile of few rows takes less time than its panels take to arrive.
struct Ahead {
  uintptr_t p;
  uintptr_t step;
};

/// sums[R][W * Lanes] = (resume ? sums : 0) + rows[R] times W vectors of B from `b` on, whose panels lie `panel` apart. They begin with a
/// panel or lie within one. With Split > 1, element k is added to the (k mod Split)-th of Split partial sums (k counted within
/// its run), for results too narrow to fill the pipeline otherwise.
template <class Tile, int R, int W, int Split>
TOROID_NOINLINE void micro_kernel(const typename Tile::Element* const* rows, const Runs& runs, const typename Tile::Element* b, int64_t panel,
                                  typename Tile::Element* sums, bool resume, Ahead ahead) {
  typedef typename Tile::Element T;
  constexpr int L = Tile::kLanes, P = Tile::kPanel;
  typedef Vec<T, L> V;
  V c[Split][R][W];
  TOROID_UNROLL for (int s = 0; s < Split; ++s)
    TOROID_UNROLL for (int r = 0; r < R; ++r)
      TOROID_UNROLL for (int w = 0; w < W; ++w)
        c[s][r][w] = resume && s == 0 ? V::load(sums + (r * W + w) * L) : V::broadcast(T(0));
  const T* p[R];
  TOROID_UNROLL for (int r = 0; r < R; ++r) p[r] = rows[r];

    constexpr bool kFetches = R > 1 && Split == 1;
  auto step = [&](int64_t i, const T* bi, V(&sum)[R][W]) __attribute__((always_inline)) {
    V v[W];
    TOROID_UNROLL for (int w = 0; w < W; ++w) v[w] = V::load(bi + vector_offset<Tile>(w, panel));
    if constexpr (kFetches) {
      TOROID_UNROLL for (int w = 0; w < W; w += Tile::kPanelVectors)
        __builtin_prefetch(reinterpret_cast<const void*>(ahead.p + static_cast<uintptr_t>(w / Tile::kPanelVectors * panel) * sizeof(T)), 0, 2);
      ahead.p += ahead.step;
    }
    TOROID_UNROLL for (int r = 0; r < R; ++r) {
      const V a = V::broadcast(p[r][i]);
      TOROID_UNROLL for (int w = 0; w < W; ++w) sum[r][w] = fma(a, v[w], sum[r][w]);
    }
  };
  for (int64_t o = 0; o < runs.outer; ++o) {
    for (int64_t j = 0; j < runs.inner; ++j) {
      int64_t i = runs.offset + o * runs.outer_stride + j * runs.inner_stride;
      const int64_t end = i + runs.length;
      if constexpr (Split > 1) {
        for (; i + Split <= end; i += Split, b += Split * P) {
          TOROID_UNROLL for (int s = 0; s < Split; ++s) step(i + s, b + s * P, c[s]);
        }
      }
      for (; i < end; ++i, b += P) step(i, b, c[0]);
    }
  }
  TOROID_UNROLL for (int half = Split / 2; half > 0; half /= 2)
    TOROID_UNROLL for (int s = 0; s < half; ++s)
      TOROID_UNROLL for (int r = 0; r < R; ++r)
        TOROID_UNROLL for (int w = 0; w < W; ++w) c[s][r][w] = c[s][r][w] + c[s + half][r][w];
  TOROID_UNROLL for (int r = 0; r < R; ++r)
    TOROID_UNROLL for (int w = 0; w < W; ++w) c[0][r][w].store(sums + (r * W + w) * L);
}

template <class Tile>
using MicroKernel = void (*)(const typename Tile::Element* const*, const Runs&, const typename Tile::Element*, int64_t, typename Tile::Element*, bool,
                             Ahead);

// ---- which tiles a result is cut into ----

constexpr int kTileHeights[] = {12, 6, 4, 3, 2, 1};

/// Six rows by four vectors need fewer loads than twelve by two, and rows that lie a multiple of 4 KiB apart, which share one set of
/// the first-level cache, fit into it; narrow results have no four vectors. (Eight by three have more pointers than there are registers.)
template <class Tile>
constexpr int highest_tile(int64_t vectors) {
  return vectors > 2 && Tile::kRows > 6 ? 6 : Tile::kRows;
}

/// Rows of the next tile when m are left, never fewer than of a later one: the highest that leaves none or at least three, since one or
/// two rows alone take as long as more.
constexpr int next_rows(int64_t m, int limit) {
  if (m == 5 && limit >= 3) return 3;
  for (int rows : kTileHeights)
    if (rows <= limit && rows <= m && (m == rows || m >= rows + 3)) return rows;
  for (int rows : kTileHeights)
    if (rows <= limit && rows <= m) return rows;
  return 1;
}

template <class Tile>
constexpr int widest_tile(int rows, bool known) {
  const int sums = Tile::kAccumulators / rows;
  return sums < 8 ? sums : known || rows == 1 ? 8 : 4;
}

/// Vectors of the next tile when `left` are and the highest tile beside it has that many rows. Widths of five to seven avoid narrow rests;
/// they are compiled only where the width of the whole result is known.
template <class Tile>
constexpr int preferred_width(int64_t left, int rows, bool known) {
  const int widest = widest_tile<Tile>(rows, known);
  const int least = static_cast<int>(left < widest ? left : widest);
  if (widest == 3) return left == 4 ? 2 : least;
  if (!known) return left >= widest ? widest : left >= 4 && widest > 4 ? 4 : least;
  if (widest == 8) return left >= 12 || left == 8 ? 8 : left > 8 ? 4 : static_cast<int>(left);
  if (widest >= 4) return left <= widest && left < 8 ? static_cast<int>(left) : left >= 4 ? 4 : static_cast<int>(left);
  return least;
}

/// The same, or less where the next tile would neither begin with a panel nor lie within one.
template <class Tile>
constexpr int next_width(int64_t left, int rows, bool known) {
  constexpr int unit = Tile::kPanelVectors;
  const int width = preferred_width<Tile>(left, rows, known);
  if (Tile::kAccumulators / rows < unit) return width > 2 ? 2 : width;
  return width == left || unit % width == 0 ? width : width / unit * unit;
}

/// Threads share columns in units of four vectors; what is left over goes to the last.
constexpr int64_t kColumnUnit = 4;

/// Whether any thread can meet tiles of this width in a result of so many vectors where the highest tile has `rows` rows.
template <class Tile>
constexpr bool width_occurs(int64_t vectors, int rows, int width) {
  const int64_t rest = vectors % kColumnUnit, longest = vectors < 4 * kColumnUnit ? vectors : 4 * kColumnUnit;
  for (int64_t share = vectors < kColumnUnit ? vectors : kColumnUnit; share <= longest; ++share) {
    if (share % kColumnUnit != 0 && share % kColumnUnit != rest) continue;
    for (int64_t left = share; left > 0;) {
      const int next = next_width<Tile>(left, rows, /* known= */ true);
      if (next == width) return true;
      left -= next;
    }
  }
  return false;
}

/// Whether tiles of `rows` rows stand below ones of `highest` rows, and none higher, where `limit` is the highest.
constexpr bool rows_occur(int limit, int highest, int rows) {
  for (int64_t m = rows; m <= 2 * limit + 2; ++m) {
    if (next_rows(m, limit) != highest) continue;
    for (int64_t left = m; left > 0; left -= next_rows(left, limit))
      if (next_rows(left, limit) == rows) return true;
  }
  return rows == highest;
}

/// Whether any thread can meet a tile of this shape in a result of so many vectors, -1 if that is not known.
template <class Tile>
constexpr bool occurs(int64_t vectors, int rows, int width) {
  const int limit = vectors < 0 ? Tile::kRows : highest_tile<Tile>(vectors);
  for (int highest : kTileHeights) {
    if (highest > limit || highest < rows) continue;
    if (vectors < 0 && width <= widest_tile<Tile>(highest, /* known= */ false)) return true;
    if (vectors >= 0 && width_occurs<Tile>(vectors, highest, width) && rows_occur(limit, highest, rows)) return true;
  }
  return false;
}

/// Narrow results are split along k (see micro_kernel), by their width alone.
constexpr int split_of(int64_t vectors) { return vectors == 1 ? 4 : vectors < kColumnUnit ? 2 : 1; }

template <class Size>
constexpr int64_t kKnown = -1;
template <int64_t V>
inline constexpr int64_t kKnown<Constant<V>> = V;

/// Vectors is the width of the whole result if it is known at compile time, else -1: then all tiles are compiled.
template <class Tile, int64_t Vectors, int R, int W>
MicroKernel<Tile> wide_kernel(int width) {
  if constexpr (W > 8 || W * R > Tile::kAccumulators) {
    return nullptr;
  } else {
    if constexpr (occurs<Tile>(Vectors, R, W)) {
      if (width == W) return micro_kernel<Tile, R, W, 1>;
    }
    return wide_kernel<Tile, Vectors, R, W + 1>(width);
  }
}

template <class Tile, int64_t Vectors, int R>
MicroKernel<Tile> kernel_of_rows(int width) {
  if constexpr (Vectors >= 0 && highest_tile<Tile>(Vectors) < R) return nullptr;
  else return wide_kernel<Tile, Vectors, R, 1>(width);
}

template <class Tile, int64_t Vectors>
MicroKernel<Tile> kernel_for(int rows, int width) {
  switch (rows) {
    case 12: return kernel_of_rows<Tile, Vectors, 12>(width);
    case 6: return kernel_of_rows<Tile, Vectors, 6>(width);
    case 4: return kernel_of_rows<Tile, Vectors, 4>(width);
    case 3: return kernel_of_rows<Tile, Vectors, 3>(width);
    case 2: return kernel_of_rows<Tile, Vectors, 2>(width);
    default: return kernel_of_rows<Tile, Vectors, 1>(width);
  }
}

template <class Tile, int R, int W>
MicroKernel<Tile> split_kernel() {
  constexpr int S = split_of(W);
  if constexpr (R * W * S > Tile::kAccumulators) return nullptr;
  else return micro_kernel<Tile, R, W, S>;
}

template <class Tile, int W>
MicroKernel<Tile> split_kernel_for(int rows) {
  switch (rows) {
    case 6: return split_kernel<Tile, 6, W>();
    case 4: return split_kernel<Tile, 4, W>();
    case 3: return split_kernel<Tile, 3, W>();
    case 2: return split_kernel<Tile, 2, W>();
    default: return split_kernel<Tile, 1, W>();
  }
}

template <class Tile, int64_t Vectors>
MicroKernel<Tile> split_kernel_for(int rows, int width) {
  if constexpr (Vectors < 0 || Vectors == 1) {
    if (width == 1) return split_kernel_for<Tile, 1>(rows);
  }
  if constexpr (Vectors < 0 || Vectors == 2) {
    if (width == 2) return split_kernel_for<Tile, 2>(rows);
  }
  if constexpr (Vectors < 0 || Vectors == 3) {
    if (width == 3) return split_kernel_for<Tile, 3>(rows);
  }
  return nullptr;
}

}  // namespace tile
}  // namespace toroid
