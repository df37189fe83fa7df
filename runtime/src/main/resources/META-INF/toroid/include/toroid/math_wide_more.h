// The inverse and hyperbolic functions and erfc of float vectors, computed in double as in math_wide.h. Included by math.h.
#pragma once

#include <toroid/math_wide.h>

namespace toroid::elementary {

/// asin of numbers from 0 to 1/2, given also its square.
template <int N>
TOROID_INLINE Wide<N> asin_wide(Wide<N> x, Wide<N> square) {
  return x * polynomial(square, 1.0, 0.1666666719526019024844, 7.499948012463363011814e-2, 4.466016131769908609209e-2,
                        3.011057528433411581426e-2, 2.461519525382538375879e-2, 7.481154130304734215326e-3, 3.467670732156995921924e-2);
}
/// asin(|x|) = `direct` where |x| <= 1/2, else pi/2 - 2 * `direct`.
template <int N>
struct HalfAngle {
  Mask<N> large;
  Wide<N> direct;
};
template <int N>
TOROID_INLINE HalfAngle<N> half_angle(Wide<N> x) {
  const Wide<N> a = abs(x);
  const Mask<N> large = a > 0.5;
  const Wide<N> square = select(large, 0.5 - a * 0.5, a * a);
  return {large, asin_wide(select(large, sqrt(square), a), square)};
}
template <int N>
TOROID_INLINE Vec<float, N> asin(Vec<float, N> x) {
  const HalfAngle<N> h = half_angle(convert<double>(x));
  const Wide<N> y = select(h.large, 1.5707963267948966 - (h.direct + h.direct), h.direct);
  return copysign(convert<float>(y), x);
}
template <int N>
TOROID_INLINE Vec<float, N> acos(Vec<float, N> x) {
  const Wide<N> wide = convert<double>(x);
  const HalfAngle<N> h = half_angle(wide);
  const Wide<N> twice = h.direct + h.direct;
  const Wide<N> large = select(wide < 0.0, 3.141592653589793 - twice, twice);
  return convert<float>(select(h.large, large, 1.5707963267948966 - copysign(h.direct, wide)));
}

/// e^x and e^-x, for |x| up to 100; beyond, the value at 100 (its float is infinite or zero).
template <int N>
struct Exponentials {
  Wide<N> up, down;
};
template <int N>
TOROID_INLINE Exponentials<N> exponentials(Wide<N> x) {
  const Wide<N> p = minimum(x, Wide<N>::broadcast(100.0)) * 1.4426950408889634;
  return {exp2_wide(p), exp2_wide(-p)};
}
template <int N>
TOROID_INLINE Vec<float, N> sinh(Vec<float, N> x) {
  const Wide<N> a = abs(convert<double>(x)), square = a * a;
  const Exponentials<N> e = exponentials(a);
  const Wide<N> near = a * polynomial(square, 1.0, 1.0 / 6, 1.0 / 120, 1.0 / 5040, 1.0 / 362880);
  return copysign(convert<float>(select(a < 0.5, near, (e.up - e.down) * 0.5)), x);
}
template <int N>
TOROID_INLINE Vec<float, N> cosh(Vec<float, N> x) {
  const Exponentials<N> e = exponentials(abs(convert<double>(x)));
  return convert<float>((e.up + e.down) * 0.5);
}

template <int N>
TOROID_INLINE Wide<N> log1p_wide(Wide<N> x) {
  return natural(logarithm_wide<true>(x));
}
/// sign(x) ln(|x| + sqrt(x^2 + 1)), as log1p of |x| + x^2 / (1 + sqrt(x^2 + 1)).
template <int N>
TOROID_INLINE Vec<float, N> asinh(Vec<float, N> x) {
  const Wide<N> a = abs(convert<double>(x)), square = a * a;
  const Vec<float, N> y = convert<float>(log1p_wide(a + square / (1.0 + sqrt(square + 1.0))));
  return select(abs(x) < __builtin_inff(), copysign(y, x), x);
}
template <int N>
TOROID_INLINE Vec<float, N> acosh(Vec<float, N> x) {
  typedef Vec<float, N> V;
  const Wide<N> above = convert<double>(x) - 1.0;
  const V y = convert<float>(log1p_wide(above + sqrt(above * above + (above + above))));
  return select((x >= 1.0f) & (x < __builtin_inff()), y, select(x < 1.0f, V::broadcast(__builtin_nanf("")), x));
}
template <int N>
TOROID_INLINE Vec<float, N> atanh(Vec<float, N> x) {
  typedef Vec<float, N> V;
  const V magnitude = abs(x);
  const Wide<N> a = convert<double>(magnitude);
  const V y = convert<float>(log1p_wide((a + a) / (1.0 - a)) * 0.5);
  const V special = select(magnitude == 1.0f, V::broadcast(__builtin_inff()), V::broadcast(__builtin_nanf("")));
  return copysign(select(magnitude < 1.0f, y, special), x);
}

/// erfc(a) = e^(-a^2) g(q) / (1 + 2a) with q = (a - 2) / (a + 2), and 2 - erfc(a) for negative numbers.
template <int N>
TOROID_INLINE Vec<float, N> erfc(Vec<float, N> x) {
  const Wide<N> a = minimum(abs(convert<double>(x)), Wide<N>::broadcast(11.0));
  const Wide<N> q = (a - 2.0) / (a + 2.0);
  const Wide<N> g = polynomial(q, 1.27697838268383123683, -9.2763820888437235644e-2, -0.1660305223046175393530, 0.1640510480438391316405,
                               -5.4217811397442146337e-2, -8.0309391684076150697e-3, 8.7089585151277956049e-3, 1.2529015550424228882e-3,
                               -1.4203469519696992203e-3, -4.0083107799632954017e-4, 1.6889999873476995861e-4, 7.9203016479028882750e-5);
  const Wide<N> tail = exp2_wide(a * a * -1.4426950408889634) * g / (1.0 + (a + a));
  return convert<float>(select(convert<double>(x) < 0.0, 2.0 - tail, tail));
}

}  // namespace toroid::elementary
