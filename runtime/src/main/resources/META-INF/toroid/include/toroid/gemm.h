// Matrix products with packed B and the caller's epilogue.
//
//   C[m, n] = sum over k of A[m, k] * B[k, n]
//
// A is read in place, row-major with unit stride along k. B is packed once by `pack_panels`. C is never stored here: each vector of sums
// goes to epilogue(m, n, Vec<T, Lanes> sums, count), where count is Full<Lanes>{} or, at the right edge, an int64_t; it adds the bias,
// activates, stores. The sums pass through a small buffer in the first-level cache, so that an epilogue is compiled once and not once
// for each tile shape.
//
// For each block of rows, columns are walked tile by tile while the panels stay in the second-level cache, from which they are read fast
// enough; long k is cut into chunks. Meanwhile the panels that follow are fetched: a product of few rows is as quick as its weights
// arrive.
#pragma once

#include <toroid/micro_kernel.h>
#include <toroid/pool.h>

namespace toroid {
namespace tile {

constexpr int kBlockTiles = 22;                // row tiles between which B is shared
constexpr int64_t kChunkBytes = (kVectorBytes >= 64 ? 128 : 64) << 10;  // of B, when k is cut: what is not fetched in time, and stays in the cache
constexpr int64_t kUnchunkedBytes = 2 * kChunkBytes;
constexpr int64_t kLongSums = 64;              // k from which tiles are finished one by one, so that stores do not come in bursts
constexpr int64_t kGrain = 1 << 18;            // multiply-adds that are worth another thread

/// What all tiles of a product share.
template <class T>
struct Product {
  Runs runs;
  const T* packed;
  int64_t k, vectors;
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

constexpr int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

/// Rows that pass over the same panels together, cut into tiles, the highest first, and a pointer for each.
template <class Tile>
struct Block {
  const typename Tile::Element* rows[kBlockTiles * Tile::kRows];
  int64_t m, count;
  int tiles;
  int first[kBlockTiles + 3];  // rows of the tiles, and their end

  int height(int t) const { return first[t + 1] - first[t]; }

  /// The block at the beginning of `left` rows, which are cut into about equal blocks.
  void cut(int64_t left, int highest) {
    const int64_t blocks = ceil_divide(left, int64_t{kBlockTiles} * highest);
    count = smaller(left, ceil_divide(ceil_divide(left, blocks), highest) * highest);
    if (left - count == 1 || left - count == 2) count -= highest;  // as next_rows decides
    tiles = 0;
    first[0] = 0;
    for (; first[tiles] < count; ++tiles) first[tiles + 1] = first[tiles] + next_rows(count - first[tiles], highest);
  }
};

/// Where tile t of a block begins to ask for `count` elements of k, beginning at `next`, of which each of the block's tiles asks for a part.
template <class Tile, class T>
inline Ahead ahead_of(const T* next, int64_t count, int t, int tiles) {
  constexpr uintptr_t line = Tile::kPanel * sizeof(T);
  const uintptr_t parts = static_cast<uintptr_t>(tiles);
  return {reinterpret_cast<uintptr_t>(next) + static_cast<uintptr_t>(count) * line * static_cast<uintptr_t>(t) / parts, line / parts};
}

/// Chunk by chunk, each of which stays in the cache while the block's tiles pass over it; meanwhile the next one is fetched.
template <class Tile, class T, class Kernel, class Finish>
void run_chunks(Kernel kernel, const Product<T>& product, const Block<Tile>& block, int64_t vector, int width, const T* next_panels, int64_t chunk_k,
                T* sums, Finish& finish) {
  const Runs& runs = product.runs;
  const int64_t panel = product.k * Tile::kPanel;
  const Chunk step = chunk_of(runs, chunk_k);
  const T* b = product.packed + vector_offset<Tile>(vector, panel);
  int64_t left = product.k;
  for (int64_t o = 0; o < runs.outer; o += step.outer) {
    for (int64_t j = 0; j < runs.inner; j += step.inner) {
      for (int64_t i = 0; i < runs.length; i += step.length) {
        Runs part = runs;
        part.outer = smaller(step.outer, runs.outer - o);
        part.inner = smaller(step.inner, runs.inner - j);
        part.length = smaller(step.length, runs.length - i);
        part.offset += o * runs.outer_stride + j * runs.inner_stride + i;
        const int64_t size = part.size();
        const bool first = left == product.k, last = left == size;
        const T* next = last ? next_panels : b + size * Tile::kPanel;
        for (int t = 0; t < block.tiles; ++t) {
          T* tile_sums = sums + int64_t{block.first[t]} * width * Tile::kLanes;
          kernel(t)(block.rows + block.first[t], part, b, panel, tile_sums, !first, ahead_of<Tile>(next, size, t, block.tiles));
          if (last) finish(block.m + block.first[t], block.height(t), vector, width, tile_sums);
        }
        b += size * Tile::kPanel;
        left -= size;
      }
    }
  }
}

/// The block times `width` vectors from `vector` on; kernel(t) is that of tile t. Kernels that split k see all of it at once.
template <class Tile, class T, class Kernel, class Finish>
inline void run_block(Kernel kernel, bool split, const Product<T>& product, const Block<Tile>& block, int64_t vector, int width, int64_t next_vector,
                      T* sums, Finish& finish) {
  const int64_t panel = product.k * Tile::kPanel, step_bytes = width * Tile::kLanes * static_cast<int64_t>(sizeof(T));
  const T* b = product.packed + vector_offset<Tile>(vector, panel);
  const T* next = product.packed + vector_offset<Tile>(next_vector, panel);
  if (!split && product.k * step_bytes > kUnchunkedBytes) {
    run_chunks(kernel, product, block, vector, width, next, kChunkBytes / step_bytes, sums, finish);
    return;
  }
  const bool together = product.k < kLongSums;
  for (int t = 0; t < block.tiles; ++t) {
    T* tile_sums = together ? sums + int64_t{block.first[t]} * width * Tile::kLanes : sums;
    kernel(t)(block.rows + block.first[t], product.runs, b, panel, tile_sums, false, ahead_of<Tile>(next, product.k, t, block.tiles));
    if (!together) finish(block.m + block.first[t], block.height(t), vector, width, tile_sums);
  }
  if (together) finish(block.m, block.count, vector, width, sums);
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

/// Tiles of that height at the beginning of m rows, at most a block of them, blocks being about equal.
inline int tiles_in_block(int64_t m, int tile_rows) {
  int64_t tiles = m / tile_rows;
  if (m % tile_rows == 1 || m % tile_rows == 2) --tiles;  // as next_rows decides
  if (tiles <= 1) return 1;
  return static_cast<int>(ceil_divide(tiles, ceil_divide(tiles, kBlockTiles)));
}

/// What is read after the panels of `width` vectors from `vector` on: the next ones, or for the next block the first; after the last nothing
/// new, so nothing is fetched in vain.
inline int64_t following(int64_t vector, int width, Range panels, bool last_block) {
  return vector + width < panels.end ? vector + width : last_block ? vector : panels.begin;
}

/// The tiles of rows `m` and of the panels `panels`. pointer(m), called in order, gives row m; finish(m, rows, vector, width, sums) takes its sums.
template <class Tile, int64_t Vectors, bool Split, class T, class Pointer, class Finish>
inline void run_tiles(Range m, Range panels, const Product<T>& product, Pointer pointer, Finish finish) {
  const bool split = Split && split_of(product.vectors) > 1;
  const int sums_per_row = static_cast<int>(split_of(product.vectors) * product.vectors);
  const int highest = split ? Tile::kAccumulators / sums_per_row : highest_tile<Tile>(product.vectors);
  alignas(64) T sums[kBlockSums<Tile>];
  Block<Tile> block;
  for (block.m = m.begin; block.m < m.end; block.m += block.count) {
    block.cut(m.end - block.m, highest);
    for (int64_t r = 0; r < block.count; ++r) block.rows[r] = pointer(block.m + r);
    for (int64_t v = panels.begin; v < panels.end;) {
      if constexpr (Split && (Vectors < 0 || Vectors < kColumnUnit)) {
        if (split) {
          const int width = static_cast<int>(product.vectors);
          auto kernel = [&](int t) { return split_kernel_for<Tile, Vectors>(block.height(t), width); };
          run_block(kernel, true, product, block, v, width, v, sums, finish);
          v += width;
        }
      }
      if constexpr (!Split || Vectors < 0 || Vectors >= kColumnUnit) {
        if (!split) {
          const int width = next_width<Tile>(panels.end - v, block.height(0), /* known= */ Vectors >= 0);
          auto kernel = [&](int t) { return kernel_for<Tile, Vectors>(block.height(t), width); };
          const int64_t next = following(v, width, panels, /* last_block= */ block.m + block.count == m.end);
          run_block(kernel, false, product, block, v, width, next, sums, finish);
          v += width;
        }
      }
    }
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

/// Elements of B[k, n] once packed: [ceil(n / Panel)][k][Panel], columns padded with zeros.
template <class Tile>
constexpr int64_t packed_size(int64_t n, int64_t k) {
  return tile::ceil_divide(n, Tile::kPanel) * k * Tile::kPanel;
}

namespace tile {

/// One exchange of a transposition: blocks of Step lanes off the diagonal change places.
template <int Step, class V, int... I>
TOROID_INLINE void exchange_blocks(V& a, V& b, target::Indices<I...>) {
  constexpr int L = sizeof...(I);
  const V upper = {{__builtin_shufflevector(a.v, b.v, ((I & Step) != 0 ? I - Step + L : I)...)}};
  b.v = __builtin_shufflevector(a.v, b.v, ((I & Step) != 0 ? I + L : I + Step)...);
  a = upper;
}

/// In place: lane j of rows[i] becomes lane i of rows[j].
template <int Step, class V, int L>
TOROID_INLINE void transpose(V (&rows)[L]) {
  if constexpr (Step > 0) {
    TOROID_UNROLL for (int i = 0; i < L; ++i)
      if ((i & Step) == 0) exchange_blocks<Step>(rows[i], rows[i + Step], target::IndicesTo<L>{});
    transpose<Step / 2>(rows);
  }
}

/// A vector's columns of B, of which `columns` (0..Lanes) exist; for unit stride along k they are transposed block by block.
template <class Tile, class T>
void pack_vector(int64_t k, int64_t columns, const T* b, int64_t stride_n, int64_t stride_k, T* packed) {
  constexpr int L = Tile::kLanes, P = Tile::kPanel;
  typedef Vec<T, L> V;
  int64_t i = 0;
  if (stride_k == 1) {
    for (; i + L <= k; i += L) {
      V rows[L];
      TOROID_UNROLL for (int l = 0; l < L; ++l) rows[l] = l < columns ? V::load(b + l * stride_n + i) : V::broadcast(T(0));
      transpose<L / 2>(rows);
      TOROID_UNROLL for (int l = 0; l < L; ++l) rows[l].store(packed + (i + l) * P);
    }
  }
  if (stride_n == 1) {
    for (; i < k; ++i) V::load(b + i * stride_k, columns).store(packed + i * P);
  }
  for (; i < k; ++i) V::strided(b + i * stride_k, stride_n, columns).store(packed + i * P);
}

}  // namespace tile

/// Packs B(k, n) = b[n * stride_n + k * stride_k].
template <class Tile>
void pack_panels(const ToroidPool* pool, int64_t n, int64_t k, const typename Tile::Element* b, int64_t stride_n, int64_t stride_k,
                 typename Tile::Element* packed) {
  constexpr int L = Tile::kLanes, P = Tile::kPanel;
  const int64_t panel_grain = 1 + (1 << 14) / (k * P + 1);
  parallel_for(pool, tile::ceil_divide(n, P), panel_grain, [=](int64_t begin, int64_t end) {
    for (int64_t column = begin * P; column < end * P; column += L) {
      const int64_t columns = n <= column ? 0 : tile::smaller(L, n - column);
      tile::pack_vector<Tile>(k, columns, b + column * stride_n, stride_n, stride_k, packed + tile::vector_offset<Tile>(column / L, k * P));
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
    const tile::Product<T> product = {{1, 1, k, 0, 0, 0}, packed(index), k, vectors};
    auto element = [&](int64_t row, int64_t column, Vec<T, L> sums, auto count) { epilogue(index, row, column, sums, count); };
    tile::run_tiles<Tile, known_vectors, /* Split= */ true>(
        rows, panels, product, [=](int64_t row) { return first + row * lda; },
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
