// Vectors of N lanes, the language of all generated kernels. A Vec that fits one machine register is a GCC/Clang vector; a wider one
// is two halves, because compilers keep halves in registers but spill vectors that their target has no mode for. All operators and
// functions exist for scalars too, so one generated expression serves both. `Full<N>` and an `int64_t count` are the two kinds of
// lane count: a generic body called with the first is the main loop, with the second the tail, which never touches memory past count.
//
// Generated code lives inside namespace toroid (or a nested one), where these names hide the C library's.
#pragma once

#include <toroid/vec_target.h>

namespace toroid {

/// "All lanes", as a type.
template <int N>
struct Full {};

/// "All lanes", where stores pass the caches by: for what is larger than these. The address is aligned to the vector or to 64 bytes.
template <int N>
struct Streamed : Full<N> {};

template <class T, int N>
struct Vec;
template <int N>
struct Mask;

namespace target {

template <class T>
struct Same {
  typedef T type;
};
/// A parameter from which T is not deduced, so that `x * 2` works for vectors of any type.
template <class T>
using Given = typename Same<T>::type;

template <class T>
constexpr bool kIsScalar = kIsFloating<T>;
template <>
inline constexpr bool kIsScalar<bool> = true;
template <>
inline constexpr bool kIsScalar<int8_t> = true;
template <>
inline constexpr bool kIsScalar<uint8_t> = true;
template <>
inline constexpr bool kIsScalar<int16_t> = true;
template <>
inline constexpr bool kIsScalar<int32_t> = true;
template <>
inline constexpr bool kIsScalar<int64_t> = true;

template <class T>
concept Scalar = kIsScalar<T>;
template <class T>
concept Floating = kIsFloating<T>;
template <class T>
concept Integral = kIsScalar<T> && !kIsFloating<T>;

template <class T, int N, bool Split>
struct Lanes {
  typedef typename Register<T, N>::type Native;
  Native v;
};
template <class T, int N>
struct Lanes<T, N, true> {
  Vec<T, N / 2> lo, hi;
};

TOROID_INLINE int64_t at_most(int64_t count, int64_t limit) { return count < limit ? count : limit; }
TOROID_INLINE int64_t beyond(int64_t count, int64_t start) { return count > start ? count - start : 0; }

template <class V, class F, int... I>
TOROID_INLINE V each_index(F f, Indices<I...>) {
  return V{f(I)...};
}
template <class V, int... I>
TOROID_INLINE auto lower_half(V v, Indices<I...>) {
  return __builtin_shufflevector(v, v, I...);
}
template <class V, int... I>
TOROID_INLINE auto upper_half(V v, Indices<I...>) {
  return __builtin_shufflevector(v, v, (I + static_cast<int>(sizeof...(I)))...);
}
template <class V, int... I>
TOROID_INLINE auto both_halves(V lo, V hi, Indices<I...>) {
  return __builtin_shufflevector(lo, hi, I...);
}
template <int Distance, class V, int... I>
TOROID_INLINE auto exchange(V v, Indices<I...>) {
  return __builtin_shufflevector(v, v, (I ^ Distance)...);
}

}  // namespace target

/// N lanes of T (float, double or an integer), N a power of two from 2 to 64.
template <class T, int N>
struct Vec : target::Lanes<T, N, (sizeof(T) * N > kVectorBytes)> {
  static constexpr bool kSplit = sizeof(T) * N > kVectorBytes;
  typedef T Element;
  static constexpr int kSize = N;

  static TOROID_INLINE Vec load(const T* p) {
    if constexpr (kSplit) return {{Vec<T, N / 2>::load(p), Vec<T, N / 2>::load(p + N / 2)}};
    else return {{*reinterpret_cast<const typename target::Register<T, N>::unaligned*>(p)}};
  }
  static TOROID_INLINE Vec load(const T* p, Full<N>) { return load(p); }
  /// The first `count` (0..N) lanes; the others are zero.
  static TOROID_INLINE Vec load(const T* p, int64_t count) {
    if constexpr (kSplit) {
      constexpr int h = N / 2;
      return {{Vec<T, h>::load(p, target::at_most(count, h)), Vec<T, h>::load(p + h, target::beyond(count, h))}};
    } else {
      return {{target::load_register<T, N>(p, count)}};
    }
  }

  TOROID_INLINE void store(T* p) const {
    if constexpr (kSplit) {
      this->lo.store(p);
      this->hi.store(p + N / 2);
    } else {
      *reinterpret_cast<typename target::Register<T, N>::unaligned*>(p) = this->v;
    }
  }
  TOROID_INLINE void store(T* p, Full<N>) const { store(p); }
  TOROID_INLINE void store(T* p, Streamed<N>) const {
    if constexpr (kSplit) {
      this->lo.store(p, Streamed<N / 2>{});
      this->hi.store(p + N / 2, Streamed<N / 2>{});
    } else {
      target::stream_register<T, N>(this->v, p);
    }
  }
  TOROID_INLINE void store(T* p, int64_t count) const {
    if constexpr (kSplit) {
      this->lo.store(p, target::at_most(count, N / 2));
      this->hi.store(p + N / 2, target::beyond(count, N / 2));
    } else {
      target::store_register<T, N>(this->v, p, count);
    }
  }

  static TOROID_INLINE Vec broadcast(T x) {
    return lanes([x](int64_t) { return x; }, Full<N>{});
  }
  /// Lane l is start + l * step.
  static TOROID_INLINE Vec iota(T start, T step) {
    return broadcast(start) + broadcast(step) * lanes([](int64_t l) { return static_cast<T>(l); }, Full<N>{});
  }

  /// Lane l is p[l * stride].
  static TOROID_INLINE Vec strided(const T* p, int64_t stride, Full<N> all) {
    return lanes([p, stride](int64_t l) { return p[l * stride]; }, all);
  }
  static TOROID_INLINE Vec strided(const T* p, int64_t stride, int64_t count) {
    return lanes([p, stride](int64_t l) { return p[l * stride]; }, count);
  }

  /// Lane l is f(l).
  template <class F>
  static TOROID_INLINE Vec lanes(F f, Full<N>) {
    if constexpr (kSplit) {
      return {{Vec<T, N / 2>::lanes(f, Full<N / 2>{}),
               Vec<T, N / 2>::lanes([f](int64_t l) { return f(l + N / 2); }, Full<N / 2>{})}};
    } else {
      return {{target::each_index<typename Vec::Native>(f, target::IndicesTo<N>{})}};
    }
  }
  /// Lane l is f(l) for l < count; f is not called for the others, which are zero.
  template <class F>
  static TOROID_INLINE Vec lanes(F f, int64_t count) {
    T values[N] = {};
    for (int64_t l = 0; l < count; ++l) values[l] = f(l);
    return load(values);
  }

  /// One lane; for reductions' ends and tests, not for hot loops.
  TOROID_INLINE T operator[](int l) const {
    if constexpr (kSplit) return l < N / 2 ? this->lo[l] : this->hi[l - N / 2];
    else return this->v[l];
  }
};

// ---- halves ----

template <class T, int N>
TOROID_INLINE Vec<T, N / 2> lower(Vec<T, N> a) {
  if constexpr (Vec<T, N>::kSplit) return a.lo;
  else return {{target::lower_half(a.v, target::IndicesTo<N / 2>{})}};
}
template <class T, int N>
TOROID_INLINE Vec<T, N / 2> upper(Vec<T, N> a) {
  if constexpr (Vec<T, N>::kSplit) return a.hi;
  else return {{target::upper_half(a.v, target::IndicesTo<N / 2>{})}};
}
template <class T, int N>
TOROID_INLINE Vec<T, 2 * N> join(Vec<T, N> lo, Vec<T, N> hi) {
  if constexpr (Vec<T, 2 * N>::kSplit) return {{lo, hi}};
  else return {{target::both_halves(lo.v, hi.v, target::IndicesTo<2 * N>{})}};
}
template <int N>
TOROID_INLINE Mask<2 * N> join(Mask<N> lo, Mask<N> hi) {
  return {join(lo.bits, hi.bits)};
}

namespace target {

/// A vector with the bits of another of the same size.
template <class U, class T, int N>
TOROID_INLINE auto reinterpret(Vec<T, N> a) {
  constexpr int M = static_cast<int>(sizeof(T) * N / sizeof(U));
  typedef Vec<U, M> To;
  if constexpr (Vec<T, N>::kSplit) return To{{reinterpret<U>(a.lo), reinterpret<U>(a.hi)}};
  else return To{{(typename To::Native)a.v}};
}

/// Lane by lane with scalar code, for what has no vector instruction.
template <class F, class T, int N>
TOROID_INLINE Vec<T, N> each_lane(F f, Vec<T, N> a) {
  T x[N];
  a.store(x);
  for (int l = 0; l < N; ++l) x[l] = f(x[l]);
  return Vec<T, N>::load(x);
}
template <class F, class T, int N>
TOROID_INLINE Vec<T, N> each_lane(F f, Vec<T, N> a, Vec<T, N> b) {
  T x[N], y[N];
  a.store(x);
  b.store(y);
  for (int l = 0; l < N; ++l) x[l] = f(x[l], y[l]);
  return Vec<T, N>::load(x);
}

}  // namespace target

// ---- conversion ----

/// As C converts: to integers towards zero (NaN and what is out of range become what the CPU gives), to bool by comparing with 0.
template <class U, target::Scalar T>
  requires target::kIsScalar<U>
TOROID_INLINE U convert(T x) {
  return static_cast<U>(x);
}
template <class U, target::Scalar T, int N>
  requires target::kIsScalar<U>
TOROID_INLINE auto convert(Vec<T, N> a) {
  if constexpr (__is_same(U, bool)) {
    return a != Vec<T, N>::broadcast(T(0));
  } else if constexpr (__is_same(U, T)) {
    return a;
  } else if constexpr ((target::kIsFloating<T> || sizeof(T) == 8) && sizeof(U) < 4) {
    return convert<U>(convert<int32_t>(a));
  } else if constexpr (target::kIsFloating<U> && sizeof(T) < 4) {
    return convert<U>(convert<int32_t>(a));
  } else if constexpr (!target::kIsFloating<T> && !target::kIsFloating<U> && sizeof(T) == 4 && sizeof(U) == 1 && sizeof(T) * N < 64) {
    return convert<U>(convert<int16_t>(a));
  } else if constexpr (Vec<T, N>::kSplit || Vec<U, N>::kSplit) {
    return join(convert<U>(lower(a)), convert<U>(upper(a)));
  } else {
    return Vec<U, N>{{target::convert_register<U, T, N>(a.v)}};
  }
}

// ---- masks ----

/// N truth values, kept as int32 lanes of 0 or -1. In memory a lane is a `bool`.
template <int N>
struct Mask {
  Vec<int32_t, N> bits;
  static constexpr int kSize = N;

  static TOROID_INLINE Mask of_bytes(Vec<int8_t, N> bytes) {
    return {convert<int32_t>(bytes) != Vec<int32_t, N>::broadcast(0)};
  }
  static TOROID_INLINE Mask load(const bool* p) { return of_bytes(Vec<int8_t, N>::load(reinterpret_cast<const int8_t*>(p))); }
  static TOROID_INLINE Mask load(const bool* p, Full<N>) { return load(p); }
  static TOROID_INLINE Mask load(const bool* p, int64_t count) {
    return of_bytes(Vec<int8_t, N>::load(reinterpret_cast<const int8_t*>(p), count));
  }
  TOROID_INLINE Vec<int8_t, N> bytes() const { return convert<int8_t>(-bits); }
  TOROID_INLINE void store(bool* p) const { bytes().store(reinterpret_cast<int8_t*>(p)); }
  TOROID_INLINE void store(bool* p, Full<N>) const { store(p); }
  TOROID_INLINE void store(bool* p, int64_t count) const { bytes().store(reinterpret_cast<int8_t*>(p), count); }

  static TOROID_INLINE Mask broadcast(bool x) { return {Vec<int32_t, N>::broadcast(x ? -1 : 0)}; }
  /// True in the lanes before `count`.
  static TOROID_INLINE Mask first(int64_t count) {
    return Vec<int32_t, N>::iota(0, 1) < Vec<int32_t, N>::broadcast(static_cast<int32_t>(count));
  }
  template <class Count>
  static TOROID_INLINE Mask strided(const bool* p, int64_t stride, Count count) {
    return lanes([p, stride](int64_t l) { return p[l * stride]; }, count);
  }
  template <class F, class Count>
  static TOROID_INLINE Mask lanes(F f, Count count) {
    return {Vec<int32_t, N>::lanes([f](int64_t l) { return f(l) ? -1 : 0; }, count)};
  }

  TOROID_INLINE bool operator[](int l) const { return bits[l] != 0; }
  TOROID_INLINE bool any() const { return reduce_any(*this); }
  TOROID_INLINE bool all() const { return reduce_all(*this); }
};

template <int N>
TOROID_INLINE Mask<N> operator&(Mask<N> a, Mask<N> b) {
  return {a.bits & b.bits};
}
template <int N>
TOROID_INLINE Mask<N> operator|(Mask<N> a, Mask<N> b) {
  return {a.bits | b.bits};
}
template <int N>
TOROID_INLINE Mask<N> operator^(Mask<N> a, Mask<N> b) {
  return {a.bits ^ b.bits};
}
template <int N>
TOROID_INLINE Mask<N> operator~(Mask<N> a) {
  return {~a.bits};
}

template <class U, int N>
TOROID_INLINE auto convert(Mask<N> a) {
  if constexpr (__is_same(U, bool)) return a;
  else return convert<U>(-a.bits);
}

// ---- comparison, selection ----

#define TOROID_COMPARISON(OP)                                                            \
  template <class T, int N>                                                              \
  TOROID_INLINE Mask<N> operator OP(Vec<T, N> a, Vec<T, N> b) {                          \
    if constexpr (Vec<T, N>::kSplit) {                                                   \
      return join(a.lo OP b.lo, a.hi OP b.hi);                                           \
    } else {                                                                             \
      typedef Vec<target::IntegerOf<T>, N> Bits;                                         \
      return {convert<int32_t>(Bits{{(typename Bits::Native)(a.v OP b.v)}})};            \
    }                                                                                    \
  }                                                                                      \
  template <class T, int N>                                                              \
  TOROID_INLINE Mask<N> operator OP(Vec<T, N> a, target::Given<T> b) {                   \
    return a OP Vec<T, N>::broadcast(b);                                                 \
  }                                                                                      \
  template <class T, int N>                                                              \
  TOROID_INLINE Mask<N> operator OP(target::Given<T> a, Vec<T, N> b) {                   \
    return Vec<T, N>::broadcast(a) OP b;                                                 \
  }
TOROID_COMPARISON(==)
TOROID_COMPARISON(!=)
TOROID_COMPARISON(<)
TOROID_COMPARISON(<=)
TOROID_COMPARISON(>)
TOROID_COMPARISON(>=)
#undef TOROID_COMPARISON

/// Lane by lane: mask ? a : b.
template <class T, int N>
TOROID_INLINE Vec<T, N> select(Mask<N> mask, Vec<T, N> a, Vec<T, N> b) {
  if constexpr (Vec<T, N>::kSplit) {
    return {{select(Mask<N / 2>{lower(mask.bits)}, a.lo, b.lo), select(Mask<N / 2>{upper(mask.bits)}, a.hi, b.hi)}};
  } else {
    return {{convert<target::IntegerOf<T>>(mask.bits).v ? a.v : b.v}};
  }
}
template <int N>
TOROID_INLINE Mask<N> select(Mask<N> mask, Mask<N> a, Mask<N> b) {
  return (mask & a) | (~mask & b);
}
template <target::Scalar T>
TOROID_INLINE T select(bool mask, T a, T b) {
  return mask ? a : b;
}

// ---- arithmetic: integers wrap around ----

#define TOROID_ARITHMETIC(OP)                                                            \
  template <class T, int N>                                                              \
  TOROID_INLINE Vec<T, N> operator OP(Vec<T, N> a, Vec<T, N> b) {                        \
    if constexpr (Vec<T, N>::kSplit) {                                                   \
      return {{a.lo OP b.lo, a.hi OP b.hi}};                                             \
    } else {                                                                             \
      typedef typename target::Register<typename target::Wrapping<T>::type, N>::type W;  \
      return {{(typename Vec<T, N>::Native)((W)a.v OP (W)b.v)}};                         \
    }                                                                                    \
  }                                                                                      \
  template <class T, int N>                                                              \
  TOROID_INLINE Vec<T, N> operator OP(Vec<T, N> a, target::Given<T> b) {                 \
    return a OP Vec<T, N>::broadcast(b);                                                 \
  }                                                                                      \
  template <class T, int N>                                                              \
  TOROID_INLINE Vec<T, N> operator OP(target::Given<T> a, Vec<T, N> b) {                 \
    return Vec<T, N>::broadcast(a) OP b;                                                 \
  }
TOROID_ARITHMETIC(+)
TOROID_ARITHMETIC(-)
TOROID_ARITHMETIC(*)
TOROID_ARITHMETIC(&)
TOROID_ARITHMETIC(|)
TOROID_ARITHMETIC(^)
#undef TOROID_ARITHMETIC

template <class T, int N>
TOROID_INLINE Vec<T, N> operator-(Vec<T, N> a) {
  if constexpr (Vec<T, N>::kSplit) {
    return {{-a.lo, -a.hi}};
  } else {
    typedef typename target::Register<typename target::Wrapping<T>::type, N>::type W;
    return {{(typename Vec<T, N>::Native)(-(W)a.v)}};
  }
}
template <class T, int N>
TOROID_INLINE Vec<T, N> operator~(Vec<T, N> a) {
  return a ^ Vec<T, N>::broadcast(static_cast<T>(-1));
}

}  // namespace toroid

#include <toroid/vec_functions.h>
#include <toroid/vec_half.h>
