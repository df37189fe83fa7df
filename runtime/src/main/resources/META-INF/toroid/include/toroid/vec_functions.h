// The functions on Vec that are not operators of C++, and the same ones on scalars. Included by vec.h.
#pragma once

#include <toroid/vec.h>

namespace toroid {

// ---- division ----

namespace target {

template <class T>
constexpr bool kIsSigned = static_cast<T>(-1) < T(1);

/// C's integer division without its traps: x / 0 is 0 (generated code reports it by itself), the least number / -1 wraps around.
template <Integral T>
TOROID_INLINE T divide(T a, T b) {
  typedef typename Wrapping<T>::type W;
  if (b == T(0)) return T(0);
  if (kIsSigned<T> && b == static_cast<T>(-1)) return static_cast<T>(W(0) - static_cast<W>(a));
  return static_cast<T>(a / b);
}
template <Integral T>
TOROID_INLINE T modulo(T a, T b) {
  if (b == T(0) || (kIsSigned<T> && b == static_cast<T>(-1))) return T(0);
  return static_cast<T>(a % b);
}
TOROID_INLINE float divide(float a, float b) { return a / b; }
TOROID_INLINE double divide(double a, double b) { return a / b; }

}  // namespace target

template <class T, int N>
TOROID_INLINE Vec<T, N> operator/(Vec<T, N> a, Vec<T, N> b) {
  if constexpr (!target::kIsFloating<T>) return target::each_lane([](T x, T y) { return target::divide(x, y); }, a, b);
  else if constexpr (Vec<T, N>::kSplit) return {{a.lo / b.lo, a.hi / b.hi}};
  else return {{a.v / b.v}};
}
template <class T, int N>
TOROID_INLINE Vec<T, N> operator/(Vec<T, N> a, target::Given<T> b) {
  return a / Vec<T, N>::broadcast(b);
}
template <class T, int N>
TOROID_INLINE Vec<T, N> operator/(target::Given<T> a, Vec<T, N> b) {
  return Vec<T, N>::broadcast(a) / b;
}
/// The rest of C's integer division, with the sign of the dividend.
template <target::Integral T, int N>
TOROID_INLINE Vec<T, N> operator%(Vec<T, N> a, Vec<T, N> b) {
  return target::each_lane([](T x, T y) { return target::modulo(x, y); }, a, b);
}

// ---- shifts: by less than 0 or by all bits and more is as if shifted one by one, as in PyTorch ----

template <target::Integral T, int N>
TOROID_INLINE Vec<T, N> operator<<(Vec<T, N> a, Vec<T, N> b) {
  if constexpr (Vec<T, N>::kSplit) {
    return {{a.lo << b.lo, a.hi << b.hi}};
  } else {
    typedef typename target::Register<typename target::Wrapping<T>::type, N>::type W;
    constexpr T bits = sizeof(T) * 8;
    const Vec<T, N> low = b & static_cast<T>(bits - 1);
    return select(b == low, Vec<T, N>{{(typename Vec<T, N>::Native)((W)a.v << (W)low.v)}}, Vec<T, N>::broadcast(T(0)));
  }
}
template <target::Integral T, int N>
TOROID_INLINE Vec<T, N> operator>>(Vec<T, N> a, Vec<T, N> b) {
  if constexpr (Vec<T, N>::kSplit) {
    return {{a.lo >> b.lo, a.hi >> b.hi}};
  } else {
    constexpr T last = sizeof(T) * 8 - 1;
    const Vec<T, N> low = b & last;
    return {{a.v >> select(b == low, b, Vec<T, N>::broadcast(last)).v}};
  }
}
template <target::Integral T, int N>
TOROID_INLINE Vec<T, N> operator<<(Vec<T, N> a, int b) {
  return a << Vec<T, N>::broadcast(static_cast<T>(b));
}
template <target::Integral T, int N>
TOROID_INLINE Vec<T, N> operator>>(Vec<T, N> a, int b) {
  return a >> Vec<T, N>::broadcast(static_cast<T>(b));
}

// ---- one instruction each ----

/// a * b + c, rounded once.
template <target::Floating T, int N>
TOROID_INLINE Vec<T, N> fma(Vec<T, N> a, Vec<T, N> b, Vec<T, N> c) {
  if constexpr (Vec<T, N>::kSplit) return {{fma(a.lo, b.lo, c.lo), fma(a.hi, b.hi, c.hi)}};
  else return {{target::fma_register<T, N>(a.v, b.v, c.v)}};
}
template <target::Floating T>
TOROID_INLINE T fma(T a, T b, T c) {
  return target::fma(a, b, c);
}

template <target::Floating T, int N>
TOROID_INLINE Vec<T, N> sqrt(Vec<T, N> a) {
  if constexpr (Vec<T, N>::kSplit) return {{sqrt(a.lo), sqrt(a.hi)}};
  else return {{target::sqrt_register<T, N>(a.v)}};
}
template <target::Floating T>
TOROID_INLINE T sqrt(T a) {
  return target::sqrt(a);
}

#define TOROID_ROUNDING(NAME, MODE)                                                    \
  template <target::Scalar T, int N>                                                   \
  TOROID_INLINE Vec<T, N> NAME(Vec<T, N> a) {                                          \
    if constexpr (!target::kIsFloating<T>) return a;                                   \
    else if constexpr (Vec<T, N>::kSplit) return {{NAME(a.lo), NAME(a.hi)}};           \
    else return {{target::round_register<target::MODE, T, N>(a.v)}};                   \
  }                                                                                    \
  template <target::Scalar T>                                                          \
  TOROID_INLINE T NAME(T a) {                                                          \
    if constexpr (!target::kIsFloating<T>) return a;                                   \
    else return target::round<target::MODE>(a);                                        \
  }
TOROID_ROUNDING(floor, kDown)
TOROID_ROUNDING(ceil, kUp)
TOROID_ROUNDING(trunc, kToZero)
TOROID_ROUNDING(round_half_even, kToEven)
#undef TOROID_ROUNDING

// ---- signs and NaN ----

namespace target {
template <class T>
constexpr IntegerOf<T> kSignBit = static_cast<IntegerOf<T>>(IntegerOf<T>(1) << (sizeof(T) * 8 - 2)) * 2;
template <>
inline constexpr int32_t kSignBit<float> = INT32_MIN;
template <>
inline constexpr int64_t kSignBit<double> = INT64_MIN;
}  // namespace target

template <class T, int N>
TOROID_INLINE Vec<T, N> abs(Vec<T, N> a) {
  typedef target::IntegerOf<T> Int;
  if constexpr (target::kIsFloating<T>) return target::reinterpret<T>(target::reinterpret<Int>(a) & ~target::kSignBit<T>);
  else return select(a < T(0), -a, a);
}
template <target::Scalar T>
TOROID_INLINE T abs(T a) {
  if constexpr (__is_same(T, float)) return __builtin_fabsf(a);
  else if constexpr (__is_same(T, double)) return __builtin_fabs(a);
  else if constexpr (__is_same(T, bool)) return a;
  else return a < T(0) ? static_cast<T>(typename target::Wrapping<T>::type(0) - static_cast<typename target::Wrapping<T>::type>(a)) : a;
}

/// The magnitude of a with the sign of b.
template <target::Floating T, int N>
TOROID_INLINE Vec<T, N> copysign(Vec<T, N> a, Vec<T, N> b) {
  typedef target::IntegerOf<T> Int;
  constexpr Int sign = target::kSignBit<T>;
  return target::reinterpret<T>((target::reinterpret<Int>(a) & ~sign) | (target::reinterpret<Int>(b) & sign));
}
TOROID_INLINE float copysign(float a, float b) { return __builtin_copysignf(a, b); }
TOROID_INLINE double copysign(double a, double b) { return __builtin_copysign(a, b); }

template <class T, int N>
TOROID_INLINE Mask<N> isnan(Vec<T, N> a) {
  if constexpr (target::kIsFloating<T>) return a != a;
  else return Mask<N>::broadcast(false);
}
template <target::Scalar T>
TOROID_INLINE bool isnan(T a) {
  if constexpr (target::kIsFloating<T>) return __builtin_isnan(a);
  else return false;
}

// As torch.minimum and torch.maximum: NaN if either is. Written so that a constant b costs one instruction.

template <class T, int N>
TOROID_INLINE Vec<T, N> minimum(Vec<T, N> a, Vec<T, N> b) {
  if constexpr (Vec<T, N>::kSplit) return {{minimum(a.lo, b.lo), minimum(a.hi, b.hi)}};
  else if constexpr (!target::kIsFloating<T>) return {{target::less_register<T, N>(b.v, a.v)}};
  else return select(isnan(b), b, Vec<T, N>{{target::less_register<T, N>(b.v, a.v)}});
}
template <class T, int N>
TOROID_INLINE Vec<T, N> maximum(Vec<T, N> a, Vec<T, N> b) {
  if constexpr (Vec<T, N>::kSplit) return {{maximum(a.lo, b.lo), maximum(a.hi, b.hi)}};
  else if constexpr (!target::kIsFloating<T>) return {{target::greater_register<T, N>(b.v, a.v)}};
  else return select(isnan(b), b, Vec<T, N>{{target::greater_register<T, N>(b.v, a.v)}});
}
template <target::Scalar T>
TOROID_INLINE T minimum(T a, T b) {
  return isnan(b) ? b : b < a ? b : a;
}
template <target::Scalar T>
TOROID_INLINE T maximum(T a, T b) {
  return isnan(b) ? b : b > a ? b : a;
}

// ---- remainders ----

TOROID_INLINE float fmod(float a, float b) { return __builtin_fmodf(a, b); }
TOROID_INLINE double fmod(double a, double b) { return __builtin_fmod(a, b); }
template <target::Integral T>
TOROID_INLINE T fmod(T a, T b) {
  return target::modulo(a, b);
}

/// As torch.remainder: has the sign of the divisor. Integers: 0 if the divisor is 0.
template <target::Scalar T>
TOROID_INLINE T remainder(T a, T b) {
  const T rest = fmod(a, b);
  return rest != T(0) && (rest < T(0)) != (b < T(0)) ? static_cast<T>(rest + b) : rest;
}

/// As torch.floor_divide: rounds towards minus infinity. Integers: 0 if the divisor is 0.
template <target::Integral T>
TOROID_INLINE T floor_divide(T a, T b) {
  const T quotient = target::divide(a, b), rest = target::modulo(a, b);
  return rest != T(0) && (rest < T(0)) != (b < T(0)) ? static_cast<T>(quotient - 1) : quotient;
}
/// Floats: the exact quotient's floor if representable, built from fmod as Python's `//` is.
template <target::Floating T>
TOROID_INLINE T floor_divide(T a, T b) {
  if (b == T(0)) return a / b;
  const T rest = fmod(a, b);
  T quotient = (a - rest) / b;
  if (rest != T(0) && (b < T(0)) != (rest < T(0))) quotient -= T(1);
  if (quotient == T(0)) return copysign(T(0), a / b);
  const T whole = floor(quotient);
  return quotient - whole > T(0.5) ? whole + T(1) : whole;
}

template <class T, int N>
TOROID_INLINE Vec<T, N> fmod(Vec<T, N> a, Vec<T, N> b) {
  return target::each_lane([](T x, T y) { return fmod(x, y); }, a, b);
}
template <class T, int N>
TOROID_INLINE Vec<T, N> remainder(Vec<T, N> a, Vec<T, N> b) {
  return target::each_lane([](T x, T y) { return remainder(x, y); }, a, b);
}
template <class T, int N>
TOROID_INLINE Vec<T, N> floor_divide(Vec<T, N> a, Vec<T, N> b) {
  return target::each_lane([](T x, T y) { return floor_divide(x, y); }, a, b);
}

// ---- reductions over the lanes, in a tree ----

namespace target {

template <int Distance, class F, class T, int N>
TOROID_INLINE T reduce_register(F f, Vec<T, N> a) {
  if constexpr (Distance == 0) return a.v[0];
  else return reduce_register<Distance / 2>(f, f(a, Vec<T, N>{{exchange<Distance>(a.v, IndicesTo<N>{})}}));
}
/// Halves while the vector is wider than 16 bytes, then exchanges lanes.
template <class F, class T, int N>
TOROID_INLINE T reduce(F f, Vec<T, N> a) {
  if constexpr (Vec<T, N>::kSplit || sizeof(T) * N > 16) return reduce(f, f(lower(a), upper(a)));
  else return reduce_register<N / 2>(f, a);
}

}  // namespace target

template <class T, int N>
TOROID_INLINE T reduce_add(Vec<T, N> a) {
  return target::reduce([](auto x, auto y) { return x + y; }, a);
}
template <class T, int N>
TOROID_INLINE T reduce_mul(Vec<T, N> a) {
  return target::reduce([](auto x, auto y) { return x * y; }, a);
}
template <class T, int N>
TOROID_INLINE T reduce_max(Vec<T, N> a) {
  return target::reduce([](auto x, auto y) { return maximum(x, y); }, a);
}
template <class T, int N>
TOROID_INLINE T reduce_min(Vec<T, N> a) {
  return target::reduce([](auto x, auto y) { return minimum(x, y); }, a);
}
template <int N>
TOROID_INLINE bool reduce_any(Mask<N> a) {
  return target::reduce([](auto x, auto y) { return x | y; }, target::reinterpret<int64_t>(a.bits)) != 0;
}
template <int N>
TOROID_INLINE bool reduce_all(Mask<N> a) {
  return target::reduce([](auto x, auto y) { return x & y; }, target::reinterpret<int64_t>(a.bits)) == -1;
}

#define TOROID_SCALAR_REDUCTION(NAME) \
  template <target::Scalar T>         \
  TOROID_INLINE T NAME(T a) {         \
    return a;                         \
  }
TOROID_SCALAR_REDUCTION(reduce_add)
TOROID_SCALAR_REDUCTION(reduce_mul)
TOROID_SCALAR_REDUCTION(reduce_max)
TOROID_SCALAR_REDUCTION(reduce_min)
TOROID_SCALAR_REDUCTION(reduce_any)
TOROID_SCALAR_REDUCTION(reduce_all)
#undef TOROID_SCALAR_REDUCTION

}  // namespace toroid
