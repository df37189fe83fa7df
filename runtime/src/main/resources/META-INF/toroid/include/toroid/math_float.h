// Elementary functions of float vectors that stand in hot loops: polynomials in float, no branches. Coefficients are minimax ones
// for the reduced interval, rounded to float. Included by math.h.
#pragma once

#include <toroid/vec.h>

namespace toroid::elementary {

/// c0 + x * (c1 + x * (...)), by Horner's rule.
template <class T, int N>
TOROID_INLINE Vec<T, N> polynomial(Vec<T, N>, target::Given<T> last) {
  return Vec<T, N>::broadcast(last);
}
template <class T, int N, class... Rest>
TOROID_INLINE Vec<T, N> polynomial(Vec<T, N> x, target::Given<T> first, Rest... rest) {
  return fma(polynomial(x, rest...), x, Vec<T, N>::broadcast(first));
}

template <int K, class T, int N>
TOROID_INLINE Vec<T, N> shift_left(Vec<T, N> a) {
  if constexpr (Vec<T, N>::kSplit) {
    return {{shift_left<K>(a.lo), shift_left<K>(a.hi)}};
  } else {
    typedef typename target::Register<typename target::Wrapping<T>::type, N>::type W;
    return {{(typename Vec<T, N>::Native)((W)a.v << K)}};
  }
}
/// Zeros come in from the left.
template <int K, class T, int N>
TOROID_INLINE Vec<T, N> shift_right(Vec<T, N> a) {
  if constexpr (Vec<T, N>::kSplit) {
    return {{shift_right<K>(a.lo), shift_right<K>(a.hi)}};
  } else {
    typedef typename target::Register<typename target::Wrapping<T>::type, N>::type W;
    return {{(typename Vec<T, N>::Native)((W)a.v >> K)}};
  }
}

/// A whole number n, found by adding a number so large that the sum has no fraction: its low bits are n + 254.
template <int N>
struct Whole {
  Vec<float, N> sum, number;
};
constexpr float kRounder = 12582912.0f + 254.0f;
template <int N>
TOROID_INLINE Whole<N> whole(Vec<float, N> sum) {
  return {sum, sum - kRounder};
}

/// p * 2^n, rounded once also when the result is subnormal; n from -150 to 128. In two steps, since 2^n itself may not exist. The low
/// nine bits of the sum are n + 254, so half of them is already the biased exponent of 2^(n/2); what is above is shifted out.
template <int N>
TOROID_INLINE Vec<float, N> scale(Vec<float, N> p, Whole<N> n) {
  if constexpr (Vec<float, N>::kSplit)
    return {{scale(p.lo, Whole<N / 2>{n.sum.lo, n.number.lo}), scale(p.hi, Whole<N / 2>{n.sum.hi, n.number.hi})}};
#if defined(__AVX512F__)
  if constexpr (N == 16) {
    return {{__builtin_ia32_scalefps512_mask(p.v, n.number.v, p.v, static_cast<uint16_t>(-1), 4)}};
  }
#endif
  const Vec<int32_t, N> sum = target::reinterpret<int32_t>(n.sum), half = shift_right<1>(sum);
  return p * target::reinterpret<float>(shift_left<23>(half)) * target::reinterpret<float>(shift_left<23>(sum - half));
}

constexpr float kLog2E = 1.44269502f;
constexpr float kLn2 = 0x1.62e43p-1f;
constexpr float kLn2Rest = -0x1.05c61p-29f;

/// x - n * ln 2 for the n next to x / ln 2; the inner difference is exact.
template <int N>
TOROID_INLINE Vec<float, N> minus_ln2(Vec<float, N> x, Vec<float, N> n) {
  typedef Vec<float, N> V;
  return fma(n, V::broadcast(-kLn2Rest), fma(n, V::broadcast(-kLn2), x));
}

/// e^r for |r| <= ln 2 / 2, relative error 1.5e-8 before rounding.
template <int N>
TOROID_INLINE Vec<float, N> exp_near_zero(Vec<float, N> r) {
  return polynomial(r, 1.0f, 1.0f, 0.49999988079071044921875f, 0.16666518151760101318359375f, 4.1669659316539764404296875e-2f,
                    8.368964307010173797607421875e-3f, 1.374449930153787136077880859375e-3f);
}

/// Clamping hands NaN through. Beyond the limits the result is 0 or infinity anyway.
template <int N>
TOROID_INLINE Vec<float, N> clamp(Vec<float, N> x, float low, float high) {
  typedef Vec<float, N> V;
  return maximum(minimum(x, V::broadcast(high)), V::broadcast(low));
}

template <int N>
TOROID_INLINE Vec<float, N> exp(Vec<float, N> x) {
  typedef Vec<float, N> V;
  x = clamp(x, -104.0f, 89.0f);
  const Whole<N> n = whole(fma(x, V::broadcast(kLog2E), V::broadcast(kRounder)));
  return scale(exp_near_zero(minus_ln2(x, n.number)), n);
}

/// e^x for x from -87 to 88, where neither overflow nor subnormal numbers are to be minded.
template <int N>
TOROID_INLINE Vec<float, N> exp_within_range(Vec<float, N> x) {
  typedef Vec<float, N> V;
  constexpr float rounder = 12582912.0f + 127.0f;  // the low bits are the biased exponent
  const V sum = fma(x, V::broadcast(kLog2E), V::broadcast(rounder));
  return exp_near_zero(minus_ln2(x, sum - rounder)) * target::reinterpret<float>(shift_left<23>(target::reinterpret<int32_t>(sum)));
}

template <int N>
TOROID_INLINE Vec<float, N> exp2(Vec<float, N> x) {
  x = clamp(x, -151.0f, 129.0f);
  const Whole<N> n = whole(x + kRounder);
  const Vec<float, N> p =
      polynomial(x - n.number, 1.0f, 0.693147182464599609375f, 0.240226447582244873046875f, 5.550359189510345458984375e-2f,
                 9.618841111660003662109375e-3f, 1.339113689027726650238037109375e-3f, 1.523800310678780078887939453125e-4f);
  return scale(p, n);
}

/// 2^n * (e^r - 1) + (2^n - 1), all of it halved, since 2^128 is too large.
template <int N>
TOROID_INLINE Vec<float, N> expm1(Vec<float, N> x) {
  typedef Vec<float, N> V;
  constexpr float rounder = 12582912.0f + 126.0f;  // the low bits are the biased exponent of 2^(n-1)
  const V bounded = clamp(x, -20.0f, 89.0f);
  const V sum = fma(bounded, V::broadcast(kLog2E), V::broadcast(rounder));
  const V r = minus_ln2(bounded, sum - rounder);
  const V q = r * r * polynomial(r, 0.5f, 0.1666666567325592041015625f, 4.16664779186248779296875e-2f, 8.3335675299167633056640625e-3f,
                                 1.393371261656284332275390625e-3f, 1.97426023078151047229766845703125e-4f);
  const V power = target::reinterpret<float>(shift_left<23>(target::reinterpret<int32_t>(sum)));
  const V y = fma(r + q, power, power - 0.5f);
  return select(abs(x) < 1e-20f, x, y + y);  // halving would cost a subnormal number its last bit, and -0 its sign
}

/// ln(m * 2^e) with m from 2/3 to 4/3; subnormal x is made normal first.
template <int N>
TOROID_INLINE Vec<float, N> log(Vec<float, N> x) {
  typedef Vec<float, N> V;
  constexpr int32_t two_thirds = 0x3f2aaaab;
  const Mask<N> tiny = x < 1.17549435e-38f;
  const Vec<int32_t, N> bits = target::reinterpret<int32_t>(select(tiny, x * 8388608.0f, x));
  const Vec<int32_t, N> offset = bits - two_thirds;
  const Vec<int32_t, N> exponent = offset & static_cast<int32_t>(0xff800000u);
  const V e = fma(convert<float>(exponent), V::broadcast(1.0f / 8388608.0f), select(tiny, V::broadcast(-23.0f), V::broadcast(0.0f)));
  const V f = target::reinterpret<float>(bits - exponent) - 1.0f;
  const V p = polynomial(f, -0.5f, 0.333332061767578125f, -0.2499983310699462890625f, 0.20010852813720703125f,
                         -0.16678957641124725341796875f, 0.13999657332897186279296875f, -0.12204693257808685302734375f,
                         0.1401147544384002685546875f, -0.12805519998073577880859375f);
  const V y = fma(e, V::broadcast(kLn2), f + fma(f * f, p, e * kLn2Rest));
  const V special = select(x == 0.0f, V::broadcast(-__builtin_inff()), select(x < 0.0f, V::broadcast(__builtin_nanf("")), x));
  return select((x > 0.0f) & (x < __builtin_inff()), y, special);
}

/// An odd polynomial near zero, else 1 - 2 / (e^2|x| + 1).
template <int N>
TOROID_INLINE Vec<float, N> tanh(Vec<float, N> x) {
  typedef Vec<float, N> V;
  const V a = abs(x), square = x * x;
  const V near = fma(a * square,
                     polynomial(square, -0.3333328068256378173828125f, 0.1333141624927520751953125f, -5.3737930953502655029296875e-2f,
                                2.063407190144062042236328125e-2f, -5.7000205852091312408447265625e-3f),
                     a);
  const V bounded = minimum(a, V::broadcast(10.0f));
  const V far = 1.0f - 2.0f / (exp_within_range(bounded + bounded) + 1.0f);
  return copysign(select(a < 0.625f, near, far), x);
}

/// e^-|x| never overflows; the numerator tells the two halves apart.
template <int N>
TOROID_INLINE Vec<float, N> sigmoid(Vec<float, N> x) {
  const Vec<float, N> e = elementary::exp(-abs(x));
  return select(x < 0.0f, e, Vec<float, N>::broadcast(1.0f)) / (e + 1.0f);
}

/// table[index mod 8] in each lane, as a permutation of a register where there is one.
template <int N>
TOROID_INLINE Vec<float, N> lookup(const float (&table)[8], Vec<int32_t, N> index) {
  typedef Vec<float, N> V;
  if constexpr (V::kSplit) return {{lookup(table, index.lo), lookup(table, index.hi)}};
#if defined(__AVX2__)
  else if constexpr (N == 8) return {{__builtin_ia32_permvarsf256(V::load(table).v, index.v)}};
#endif
#if defined(__AVX512F__)
  else if constexpr (N == 16) {
    const V twice = join(Vec<float, 8>::load(table), Vec<float, 8>::load(table));
#if defined(__clang__)
    return {{__builtin_ia32_permvarsf512(twice.v, index.v)}};
#else
    return {{__builtin_ia32_permvarsf512_mask(twice.v, index.v, twice.v, static_cast<uint16_t>(-1))}};
#endif
  }
#endif
  else return V::lanes([&](int64_t l) { return table[index[static_cast<int>(l)] & 7]; }, Full<N>{});
}

/// Column k holds the coefficients of t^0 to t^6 of erf(0.524 k + t); for k = 0 of erf(t) - t.
constexpr float kErf[7][8] = {
    {0.0f, 0.54133564f, 0.8616852f, 0.9737939f, 0.9969652f, 0.9997888f, 0.99999124f, 0.99999976f},
    {0.12837917f, 0.85744905f, 0.37624276f, 9.533061e-2f, 1.3947706e-2f, 1.1783981e-3f, 5.749574e-5f, 1.6203757e-6f},
    {-7.4483e-7f, -0.4493023f, -0.39430067f, -0.14986251f, -2.9236684e-2f, -3.0886834e-3f, -1.7780667e-4f, -3.0090798e-6f},
    {-0.3760846f, -0.12888907f, 0.15001732f, 0.12529962f, 3.621036e-2f, 4.997042e-3f, 3.586225e-4f, 1.3875809e-5f},
    {-7.394102e-4f, 0.18347442f, 5.2785624e-2f, -4.8437204e-2f, -2.8137632e-2f, -5.48165e-3f, -5.9021526e-4f, -1.091267e-4f},
    {0.11854018f, 1.045394e-3f, -6.557855e-2f, -7.757412e-3f, 1.251069e-2f, 4.365587e-3f, 5.5767124e-4f, 3.367264e-5f},
    {-2.0100713e-2f, -4.7718942e-2f, 8.953856e-3f, 1.5890142e-2f, -1.7479379e-3f, -2.590728e-3f, 2.8083308e-4f, 6.7951897e-4f},
};

/// One polynomial about each of eight points; about the first, zero, the sum starts with x itself.
template <int N>
TOROID_INLINE Vec<float, N> erf(Vec<float, N> x) {
  typedef Vec<float, N> V;
  constexpr float rounder = 12582912.0f, step = 0.52400004863739013671875f;
  const V a = minimum(abs(x), V::broadcast(3.93f));  // from there on 1
  const V sum = fma(a, V::broadcast(1 / step), V::broadcast(rounder));
  const V t = fma(sum - rounder, V::broadcast(-step), a);
  const Vec<int32_t, N> k = target::reinterpret<int32_t>(sum);
  V p = lookup(kErf[6], k);
  for (int i = 5; i > 0; --i) p = fma(p, t, lookup(kErf[i], k));
  return copysign(fma(p, t, select(sum == rounder, t, lookup(kErf[0], k))), x);
}

}  // namespace toroid::elementary
