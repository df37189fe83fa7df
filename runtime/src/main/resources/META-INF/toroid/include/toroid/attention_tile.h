// The pieces of attention.h that work on registers: products of a few queries with all keys of a block, weighted sums of its values,
// transposition, and what softmax asks of a row. A group of rows is handled together: their maxima and sums over the lanes are then
// one tree for all rows instead of one for each.
#pragma once

#include <toroid/math.h>
#include <toroid/micro_kernel.h>

namespace toroid::attend {

template <class T>
constexpr int kRegisterLanes = kVectorBytes / static_cast<int>(sizeof(T));
template <class T>
using Register = Vec<T, kRegisterLanes<T>>;

constexpr int kRows = kTileRows > 6 ? 8 : 4;  // of a register tile, which is two vectors wide
template <class T>
constexpr int kGroup = kRegisterLanes<T> > kRows ? kRegisterLanes<T> : kRows;
constexpr int64_t kKeyBlock = 256;  // keys at a time, at most; rows of scores lie this far apart

template <class T>
constexpr T kInfinity = static_cast<T>(__builtin_inf());

/// The larger one; `known` if x is NaN. A NaN need not show in the maximum of a row: it makes its sum NaN.
template <class T, int N>
TOROID_INLINE Vec<T, N> larger(Vec<T, N> x, Vec<T, N> known) {
  return {{target::greater_register<T, N>(x.v, known.v)}};
}

// ---- transposition, by exchanging ever smaller squares ----

/// Of each pair of neighbouring pieces of Distance lanes, the first ones (or the second ones) of a and of b.
template <int Distance, bool Second, class V, int... I>
TOROID_INLINE V pieces(V a, V b, target::Indices<I...>) {
  constexpr int lanes = sizeof...(I);
  constexpr int from = Second ? Distance : 0;
  return {{__builtin_shufflevector(a.v, b.v, ((I & Distance) ? I - Distance + from + lanes : I + from)...)}};
}
template <int Distance, class T, int N>
TOROID_INLINE Vec<T, N> first_pieces(Vec<T, N> a, Vec<T, N> b) {
  return pieces<Distance, false>(a, b, target::IndicesTo<N>{});
}
template <int Distance, class T, int N>
TOROID_INLINE Vec<T, N> second_pieces(Vec<T, N> a, Vec<T, N> b) {
  return pieces<Distance, true>(a, b, target::IndicesTo<N>{});
}

template <int Distance, class T, int N>
TOROID_INLINE void transpose(Vec<T, N> (&rows)[N]) {
  TOROID_UNROLL for (int i = 0; i < N; ++i) {
    if ((i & Distance) == 0) {
      const Vec<T, N> a = rows[i], b = rows[i + Distance];
      rows[i] = first_pieces<Distance>(a, b);
      rows[i + Distance] = second_pieces<Distance>(a, b);
    }
  }
  if constexpr (Distance > 1) transpose<Distance / 2>(rows);
}

/// Lane r is the reduction of the lanes of rows[r].
template <int Distance, class F, class T, int N>
TOROID_INLINE Vec<T, N> reduce_rows(F f, Vec<T, N> (&rows)[N]) {
  TOROID_UNROLL for (int i = 0; i < Distance; ++i)
    rows[i] = f(first_pieces<Distance>(rows[i], rows[i + Distance]), second_pieces<Distance>(rows[i], rows[i + Distance]));
  if constexpr (Distance > 1) return reduce_rows<Distance / 2>(f, rows);
  else return rows[0];
}
template <class F, class T>
TOROID_INLINE Register<T> reduce_rows(F f, const T* rows) {
  constexpr int L = kRegisterLanes<T>;
  Register<T> x[L];
  TOROID_UNROLL for (int r = 0; r < L; ++r) x[r] = Register<T>::load(rows + r * L);
  return reduce_rows<L / 2>(f, x);
}

/// L vectors of keys, or fewer, to [length][L], keys side by side; missing keys are zero.
template <class T>
TOROID_NOINLINE void pack_keys(const T* keys, int64_t token, int64_t count, int64_t length, T* packed) {
  constexpr int L = kRegisterLanes<T>;
  typedef Register<T> V;
  for (int64_t i = 0; i < length; i += L) {
    V square[L];
    if (count >= L && length - i >= L) {
      TOROID_UNROLL for (int l = 0; l < L; ++l) square[l] = V::load(keys + l * token + i);
      transpose<L / 2>(square);
      TOROID_UNROLL for (int l = 0; l < L; ++l) square[l].store(packed + (i + l) * L);
    } else {
      const int64_t columns = target::at_most(length - i, L);
      for (int l = 0; l < L; ++l) square[l] = l < count ? V::load(keys + l * token + i, columns) : V::broadcast(T(0));
      transpose<L / 2>(square);
      for (int64_t l = 0; l < columns; ++l) square[l].store(packed + (i + l) * L);
    }
  }
}

// ---- the two products ----

/// What a tile of scores is made of.
template <class T>
struct ScoreTile {
  const T* queries;  // scaled, rows `query_stride` apart
  const T* keys;     // packed, one vector of keys after the other
  T* scores;
  T* maxima;       // a vector for each row, or null
  int64_t valid;   // keys; what is beyond becomes -inf
  bool resume;     // adds to the scores
};

/// scores[R][W vectors] = queries * keys, each a sum over `length`.
template <class T, int R, int W, class Length, class Stride>
TOROID_NOINLINE void multiply_keys(const ScoreTile<T>& tile, Length length, Stride query_stride) {
  constexpr int L = kRegisterLanes<T>;
  typedef Register<T> V;
  V c[R][W];
  TOROID_UNROLL for (int r = 0; r < R; ++r)
    TOROID_UNROLL for (int w = 0; w < W; ++w) c[r][w] = V::broadcast(T(0));
  if (tile.resume) {
    TOROID_UNROLL for (int r = 0; r < R; ++r)
      TOROID_UNROLL for (int w = 0; w < W; ++w) c[r][w] = V::load(tile.scores + r * kKeyBlock + w * L);
  }
  const T *q = tile.queries, *k = tile.keys;
  const int64_t end = length, panel = end * L, stride = query_stride;
  for (int64_t i = 0; i < end; ++i) {
    V v[W];
    TOROID_UNROLL for (int w = 0; w < W; ++w) v[w] = V::load(k + i * L + w * panel);
    TOROID_UNROLL for (int r = 0; r < R; ++r) {
      const V a = V::broadcast(q[r * stride + i]);
      TOROID_UNROLL for (int w = 0; w < W; ++w) c[r][w] = fma(a, v[w], c[r][w]);
    }
  }
  if (tile.valid < W * L) {
    const auto exists = Mask<L>::first(tile.valid - (W - 1) * L);
    TOROID_UNROLL for (int r = 0; r < R; ++r) c[r][W - 1] = select(exists, c[r][W - 1], V::broadcast(-kInfinity<T>));
  }
  TOROID_UNROLL for (int r = 0; r < R; ++r)
    TOROID_UNROLL for (int w = 0; w < W; ++w) c[r][w].store(tile.scores + r * kKeyBlock + w * L);
  if (tile.maxima != nullptr) {
    TOROID_UNROLL for (int r = 0; r < R; ++r) {
      V m = V::load(tile.maxima + r * L);
      TOROID_UNROLL for (int w = 0; w < W; ++w) m = larger(c[r][w], m);
      m.store(tile.maxima + r * L);
    }
  }
}

/// A weighted sum of values: `count` of them, `value_stride` apart.
template <class T>
struct ValueTile {
  const T* weights;
  const T* values;
  int64_t count, value_stride;
  const T* factors;  // for what the outputs hold so far; null if nothing
  T* outputs;
};

/// outputs[R][W vectors] = factors * outputs + weights * values.
template <class T, int R, int W, class Stride>
TOROID_NOINLINE void multiply_values(const ValueTile<T>& tile, Stride output_stride) {
  constexpr int L = kRegisterLanes<T>;
  typedef Register<T> V;
  V c[R][W];
  const int64_t stride = output_stride;
  TOROID_UNROLL for (int r = 0; r < R; ++r)
    TOROID_UNROLL for (int w = 0; w < W; ++w) c[r][w] = V::broadcast(T(0));
  if (tile.factors != nullptr) {
    TOROID_UNROLL for (int r = 0; r < R; ++r)
      TOROID_UNROLL for (int w = 0; w < W; ++w)
        c[r][w] = V::load(tile.outputs + r * stride + w * L) * V::broadcast(tile.factors[r]);
  }
  const T *p = tile.weights, *v = tile.values;
  for (int64_t j = 0; j < tile.count; ++j, v += tile.value_stride) {
    V x[W];
    TOROID_UNROLL for (int w = 0; w < W; ++w) x[w] = V::load(v + w * L);
    TOROID_UNROLL for (int r = 0; r < R; ++r) {
      const V a = V::broadcast(p[r * kKeyBlock + j]);
      TOROID_UNROLL for (int w = 0; w < W; ++w) c[r][w] = fma(a, x[w], c[r][w]);
    }
  }
  TOROID_UNROLL for (int r = 0; r < R; ++r)
    TOROID_UNROLL for (int w = 0; w < W; ++w) c[r][w].store(tile.outputs + r * stride + w * L);
}

/// Calls body(Constant<rows>, row) for register tiles that cover `count` rows; the last one may reach beyond them, never beyond a group.
template <class F>
TOROID_INLINE void each_row_tile(int64_t count, F body) {
  for (int64_t r = 0; r < count; r += kRows) {
    const int64_t left = count - r;
    if (left > kRows / 2) body(Constant<kRows>{}, r);
    else if (left > 1) body(Constant<kRows / 2>{}, r);
    else body(Constant<1>{}, r);
  }
}

}  // namespace toroid::attend
