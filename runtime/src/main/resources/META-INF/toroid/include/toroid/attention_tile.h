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

constexpr int kRows = kTileRows > 6 ? 8 : 6;  // of a register tile, which is two vectors wide
constexpr int kGroup = 2 * kRows;
/// Rows of a group, filled up to whole vectors.
template <class T>
constexpr int kGroupLanes = (kGroup + kRegisterLanes<T> - 1) / kRegisterLanes<T> * kRegisterLanes<T>;
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

/// L keys, or fewer, to [length][L], side by side; missing keys are zero.
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
      TOROID_UNROLL for (int l = 0; l < L; ++l) square[l] = l < count ? V::load(keys + l * token + i, columns) : V::broadcast(T(0));
      transpose<L / 2>(square);
      TOROID_UNROLL for (int l = 0; l < L; ++l)
        if (l < columns) square[l].store(packed + (i + l) * L);
    }
  }
}

// ---- weights ----

/// e^x for x <= 0, within 1 ULP where that is not subnormal, else perhaps zero; NaN for NaN. One rounding of x * log2(e) is dear for
/// large -x only, where the result is small against the row's largest weight, which is 1.
template <int N>
TOROID_INLINE Vec<float, N> weight(Vec<float, N> x) {
  typedef Vec<float, N> V;
  constexpr float rounder = 12582912.0f + 127.0f;  // the low bits of the sum are the biased exponent
  const V log2_e = V::broadcast(elementary::kLog2E);
#if defined(__AVX512F__)
  const V bounded = maximum(x, V::broadcast(-104.0f));
#else
  const V bounded = x;
#endif
  const V sum = fma(bounded, log2_e, V::broadcast(rounder)), n = sum - rounder;
  const V p = elementary::polynomial(fma(bounded, log2_e, -n), 1.0f, 0.693147182464599609375f, 0.240226447582244873046875f,
                                     5.550359189510345458984375e-2f, 9.618841111660003662109375e-3f, 1.339113689027726650238037109375e-3f,
                                     1.523800310678780078887939453125e-4f);
#if defined(__AVX512F__)
  return elementary::scale(p, elementary::Whole<N>{sum, n});
#else
  const V y = p * target::reinterpret<float>(elementary::shift_left<23>(target::reinterpret<int32_t>(sum)));
  return select(x < -87.0f, V::broadcast(0.0f), y);
#endif
}
template <int N>
TOROID_INLINE Vec<double, N> weight(Vec<double, N> x) {
  return exp(x);
}

// ---- the two products ----

/// Scores of some queries and the keys of a block.
template <class T>
struct Scores {
  const T* queries;  // scaled
  const T* keys;     // packed, one vector of keys after the other
  int64_t count;     // of keys; what is beyond in the last vector gets a score of -inf
  bool resume;       // adds to the scores; only where the length is not a Constant
  T* scores;
  T* maxima;  // over the vectors of a row
};

template <class T, int R, int W, class Length, class Stride>
TOROID_INLINE void multiply_keys(const Scores<T>& block, int64_t first, Length length, Stride query_stride, Register<T> (&maxima)[R]) {
  constexpr int L = kRegisterLanes<T>;
  typedef Register<T> V;
  T* s = block.scores + first;
  V c[R][W];
  TOROID_UNROLL for (int r = 0; r < R; ++r)
    TOROID_UNROLL for (int w = 0; w < W; ++w) c[r][w] = V::broadcast(T(0));
  if constexpr (tile::kKnown<Length> < 0) {
    if (block.resume) {
      TOROID_UNROLL for (int r = 0; r < R; ++r)
        TOROID_UNROLL for (int w = 0; w < W; ++w) c[r][w] = V::load(s + r * kKeyBlock + w * L);
    }
  }
  const int64_t end = length, panel = end * L, stride = query_stride;
  const T *q = block.queries, *k = block.keys + first * end;
  for (int64_t i = 0; i < end; ++i) {
    V v[W];
    TOROID_UNROLL for (int w = 0; w < W; ++w) v[w] = V::load(k + i * L + w * panel);
    TOROID_UNROLL for (int r = 0; r < R; ++r) {
      const V a = V::broadcast(q[r * stride + i]);
      TOROID_UNROLL for (int w = 0; w < W; ++w) c[r][w] = fma(a, v[w], c[r][w]);
    }
  }
  const int64_t valid = block.count - first - (W - 1) * L;
  if (valid < L) {
    const auto exists = Mask<L>::first(valid);
    TOROID_UNROLL for (int r = 0; r < R; ++r) c[r][W - 1] = select(exists, c[r][W - 1], V::broadcast(-kInfinity<T>));
  }
  TOROID_UNROLL for (int r = 0; r < R; ++r) {
    TOROID_UNROLL for (int w = 0; w < W; ++w) {
      c[r][w].store(s + r * kKeyBlock + w * L);
      maxima[r] = larger(c[r][w], maxima[r]);
    }
  }
}

/// scores[R][count] = queries * keys, each a sum over `length`.
template <class T, int R, class Length, class Stride>
TOROID_NOINLINE void multiply_keys(const Scores<T>& block, Length length, Stride query_stride) {
  constexpr int L = kRegisterLanes<T>;
  Register<T> maxima[R];
  TOROID_UNROLL for (int r = 0; r < R; ++r) maxima[r] = Register<T>::broadcast(-kInfinity<T>);
  int64_t j = 0;
  for (; j + L < block.count; j += 2 * L) multiply_keys<T, R, 2>(block, j, length, query_stride, maxima);
  if (j < block.count) multiply_keys<T, R, 1>(block, j, length, query_stride, maxima);
  TOROID_UNROLL for (int r = 0; r < R; ++r) maxima[r].store(block.maxima + r * L);
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
/// One row alone takes as long as two.
template <class F>
TOROID_INLINE void each_row_tile(int64_t count, F body) {
  for (int64_t r = 0; r < count; r += kRows) {
    const int64_t left = count - r;
    if (left > 4) body(Constant<kRows>{}, r);
    else if (left > 2) body(Constant<4>{}, r);
    else body(Constant<2>{}, r);
  }
}

}  // namespace toroid::attend
