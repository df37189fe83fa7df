// The inverse error function, and the gamma function's logarithm and the derivative of that. Floats are computed in double; large
// arguments by the series of Abramowitz and Stegun 6.1.40 and 6.3.18, smaller ones are raised first. Included by math.h.
#pragma once

#include <toroid/math_double.h>
#include <toroid/math_wide.h>

namespace toroid::elementary {

/// x / erf(x) as a function of w = -ln(1 - erf(x)^2), which runs from 0 to 17 for floats. Relative error 6e-11 up to 5, then 8e-10.
template <int N>
TOROID_INLINE Vec<float, N> erfinv(Vec<float, N> y) {
  typedef Vec<float, N> V;
  const Wide<N> wide = convert<double>(y);
  const Wide<N> w = -natural(logarithm_wide<true>(-(wide * wide)));
  const Wide<N> near = polynomial(w - 2.5, 1.50140935111079199, 0.246640276785267759, -0.00417731781014003475, -0.00125270808362228092,
                                   0.000218250649399950012, -4.99588144876005996e-06, -3.41711523274501043e-06,
                                   4.78644824340027115e-07, 1.36914960151991519e-08, -1.08543970931123764e-08,
                                   8.32700082103081348e-10, 1.23028889731208054e-10, -2.1203565131819003e-11);
  const Wide<N> far = polynomial(sqrt(w) - 3.115, 2.94828367206024788, 1.00357612897099369, 0.00720934458525692833, -0.00545537584869897497,
                                  0.00392040978203903913, -0.00259555539533690973, 0.00129383179767516622,
                                  -0.00032465170175055726, -0.000127827407485989186, 0.000151439971089854726,
                                  -2.96796191096014164e-05, -1.10243362266198218e-05);
  const V regular = convert<float>(wide * select(w < 5.0, near, far));
  const V special = select(abs(y) == 1.0f, copysign(V::broadcast(__builtin_inff()), y), V::broadcast(__builtin_nanf("")));
  return select(abs(y) < 1.0f, regular, special);
}

/// Halley's method from an approximation that is right to a few thousandths; near 1 on the complement, where nothing cancels.
TOROID_INLINE double erfinv(double y) {
  const double magnitude = __builtin_fabs(y);
  if (!(magnitude < 1)) return magnitude == 1 ? __builtin_copysign(__builtin_inf(), y) : __builtin_nan("");
  if (magnitude < 1e-9) return y * 0.8862269254527580;
  const double log = __builtin_log1p(-magnitude) + __builtin_log1p(magnitude);
  const double half = 4.3307467508 + log / 2;
  double x = __builtin_sqrt(__builtin_sqrt(half * half - log / 0.147) - half);
  for (int i = 0; i < 3; ++i) {
    const double error = magnitude < 0.5 ? __builtin_erf(x) - magnitude : (1 - magnitude) - __builtin_erfc(x);
    const double step = error / (1.1283791670955126 * __builtin_exp(-x * x));
    x -= step / (1 + x * step);
  }
  return __builtin_copysign(x, y);
}
template <int N>
TOROID_INLINE Vec<double, N> erfinv(Vec<double, N> y) {
  return target::each_lane([](double l) { return erfinv(l); }, y);
}

constexpr double kPi = 3.141592653589793;

/// How far from the nearest integer. For the poles and their surroundings on the left.
template <int N>
TOROID_INLINE Wide<N> from_integer(Wide<N> x) {
  return x - round_half_even(x);
}

/// The argument of a series that needs it to be at least Least: 1 - x on the left, and ones added. step(where, y) is called before each.
template <int Least, int N, class F>
TOROID_INLINE Vec<double, N> raised(Vec<double, N> x, F step) {
  Vec<double, N> y = select(x < 0.0, 1.0 - x, x);
  for (int i = 0; i < Least; ++i) {
    const Mask<N> small = y < static_cast<double>(Least);
    step(small, y);
    y = select(small, y + 1.0, y);
  }
  return y;
}

template <int N>
TOROID_INLINE Vec<double, N> lgamma(Vec<double, N> x) {
  typedef Vec<double, N> V;
  V product = V::broadcast(1.0);
  const V y = raised<8>(x, [&](Mask<N> where, V at) TOROID_INLINE_LAMBDA { product = select(where, product * at, product); });
  const V inverse = 1.0 / y;
  const V series = inverse * polynomial(inverse * inverse, 1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360,
                                        1.0 / 156, -3617.0 / 122400);
  V result = (y - 0.5) * (elementary::log(y) - 1.0) + (0.4189385332046727 + series) - elementary::log(product);
  const Mask<N> left = x < 0.0;
  if (reduce_any(left)) {
    const V rest = from_integer(x);
    const V sine = abs(target::each_lane([](double l) { return __builtin_sin(kPi * l); }, rest));
    result = select(left, select(rest == 0.0, V::broadcast(__builtin_inf()), 1.1447298858494002 - elementary::log(sine) - result), result);
  }
  const V tiny = -elementary::log(abs(x));
  return select(abs(x) == __builtin_inf(), abs(x), select(abs(x) < 1e-17, tiny, result));
}

template <int N>
TOROID_INLINE Vec<double, N> digamma(Vec<double, N> x) {
  typedef Vec<double, N> V;
  V sum = V::broadcast(0.0);
  const V y = raised<9>(x, [&](Mask<N> where, V at) TOROID_INLINE_LAMBDA { sum = select(where, sum - 1.0 / at, sum); });
  const V inverse = 1.0 / y, square = inverse * inverse;
  const V series = square * polynomial(square, 1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12);
  V result = sum + elementary::log(y) - 0.5 * inverse - series;
  const Mask<N> left = x < 0.0;
  if (reduce_any(left)) {
    const V rest = from_integer(x);
    const V cotangent = target::each_lane([](double l) { return kPi / __builtin_tan(kPi * l); }, rest);
    const V pole = V::broadcast(__builtin_nan(""));
    result = select(left, select((rest == 0.0) | (x == -__builtin_inf()), pole, result - cotangent), result);
  }
  return select(x == 0.0, copysign(V::broadcast(__builtin_inf()), -x), result);
}

template <int N>
TOROID_INLINE Vec<float, N> lgamma(Vec<float, N> x) {
  return convert<float>(elementary::lgamma(convert<double>(x)));
}
template <int N>
TOROID_INLINE Vec<float, N> digamma(Vec<float, N> x) {
  return convert<float>(elementary::digamma(convert<double>(x)));
}

}  // namespace toroid::elementary
