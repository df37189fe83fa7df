// Matrix products against plain loops in long double: every tile shape and tail, both orders of B, static and run-time sizes, batches,
// one and two threads. A row's result must not depend, in any bit, on how many rows there are or how many threads.
#include <string.h>

#include <initializer_list>

#include <toroid/gemm.h>

#include "testing.h"

using namespace toroid;
using testing::Buffer;
using testing::checks;
using testing::fail;

template <class T>
static constexpr double kTolerance = sizeof(T) == 4 ? 1e-6 : 2e-15;  // of the sum of absolute terms

template <class Tile, class T, class N, class K>
static void product(const ToroidPool* pool, int64_t m, N n, K k, int64_t padding, bool columns_first) {
  Buffer<T> a((m - 1) * (k + padding) + k), b(n * k), packed(packed_size<Tile>(n, k)), c(m * n);
  const int64_t lda = k + padding, stride_n = columns_first ? 1 : k, stride_k = columns_first ? n : 1;
  pack_panels<Tile>(pool, n, k, b.data, stride_n, stride_k, packed.data);
  for (int64_t i = 0; i < m * n; ++i) c.data[i] = T(777);
  gemm<Tile>(pool, m, n, k, a.data, lda, packed.data,
             [=, out = c.data](int64_t i, int64_t j, auto sums, auto count) { (sums + T(1)).store(out + i * n + j, count); });
  for (int64_t i = 0; i < m; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      long double sum = 0, size = 0;
      for (int64_t l = 0; l < k; ++l) {
        const long double term = static_cast<long double>(a.data[i * lda + l]) * static_cast<long double>(b.data[j * stride_n + l * stride_k]);
        sum += term;
        size += term < 0 ? -term : term;
      }
      const long double difference = static_cast<long double>(c.data[i * n + j]) - (sum + 1);
      if (!(difference <= kTolerance<T> * (size + 2) && -difference <= kTolerance<T> * (size + 2)))
        fail("%d-byte product %lld x %lld x %lld at [%lld, %lld]: expected %.9Lg, got %.9g", static_cast<int>(sizeof(T)), static_cast<long long>(m),
             static_cast<long long>(k), static_cast<long long>(n), static_cast<long long>(i), static_cast<long long>(j), sum + 1,
             static_cast<double>(c.data[i * n + j]));
      ++checks;
    }
  }
}

template <class T>
static void run_time_sizes(const ToroidPool* pool) {
  typedef DefaultTile<T> Tile;
  for (int64_t m = 1; m <= 40; ++m)
    for (int64_t n : {1, 3, 8, 10, 16, 17, 33, 64, 100}) product<Tile, T>(pool, m, n, int64_t{19}, m % 3, n % 2 == 0);
  for (int64_t n = 1; n <= 150; ++n)
    for (int64_t m : {1, 2, 3, 4, 7}) product<Tile, T>(pool, m, n, int64_t{6}, 0, n % 2 == 0);
  for (int64_t k = 0; k <= 20; ++k)
    for (int64_t n : {5, 20, 40, 80}) product<Tile, T>(pool, 7, n, k, 1, false);
  product<Tile, T>(pool, 101, int64_t{77}, int64_t{700}, 5, false);
  product<Tile, T>(pool, 130, int64_t{70}, int64_t{1030}, 0, true);
  product<Tile, T>(pool, 50, int64_t{70}, int64_t{2100}, 0, false);  // k is cut
  product<Tile, T>(pool, 2, int64_t{600}, int64_t{500}, 0, true);
}

template <class T, int64_t N, int64_t K>
static void static_size(const ToroidPool* pool) {
  for (int64_t m : {1, 2, 3, 4, 5, 6, 9, 12, 13, 14, 25, 64}) product<DefaultTile<T>, T>(pool, m, Constant<N>{}, Constant<K>{}, 0, false);
}

template <class T>
static void static_sizes(const ToroidPool* pool) {
  static_size<T, 10, 128>(pool);
  static_size<T, 1, 9>(pool);
  static_size<T, 32, 27>(pool);
  static_size<T, 41, 33>(pool);
  static_size<T, 128, 64>(pool);
  static_size<T, 144, 5>(pool);
  static_size<T, 200, 3>(pool);
}

template <class T>
static void batches(const ToroidPool* pool) {
  typedef DefaultTile<T> Tile;
  for (int64_t batch : {0, 1, 3, 8}) {
    for (int64_t m : {1, 20}) {
      const int64_t n = 70, k = 200, size = packed_size<Tile>(n, k);
      Buffer<T> a(batch * m * k), b(batch * n * k), packed(batch * size), c(batch * m * n);
      for (int64_t i = 0; i < batch; ++i) pack_panels<Tile>(pool, n, k, b.data + i * n * k, 1, n, packed.data + i * size);
      batched_gemm<Tile>(
          pool, batch, m, n, k, [&](int64_t i) { return a.data + i * m * k; }, k, [&](int64_t i) { return packed.data + i * size; },
          [&](int64_t index, int64_t i, int64_t j, auto sums, auto count) { sums.store(c.data + (index * m + i) * n + j, count); });
      for (int64_t row = 0; row < batch * m; ++row) {
        for (int64_t j = 0; j < n; ++j) {
          double sum = 0;
          for (int64_t l = 0; l < k; ++l) sum += static_cast<double>(a.data[row * k + l]) * static_cast<double>(b.data[(row / m * k + l) * n + j]);
          const double difference = static_cast<double>(c.data[row * n + j]) - sum;
          if (!(difference < 2e-5 && difference > -2e-5)) fail("batch %lld row %lld: expected %g", static_cast<long long>(batch), static_cast<long long>(row), sum);
          ++checks;
        }
      }
    }
  }
}

/// All rows of a product on all threads, and each row alone on one: the same bits. There are rows for more than a block, and depths that
/// are cut into chunks.
static void rows_do_not_depend_on_each_other(const ToroidPool* pool) {
  typedef DefaultTile<float> Tile;
  for (int64_t n : {7, 20, 40, 130, 384}) {
    const int64_t m = n == 384 ? 143 : 77, k = n == 384 ? 1536 : 601;
    Buffer<float> a(m * k), b(n * k), packed(packed_size<Tile>(n, k)), together(m * n), alone(n);
    pack_panels<Tile>(pool, n, k, b.data, k, 1, packed.data);
    gemm<Tile>(pool, m, n, k, a.data, k, packed.data, [&](int64_t i, int64_t j, auto sums, auto count) { sums.store(together.data + i * n + j, count); });
    for (int64_t row = 0; row < m; ++row) {
      gemm<Tile>(nullptr, 1, n, k, a.data + row * k, k, packed.data, [&](int64_t, int64_t j, auto sums, auto count) { sums.store(alone.data + j, count); });
      if (memcmp(alone.data, together.data + row * n, static_cast<size_t>(n) * sizeof(float)) != 0)
        fail("row %lld of %lld columns depends on the other rows", static_cast<long long>(row), static_cast<long long>(n));
      ++checks;
    }
  }
}

/// 64 bytes wide, columns beyond the last are zeros.
static void panels_do_not_depend_on_the_instruction_set() {
  typedef DefaultTile<float> Tile;
  for (int64_t n : {5, 16, 37}) {
    const int64_t k = 19, panels = (n + 15) / 16;
    if (packed_size<Tile>(n, k) != panels * k * 16) fail("%lld columns have %lld elements", static_cast<long long>(n), static_cast<long long>(packed_size<Tile>(n, k)));
    Buffer<float> b(n * k), packed(panels * k * 16), same(panels * k * 16);
    pack_panels<Tile>(nullptr, n, k, b.data, k, 1, packed.data);
    pack_panels<GemmTile<float, 6, 2, 4, 16>>(nullptr, n, k, b.data, k, 1, same.data);
    for (int64_t i = 0; i < panels * k * 16; ++i, ++checks) {
      const int64_t column = i / (16 * k) * 16 + i % 16, row = i / 16 % k;
      const float expected = column < n ? b.data[column * k + row] : 0.0f;
      if (packed.data[i] != expected || same.data[i] != expected)
        fail("element %lld of the panels of %lld columns: expected %g, got %g", static_cast<long long>(i), static_cast<long long>(n),
             static_cast<double>(expected), static_cast<double>(packed.data[i]));
    }
  }
}

static void no_element_of_an_empty_product_is_touched() {
  int64_t calls = 0;
  auto count_calls = [&](int64_t, int64_t, auto, auto) { ++calls; };
  gemm<DefaultTile<float>>(nullptr, 0, int64_t{5}, int64_t{5}, nullptr, 5, nullptr, count_calls);
  gemm<DefaultTile<float>>(nullptr, 5, int64_t{0}, int64_t{5}, nullptr, 5, nullptr, count_calls);
  if (calls != 0) fail("an empty product called its epilogue %lld times", static_cast<long long>(calls));
  ++checks;
}

template <class Tile>
static bool within_panels(int64_t vector, int width) {
  return vector % Tile::kPanelVectors == 0 || vector % Tile::kPanelVectors + width <= Tile::kPanelVectors;
}

template <class Tile>
static void every_tile_of_a_block_is_compiled(int64_t vectors, Range share, int64_t rows) {
  tile::Block<Tile> block;
  block.cut(rows, tile::highest_tile<Tile>(vectors));
  if (block.first[block.tiles] != block.count || block.count > rows) fail("%lld of %lld rows are cut", static_cast<long long>(block.count), static_cast<long long>(rows));
  for (bool known : {false, true}) {
    for (int64_t v = share.begin; v < share.end;) {
      const int width = tile::next_width<Tile>(share.end - v, block.height(0), known);
      for (int t = 0; t < block.tiles; ++t, ++checks)
        if (!tile::occurs<Tile>(known ? vectors : -1, block.height(t), width))
          fail("%d x %d of %lld vectors is not compiled", block.height(t), width, static_cast<long long>(vectors));
      if (!within_panels<Tile>(v, width)) fail("%lld x %d of %lld vectors begins within a panel", static_cast<long long>(rows), width, static_cast<long long>(vectors));
      v += width;
    }
  }
}

/// A tile that a thread meets but that was not compiled would be a call of null.
template <class Tile>
static void every_tile_met_is_compiled() {
  for (int64_t vectors = 1; vectors <= 26; ++vectors) {
    for (int64_t parts = 1; parts <= 3 && (parts == 1 || parts <= vectors / tile::kColumnUnit); ++parts) {
      for (int64_t part = 0; part < parts; ++part) {
        const Range share = tile::split_vectors(vectors, parts, part);
        for (int64_t rows = 1; rows <= 19; ++rows) every_tile_of_a_block_is_compiled<Tile>(vectors, share, rows);
      }
    }
  }
}

int main() {
  every_tile_met_is_compiled<GemmTile<float, 12, 2, 16>>();
  every_tile_met_is_compiled<GemmTile<float, 6, 2, 8>>();
  every_tile_met_is_compiled<GemmTile<float, 6, 2, 8, 16>>();   // AVX2
  every_tile_met_is_compiled<GemmTile<float, 6, 2, 4, 16>>();   // SSE2
  every_tile_met_is_compiled<GemmTile<float, 12, 2, 4, 16>>();  // NEON
  no_element_of_an_empty_product_is_touched();
  panels_do_not_depend_on_the_instruction_set();
  testing::alone_and_on(2, [](const ToroidPool* pool) {
    run_time_sizes<float>(pool);
    run_time_sizes<double>(pool);
    static_sizes<float>(pool);
    static_sizes<double>(pool);
    batches<float>(pool);
    batches<double>(pool);
    rows_do_not_depend_on_each_other(pool);
  });
  return testing::finish();
}
