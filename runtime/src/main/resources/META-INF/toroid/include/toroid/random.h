// Random bits by counting: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011). A number
// depends on a key and on its own place only, so every element is computed by itself, by any thread and in any order.
#pragma once

#include <toroid/vec.h>

namespace toroid {
namespace random {

template <int N>
struct Words {
  typedef uint64_t type __attribute__((vector_size(8 * N)));
};

// Words of 32 bits, each in 64, one or several in lanes.
template <class U>
struct Block {
  U a, b, c, d;
};

// Of the lower halves.
TOROID_INLINE uint64_t product(uint64_t a, uint32_t b) { return a * b; }
template <class U>
  requires(sizeof(U) > 8)
TOROID_INLINE U product(U a, uint32_t b) {
  return (a & 0xffffffffu) * (U{} + b);
}
#if defined(__AVX2__) && !defined(__clang__)
// One instruction, which GCC does not find.
typedef int Ints8 __attribute__((vector_size(32)));
TOROID_INLINE Words<4>::type product(Words<4>::type a, uint32_t b) {
  return reinterpret_cast<Words<4>::type>(__builtin_ia32_pmuludq256(reinterpret_cast<Ints8>(a), reinterpret_cast<Ints8>(Words<4>::type{} + b)));
}
#endif
#if defined(__AVX512F__) && !defined(__clang__)
typedef int Ints16 __attribute__((vector_size(64)));
typedef long long Longs8 __attribute__((vector_size(64)));
TOROID_INLINE Words<8>::type product(Words<8>::type a, uint32_t b) {
  return reinterpret_cast<Words<8>::type>(__builtin_ia32_pmuludq512_mask(
      reinterpret_cast<Ints16>(a), reinterpret_cast<Ints16>(Words<8>::type{} + b), Longs8{}, static_cast<uint8_t>(-1)));
}
#endif

template <class U>
TOROID_INLINE Block<U> philox4x32_10(Block<U> counter, U key0, U key1) {
  constexpr uint64_t kWord = 0xffffffffu;
  Block<U> x = counter;
  for (int round = 0; round < 10; ++round) {
    const U p = product(x.a, 0xD2511F53u), q = product(x.c, 0xCD9E8D57u);
    x = {(q >> 32) ^ x.b ^ key0, q & kWord, (p >> 32) ^ x.d ^ key1, p & kWord};
    key0 = (key0 + 0x9E3779B9u) & kWord;
    key1 = (key1 + 0xBB67AE85u) & kWord;
  }
  return x;
}

template <class U>
TOROID_INLINE U bits(U key, U counter) {
  constexpr uint64_t kWord = 0xffffffffu;
  const Block<U> block = philox4x32_10(Block<U>{counter & kWord, counter >> 32, U{}, U{}}, U(key & kWord), U(key >> 32));
  return block.a | (block.b << 32);
}

}  // namespace random

/// 64 random bits: the first two words of the block with the number `counter`.
TOROID_INLINE int64_t philox(int64_t key, int64_t counter) {
  return static_cast<int64_t>(random::bits(static_cast<uint64_t>(key), static_cast<uint64_t>(counter)));
}
template <int N>
TOROID_INLINE Vec<int64_t, N> philox(Vec<int64_t, N> key, Vec<int64_t, N> counter) {
  if constexpr (Vec<int64_t, N>::kSplit) {
    return {{philox(key.lo, counter.lo), philox(key.hi, counter.hi)}};
  } else {
    typedef typename random::Words<N>::type U;
    typedef typename Vec<int64_t, N>::Native Native;
    return {{reinterpret_cast<Native>(random::bits(reinterpret_cast<U>(key.v), reinterpret_cast<U>(counter.v)))}};
  }
}

}  // namespace toroid
