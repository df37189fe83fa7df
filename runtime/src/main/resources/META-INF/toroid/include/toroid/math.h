// Elementary functions of vectors and scalars, with the special cases of C and PyTorch (NaN, infinities, -0, subnormal numbers in and
// out). A scalar's value is bit for bit what a vector's lane would be, and all instruction sets and compilers give the same bits
// (but for the NaN's own).
//
// Largest errors of the floats, in ULP, the distance of neighbouring floats; 0.5 is correct rounding. math_test.cpp --exhaustive measures
// them over all 2^32 floats (pow and atan2: a sample of pairs):
//   exp 0.90   exp2 0.88   expm1 1.45   log 0.88   tanh 1.38   sigmoid 2.41   erf 1.05   rsqrt 1.50
//   log2, log10, log1p, sin, cos, tan, asin, acos, sinh, cosh, asinh, acosh, atanh, pow 0.51   atan, atan2 0.55   erfc 0.52
//   erfinv 0.53   lgamma, digamma 0.51 (of 0.5 where they are smaller, for they cross zero)
// Of the doubles, by a sample: exp 0.90   expm1 1.90   log 0.90   tanh 1.65   sigmoid 2.50   erfinv 2.50   lgamma 8 (of 8 where it is
// smaller)   digamma 5 (of 32 likewise); the others are the C library's.
#pragma once

#include <toroid/math_double.h>
#include <toroid/math_float.h>
#include <toroid/math_special.h>
#include <toroid/math_wide.h>
#include <toroid/math_wide_more.h>
#include <toroid/random.h>

namespace toroid {

namespace elementary {
/// The smallest vector of a scalar.
template <class T>
TOROID_INLINE auto few(T x) {
  return Vec<T, 16 / sizeof(T)>::broadcast(x);
}
}  // namespace elementary

// Some functions of doubles are our own, the others the C library's, lane by lane.
#define TOROID_ELEMENTARY(NAME, DOUBLE)                           \
  template <int N>                                                \
  TOROID_INLINE Vec<float, N> NAME(Vec<float, N> x) {             \
    return elementary::NAME(x);                                   \
  }                                                               \
  template <int N>                                                \
  TOROID_INLINE Vec<double, N> NAME(Vec<double, N> x) {           \
    return DOUBLE;                                                \
  }                                                               \
  template <target::Floating T>                                   \
  TOROID_INLINE T NAME(T x) {                                     \
    return NAME(elementary::few(x))[0];                           \
  }
#define TOROID_LIBRARY(NAME) target::each_lane([](double l) { return __builtin_##NAME(l); }, x)
TOROID_ELEMENTARY(exp, elementary::exp(x))
TOROID_ELEMENTARY(exp2, TOROID_LIBRARY(exp2))
TOROID_ELEMENTARY(expm1, elementary::expm1(x))
TOROID_ELEMENTARY(log, elementary::log(x))
TOROID_ELEMENTARY(log2, TOROID_LIBRARY(log2))
TOROID_ELEMENTARY(log10, TOROID_LIBRARY(log10))
TOROID_ELEMENTARY(log1p, TOROID_LIBRARY(log1p))
TOROID_ELEMENTARY(sin, TOROID_LIBRARY(sin))
TOROID_ELEMENTARY(cos, TOROID_LIBRARY(cos))
TOROID_ELEMENTARY(tan, TOROID_LIBRARY(tan))
TOROID_ELEMENTARY(asin, TOROID_LIBRARY(asin))
TOROID_ELEMENTARY(acos, TOROID_LIBRARY(acos))
TOROID_ELEMENTARY(atan, TOROID_LIBRARY(atan))
TOROID_ELEMENTARY(sinh, TOROID_LIBRARY(sinh))
TOROID_ELEMENTARY(cosh, TOROID_LIBRARY(cosh))
TOROID_ELEMENTARY(tanh, elementary::tanh(x))
TOROID_ELEMENTARY(asinh, TOROID_LIBRARY(asinh))
TOROID_ELEMENTARY(acosh, TOROID_LIBRARY(acosh))
TOROID_ELEMENTARY(atanh, TOROID_LIBRARY(atanh))
TOROID_ELEMENTARY(erf, TOROID_LIBRARY(erf))
TOROID_ELEMENTARY(erfc, TOROID_LIBRARY(erfc))
TOROID_ELEMENTARY(erfinv, elementary::erfinv(x))
TOROID_ELEMENTARY(lgamma, elementary::lgamma(x))
TOROID_ELEMENTARY(digamma, elementary::digamma(x))
#undef TOROID_ELEMENTARY
#undef TOROID_LIBRARY

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
