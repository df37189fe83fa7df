// Elementary functions of double vectors as polynomials: those that activations and softmax are made of. The others of math.h go lane
// by lane through the C library. The ideas are those of math_float.h. Included by math.h.
#pragma once

#include <toroid/math_float.h>

namespace toroid::elementary {

constexpr double kLog2EDouble = 0x1.71547652b82fep0;
constexpr double kLn2Double = 0x1.62e42fefa39efp-1;
constexpr double kLn2RestDouble = 0x1.abc9e3b39803fp-56;
constexpr double kRounderDouble = 6755399441055744.0;

template <int N>
TOROID_INLINE Vec<double, N> minus_ln2(Vec<double, N> x, Vec<double, N> n) {
  typedef Vec<double, N> V;
  return fma(n, V::broadcast(-kLn2RestDouble), fma(n, V::broadcast(-kLn2Double), x));
}

/// (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2, relative error of e^r 8e-20 before rounding.
template <int N>
TOROID_INLINE Vec<double, N> exp_rest(Vec<double, N> r) {
  return polynomial(r, 0.5, 0.16666666666666685170, 4.1666666666666525576e-2, 8.3333333333159790440e-3, 1.3888888888967903905e-3,
                    1.9841269898576577649e-4, 2.4801587155663839992e-5, 2.7557232959787207861e-6, 2.7557417173235925922e-7,
                    2.5112626281320580543e-8, 2.0871278503301089079e-9);
}
template <int N>
TOROID_INLINE Vec<double, N> exp_near_zero(Vec<double, N> r) {
  typedef Vec<double, N> V;
  const V one = V::broadcast(1.0);
  return fma(fma(exp_rest(r), r, one), r, one);
}

template <int N>
TOROID_INLINE Vec<double, N> clamp(Vec<double, N> x, double low, double high) {
  typedef Vec<double, N> V;
  return maximum(minimum(x, V::broadcast(high)), V::broadcast(low));
}

/// The power of two in two steps, as in scale of math_float.h: the sum's low twelve bits are n + 2046.
template <int N>
TOROID_INLINE Vec<double, N> exp(Vec<double, N> x) {
  typedef Vec<double, N> V;
  constexpr double rounder = kRounderDouble + 2046.0;
  x = clamp(x, -746.0, 710.0);
  const V sum = fma(x, V::broadcast(kLog2EDouble), V::broadcast(rounder));
  const V p = exp_near_zero(minus_ln2(x, sum - rounder));
  const Vec<int64_t, N> bits = target::reinterpret<int64_t>(sum), half = shift_right<1>(bits);
  return p * target::reinterpret<double>(shift_left<52>(half)) * target::reinterpret<double>(shift_left<52>(bits - half));
}

template <int N>
TOROID_INLINE Vec<double, N> exp_within_range(Vec<double, N> x) {
  typedef Vec<double, N> V;
  constexpr double rounder = kRounderDouble + 1023.0;
  const V sum = fma(x, V::broadcast(kLog2EDouble), V::broadcast(rounder));
  return exp_near_zero(minus_ln2(x, sum - rounder)) * target::reinterpret<double>(shift_left<52>(target::reinterpret<int64_t>(sum)));
}

template <int N>
TOROID_INLINE Vec<double, N> expm1(Vec<double, N> x) {
  typedef Vec<double, N> V;
  constexpr double rounder = kRounderDouble + 1022.0;
  const V bounded = clamp(x, -40.0, 710.0);
  const V sum = fma(bounded, V::broadcast(kLog2EDouble), V::broadcast(rounder));
  const V r = minus_ln2(bounded, sum - rounder);
  const V power = target::reinterpret<double>(shift_left<52>(target::reinterpret<int64_t>(sum)));
  const V y = fma(fma(r * r, exp_rest(r), r), power, power - 0.5);
  return select(abs(x) < 1e-100, x, y + y);
}

/// f - (f^2/2 - s (f^2/2 + R)) with s = f / (2 + f), the form of ln(1 + f) in which the rounding errors are small.
template <int N>
TOROID_INLINE Vec<double, N> log(Vec<double, N> x) {
  typedef Vec<double, N> V;
  typedef Vec<int64_t, N> Bits;
  constexpr int64_t root_half = 0x3fe6a09e667f3bcd, one = 0x3ff0000000000000;
  const Mask<N> tiny = x < 0x1p-1022;
  const Bits bits = target::reinterpret<int64_t>(select(tiny, x * 0x1p54, x));
  const Bits biased = shift_right<52>(bits + (one - root_half));
  const V e = target::reinterpret<double>(biased | int64_t{0x4330000000000000}) -
              select(tiny, V::broadcast(0x1p52 + 1023.0 + 54.0), V::broadcast(0x1p52 + 1023.0));
  const V f = target::reinterpret<double>(bits - shift_left<52>(biased) + one) - 1.0;
  const V s = f / (f + 2.0), square = s * s, half = f * f * 0.5;
  const V rest = square * polynomial(square, 0.66666666666666662966, 0.40000000000004909406, 0.28571428569415141530, 0.22222222606627807891,
                                     0.18181778359394654143, 0.15386989634135170290, 0.13252110971017777574, 0.13235271976950952651);
  const V y = fma(e, V::broadcast(kLn2Double), f - (half - fma(s, half + rest, e * kLn2RestDouble)));
  const V special = select(x == 0.0, V::broadcast(-__builtin_inf()), select(x < 0.0, V::broadcast(__builtin_nan("")), x));
  return select((x > 0.0) & (x < __builtin_inf()), y, special);
}

template <int N>
TOROID_INLINE Vec<double, N> tanh(Vec<double, N> x) {
  typedef Vec<double, N> V;
  const V a = abs(x), square = x * x;
  const V near = fma(a * square,
                     polynomial(square, -0.33333333333333298176, 0.13333333333326588543, -5.3968253963744536317e-2, 2.1869488385446035628e-2,
                                -8.8632325953179671996e-3, 3.5920919731159688289e-3, -1.4555424997376015511e-3, 5.8844313996332469307e-4,
                                -2.3337830415375980953e-4, 8.3311973433620022263e-5, -1.9492032257039577947e-5),
                     a);
  const V bounded = minimum(a, V::broadcast(20.0));
  const V far = 1.0 - 2.0 / (exp_within_range(bounded + bounded) + 1.0);
  return copysign(select(a < 0.55, near, far), x);
}

}  // namespace toroid::elementary
