// Elementary functions of vectors and scalars, with the special cases of C and PyTorch (NaN, infinities, -0, subnormal numbers in and
// out). A scalar's value is bit for bit what a vector's lane would be. Largest errors, over all 2^32 floats (math_test.cpp
// --exhaustive); an ULP is the distance of neighbouring floats, 0.5 would be correct rounding:
#pragma once

#include <toroid/math_float.h>
#include <toroid/math_wide.h>

namespace toroid {

namespace elementary {
/// The smallest vector of a scalar.
template <class T>
TOROID_INLINE auto few(T x) {
  return Vec<T, 16 / sizeof(T)>::broadcast(x);
}
}  // namespace elementary

#define TOROID_ELEMENTARY(NAME)                                                              \
  template <int N>                                                                           \
  TOROID_INLINE Vec<float, N> NAME(Vec<float, N> x) {                                        \
    return elementary::NAME(x);                                                              \
  }                                                                                          \
  template <int N>                                                                           \
  TOROID_INLINE Vec<double, N> NAME(Vec<double, N> x) {                                      \
    return target::each_lane([](double l) { return __builtin_##NAME(l); }, x);               \
  }                                                                                          \
  template <target::Floating T>                                                              \
  TOROID_INLINE T NAME(T x) {                                                                \
    return NAME(elementary::few(x))[0];                                                      \
  }
TOROID_ELEMENTARY(exp)
TOROID_ELEMENTARY(exp2)
TOROID_ELEMENTARY(expm1)
TOROID_ELEMENTARY(log)
TOROID_ELEMENTARY(log2)
TOROID_ELEMENTARY(log10)
TOROID_ELEMENTARY(log1p)
TOROID_ELEMENTARY(sin)
TOROID_ELEMENTARY(cos)
TOROID_ELEMENTARY(tan)
TOROID_ELEMENTARY(atan)
TOROID_ELEMENTARY(tanh)
TOROID_ELEMENTARY(erf)
#undef TOROID_ELEMENTARY

/// 1 / sqrt(x), each of the two steps correctly rounded.
template <class T, int N>
TOROID_INLINE Vec<T, N> rsqrt(Vec<T, N> x) {
  return T(1) / sqrt(x);
}
template <target::Floating T>
TOROID_INLINE T rsqrt(T x) {
  return T(1) / sqrt(x);
}

/// 1 / (1 + e^-x).
template <int N>
TOROID_INLINE Vec<float, N> sigmoid(Vec<float, N> x) {
  return elementary::sigmoid(x);
}
template <int N>
TOROID_INLINE Vec<double, N> sigmoid(Vec<double, N> x) {
  const Vec<double, N> e = exp(-abs(x));
  return select(x < 0.0, e, Vec<double, N>::broadcast(1.0)) / (e + 1.0);
}
template <target::Floating T>
TOROID_INLINE T sigmoid(T x) {
  return sigmoid(elementary::few(x))[0];
}

#define TOROID_BINARY(NAME)                                                                               \
  template <int N>                                                                                        \
  TOROID_INLINE Vec<float, N> NAME(Vec<float, N> x, Vec<float, N> y) {                                    \
    return elementary::NAME(x, y);                                                                        \
  }                                                                                                       \
  template <int N>                                                                                        \
  TOROID_INLINE Vec<double, N> NAME(Vec<double, N> x, Vec<double, N> y) {                                 \
    return target::each_lane([](double a, double b) { return __builtin_##NAME(a, b); }, x, y);            \
  }                                                                                                       \
  template <target::Floating T>                                                                           \
  TOROID_INLINE T NAME(T x, target::Given<T> y) {                                                         \
    return NAME(elementary::few(x), elementary::few(y))[0];                                               \
  }
TOROID_BINARY(pow)
TOROID_BINARY(atan2)
#undef TOROID_BINARY

}  // namespace toroid
