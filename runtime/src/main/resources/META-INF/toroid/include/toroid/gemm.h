// Matrix products with packed B and the caller's epilogue.
//
//   C[m, n] = sum over k of A[m, k] * B[k, n]
//
// A is read in place, row-major with unit stride along k. B is packed once by `pack_panels`. C is never stored here: each vector of sums
// goes to epilogue(m, n, Vec<T, Lanes> sums, count), where count is Full<Lanes>{} or, at the right edge, an int64_t; it adds the bias,
// activates, stores. The sums pass through a small buffer in the first-level cache, so that an epilogue is compiled once and not once
// for each tile shape.
//
// For each block of rows, columns are walked tile by tile, and k in chunks whose panel stays in the first-level cache while the row
// tiles of the block pass over it.
#pragma once

#include <toroid/micro_kernel.h>
#include <toroid/pool.h>

namespace toroid {
namespace tile {

constexpr int kBlockTiles = 8;             // row tiles that share a chunk of B
constexpr int64_t kChunkBytes = 16 << 10;  // of B, half a small first-level cache
constexpr int64_t kGrain = 1 << 18;        // multiply-adds that are worth another thread

/// What all tiles of a product share.
template <class T>
struct Product {
  Runs runs;
  const T* packed;
  int64_t k;
};

/// Elements of the sums of a block.
template <class Tile>
constexpr int64_t kBlockSums = int64_t{kBlockTiles} * Tile::kAccumulators * Tile::kLanes;

/// A sub-range of k, in whole runs where they are short.
struct Chunk {
  int64_t outer, inner, length;
};
inline Chunk chunk_of(const Runs& runs, int64_t k) {
  if (runs.inner * runs.length > k) {
    if (runs.length > k) return {1, 1, k};
    return {1, k / runs.length, runs.length};
  }
  const int64_t row = runs.inner * runs.length;
  return {row == 0 ? runs.outer : k / row, runs.inner, runs.length};
}

inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

/// sums[tiles * tile_rows][width * Lanes] of a block; `rows` holds a pointer per row. Kernels that split k must see all of it at once.
template <class Tile, class T>
void accumulate_block(MicroKernel<Tile> kernel, bool split, const Product<T>& product, const T* const* rows, int tiles, int tile_rows, int64_t vector,
                      int width, T* sums) {
  const Runs& runs = product.runs;
  const T* b = product.packed + vector * product.k * Tile::kLanes;
  const int64_t panel = product.k * Tile::kLanes;
  const int64_t tile_sums = int64_t{tile_rows} * width * Tile::kLanes;
  const int64_t chunk_k = kChunkBytes / (width * Tile::kLanes * static_cast<int64_t>(sizeof(T)));
  if (tiles == 1 || split || product.k <= chunk_k) {
    for (int t = 0; t < tiles; ++t) kernel(rows + t * tile_rows, runs, b, panel, sums + t * tile_sums, false);
    return;
  }
  const Chunk step = chunk_of(runs, chunk_k);
  bool resume = false;
  for (int64_t o = 0; o < runs.outer; o += step.outer) {
    for (int64_t j = 0; j < runs.inner; j += step.inner) {
      for (int64_t i = 0; i < runs.length; i += step.length) {
        Runs part = runs;
        part.outer = smaller(step.outer, runs.outer - o);
        part.inner = smaller(step.inner, runs.inner - j);
        part.length = smaller(step.length, runs.length - i);
        part.offset += o * runs.outer_stride + j * runs.inner_stride + i;
        for (int t = 0; t < tiles; ++t) kernel(rows + t * tile_rows, part, b, panel, sums + t * tile_sums, resume);
        b += part.size() * Tile::kLanes;
        resume = true;
      }
    }
  }
}

/// Hands sums[rows][width * Lanes], whose first column is n, to the epilogue.
template <class Tile, class N, class E>
TOROID_NOINLINE void finish_block(int64_t m, int64_t rows, int64_t n, N columns, int width, const typename Tile::Element* sums, E& epilogue) {
  constexpr int L = Tile::kLanes;
  typedef Vec<typename Tile::Element, L> V;
  for (int64_t r = 0; r < rows; ++r) {
    for (int w = 0; w < width; ++w, sums += L) {
      const int64_t column = n + w * L;
      const int64_t count = columns - column;
      if constexpr (kKnown<N> < 0 || kKnown<N> % L != 0) {
        if (count < L) {
          epilogue(m + r, column, V::load(sums), count);
          continue;
        }
      }
      if constexpr (kKnown<N> < 0 || kKnown<N> >= L) epilogue(m + r, column, V::load(sums), Full<L>{});
    }
  }
}

/// The tiles of rows `m` and of the panels `vectors`: pointer(m) gives row m, finish(m, rows, vector, width, sums) takes its sums.
template <class Tile, int64_t Vectors, bool Split, class T, class Pointer, class Finish>
inline void run_tiles(Range m, Range vectors, int64_t all_vectors, const Product<T>& product, Pointer pointer, Finish finish) {
  const bool split = Split && split_of(all_vectors) > 1;
  const int limit = split ? static_cast<int>(Tile::kAccumulators / (split_of(all_vectors) * all_vectors)) : Tile::kRows;
  const int highest = limit < Tile::kRows ? limit : Tile::kRows;
  alignas(64) T sums[kBlockSums<Tile>];
  const T* rows[kBlockTiles * Tile::kRows];
  while (m.begin < m.end) {
    const int tile_rows = next_rows(m.end - m.begin, highest);
    int tiles = 0;
    do {
      for (int r = 0; r < tile_rows; ++r) rows[tiles * tile_rows + r] = pointer(m.begin + tiles * tile_rows + r);
      ++tiles;
    } while (tiles < kBlockTiles && m.begin + tiles * tile_rows < m.end && next_rows(m.end - m.begin - tiles * tile_rows, highest) == tile_rows);
    for (int64_t v = vectors.begin; v < vectors.end;) {
      int width = 0;
      MicroKernel<Tile> kernel = nullptr;
      if constexpr (Split && (Vectors < 0 || Vectors < kColumnUnit)) {
        if (split) {
          width = static_cast<int>(all_vectors);
          kernel = split_kernel_for<Tile, Vectors>(tile_rows, width);
        }
      }
      if constexpr (!Split || Vectors < 0 || Vectors >= kColumnUnit) {
        if (!split) {
          width = next_width<Tile>(vectors.end - v, tile_rows);
          kernel = kernel_for<Tile, Vectors>(tile_rows, width);
        }
      }
      accumulate_block<Tile>(kernel, split, product, rows, tiles, tile_rows, v, width, sums);
      finish(m.begin, int64_t{tiles} * tile_rows, v, width, sums);
      v += width;
    }
    m.begin += tiles * tile_rows;
  }
}

/// How many parts rows and columns are cut into.
struct Grid {
  int64_t rows, columns;
};

/// The grid of at most `threads` parts whose largest part is smallest; among equals, the one that reads least.
inline Grid grid_of(int64_t threads, int64_t rows, int64_t vectors) {
  const int64_t units = vectors < kColumnUnit ? 1 : vectors / kColumnUnit;
  Grid best = {1, 1};
  int64_t best_cost = -1, best_reads = 0;
  for (int64_t columns = 1; columns <= threads && columns <= units; ++columns) {
    const int64_t row_parts = smaller(threads / columns, rows);
    const int64_t part_rows = ceil_divide(rows, row_parts), part_vectors = ceil_divide(units, columns) * kColumnUnit;
    const int64_t cost = part_rows * part_vectors, reads = part_rows + part_vectors * 16;
    if (best_cost >= 0 && (cost > best_cost || (cost == best_cost && reads >= best_reads))) continue;
    best = {row_parts, columns};
    best_cost = cost;
    best_reads = reads;
  }
  return best;
}

inline Range split_vectors(int64_t vectors, int64_t parts, int64_t part) {
  if (parts == 1) return {0, vectors};
  const Range units = split(vectors / kColumnUnit, parts, part);
  return {units.begin * kColumnUnit, part == parts - 1 ? vectors : units.end * kColumnUnit};
}

}  // namespace tile

/// Elements of B[k, n] once packed: [ceil(n / Lanes)][k][Lanes], columns padded with zeros.
template <class Tile>
constexpr int64_t packed_size(int64_t n, int64_t k) {
  return tile::ceil_divide(n, Tile::kLanes) * k * Tile::kLanes;
}

namespace tile {

template <class Tile, class T, class Count>
inline void pack_panel(int64_t k, const T* b, int64_t stride_n, int64_t stride_k, T* packed, Count count) {
  constexpr int L = Tile::kLanes;
  typedef Vec<T, L> V;
  if (stride_n == 1) {
    for (int64_t i = 0; i < k; ++i) V::load(b + i * stride_k, count).store(packed + i * L);
  } else {
    for (int64_t i = 0; i < k; ++i) V::strided(b + i * stride_k, stride_n, count).store(packed + i * L);
  }
}

}  // namespace tile

/// Packs B(k, n) = b[n * stride_n + k * stride_k].
template <class Tile>
void pack_panels(const ToroidPool* pool, int64_t n, int64_t k, const typename Tile::Element* b, int64_t stride_n, int64_t stride_k,
                 typename Tile::Element* packed) {
  constexpr int L = Tile::kLanes;
  const int64_t panel_grain = 1 + (1 << 14) / (k * L + 1);
  parallel_for(pool, tile::ceil_divide(n, L), panel_grain, [=](int64_t begin, int64_t end) {
    for (int64_t v = begin; v < end; ++v) {
      const auto* source = b + v * L * stride_n;
      auto* target = packed + v * k * L;
      if (n - v * L >= L) tile::pack_panel<Tile>(k, source, stride_n, stride_k, target, Full<L>{});
      else tile::pack_panel<Tile>(k, source, stride_n, stride_k, target, n - v * L);
    }
  });
}

/// For each b < batch, the product of a(b), an [m, k] matrix whose rows lie lda apart, and packed(b); sums go to epilogue(b, m, n, sums, count).
template <class Tile, class N, class K, class A, class B, class E>
void batched_gemm(const ToroidPool* pool, int64_t batch, int64_t m, N n, K k, A&& a, int64_t lda, B&& packed, E&& epilogue) {
  typedef typename Tile::Element T;
  constexpr int L = Tile::kLanes;
  constexpr int64_t known = tile::kKnown<N>;
  constexpr int64_t known_vectors = known < 0 ? -1 : tile::ceil_divide(known, L);
  if (batch <= 0 || m <= 0 || n <= 0) return;
  const int64_t vectors = tile::ceil_divide(n, L);

  auto run = [&](int64_t index, Range rows, Range panels) {
    const T* first = a(index);
    const tile::Product<T> product = {{1, 1, k, 0, 0, 0}, packed(index), k};
    auto element = [&](int64_t row, int64_t column, Vec<T, L> sums, auto count) { epilogue(index, row, column, sums, count); };
    tile::run_tiles<Tile, known_vectors, /* Split= */ true>(
        rows, panels, vectors, product, [=](int64_t row) { return first + row * lda; },
        [&](int64_t row, int64_t count, int64_t vector, int width, const T* sums) {
          tile::finish_block<Tile>(row, count, vector * L, n, width, sums, element);
        });
  };
  const int64_t threads = useful_threads(pool, batch * m * n * k, tile::kGrain);
  if (threads == 1) {
    for (int64_t index = 0; index < batch; ++index) run(index, {0, m}, {0, vectors});
    return;
  }
  const tile::Grid grid = tile::grid_of(tile::ceil_divide(threads, batch), m, vectors);
  const int64_t pieces = batch * grid.rows * grid.columns;
  parallel_parts(pool, tile::smaller(threads, pieces), [&](int64_t part) {
    const Range mine = split(pieces, tile::smaller(threads, pieces), part);
    for (int64_t piece = mine.begin; piece < mine.end; ++piece) {
      const int64_t cell = piece % (grid.rows * grid.columns);
      run(piece / (grid.rows * grid.columns), split(m, grid.rows, cell / grid.columns),
          tile::split_vectors(vectors, grid.columns, cell % grid.columns));
    }
  });
}

/// The product of a, an [m, k] matrix whose rows lie lda apart, and packed; sums go to epilogue(m, n, sums, count).
template <class Tile, class N, class K, class E>
inline void gemm(const ToroidPool* pool, int64_t m, N n, K k, const typename Tile::Element* a, int64_t lda, const typename Tile::Element* packed,
                 E&& epilogue) {
  batched_gemm<Tile>(
      pool, 1, m, n, k, [a](int64_t) { return a; }, lda, [packed](int64_t) { return packed; },
      [&epilogue](int64_t, int64_t row, int64_t column, auto sums, auto count) { epilogue(row, column, sums, count); });
}

}  // namespace toroid
