// Scans along an axis: each element of the result combines all elements up to its place. Tensors are [outer, length, inner].
//
// With inner == 1 a line is contiguous, and lines are shared among threads. Otherwise neighbouring columns are the lanes of vectors: a block
// of columns keeps what they came to on the stack and goes down the axis once. Floats are summed and multiplied in double, as PyTorch has it.
#pragma once

#include <toroid/loops.h>
#include <toroid/math.h>

namespace toroid {
namespace scan {

constexpr int64_t kColumns = 256;  // of a block

template <class T>
struct Accumulated {
  typedef T type;
};
template <>
struct Accumulated<float> {
  typedef double type;
};

// line(offset) for each line, or columns(offset, width) for each block of columns.
template <class Line, class Columns>
inline void over_lines(const ToroidPool* pool, int64_t outer, int64_t length, int64_t inner, int64_t work, Line line, Columns columns) {
  if (inner == 1) {
    parallel_for(pool, outer, grain_of(work * length), [&](int64_t begin, int64_t end) {
      for (int64_t o = begin; o < end; ++o) line(o * length);
    });
    return;
  }
  const int64_t blocks = (inner + kColumns - 1) / kColumns;
  parallel_for(pool, outer * blocks, grain_of(work * length * size_min(inner, kColumns)), [&](int64_t begin, int64_t end) {
    for (int64_t block = begin; block < end; ++block) {
      const int64_t first = block % blocks * kColumns;
      columns(block / blocks * length * inner + first, size_min(kColumns, inner - first));
    }
  });
}

struct Add {
  template <class V>
  static TOROID_INLINE V combine(V a, V b) {
    return a + b;
  }
};
struct Multiply {
  template <class V>
  static TOROID_INLINE V combine(V a, V b) {
    return a * b;
  }
};

// Unsigned, so that integers wrap around.
template <class Op, class T>
TOROID_INLINE T combined(T a, T b) {
  if constexpr (target::kIsFloating<T>) return Op::combine(a, b);
  else return static_cast<T>(Op::combine(static_cast<uint64_t>(a), static_cast<uint64_t>(b)));
}

// Four at a time where double has room for the partial results: then one operation in four waits for the one before it.
template <class Op, class T>
inline void running_line(const T* in, T* out, int64_t length, T identity) {
  typedef typename Accumulated<T>::type W;
  W carry = static_cast<W>(identity);
  int64_t i = 0;
  if constexpr (!__is_same(T, W)) {
    for (; i + 4 <= length; i += 4) {
      const W a = static_cast<W>(in[i]), b = Op::combine(a, static_cast<W>(in[i + 1]));
      const W c = static_cast<W>(in[i + 2]), d = Op::combine(c, static_cast<W>(in[i + 3]));
      const W first = Op::combine(carry, a), second = Op::combine(carry, b);
      out[i] = static_cast<T>(first);
      out[i + 1] = static_cast<T>(second);
      out[i + 2] = static_cast<T>(Op::combine(second, c));
      carry = Op::combine(carry, Op::combine(b, d));
      out[i + 3] = static_cast<T>(carry);
    }
  }
  for (; i < length; ++i) {
    carry = combined<Op>(carry, static_cast<W>(in[i]));
    out[i] = static_cast<T>(carry);
  }
}

template <class Op, class T>
inline void running_columns(const T* in, T* out, int64_t length, int64_t inner, int64_t width, T identity) {
  typedef typename Accumulated<T>::type W;
  constexpr int L = kLanes;
  W carry[kColumns];
  for (int64_t c = 0; c < width; ++c) carry[c] = static_cast<W>(identity);
  for (int64_t j = 0; j < length; ++j, in += inner, out += inner) {
    for_lanes<L, 1>(0, width, [&](int64_t c, auto count, auto) TOROID_INLINE_LAMBDA {
      const auto x = convert<W>(Vec<T, L>::load(in + c, count));
      const auto all = Op::combine(Vec<W, L>::load(carry + c, count), x);
      all.store(carry + c, count);
      convert<T>(all).store(out + c, count);
    });
  }
}

template <class Op, class T>
inline void running(const ToroidPool* pool, const T* in, T* out, int64_t outer, int64_t length, int64_t inner, T identity) {
  over_lines(
      pool, outer, length, inner, 4, [&](int64_t at) { running_line<Op>(in + at, out + at, length, identity); },
      [&](int64_t at, int64_t width) { running_columns<Op>(in + at, out + at, length, inner, width, identity); });
}

// ---- extremes and their places: the last of equal ones; from a NaN on, NaN

template <bool IsMaximum, class T>
inline void extreme_line(const T* in, T* out, int64_t* places, int64_t length) {
  T best{};
  int64_t place = 0;
  for (int64_t i = 0; i < length; ++i) {
    const T x = in[i];
    const bool beyond = IsMaximum ? x >= best : x <= best;
    if (i == 0 || isnan(x) || (!isnan(best) && beyond)) {
      best = x;
      place = i;
    }
    out[i] = best;
    places[i] = place;
  }
}

template <bool IsMaximum, class T>
inline void extreme_columns(const T* in, T* out, int64_t* places, int64_t length, int64_t inner, int64_t width) {
  constexpr int L = kLanes;
  typedef Vec<int64_t, L> Places;
  for_lanes<L, 1>(0, width, [&](int64_t c, auto count, auto) TOROID_INLINE_LAMBDA {
    auto best = Vec<T, L>::load(in + c, count);
    Places place = Places::broadcast(0);
    for (int64_t j = 0; j < length; ++j) {
      const auto x = Vec<T, L>::load(in + j * inner + c, count);
      const auto better = isnan(x) | (~isnan(best) & (IsMaximum ? x >= best : x <= best));
      best = select(better, x, best);
      place = select(better, Places::broadcast(j), place);
      best.store(out + j * inner + c, count);
      place.store(places + j * inner + c, count);
    }
  });
}

template <bool IsMaximum, class T>
inline void extreme(const ToroidPool* pool, const T* in, T* out, int64_t* places, int64_t outer, int64_t length, int64_t inner) {
  over_lines(
      pool, outer, length, inner, 8,
      [&](int64_t at) { extreme_line<IsMaximum>(in + at, out + at, places + at, length); },
      [&](int64_t at, int64_t width) {
        if (length > 0) extreme_columns<IsMaximum>(in + at, out + at, places + at, length, inner, width);
      });
}

// Booleans are bytes of 0 and 1.
inline const uint8_t* bytes(const bool* p) { return reinterpret_cast<const uint8_t*>(p); }
inline uint8_t* bytes(bool* p) { return reinterpret_cast<uint8_t*>(p); }

// ---- logarithms of sums of exponentials: the largest exponent so far, and the sum of the exponentials relative to it

template <class V, class M>
TOROID_INLINE void accumulate_exponential(V x, M is_nan, V& largest, V& sum, V one) {
  const auto equal = x == largest;
  const auto above = x > largest;
  const V distance = select(above, largest - x, x - largest);
  const V smaller = select(equal, one, exp(distance));
  sum = select(above, sum * smaller + one, sum + smaller);
  largest = select(above | is_nan, x, largest);
}

template <class T, int L>
inline void log_exponentials(const T* in, T* out, int64_t length, int64_t inner, int64_t width) {
  typedef Vec<double, L> V;
  const V one = V::broadcast(1.0);
  for_lanes<L, 1>(0, width, [&](int64_t c, auto count, auto) TOROID_INLINE_LAMBDA {
    V largest = V::broadcast(-__builtin_inf()), sum = V::broadcast(0.0);
    for (int64_t j = 0; j < length; ++j) {
      const V x = convert<double>(Vec<T, L>::load(in + j * inner + c, count));
      accumulate_exponential(x, isnan(x), largest, sum, one);
      convert<T>(largest + log(sum)).store(out + j * inner + c, count);
    }
  });
}

}  // namespace scan

template <class T>
inline void cumulative_sum(const ToroidPool* pool, const T* in, T* out, int64_t outer, int64_t length, int64_t inner) {
  scan::running<scan::Add>(pool, in, out, outer, length, inner, T(0));
}

template <class T>
inline void cumulative_product(const ToroidPool* pool, const T* in, T* out, int64_t outer, int64_t length, int64_t inner) {
  scan::running<scan::Multiply>(pool, in, out, outer, length, inner, T(1));
}

template <class T>
inline void cumulative_maximum(const ToroidPool* pool, const T* in, T* out, int64_t* places, int64_t outer, int64_t length, int64_t inner) {
  if constexpr (__is_same(T, bool)) cumulative_maximum(pool, scan::bytes(in), scan::bytes(out), places, outer, length, inner);
  else scan::extreme<true>(pool, in, out, places, outer, length, inner);
}

template <class T>
inline void cumulative_minimum(const ToroidPool* pool, const T* in, T* out, int64_t* places, int64_t outer, int64_t length, int64_t inner) {
  if constexpr (__is_same(T, bool)) cumulative_minimum(pool, scan::bytes(in), scan::bytes(out), places, outer, length, inner);
  else scan::extreme<false>(pool, in, out, places, outer, length, inner);
}

template <class T>
inline void cumulative_log_sum_exp(const ToroidPool* pool, const T* in, T* out, int64_t outer, int64_t length, int64_t inner) {
  scan::over_lines(
      pool, outer, length, inner, 40, [&](int64_t at) { scan::log_exponentials<T, 2>(in + at, out + at, length, 1, 1); },
      [&](int64_t at, int64_t width) { scan::log_exponentials<T, kLanes>(in + at, out + at, length, inner, width); });
}

}  // namespace toroid
