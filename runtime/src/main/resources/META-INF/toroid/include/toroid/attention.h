// Scaled dot-product attention as one kernel:
//
//   O[b, h, i, :] = sum over j of softmax_j(scale * Q[b, h, i, :] . K[b, h, j, :] + mask(b, h, i, j)) * V[b, h, j, :]
//
// Scores exist for a group of twelve or sixteen queries and a block of at most 256 keys only. The scratch block, at most 210 KiB of
// the stack for floats, 290 for doubles, and as small as the inputs allow, holds these scores, the block's keys, transposed so that scores come out side by side, and
// its values. With more than one block the softmax is an online one (Milakov and Gimelshein 2018): sums are rescaled whenever a row's
// maximum grows. Queries, keys and values are read where the projections left them, [batch, tokens, heads * dimension] or any other
// strides. Dimensions beyond 512 are handled in parts, which costs time but no memory.
//
// The result of a query has the same bits whatever other queries, masked keys or threads there are. Special values are those of the
// formula, but that a row whose scores are all -inf gives zeros, as PyTorch's scaled_dot_product_attention does: NaN and +inf among its
// scores give NaN, and so does a weight of 0 times an infinite value. Without any keys the result is 0. Weights that would be subnormal numbers beside a largest one of 1 may become zero.
#pragma once

#include <toroid/attention_tile.h>
#include <toroid/pool.h>

namespace toroid {

/// A [batch, heads, tokens, dimension] tensor whose last axis is contiguous.
template <class T>
struct Heads {
  T* data;
  int64_t batch_stride, head_stride, token_stride;
  T* at(int64_t b, int64_t h, int64_t i) const { return data + b * batch_stride + h * head_stride + i * token_stride; }
};

/// The epilogue that only stores.
template <class T>
struct StoreHeads {
  Heads<T> to;
  template <class V, class Count>
  TOROID_INLINE void operator()(int64_t b, int64_t h, int64_t i, int64_t c, V x, Count count) const {
    x.store(to.at(b, h, i) + c, count);
  }
};

struct NoMask {};

template <class T>
struct AttentionInputs {
  int64_t batch, heads, queries, keys;
  Heads<const T> query, key, value;
  T scale;
};

namespace attend {

constexpr int64_t kLongest = 512;                  // elements of a query and of a value that are handled at once
constexpr int64_t kBlockBytes = 64 << 10;          // of keys, and of values, at most
constexpr int64_t kOutputBytes = 32 << 10;         // of sums that wait for the next block of keys
constexpr int64_t kSoftmaxCost = 16;               // of a score, in multiply-adds
constexpr int64_t kThreadWork = 1 << 18;           // multiply-adds that are worth another thread
constexpr int64_t kMostScratch = 300 << 10;        // bytes, of the stack of the calling thread too, which in Java often has 1 MiB
constexpr int64_t kPackedValueRows = 32;           // from so many queries on, values are copied

constexpr int64_t round_up(int64_t n, int64_t unit) { return (n + unit - 1) / unit * unit; }
constexpr int64_t limit(int64_t n, int64_t low, int64_t high) { return n < low ? low : n > high ? high : n; }

/// The part of a dimension that is handled at once: a constant where it can be.
template <class D>
TOROID_INLINE auto chunk_of(D d) {
  if constexpr (tile::kKnown<D> >= 0 && tile::kKnown<D> <= kLongest) return d;
  else return target::at_most(d, kLongest);
}
/// Elements between two rows of a copy.
template <class T, class D>
TOROID_INLINE auto padded(D d) {
  constexpr int L = kRegisterLanes<T>;
  if constexpr (tile::kKnown<D> >= 0) return Constant<round_up(tile::kKnown<D>, L)>{};
  else return round_up(d, L);
}

/// The scratch block: what is in it and where.
template <class T>
struct Plan {
  int64_t block_keys, block_rows;
  int64_t keys, values, scores, queries, outputs, maxima, largest, totals, size;

  constexpr Plan(int64_t key_count, int64_t row_count, int64_t chunk, int64_t slice) {
    constexpr int64_t L = kRegisterLanes<T>, G = kGroup, S = kGroupLanes<T>, bytes = sizeof(T);
    const int64_t longer = limit(chunk > slice ? chunk : slice, 1, kLongest);
    const int64_t fitting = limit(kBlockBytes / bytes / longer / (2 * L) * (2 * L), 2 * L, kKeyBlock);
    const bool single = key_count <= fitting;
    block_keys = single ? round_up(key_count, L) : fitting;
    block_rows = single ? row_count : limit(row_count, 0, limit(kOutputBytes / bytes / longer / G * G, G, kKeyBlock));
    const int64_t kept_groups = single ? 1 : tile::ceil_divide(block_rows, G);
    keys = 0;
    values = keys + block_keys * chunk;
    scores = values + block_keys * slice;
    queries = scores + G * kKeyBlock;
    outputs = queries + G * round_up(chunk, L);
    maxima = outputs + kept_groups * G * slice;
    largest = maxima + S * L;
    totals = largest + kept_groups * S;
    size = totals + kept_groups * S;
  }
};

/// Of all inputs: for a given longer one of the two dimensions a plan is largest if both are, and with many keys and rows.
template <class T>
constexpr int64_t largest_scratch() {
  int64_t most = 0;
  for (int64_t length = 1; length <= kLongest; ++length) {
    const int64_t size = Plan<T>(INT32_MAX, INT32_MAX, length, round_up(length, kRegisterLanes<T>)).size;
    if (size > most) most = size;
  }
  return most * static_cast<int64_t>(sizeof(T));
}
static_assert(largest_scratch<float>() <= kMostScratch && largest_scratch<double>() <= kMostScratch, "the scratch block is too large for a stack");

/// Some rows of one head.
struct Place {
  int64_t b, h, first, rows;
};

/// One head's rows, for `slice` columns of the values from `column` on.
template <class T, class D, class DV, class M, class E>
struct Head {
  static constexpr int L = kRegisterLanes<T>;
  static constexpr int G = kGroup;
  static constexpr int S = kGroupLanes<T>;
  typedef Register<T> V;
  static constexpr bool kMasked = !__is_same(M, NoMask);

  const AttentionInputs<T>& inputs;
  D dimension;
  DV value_dimension;
  const M& mask;
  const E& epilogue;
  const Plan<T>& plan;
  T* memory;
  Place place;
  int64_t column, columns;

  auto chunk() const { return chunk_of(dimension); }
  auto slice() const { return padded<T>(chunk_of(value_dimension)); }
  bool chunked() const { return dimension > kLongest; }
  bool single() const { return inputs.keys <= plan.block_keys; }

  void run() const {
    for (int64_t j = 0; j < inputs.keys; j += plan.block_keys) {
      const int64_t count = target::at_most(inputs.keys - j, plan.block_keys);
      const T* values = inputs.value.at(place.b, place.h, j) + column;
      int64_t value_stride = inputs.value.token_stride;
      if (columns % L != 0 || place.rows >= kPackedValueRows) {
        copy_values(values, count);
        values = memory + plan.values;
        value_stride = slice();
      }
      if (!chunked()) pack_block(j, count, 0, chunk());
      for (int64_t r = 0; r < place.rows; r += G)
        group(r, target::at_most(place.rows - r, G), j, count, values, value_stride);
    }
  }

  void copy_values(const T* from, int64_t count) const {
    T* to = memory + plan.values;
    for (int64_t j = 0; j < count; ++j, from += inputs.value.token_stride, to += slice()) {
      int64_t c = 0;
      for (; c + L <= columns; c += L) V::load(from + c).store(to + c);
      if (c < columns) V::load(from + c, columns - c).store(to + c);
    }
  }

  void pack_block(int64_t j, int64_t count, int64_t from, int64_t length) const {
    for (int64_t v = 0; v < count; v += L)
      pack_keys(inputs.key.at(place.b, place.h, j + v) + from, inputs.key.token_stride, count - v, length, memory + plan.keys + v * length);
  }

  /// Rows beyond the last repeat it.
  template <class Length>
  void copy_queries(int64_t first, int64_t count, int64_t from, Length length) const {
    const V scale = V::broadcast(inputs.scale);
    for (int64_t r = 0; r < G; ++r) {
      if (r >= count && r % kRows == 0) return;
      const T* q = inputs.query.at(place.b, place.h, first + target::at_most(r, count - 1)) + from;
      T* to = memory + plan.queries + r * padded<T>(length);
      int64_t c = 0;
      for (; c + L <= length; c += L) (V::load(q + c) * scale).store(to + c);
      if (c < length) (V::load(q + c, length - c) * scale).store(to + c);
    }
  }

  template <class Length>
  void multiply_block(int64_t count, int64_t keys, Length length, bool resume) const {
    each_row_tile(count, [&](auto rows, int64_t r) {
      constexpr int R = static_cast<int>(int64_t{rows});
      const Scores<T> scores = {memory + plan.queries + r * padded<T>(length), memory + plan.keys, keys, resume,
                                memory + plan.scores + r * kKeyBlock,         memory + plan.maxima + r * L};
      multiply_keys<T, R>(scores, length, padded<T>(length));
    });
  }

  void multiply_queries(int64_t first, int64_t count, int64_t j, int64_t keys) const {
    if (!chunked()) {
      copy_queries(first, count, 0, chunk());
      multiply_block(count, keys, chunk(), false);
      return;
    }
    if constexpr (tile::kKnown<D> < 0 || tile::kKnown<D> > kLongest) {
      for (int64_t from = 0; from < dimension; from += kLongest) {
        const int64_t length = target::at_most(dimension - from, kLongest);
        copy_queries(first, count, from, length);
        pack_block(j, keys, from, length);
        multiply_block(count, keys, length, from > 0);
      }
    }
  }

  void add_mask(int64_t first, int64_t count, int64_t j, int64_t keys) const {
    if constexpr (kMasked) {
      for (int64_t r = 0; r < count; ++r) {
        T* s = memory + plan.scores + r * kKeyBlock;
        V most = V::broadcast(-kInfinity<T>);
        int64_t v = 0;
        for (; v + L <= keys; v += L) {
          const V x = V::load(s + v) + mask(place.b, place.h, first + r, j + v, Full<L>{});
          x.store(s + v);
          most = larger(x, most);
        }
        if (v < keys) {
          const V x = V::load(s + v) + mask(place.b, place.h, first + r, j + v, keys - v);
          const V valid = select(Mask<L>::first(keys - v), x, V::broadcast(-kInfinity<T>));
          valid.store(s + v);
          most = larger(valid, most);
        }
        most.store(memory + plan.maxima + r * L);
      }
    }
  }

  /// Scores become weights; the lanes of `maxima` become sums.
  void exponentials(int64_t count, int64_t keys, const T* shifts) const {
    for (int64_t r = 0; r < count; ++r) {
      T* s = memory + plan.scores + r * kKeyBlock;
      const V shift = V::broadcast(shifts[r]);
      V sum = V::broadcast(T(0));
      for (int64_t v = 0; v < keys; v += L) {
        const V w = weight(V::load(s + v) - shift);
        w.store(s + v);
        sum = sum + w;
      }
      sum.store(memory + plan.maxima + r * L);
    }
  }

  void group(int64_t row, int64_t count, int64_t j, int64_t keys, const T* values, int64_t value_stride) const {
    const int64_t first = place.first + row, kept = single() ? 0 : row / G;
    const bool fresh = j == 0, last = j + keys == inputs.keys;
    T *maxima = memory + plan.maxima, *largest = memory + plan.largest + kept * S, *totals = memory + plan.totals + kept * S;
    T* outputs = memory + plan.outputs + kept * G * slice();
    alignas(64) T shifts[S], factors[S];
    multiply_queries(first, count, j, keys);
    add_mask(first, count, j, keys);
    for (int r = 0; r < S; r += L) {
      V most = reduce_rows([](V a, V b) { return larger(a, b); }, maxima + r * L);
      if (!fresh) most = larger(most, V::load(largest + r));
      const V shift = select(most == -kInfinity<T>, V::broadcast(T(0)), most);
      if (!fresh) weight(V::load(largest + r) - shift).store(factors + r);
      most.store(largest + r);
      shift.store(shifts + r);
    }
    exponentials(count, keys, shifts);
    for (int r = 0; r < S; r += L) {
      V total = reduce_rows([](V a, V b) { return a + b; }, maxima + r * L);
      if (!fresh) total = fma(V::load(totals + r), V::load(factors + r), total);
      total.store(totals + r);
      if (last) select(total == T(0), V::broadcast(T(0)), T(1) / total).store(shifts + r);
    }
    multiply_group(count, keys, values, value_stride, fresh ? nullptr : factors, outputs);
    if (last) finish(first, count, outputs, shifts);
  }

  void multiply_group(int64_t count, int64_t keys, const T* values, int64_t value_stride, const T* factors, T* outputs) const {
    each_row_tile(count, [&](auto rows, int64_t r) {
      constexpr int R = static_cast<int>(int64_t{rows});
      ValueTile<T> tile = {memory + plan.scores + r * kKeyBlock, values, keys, value_stride, factors == nullptr ? nullptr : factors + r,
                           outputs + r * slice()};
      int64_t c = 0;
      for (; c + L < columns; c += 2 * L, tile.values += 2 * L, tile.outputs += 2 * L) multiply_values<T, R, 2>(tile, slice());
      if (c < columns) multiply_values<T, R, 1>(tile, slice());
    });
  }

  void finish(int64_t first, int64_t count, const T* outputs, const T* factors) const {
    for (int64_t r = 0; r < count; ++r, outputs += slice()) {
      const V factor = V::broadcast(factors[r]);
      int64_t c = 0;
      for (; c + L <= columns; c += L) epilogue(place.b, place.h, first + r, column + c, V::load(outputs + c) * factor, Full<L>{});
      if constexpr (tile::kKnown<DV> < 0 || tile::kKnown<DV> % L != 0 || tile::kKnown<DV> > kLongest) {
        if (c < columns) epilogue(place.b, place.h, first + r, column + c, V::load(outputs + c) * factor, columns - c);
      }
    }
  }
};

/// Groups of rows from `begin` to `end`, counted through all heads.
template <class T, class D, class DV, class M, class E>
TOROID_NOINLINE void run_groups(const AttentionInputs<T>& inputs, D dimension, DV value_dimension, Range range, const M& mask, const E& epilogue) {
  constexpr int64_t G = kGroup;
  const int64_t groups = tile::ceil_divide(inputs.queries, G);
  const int64_t most_rows = target::at_most(target::at_most(range.end - range.begin, groups) * G, inputs.queries);
  const Plan<T> plan(inputs.keys, most_rows, chunk_of(dimension), padded<T>(chunk_of(value_dimension)));
  T* memory = static_cast<T*>(__builtin_alloca_with_align(static_cast<size_t>(plan.size) * sizeof(T), 512));
  for (int64_t g = range.begin; g < range.end;) {
    const int64_t head = g / groups, first = g % groups * G;
    const int64_t rows = target::at_most(target::at_most(inputs.queries - first, (range.end - g) * G), plan.block_rows);
    const Place place = {head / inputs.heads, head % inputs.heads, first, rows};
    for (int64_t column = 0; column < value_dimension; column += kLongest) {
      const int64_t columns = target::at_most(value_dimension - column, kLongest);
      Head<T, D, DV, M, E>{inputs, dimension, value_dimension, mask, epilogue, plan, memory, place, column, columns}.run();
    }
    g += tile::ceil_divide(rows, G);
  }
}

template <class T, class E>
inline void all_zero(const AttentionInputs<T>& inputs, int64_t value_dimension, const E& epilogue) {
  constexpr int L = kRegisterLanes<T>;
  for (int64_t b = 0; b < inputs.batch; ++b)
    for (int64_t h = 0; h < inputs.heads; ++h)
      for (int64_t i = 0; i < inputs.queries; ++i)
        for (int64_t c = 0; c < value_dimension; c += L)
          epilogue(b, h, i, c, Register<T>::broadcast(T(0)), target::at_most(value_dimension - c, L));
}

}  // namespace attend

/// `dimension` is that of queries and keys, `value_dimension` that of values and results; either may be a Constant.
/// mask(b, h, i, j, count) -> Vec is added to the scores of query i and keys j, j + 1, …; NoMask{} adds nothing.
/// epilogue(b, h, i, c, Vec, count) takes elements c, c + 1, … of the result. In both, count is Full<> or, at the edge, an int64_t, and
/// vectors are one register wide.
template <class T, class D, class DV, class M, class E>
void attention(const ToroidPool* pool, const AttentionInputs<T>& inputs, D dimension, DV value_dimension, const M& mask, const E& epilogue) {
  const int64_t groups = inputs.batch * inputs.heads * tile::ceil_divide(inputs.queries, attend::kGroup);
  if (groups <= 0 || value_dimension <= 0) return;
  if (inputs.keys <= 0) {
    attend::all_zero(inputs, value_dimension, epilogue);
    return;
  }
  const int64_t cost = inputs.queries * inputs.keys * (dimension + value_dimension + attend::kSoftmaxCost);
  const int64_t parts = target::at_most(useful_threads(pool, inputs.batch * inputs.heads * cost, attend::kThreadWork), groups);
  parallel_parts(pool, parts, [&](int64_t part) {
    attend::run_groups(inputs, dimension, value_dimension, split(groups, parts, part), mask, epilogue);
  });
}

}  // namespace toroid
