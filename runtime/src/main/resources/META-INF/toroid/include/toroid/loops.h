// What generated loop nests are made of: lane loops, stores with a stride, accumulators of reductions.
//
// An accumulator has `add(x, count)`, which leaves lanes from `count` on alone, `merge`, and two results: `total()` combines its lanes,
// `lanes()` keeps one result per lane (for kernels whose lanes run across reductions).
#pragma once

#include <new>

#include <toroid/pool.h>
#include <toroid/vec.h>

namespace toroid {

// ---- integer arithmetic of sizes and indices, with floor semantics; a size that may be 0 divides to 0 and must not end the process

inline int64_t floor_div(int64_t a, int64_t b) {
  if (b == 0) return 0;
  const int64_t q = a / b;
  return q * b != a && (a < 0) != (b < 0) ? q - 1 : q;
}
inline int64_t floor_mod(int64_t a, int64_t b) { return a - floor_div(a, b) * b; }
constexpr int64_t size_min(int64_t a, int64_t b) { return a < b ? a : b; }
constexpr int64_t size_max(int64_t a, int64_t b) { return a > b ? a : b; }

// How many iterations of `work` elementary operations are worth a thread of their own.
inline int64_t grain_of(int64_t work) {
  constexpr int64_t kWorth = int64_t{1} << 17;
  return work >= kWorth ? 1 : kWorth / (work < 1 ? 1 : work);
}

// ---- lane loops

template <int I>
struct Slot {
  static constexpr int index = I;
};

// From so many elements on, slots read a quarter of the range each: memory gives a core more by several streams than by one. Shorter
// ones end before it has noticed them.
constexpr int64_t kStreams = int64_t{1} << 15;

// body(i, count, slot) for i = begin, begin + L, …: full vectors, then one tail. With four slots, a reduction has four independent chains.
template <int L, int Slots, class F>
TOROID_INLINE void for_lanes(int64_t begin, int64_t end, F&& body) {
  int64_t i = begin;
  if constexpr (Slots == 4) {
    const int64_t quads = (end - begin) / (4 * L);
    const bool apart = end - begin >= kStreams;
    const int64_t spacing = apart ? quads * L : L, stride = apart ? L : 4 * L;
    for (int64_t quad = 0; quad < quads; quad++, i += stride) {
      body(i, Full<L>{}, Slot<0>{});
      body(i + spacing, Full<L>{}, Slot<1>{});
      body(i + 2 * spacing, Full<L>{}, Slot<2>{});
      body(i + 3 * spacing, Full<L>{}, Slot<3>{});
    }
    i = begin + quads * 4 * L;
  }
  for (; i + L <= end; i += L) body(i, Full<L>{}, Slot<0>{});
  if (i < end) body(i, end - i, Slot<0>{});
}

// body(i) for each row of so many elements, or body(i, j, k, l) for rows of the four quarters of a range that is larger than caches are:
// memory gives a core more by several streams than by one.
template <class F>
TOROID_INLINE void for_quarters(int64_t begin, int64_t end, int64_t length, F&& body) {
  constexpr int64_t kMany = int64_t{1} << 19;
  int64_t i = begin;
  if (length < kStreams && (end - begin) * length >= kMany) {
    const int64_t quarter = (end - begin) / 4;
    for (; i < begin + quarter; i++) body(i, i + quarter, i + 2 * quarter, i + 3 * quarter);
    i = begin + 4 * quarter;
  }
  for (; i < end; i++) body(i);
}

// Outputs of so many bytes are stored past the caches: they would not stay there, and a cache reads what it is to hold.
constexpr int64_t kStreamedBytes = int64_t{32} << 20;

// Whether outputs of n elements are streamed, for as long as a thread writes them; their memory is aligned then.
class Streaming {
 public:
  template <class... T>
  explicit Streaming(int64_t n, const T*... outputs)
      : on_((... && (n * static_cast<int64_t>(sizeof(T)) >= kStreamedBytes && reinterpret_cast<uintptr_t>(outputs) % 64 == 0))) {}
  ~Streaming() {
    if (on_) target::finish_streaming();
  }
  Streaming(const Streaming&) = delete;
  Streaming& operator=(const Streaming&) = delete;

  operator bool() const { return on_; }
  // Whether a row of so many elements is, which begins at the given one: it must be whole vectors.
  template <int L>
  bool row(int64_t first, int64_t length) const {
    return on_ && (first | length) % L == 0;
  }

 private:
  bool on_;
};

// As for_lanes with one slot. The vectors of what is streamed begin where an index is a multiple of L.
template <int L, class F>
TOROID_INLINE void for_streams(int64_t begin, int64_t end, bool streamed, F&& body) {
  if (!streamed) return for_lanes<L, 1>(begin, end, body);
  int64_t i = size_min(end, (begin + L - 1) / L * L);
  if (begin < i) body(begin, i - begin, Slot<0>{});
  for (; i + L <= end; i += L) body(i, Streamed<L>{}, Slot<0>{});
  if (i < end) body(i, end - i, Slot<0>{});
}

// Reductions across lanes: columns of so many vectors have their accumulators side by side, 16 KB of f32 with AVX-512. Long stretches
// of a row are read in one go, as memory likes it, while what the columns have so far stays near.
constexpr int kColumns = 256;

// body(begin, end) for blocks of columns.
template <int L, class F>
TOROID_INLINE void for_blocks(int64_t begin, int64_t end, F&& body) {
  for (; begin < end; begin += kColumns * L) body(begin, size_min(end, begin + kColumns * L));
}

// Accumulators of so many vectors stay in the nearest cache.
constexpr int64_t kNarrow = 64;

// body(begin, end, step) for some rows at a time. Rows of a few columns are short, and several of them are pieces of one stream that come in
// disorder: of many such rows four are taken from quarters of the range, or one after the other if their order matters.
template <int L, bool IsOrdered, class F>
TOROID_INLINE void for_rows(int64_t first, int64_t last, int64_t columns, F&& body) {
  constexpr int64_t kRows = 8, kMany = int64_t{1} << 16;
  const bool is_narrow = columns <= kNarrow * L && (last - first) * columns >= kMany;
  if (!is_narrow) {
    for (int64_t row = first; row < last; row += kRows) body(row, size_min(last, row + kRows), int64_t{1});
  } else if constexpr (IsOrdered) {
    for (int64_t row = first; row < last; row++) body(row, row + 1, int64_t{1});
  } else {
    const int64_t quarter = (last - first) / 4, rest = first + 4 * quarter;
    for (int64_t row = first; row < first + quarter; row++) body(row, rest, quarter);
    if (rest < last) body(rest, last, int64_t{1});
  }
}

// body(i, count, column) for the vectors of a block.
template <int L, class F>
TOROID_INLINE void for_columns(int64_t begin, int64_t end, F&& body) {
  int64_t i = begin, column = 0;
  for (; i + L <= end; i += L) body(i, Full<L>{}, column++);
  if (i < end) body(i, end - i, column);
}

// Reductions in parts: how many, is a matter of the sizes alone, so that the result does not depend on the number of threads.
constexpr int64_t kMostParts = 32;

// body(part, begin, end) for so many parts of n iterations.
template <class F>
inline void run_parts(const ToroidPool* pool, int64_t n, int64_t parts, F&& body) {
  auto run = [&](int64_t part) {
    const Range range = split(n, parts, part);
    body(part, range.begin, range.end);
  };
  if (pool != nullptr) {
    parallel_parts(pool, parts, run);
  } else {
    for (int64_t part = 0; part < parts; part++) run(part);
  }
}

// body(part, begin, end) for each part of n iterations of `length` elements; gives the number of parts.
template <class F>
inline int64_t for_parts(const ToroidPool* pool, int64_t n, int64_t length, F&& body) {
  constexpr int64_t kLeast = int64_t{1} << 16;  // elements of a part
  const int64_t worthwhile = n / (kLeast / size_max(1, size_min(length, kLeast)));
  const int64_t parts = size_max(1, size_min(size_min(worthwhile, n), kMostParts));
  run_parts(pool, n, parts, body);
  return parts;
}

template <int N>
constexpr int64_t lane_count(Full<N>) {
  return N;
}
constexpr int64_t lane_count(int64_t count) { return count; }

// ---- stores where lanes are not neighbours

template <class V, class T, class Count, class F>
TOROID_INLINE void store_lanes(V x, T* p, F offset, Count count) {
  for (int64_t l = 0; l < lane_count(count); ++l) p[offset(l)] = x[static_cast<int>(l)];
}
template <class V, class T, class Count>
TOROID_INLINE void store_strided(V x, T* p, int64_t stride, Count count) {
  store_lanes(x, p, [stride](int64_t l) { return l * stride; }, count);
}

// ---- functions that vec.h has no need of: the sign is 0 of NaN, as torch.sign is

template <class T, int N>
TOROID_INLINE Vec<T, N> sign(Vec<T, N> x) {
  const auto zero = Vec<T, N>::broadcast(T(0));
  const auto one = Vec<T, N>::broadcast(T(1));
  return select(x > zero, one, select(x < zero, -one, zero));
}
template <target::Scalar T>
TOROID_INLINE T sign(T x) {
  return x > T(0) ? T(1) : x < T(0) ? T(-1) : T(0);
}

template <target::Integral T>
TOROID_INLINE T trunc_divide(T a, T b) {
  return target::divide(a, b);
}
template <target::Floating T>
TOROID_INLINE T trunc_divide(T a, T b) {
  return trunc(a / b);
}
template <class T, int N>
TOROID_INLINE Vec<T, N> trunc_divide(Vec<T, N> a, Vec<T, N> b) {
  if constexpr (target::kIsFloating<T>) return trunc(a / b);
  else return a / b;
}

// Powers of integers wrap around; a negative one is 0, but of 1 and -1.
template <target::Integral T>
inline T pow(T base, T exponent) {
  if (exponent < 0) return base == 1 ? T(1) : base == -1 ? ((exponent & 1) == 0 ? T(1) : T(-1)) : T(0);
  typedef typename target::Integer<sizeof(T) < 4 ? 4 : sizeof(T)>::unsigned_type W;  // narrower ones would be multiplied as int
  W result = 1;
  for (W square = static_cast<W>(base); exponent > 0; exponent >>= 1, square *= square) {
    if ((exponent & 1) != 0) result *= square;
  }
  return static_cast<T>(result);
}
template <target::Integral T, int N>
TOROID_INLINE Vec<T, N> pow(Vec<T, N> bases, Vec<T, N> exponents) {
  return target::each_lane([](T base, T exponent) { return pow(base, exponent); }, bases, exponents);
}

// ---- accumulators

namespace accumulate {

template <class T, int N>
TOROID_INLINE Vec<T, N> keep(Vec<T, N> updated, Vec<T, N>, Full<N>) {
  return updated;
}
template <class T, int N>
TOROID_INLINE Vec<T, N> keep(Vec<T, N> updated, Vec<T, N> old, int64_t count) {
  return select(Mask<N>::first(count), updated, old);
}
template <int N>
TOROID_INLINE Mask<N> keep(Mask<N> updated, Mask<N>, Full<N>) {
  return updated;
}
template <int N>
TOROID_INLINE Mask<N> keep(Mask<N> updated, Mask<N> old, int64_t count) {
  return select(Mask<N>::first(count), updated, old);
}

template <class T>
constexpr T lowest() {
  if constexpr (__is_same(T, float)) return -__builtin_inff();
  else if constexpr (__is_same(T, double)) return -__builtin_inf();
  else if constexpr (!target::kIsSigned<T>) return T(0);
  else return static_cast<T>(static_cast<T>(T(1) << (sizeof(T) * 8 - 2)) * -2);
}
template <class T>
constexpr T highest() {
  if constexpr (target::kIsFloating<T>) return -lowest<T>();
  else return static_cast<T>(-(lowest<T>() + 1));
}

}  // namespace accumulate

template <class V>
struct Sum;
template <class V>
struct Product;
template <class V>
struct Maximum;
template <class V>
struct Minimum;

#define TOROID_ACCUMULATOR(NAME, IDENTITY, COMBINE, TOTAL)                              \
  template <class T, int N>                                                             \
  struct NAME<Vec<T, N>> {                                                              \
    typedef Vec<T, N> V;                                                                \
    V value = V::broadcast(IDENTITY);                                                   \
    static TOROID_INLINE V combine(V a, V b) { return COMBINE; }                        \
    template <class Count>                                                              \
    TOROID_INLINE void add(V x, Count count) {                                          \
      value = accumulate::keep(combine(value, x), value, count);                        \
    }                                                                                   \
    TOROID_INLINE void merge(const NAME& other) { value = combine(value, other.value); } \
    TOROID_INLINE T total() const { return TOTAL(value); }                              \
    TOROID_INLINE V lanes() const { return value; }                                     \
  };
TOROID_ACCUMULATOR(Sum, T(0), a + b, reduce_add)
TOROID_ACCUMULATOR(Product, T(1), a * b, reduce_mul)
TOROID_ACCUMULATOR(Maximum, accumulate::lowest<T>(), maximum(a, b), reduce_max)
TOROID_ACCUMULATOR(Minimum, accumulate::highest<T>(), minimum(a, b), reduce_min)
#undef TOROID_ACCUMULATOR

template <class M, bool IsAll>
struct Quantifier;
template <int N, bool IsAll>
struct Quantifier<Mask<N>, IsAll> {
  typedef Mask<N> V;
  V value = V::broadcast(IsAll);
  static TOROID_INLINE V combine(V a, V b) {
    if constexpr (IsAll) return a & b;
    else return a | b;
  }
  template <class Count>
  TOROID_INLINE void add(V x, Count count) {
    value = accumulate::keep(combine(value, x), value, count);
  }
  TOROID_INLINE void merge(const Quantifier& other) { value = combine(value, other.value); }
  TOROID_INLINE bool total() const { return IsAll ? reduce_all(value) : reduce_any(value); }
  TOROID_INLINE V lanes() const { return value; }
};
template <class M>
using Any = Quantifier<M, false>;
template <class M>
using All = Quantifier<M, true>;
template <int N>
struct Maximum<Mask<N>> : Any<Mask<N>> {};
template <int N>
struct Minimum<Mask<N>> : All<Mask<N>> {};

// The largest (or smallest) value and its place, which is of an integer type P that holds all places: NaN is beyond all others, and of equal
// values the first place wins. Each lane is given its elements in the order of their places; if none of them was beyond the identity, all
// are equal to it.
template <class V, bool IsMaximum, class P>
struct ArgumentOf;
template <class T, int N, bool IsMaximum, class P>
struct ArgumentOf<Vec<T, N>, IsMaximum, P> {
  typedef Vec<T, N> V;
  typedef Vec<P, N> Places;
  static constexpr P kNone = accumulate::highest<P>();
  V value = V::broadcast(IsMaximum ? accumulate::lowest<T>() : accumulate::highest<T>());
  Places place = Places::broadcast(kNone);

  // Where x is beyond the value: then it is not in order with it, and NaN stays.
  TOROID_INLINE Mask<N> is_better(V x) const { return ~(IsMaximum ? x <= value : x >= value) & ~isnan(value); }
  TOROID_INLINE void take(V x, Places at, Mask<N> taken) {
    value = select(taken, x, value);
    place = select(taken, at, place);
  }
  TOROID_INLINE void add(V x, Places at, Full<N>) { take(x, at, is_better(x)); }
  TOROID_INLINE void add(V x, Places at, int64_t count) { take(x, at, is_better(x) & Mask<N>::first(count)); }
  TOROID_INLINE void merge(const ArgumentOf& other) {
    const Mask<N> equal = (other.value == value) | (isnan(other.value) & isnan(value));
    take(other.value, other.place, is_better(other.value) | (equal & (other.place < place)));
  }

  struct Total {
    T value;
    int64_t place;
  };
  TOROID_INLINE Total total() const {
    const T best = IsMaximum ? reduce_max(value) : reduce_min(value);
    const V all = V::broadcast(best);
    const P first = reduce_min(select((value == all) | (isnan(value) & isnan(all)), place, Places::broadcast(kNone)));
    return {best, first == kNone ? 0 : static_cast<int64_t>(first)};
  }
  struct Lanes {
    V value;
    Vec<int64_t, N> place;
  };
  TOROID_INLINE Lanes lanes() const {
    return {value, convert<int64_t>(select(place == Places::broadcast(kNone), Places::broadcast(0), place))};
  }
};
template <class V, class P>
using ArgumentOfMaximum = ArgumentOf<V, true, P>;
template <class V, class P>
using ArgumentOfMinimum = ArgumentOf<V, false, P>;

// Mean and sum of squared differences from it, in one pass (Welford 1962); parts are joined as by Chan et al. 1979. Full vectors advance
// each lane's own mean; a tail is a part of its own, so that all lanes have seen the same number of elements.
template <class V>
struct Welford;
template <class T, int N>
struct Welford<Vec<T, N>> {
  typedef Vec<T, N> V;
  int64_t steps = 0;
  V mean = V::broadcast(T(0));
  V squares = V::broadcast(T(0));
  int64_t rest_count = 0;
  T rest_mean = T(0);
  T rest_squares = T(0);

  static TOROID_INLINE void join(int64_t& count, T& mean, T& squares, int64_t other_count, T other_mean, T other_squares) {
    if (other_count == 0) return;
    const T all = static_cast<T>(count + other_count);
    const T share = static_cast<T>(other_count) / all;
    const T difference = other_mean - mean;
    mean += difference * share;
    squares += other_squares + difference * difference * static_cast<T>(count) * share;
    count += other_count;
  }

  TOROID_INLINE void add(V x, Full<N>) {
    steps += 1;
    const V difference = x - mean;
    mean = fma(difference, V::broadcast(T(1) / static_cast<T>(steps)), mean);
    squares = fma(difference, x - mean, squares);
  }
  TOROID_INLINE void add(V x, int64_t count) {
    const V zero = V::broadcast(T(0));
    const T average = reduce_add(accumulate::keep(x, zero, count)) / static_cast<T>(count);
    const V difference = accumulate::keep(x - V::broadcast(average), zero, count);
    join(rest_count, rest_mean, rest_squares, count, average, reduce_add(difference * difference));
  }
  TOROID_INLINE void merge(const Welford& other) {
    if (other.steps > 0) {
      const T all = static_cast<T>(steps + other.steps);
      const T share = static_cast<T>(other.steps) / all;
      const V difference = other.mean - mean;
      mean = mean + difference * V::broadcast(share);
      squares = squares + other.squares + difference * difference * V::broadcast(static_cast<T>(steps) * share);
      steps += other.steps;
    }
    join(rest_count, rest_mean, rest_squares, other.rest_count, other.rest_mean, other.rest_squares);
  }

  struct Total {
    T mean, squares;
  };
  // NaN for no elements.
  TOROID_INLINE Total total() const {
    int64_t count = rest_count;
    T all_mean = rest_mean, all_squares = rest_squares;
    if (steps > 0) {
      const T average = reduce_add(mean) / T(N);
      const V difference = mean - V::broadcast(average);
      join(count, all_mean, all_squares, steps * N, average, reduce_add(squares) + static_cast<T>(steps) * reduce_add(difference * difference));
    }
    if (count == 0) return {T(0) / T(0), T(0) / T(0)};
    return {all_mean, all_squares};
  }
  struct Lanes {
    V mean, squares;
  };
  TOROID_INLINE Lanes lanes() const {
    if (steps == 0) return {V::broadcast(T(0) / T(0)), V::broadcast(T(0) / T(0))};
    return {mean, squares};
  }
};

// Accumulators of the columns of a block; only those that it needs are made.
template <class A, int L>
class Columns {
 public:
  explicit Columns(int64_t columns) {
    for (int64_t i = 0; i * L < columns; i++) new (&items_[i]) A;
  }
  A& operator[](int64_t column) { return items_[column]; }

 private:
  union {
    A items_[kColumns];
  };
};

// Columns that are few are not divided among threads, for which memory would be read in short pieces, but the rows are, into so many parts
// at most.
constexpr int64_t kColumnParts = 8;

// Accumulators of all columns for each part.
template <class A, int L>
class ColumnParts {
 public:
  static constexpr int64_t kMost = size_min(kNarrow, (int64_t{1} << 16) / (kColumnParts * static_cast<int64_t>(sizeof(A))));  // vectors

  ColumnParts() {}
  // Those of a part, made anew.
  A* make(int64_t part, int64_t columns) {
    for (int64_t i = 0; i * L < columns; i++) new (&items_[part][i]) A;
    return items_[part];
  }
  // Those of all parts together, joined in pairs.
  A* merged(int64_t parts, int64_t columns) {
    for (int64_t step = 1; step < parts; step *= 2)
      for (int64_t part = 0; part + step < parts; part += 2 * step)
        for (int64_t i = 0; i * L < columns; i++) items_[part][i].merge(items_[part + step][i]);
    return items_[0];
  }

 private:
  union {
    A items_[kColumnParts][kMost];
  };
};

// In how many parts to reduce so many rows, by accumulators A: one if columns are many enough for all threads, or elements few.
template <int L, class... A>
inline int64_t column_parts(int64_t rows, int64_t elements, int64_t columns) {
  constexpr int64_t kLeast = int64_t{1} << 17;  // elements of a part
  const bool few = (... && (columns <= L * ColumnParts<A, L>::kMost));
  return few ? size_max(1, size_min(size_min(elements / kLeast, rows), kColumnParts)) : 1;
}

template <class A>
TOROID_INLINE A merged(const A (&parts)[4]) {
  A all = parts[0];
  all.merge(parts[1]);
  A other = parts[2];
  other.merge(parts[3]);
  all.merge(other);
  return all;
}
template <class A>
TOROID_INLINE A merged(const A (&parts)[1]) {
  return parts[0];
}
// The first `count` parts, in pairs, so that the error of a sum grows with the logarithm of their number.
template <class A, int64_t N>
inline A merged(A (&parts)[N], int64_t count) {
  for (int64_t step = 1; step < count; step *= 2)
    for (int64_t i = 0; i + step < count; i += 2 * step) parts[i].merge(parts[i + step]);
  return parts[0];
}

}  // namespace toroid
