// Elementary functions of float vectors computed in double: correctly rounded but for about one result in a thousand, and simple,
// since nothing cancels. Twice the work of a float polynomial; for what rarely stands in a hot loop. Included by math.h.
#pragma once

#include <toroid/math_float.h>

namespace toroid::elementary {

template <int N>
using Wide = Vec<double, N>;

/// 2^p for p from -1000 to 1000, relative error 5e-11.
template <int N>
TOROID_INLINE Wide<N> exp2_wide(Wide<N> p) {
  constexpr double rounder = 6755399441055744.0 + 1023.0;  // the low bits are the biased exponent
  const Wide<N> sum = p + rounder;
  const Wide<N> y = polynomial(p - (sum - rounder), 1.0, 0.6931471807815124952512, 0.2402265107274443034501, 5.550410182285786531153e-2,
                               9.618037421898111662291e-3, 1.333406014557338712181e-3, 1.546694629993628541508e-4, 1.517037465283618203801e-5);
  return y * target::reinterpret<double>(shift_left<52>(target::reinterpret<int64_t>(sum)));
}

template <int N>
struct Logarithm {
  Wide<N> exponent, mantissa;  // ln(x) = exponent * ln 2 + mantissa
};
/// Of 1 + x if `plus` else of x, which is normal and positive, or the result means nothing. Relative error 3e-14.
template <bool Plus, int N>
TOROID_INLINE Logarithm<N> logarithm_wide(Wide<N> x) {
  constexpr int64_t root_half = 0x3fe6a09e667f3bcd, one = 0x3ff0000000000000;
  const Vec<int64_t, N> bits = target::reinterpret<int64_t>(Plus ? x + 1.0 : x);
  const Vec<int64_t, N> biased = shift_right<52>(bits + (one - root_half));
  const Vec<int64_t, N> mantissa = bits - shift_left<52>(biased) + one;
  const Wide<N> e = target::reinterpret<double>(biased | int64_t{0x4330000000000000}) - (4503599627370496.0 + 1023.0);
  Wide<N> f = target::reinterpret<double>(mantissa) - 1.0;
  if constexpr (Plus) f = select(e == 0.0, x, f);  // as it was before 1 was added to it
  const Wide<N> s = f / (f + 2.0);
  return {e, s * polynomial(s * s, 2.0, 0.6666666667610102736674, 0.3999999553474288815912, 0.2857211757867293422386, 0.2217585620100701870871,
                            0.1958877044575758896716)};
}
template <int N>
TOROID_INLINE Wide<N> natural(Logarithm<N> l) {
  return fma(l.exponent, Wide<N>::broadcast(0.6931471805599453), l.mantissa);
}

/// Where x is not a positive finite number: log's value there.
template <int N>
TOROID_INLINE Vec<float, N> log_special(Vec<float, N> x, Vec<float, N> regular) {
  typedef Vec<float, N> V;
  const V special = select(x == 0.0f, V::broadcast(-__builtin_inff()), select(x < 0.0f, V::broadcast(__builtin_nanf("")), x));
  return select((x > 0.0f) & (x < __builtin_inff()), regular, special);
}

template <int N>
TOROID_INLINE Vec<float, N> log2(Vec<float, N> x) {
  const Logarithm<N> l = logarithm_wide<false>(convert<double>(x));
  return log_special(x, convert<float>(fma(l.mantissa, Wide<N>::broadcast(1.4426950408889634), l.exponent)));
}
template <int N>
TOROID_INLINE Vec<float, N> log10(Vec<float, N> x) {
  return log_special(x, convert<float>(natural(logarithm_wide<false>(convert<double>(x))) * 0.4342944819032518));
}
template <int N>
TOROID_INLINE Vec<float, N> log1p(Vec<float, N> x) {
  const Vec<float, N> y = convert<float>(natural(logarithm_wide<true>(convert<double>(x))));
  // special cases by 1 + x; the sign keeps -0
  typedef Vec<float, N> V;
  const V special = select(x == -1.0f, V::broadcast(-__builtin_inff()), select(x < -1.0f, V::broadcast(__builtin_nanf("")), x));
  return select((x > -1.0f) & (x < __builtin_inff()), copysign(y, x), special);
}

/// As C's pow: 1 for y == 0 or x == 1 whatever the other is, a sign for odd y, NaN for a fraction of a negative number.
template <int N>
TOROID_INLINE Vec<float, N> pow(Vec<float, N> x, Vec<float, N> y) {
  typedef Vec<float, N> V;
  const float inf = __builtin_inff();
  const V a = abs(x);
  const Logarithm<N> l = logarithm_wide<false>(convert<double>(a));
  const Wide<N> finite = fma(l.mantissa, Wide<N>::broadcast(1.4426950408889634), l.exponent);
  const Wide<N> wide_a = convert<double>(a), big = Wide<N>::broadcast(__builtin_inf());
  const Wide<N> log2 = select(wide_a == 0.0, -big, select(wide_a < __builtin_inf(), finite, wide_a));
  const Wide<N> power = minimum(maximum(log2 * convert<double>(y), Wide<N>::broadcast(-200.0)), Wide<N>::broadcast(200.0));
  const V magnitude = convert<float>(exp2_wide(power));
  const V half = y * 0.5f;
  const Mask<N> whole = trunc(y) == y, odd = whole & (trunc(half) != half) & (abs(y) < 16777216.0f);
  const V result = select(odd, copysign(magnitude, x), magnitude);
  const Mask<N> one = (y == 0.0f) | (x == 1.0f) | ((x == -1.0f) & (abs(y) == inf));
  const Mask<N> undefined = (x < 0.0f) & (x > -inf) & ~whole;
  return select(one, V::broadcast(1.0f), select(undefined & ~isnan(y), V::broadcast(__builtin_nanf("")), result));
}

/// x = quadrant * pi/2 + r with |r| <= pi/4, for |x| < 2^30; the quadrant's two low bits are those of `quadrant`.
template <int N>
struct Angle {
  Vec<int64_t, N> quadrant;
  Wide<N> sin, cos;  // of r
};
template <int N>
TOROID_INLINE Angle<N> angle(Wide<N> x) {
  constexpr double rounder = 6755399441055744.0;
  const Wide<N> sum = fma(x, Wide<N>::broadcast(0.6366197723675814), Wide<N>::broadcast(rounder)), n = sum - rounder;
  const Wide<N> r = fma(n, Wide<N>::broadcast(-6.123233995736766e-17), fma(n, Wide<N>::broadcast(-1.5707963267948966), x));
  const Wide<N> square = r * r;
  return {target::reinterpret<int64_t>(sum),
          r * polynomial(square, 1.0, -0.1666666664010668652561, 8.33332924728018287208e-3, -1.983929775769750791271e-4, 2.718007603952246520377e-6),
          polynomial(square, 1.0, -0.4999999999947391526689, 4.166666655145188913334e-2, -1.388888057506004964150e-3, 2.479894595922110971434e-5,
                     -2.717387599632896699910e-7)};
}

/// Angles beyond 2^30 are left to the C library, whose reduction has all of pi's digits.
template <class F, int N>
TOROID_INLINE Vec<float, N> large_angles(Vec<float, N> x, Vec<float, N> y, F library) {
  const Mask<N> large = abs(x) >= 1073741824.0f;
  if (__builtin_expect(reduce_any(large), 0)) return select(large, target::each_lane(library, x), y);
  return y;
}

template <int N>
TOROID_INLINE Wide<N> change_sign(Wide<N> x, Vec<int64_t, N> quadrant) {
  return target::reinterpret<double>(target::reinterpret<int64_t>(x) ^ shift_left<62>(quadrant & int64_t{2}));
}

template <int N>
TOROID_INLINE Vec<float, N> sin(Vec<float, N> x) {
  const Angle<N> a = angle(convert<double>(x));
  const Wide<N> y = change_sign(select((a.quadrant & int64_t{1}) == int64_t{0}, a.sin, a.cos), a.quadrant);
  return large_angles(x, convert<float>(y), [](float l) { return static_cast<float>(__builtin_sin(static_cast<double>(l))); });
}
template <int N>
TOROID_INLINE Vec<float, N> cos(Vec<float, N> x) {
  const Angle<N> a = angle(convert<double>(x));
  const Wide<N> y = change_sign(select((a.quadrant & int64_t{1}) == int64_t{0}, a.cos, a.sin), a.quadrant + int64_t{1});
  return large_angles(x, convert<float>(y), [](float l) { return static_cast<float>(__builtin_cos(static_cast<double>(l))); });
}
template <int N>
TOROID_INLINE Vec<float, N> tan(Vec<float, N> x) {
  const Angle<N> a = angle(convert<double>(x));
  const Mask<N> even = (a.quadrant & int64_t{1}) == int64_t{0};
  const Wide<N> y = select(even, a.sin, -a.cos) / select(even, a.cos, a.sin);
  return large_angles(x, convert<float>(y), [](float l) { return static_cast<float>(__builtin_tan(static_cast<double>(l))); });
}

/// atan of numbers from 0 to 1.
template <int N>
TOROID_INLINE Wide<N> atan_wide(Wide<N> x) {
  const Wide<N> square = x * x;
  return x * polynomial(square, 1.0, -0.3333329760286958265425, 0.1999850827347760540142, -0.1426384865244946510309, 0.1095025216615133052945,
                        -8.39807459627016222869e-2, 5.786927817390610101488e-2, -3.109286290345764786069e-2, 1.087032850241720534356e-2,
                        -1.783978224443881314965e-3);
}
/// The angle of the point (x, y), as C's atan2.
template <int N>
TOROID_INLINE Vec<float, N> atan2(Vec<float, N> y, Vec<float, N> x) {
  const Wide<N> a = convert<double>(abs(y)), b = convert<double>(abs(x)), pi = Wide<N>::broadcast(3.141592653589793);
  const Wide<N> larger = maximum(a, b), smaller = minimum(a, b);
  const Mask<N> both = (a == b);  // also two zeros, two infinities
  const Wide<N> ratio = select(both, select(a == 0.0, a, Wide<N>::broadcast(1.0)), smaller / larger);
  const Wide<N> octant = atan_wide(ratio);
  const Wide<N> quadrant = select(a > b, 1.5707963267948966 - octant, octant);
  const Mask<N> left = target::reinterpret<int32_t>(x) < 0;
  return copysign(convert<float>(select(left, pi - quadrant, quadrant)), y);
}
template <int N>
TOROID_INLINE Vec<float, N> atan(Vec<float, N> x) {
  const Wide<N> a = convert<double>(abs(x));
  const Mask<N> steep = a > 1.0;
  const Wide<N> y = atan_wide(select(steep, 1.0 / a, a));
  return copysign(convert<float>(select(steep, 1.5707963267948966 - y, y)), x);
}

}  // namespace toroid::elementary
