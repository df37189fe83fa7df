// f16 and bf16: 16 bits in memory, float in arithmetic. Vectors of them are loaded, stored and converted, nothing else. Conversion to
// float is exact; back it rounds to the nearest, ties to even, as the CPU's instructions do, and NaN stays NaN. Included by vec.h.
#pragma once

#include <toroid/vec.h>

namespace toroid {

/// IEEE 754's binary16, by its bits.
struct Half {
  uint16_t bits;
};
/// The upper half of a float, by its bits.
struct BFloat16 {
  uint16_t bits;
};

namespace target {

template <class H>
constexpr bool kIsHalf = false;
template <>
inline constexpr bool kIsHalf<Half> = true;
template <>
inline constexpr bool kIsHalf<BFloat16> = true;
template <class H>
concept HalfFloat = kIsHalf<H>;

/// N elements as they lie in memory.
template <class H, int N>
struct Stored {
  typedef H Element;
  typedef Vec<H, N> Self;
  static constexpr int kSize = N;
  Vec<int16_t, N> bits;

  static const int16_t* raw(const H* p) { return reinterpret_cast<const int16_t*>(p); }
  static int16_t* raw(H* p) { return reinterpret_cast<int16_t*>(p); }

  static TOROID_INLINE Self load(const H* p) { return {{Vec<int16_t, N>::load(raw(p))}}; }
  static TOROID_INLINE Self load(const H* p, Full<N>) { return load(p); }
  static TOROID_INLINE Self load(const H* p, int64_t count) { return {{Vec<int16_t, N>::load(raw(p), count)}}; }
  TOROID_INLINE void store(H* p) const { bits.store(raw(p)); }
  TOROID_INLINE void store(H* p, Full<N>) const { store(p); }
  TOROID_INLINE void store(H* p, int64_t count) const { bits.store(raw(p), count); }

  static TOROID_INLINE Self broadcast(H x) { return {{Vec<int16_t, N>::broadcast(static_cast<int16_t>(x.bits))}}; }
  template <class Count>
  static TOROID_INLINE Self strided(const H* p, int64_t stride, Count count) {
    return {{Vec<int16_t, N>::strided(raw(p), stride, count)}};
  }
  template <class F, class Count>
  static TOROID_INLINE Self lanes(F f, Count count) {
    return {{Vec<int16_t, N>::lanes([f](int64_t l) { return static_cast<int16_t>(f(l).bits); }, count)}};
  }

  TOROID_INLINE H operator[](int l) const { return {static_cast<uint16_t>(bits[l])}; }
};

}  // namespace target

template <int N>
struct Vec<Half, N> : target::Stored<Half, N> {};
template <int N>
struct Vec<BFloat16, N> : target::Stored<BFloat16, N> {};

namespace target {

// ---- one register of floats, to and from as many int16 ----

template <int N>
using Floats = typename Register<float, N>::type;
template <int N>
using Words = typename Register<uint32_t, N>::type;
template <int N>
using Shorts = typename Register<int16_t, N>::type;

/// The upper halves mean nothing.
template <int N>
TOROID_INLINE Words<N> words_of(Shorts<N> bits) {
  return (Words<N>)convert_register<int32_t, int16_t, N>(bits);
}
template <int N>
TOROID_INLINE Shorts<N> shorts_of(Words<N> words) {
  return convert_register<int16_t, int32_t, N>((typename Register<int32_t, N>::type)words);
}

/// Without an instruction for it: the exponent's bias is made up for by a multiplication, which is right for subnormals too.
template <int N>
TOROID_INLINE Floats<N> float_of_half(Words<N> bits) {
  const Words<N> magnitude = (bits & 0x7fffu) << 13;
  const Words<N> finite = (Words<N>)((Floats<N>)magnitude * 0x1p112f);
  const Words<N> other = magnitude | 0x7f800000u | (magnitude > (Words<N>{} + 0x0f800000u) ? Words<N>{} + 0x400000u : Words<N>{});
  return (Floats<N>)((magnitude >= (Words<N>{} + 0x0f800000u) ? other : finite) | (bits & 0x8000u) << 16);
}

/// Normal ones round as integers; subnormal ones by an addition, which shifts their last bit to the float's.
template <int N>
TOROID_INLINE Words<N> half_of_float(Floats<N> x) {
  const Words<N> bits = (Words<N>)x, magnitude = bits & 0x7fffffffu;
  const Words<N> normal = (magnitude + 0xc8000fffu + (magnitude >> 13 & 1u)) >> 13;
  const Words<N> subnormal = (Words<N>)((Floats<N>)magnitude + 0.5f) - 0x3f000000u;
  const Words<N> finite = magnitude < (Words<N>{} + 0x38800000u) ? subnormal : normal;
  const Words<N> other = magnitude > (Words<N>{} + 0x7f800000u) ? (magnitude >> 13 & 0x3ffu) | 0x7e00u : Words<N>{} + 0x7c00u;
  return (magnitude >= (Words<N>{} + 0x47800000u) ? other : finite) | (bits >> 16 & 0x8000u);
}

template <class H, int N>
TOROID_INLINE Floats<N> widen_register(Shorts<N> bits) {
  if constexpr (__is_same(H, BFloat16)) return (Floats<N>)(words_of<N>(bits) << 16);
#if defined(__AVX512F__)
  else if constexpr (N == 16) return __builtin_ia32_vcvtph2ps512_mask(bits, Floats<N>{}, static_cast<uint16_t>(-1), 4);
#endif
#if defined(__F16C__)
  else if constexpr (N == 8) return __builtin_ia32_vcvtph2ps256(bits);
  else if constexpr (N == 4) return __builtin_ia32_vcvtph2ps(__builtin_shufflevector(bits, bits, 0, 1, 2, 3, 0, 1, 2, 3));
#endif
  else return float_of_half<N>(words_of<N>(bits));
}

template <class H, int N>
TOROID_INLINE Shorts<N> narrow_register(Floats<N> x) {
  if constexpr (__is_same(H, BFloat16)) {
    const Words<N> bits = (Words<N>)x;
    const Words<N> rounded = bits + 0x7fffu + (bits >> 16 & 1u);
    return shorts_of<N>((x == x ? rounded : bits | 0x400000u) >> 16);
  }
#if defined(__AVX512F__)
  else if constexpr (N == 16) return __builtin_ia32_vcvtps2ph512_mask(x, 0, Shorts<N>{}, static_cast<uint16_t>(-1));
#endif
#if defined(__F16C__)
  else if constexpr (N == 8) return __builtin_ia32_vcvtps2ph256(x, 0);
  else if constexpr (N == 4) {
    const Shorts<8> both = __builtin_ia32_vcvtps2ph(x, 0);
    return __builtin_shufflevector(both, both, 0, 1, 2, 3);
  }
#endif
  else return shorts_of<N>(half_of_float<N>(x));
}

}  // namespace target

/// The numbers as float; or other floats as the nearest numbers of the type.
template <class U, target::HalfFloat H, int N>
TOROID_INLINE Vec<float, N> convert(Vec<H, N> a) {
  static_assert(__is_same(U, float));
  if constexpr (Vec<float, N>::kSplit) {
    return {{convert<float>(Vec<H, N / 2>{{lower(a.bits)}}), convert<float>(Vec<H, N / 2>{{upper(a.bits)}})}};
  } else {
    return {{target::widen_register<H, N>(a.bits.v)}};
  }
}
template <target::HalfFloat H, int N>
TOROID_INLINE Vec<H, N> convert(Vec<float, N> a) {
  if constexpr (Vec<float, N>::kSplit) return {{join(convert<H>(a.lo).bits, convert<H>(a.hi).bits)}};
  else return {{{{target::narrow_register<H, N>(a.v)}}}};
}

template <class U, target::HalfFloat H>
TOROID_INLINE float convert(H x) {
  return convert<float>(Vec<H, 4>::broadcast(x))[0];
}
template <target::HalfFloat H>
TOROID_INLINE H convert(float x) {
  return convert<H>(Vec<float, 4>::broadcast(x))[0];
}

}  // namespace toroid
