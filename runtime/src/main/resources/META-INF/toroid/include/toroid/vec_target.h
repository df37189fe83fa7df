// The few operations for which the vector extension of GCC and Clang has no notation: one rounding multiply-add, square root,
// rounding to integers, loads and stores of the first lanes. One machine register at a time; vec.h builds everything on these.
// Compiler builtins instead of <immintrin.h>, which alone costs more compile time than a kernel.
#pragma once

#include <stdint.h>

#define TOROID_INLINE inline __attribute__((always_inline))
#define TOROID_INLINE_LAMBDA __attribute__((always_inline))

namespace toroid {

#if defined(__AVX512F__)
constexpr int kVectorBytes = 64;
#elif defined(__AVX__)
constexpr int kVectorBytes = 32;
#else
constexpr int kVectorBytes = 16;
#endif

/// The natural number of float lanes of the target: one machine register.
constexpr int kLanes = kVectorBytes / 4;

namespace target {

template <int... I>
struct Indices {};

#if defined(__clang__)
template <class T, T... I>
struct IndicesMaker {
  typedef Indices<I...> type;
};
template <int N>
using IndicesTo = typename __make_integer_seq<IndicesMaker, int, N>::type;
#else
template <int N>
using IndicesTo = Indices<__integer_pack(N)...>;
#endif

template <class T, int N>
struct Register {
  typedef T type __attribute__((vector_size(sizeof(T) * N)));
  typedef T unaligned __attribute__((vector_size(sizeof(T) * N), aligned(alignof(T))));
};

template <class T>
constexpr bool kIsFloating = false;
template <>
inline constexpr bool kIsFloating<float> = true;
template <>
inline constexpr bool kIsFloating<double> = true;

template <int Bytes>
struct Integer;
template <>
struct Integer<1> {
  typedef int8_t type;
  typedef uint8_t unsigned_type;
};
template <>
struct Integer<2> {
  typedef int16_t type;
  typedef uint16_t unsigned_type;
};
template <>
struct Integer<4> {
  typedef int32_t type;
  typedef uint32_t unsigned_type;
};
template <>
struct Integer<8> {
  typedef int64_t type;
  typedef uint64_t unsigned_type;
};

/// The signed integer as wide as T: what comparing vectors of T gives.
template <class T>
using IntegerOf = typename Integer<sizeof(T)>::type;

/// In what arithmetic on T is done: integers wrap around, which C++ promises for unsigned ones only.
template <class T>
struct Wrapping {
  typedef typename Integer<sizeof(T)>::unsigned_type type;
};
template <>
struct Wrapping<float> {
  typedef float type;
};
template <>
struct Wrapping<double> {
  typedef double type;
};

// ---- scalars ----

TOROID_INLINE float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
TOROID_INLINE double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
TOROID_INLINE float sqrt(float a) { return __builtin_sqrtf(a); }
TOROID_INLINE double sqrt(double a) { return __builtin_sqrt(a); }

/// Rounding directions, numbered as the x86 instructions do.
enum Rounding { kToEven = 0, kDown = 1, kUp = 2, kToZero = 3 };

template <Rounding R>
TOROID_INLINE float round(float a) {
  if constexpr (R == kDown) return __builtin_floorf(a);
  if constexpr (R == kUp) return __builtin_ceilf(a);
  if constexpr (R == kToZero) return __builtin_truncf(a);
  return __builtin_rintf(a);  // the process runs in the default rounding mode
}
template <Rounding R>
TOROID_INLINE double round(double a) {
  if constexpr (R == kDown) return __builtin_floor(a);
  if constexpr (R == kUp) return __builtin_ceil(a);
  if constexpr (R == kToZero) return __builtin_trunc(a);
  return __builtin_rint(a);
}

// ---- one register ----

/// Stores without reading the line into a cache first; the address is aligned.
template <class T, int N>
TOROID_INLINE void stream_register(typename Register<T, N>::type v, T* p) {
#if defined(__clang__)
  __builtin_nontemporal_store(v, reinterpret_cast<typename Register<T, N>::type*>(p));
#else
  constexpr int kBytes = static_cast<int>(sizeof(v));
#if defined(__AVX512F__)
  if constexpr (kBytes == 64) {
    typedef Register<long long, 8>::type Words;
    __builtin_ia32_movntdq512(reinterpret_cast<Words*>(p), reinterpret_cast<Words>(v));
    return;
  }
#endif
#if defined(__AVX__)
  if constexpr (kBytes == 32) {
    typedef Register<long long, 4>::type Words;
    __builtin_ia32_movntdq256(reinterpret_cast<Words*>(p), reinterpret_cast<Words>(v));
    return;
  }
#endif
#if defined(__SSE2__)
  if constexpr (kBytes == 16) {
    typedef Register<long long, 2>::type Words;
    __builtin_ia32_movntdq(reinterpret_cast<Words*>(p), reinterpret_cast<Words>(v));
    return;
  }
#endif
  *reinterpret_cast<typename Register<T, N>::unaligned*>(p) = v;
#endif
}

/// What was streamed is seen by other threads as soon as what follows is.
TOROID_INLINE void finish_streaming() {
#if defined(__SSE2__)
  __builtin_ia32_sfence();
#else
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

/// a * b + c, rounded once.
template <class T, int N>
TOROID_INLINE auto fma_register(typename Register<T, N>::type a, typename Register<T, N>::type b,
                                typename Register<T, N>::type c) -> typename Register<T, N>::type {
  constexpr int bytes = sizeof(T) * N;
  [[maybe_unused]] constexpr bool single = sizeof(T) == 4;
  if constexpr (bytes == 0) return a;
#if defined(__FMA__)
  else if constexpr (bytes == 16 && single) return __builtin_ia32_vfmaddps(a, b, c);
  else if constexpr (bytes == 16) return __builtin_ia32_vfmaddpd(a, b, c);
  else if constexpr (bytes == 32 && single) return __builtin_ia32_vfmaddps256(a, b, c);
  else if constexpr (bytes == 32) return __builtin_ia32_vfmaddpd256(a, b, c);
#endif
#if defined(__AVX512F__)
  else if constexpr (bytes == 64 && single) return __builtin_ia32_vfmaddps512_mask(a, b, c, static_cast<uint16_t>(-1), 4);
  else if constexpr (bytes == 64) return __builtin_ia32_vfmaddpd512_mask(a, b, c, static_cast<uint8_t>(-1), 4);
#endif
  else {
    typename Register<T, N>::type r{};
    for (int l = 0; l < N; ++l) r[l] = target::fma(a[l], b[l], c[l]);
    return r;
  }
}

template <class T, int N>
TOROID_INLINE auto sqrt_register(typename Register<T, N>::type a) -> typename Register<T, N>::type {
  constexpr int bytes = sizeof(T) * N;
  [[maybe_unused]] constexpr bool single = sizeof(T) == 4;
  if constexpr (bytes == 0) return a;
#if defined(__SSE2__)
  else if constexpr (bytes == 16 && single) return __builtin_ia32_sqrtps(a);
  else if constexpr (bytes == 16) return __builtin_ia32_sqrtpd(a);
#endif
#if defined(__AVX__)
  else if constexpr (bytes == 32 && single) return __builtin_ia32_sqrtps256(a);
  else if constexpr (bytes == 32) return __builtin_ia32_sqrtpd256(a);
#endif
#if defined(__AVX512F__) && defined(__clang__)
  else if constexpr (bytes == 64 && single) return __builtin_ia32_sqrtps512(a, 4);
  else if constexpr (bytes == 64) return __builtin_ia32_sqrtpd512(a, 4);
#elif defined(__AVX512F__)
  else if constexpr (bytes == 64 && single) return __builtin_ia32_sqrtps512_mask(a, a, static_cast<uint16_t>(-1), 4);
  else if constexpr (bytes == 64) return __builtin_ia32_sqrtpd512_mask(a, a, static_cast<uint8_t>(-1), 4);
#endif
  else {
    typename Register<T, N>::type r{};
    for (int l = 0; l < N; ++l) r[l] = target::sqrt(a[l]);
    return r;
  }
}

/// Rounds to a whole number, without raising "inexact".
template <Rounding R, class T, int N>
TOROID_INLINE auto round_register(typename Register<T, N>::type a) -> typename Register<T, N>::type {
  constexpr int bytes = sizeof(T) * N;
  [[maybe_unused]] constexpr bool single = sizeof(T) == 4;
  [[maybe_unused]] constexpr int mode = 8 | R;
  if constexpr (bytes == 0) return a;
#if defined(__SSE4_1__)
  else if constexpr (bytes == 16 && single) return __builtin_ia32_roundps(a, mode);
  else if constexpr (bytes == 16) return __builtin_ia32_roundpd(a, mode);
#endif
#if defined(__AVX__)
  else if constexpr (bytes == 32 && single) return __builtin_ia32_roundps256(a, mode);
  else if constexpr (bytes == 32) return __builtin_ia32_roundpd256(a, mode);
#endif
#if defined(__AVX512F__)
  else if constexpr (bytes == 64 && single) return __builtin_ia32_rndscaleps_mask(a, mode, a, static_cast<uint16_t>(-1), 4);
  else if constexpr (bytes == 64) return __builtin_ia32_rndscalepd_mask(a, mode, a, static_cast<uint8_t>(-1), 4);
#endif
  else {
    typename Register<T, N>::type r{};
    for (int l = 0; l < N; ++l) r[l] = target::round<R>(a[l]);
    return r;
  }
}

/// a > b ? a : b, hence b if either is NaN: what the CPU has an instruction for.
template <class T, int N>
TOROID_INLINE auto greater_register(typename Register<T, N>::type a, typename Register<T, N>::type b) ->
    typename Register<T, N>::type {
  constexpr int bytes = sizeof(T) * N;
  [[maybe_unused]] constexpr bool single = sizeof(T) == 4;
  if constexpr (bytes == 0 || !kIsFloating<T>) return a > b ? a : b;
#if defined(__SSE2__)
  else if constexpr (bytes == 16 && single) return __builtin_ia32_maxps(a, b);
  else if constexpr (bytes == 16) return __builtin_ia32_maxpd(a, b);
#endif
#if defined(__AVX__)
  else if constexpr (bytes == 32 && single) return __builtin_ia32_maxps256(a, b);
  else if constexpr (bytes == 32) return __builtin_ia32_maxpd256(a, b);
#endif
#if defined(__AVX512F__) && defined(__clang__)
  else if constexpr (bytes == 64 && single) return __builtin_ia32_maxps512(a, b, 4);
  else if constexpr (bytes == 64) return __builtin_ia32_maxpd512(a, b, 4);
#elif defined(__AVX512F__)
  else if constexpr (bytes == 64 && single) return __builtin_ia32_maxps512_mask(a, b, a, static_cast<uint16_t>(-1), 4);
  else if constexpr (bytes == 64) return __builtin_ia32_maxpd512_mask(a, b, a, static_cast<uint8_t>(-1), 4);
#endif
  else return a > b ? a : b;
}

/// a < b ? a : b, hence b if either is NaN.
template <class T, int N>
TOROID_INLINE auto less_register(typename Register<T, N>::type a, typename Register<T, N>::type b) ->
    typename Register<T, N>::type {
  constexpr int bytes = sizeof(T) * N;
  [[maybe_unused]] constexpr bool single = sizeof(T) == 4;
  if constexpr (bytes == 0 || !kIsFloating<T>) return a < b ? a : b;
#if defined(__SSE2__)
  else if constexpr (bytes == 16 && single) return __builtin_ia32_minps(a, b);
  else if constexpr (bytes == 16) return __builtin_ia32_minpd(a, b);
#endif
#if defined(__AVX__)
  else if constexpr (bytes == 32 && single) return __builtin_ia32_minps256(a, b);
  else if constexpr (bytes == 32) return __builtin_ia32_minpd256(a, b);
#endif
#if defined(__AVX512F__) && defined(__clang__)
  else if constexpr (bytes == 64 && single) return __builtin_ia32_minps512(a, b, 4);
  else if constexpr (bytes == 64) return __builtin_ia32_minpd512(a, b, 4);
#elif defined(__AVX512F__)
  else if constexpr (bytes == 64 && single) return __builtin_ia32_minps512_mask(a, b, a, static_cast<uint16_t>(-1), 4);
  else if constexpr (bytes == 64) return __builtin_ia32_minpd512_mask(a, b, a, static_cast<uint8_t>(-1), 4);
#endif
  else return a < b ? a : b;
}

template <class T, int N, int... I>
TOROID_INLINE auto first_lanes(int64_t count, Indices<I...>) {
  typedef IntegerOf<T> Int;
  constexpr typename Register<Int, N>::type index = {I...};
  return index < static_cast<Int>(count);
}

// A sanitizer does not see what masked instructions access, so under one there are none.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TOROID_MASKS 0
#else
#define TOROID_MASKS 1
#endif

/// Copies the first `count` (less than 2 * N) elements in pieces of known sizes; a loop would become a call of memcpy.
template <int N, class T>
TOROID_INLINE void copy_first(T* to, const T* from, int64_t count) {
  if ((count & N) != 0) {
    __builtin_memcpy(to, from, N * sizeof(T));
    to += N;
    from += N;
  }
  if constexpr (N > 1) copy_first<N / 2>(to, from, count);
}

/// The first `count` (0..N) lanes from memory, zero in the others; touches no memory past them.
template <class T, int N>
TOROID_INLINE auto load_register(const T* p, int64_t count) -> typename Register<T, N>::type {
  typedef typename Register<T, N>::type V;
  constexpr int bytes = sizeof(T) * N;
  if constexpr (bytes == 0) return V{};
#if defined(__AVX512F__) && TOROID_MASKS
  else if constexpr (bytes == 64 && sizeof(T) == 4) {
    typedef typename Register<float, N>::type F;
    return (V)__builtin_ia32_loadups512_mask((const float*)p, F{}, static_cast<uint16_t>((1u << count) - 1));
  } else if constexpr (bytes == 64 && sizeof(T) == 8) {
    typedef typename Register<double, N>::type F;
    return (V)__builtin_ia32_loadupd512_mask((const double*)p, F{}, static_cast<uint8_t>((1u << count) - 1));
  }
#endif
#if defined(__AVX2__) && TOROID_MASKS
  else if constexpr (bytes == 32 && sizeof(T) == 4) {
    typedef typename Register<float, N>::type F;
    return (V)__builtin_ia32_maskloadps256((const F*)p, first_lanes<T, N>(count, IndicesTo<N>{}));
  } else if constexpr (bytes == 16 && sizeof(T) == 4) {
    typedef typename Register<float, N>::type F;
    return (V)__builtin_ia32_maskloadps((const F*)p, first_lanes<T, N>(count, IndicesTo<N>{}));
  } else if constexpr (bytes == 32 && sizeof(T) == 8) {
    typedef typename Register<double, N>::type F;
    typedef typename Register<long long, N>::type M;
    return (V)__builtin_ia32_maskloadpd256((const F*)p, (M)first_lanes<T, N>(count, IndicesTo<N>{}));
  } else if constexpr (bytes == 16 && sizeof(T) == 8) {
    typedef typename Register<double, N>::type F;
    typedef typename Register<long long, N>::type M;
    return (V)__builtin_ia32_maskloadpd((const F*)p, (M)first_lanes<T, N>(count, IndicesTo<N>{}));
  }
#endif
  else {
    alignas(V) T lanes[N] = {};
    if (count == N) __builtin_memcpy(lanes, p, sizeof lanes);
    else copy_first<N / 2>(lanes, p, count);
    return *(const V*)lanes;
  }
}

template <class T, int N>
TOROID_INLINE void store_register(typename Register<T, N>::type v, T* p, int64_t count) {
  typedef typename Register<T, N>::type V;
  constexpr int bytes = sizeof(T) * N;
  if constexpr (bytes == 0) return;
#if defined(__AVX512F__) && TOROID_MASKS
  else if constexpr (bytes == 64 && sizeof(T) == 4) {
    typedef typename Register<float, N>::type F;
    __builtin_ia32_storeups512_mask((float*)p, (F)v, static_cast<uint16_t>((1u << count) - 1));
  } else if constexpr (bytes == 64 && sizeof(T) == 8) {
    typedef typename Register<double, N>::type F;
    __builtin_ia32_storeupd512_mask((double*)p, (F)v, static_cast<uint8_t>((1u << count) - 1));
  }
#endif
#if defined(__AVX2__) && TOROID_MASKS
  else if constexpr (bytes == 32 && sizeof(T) == 4) {
    typedef typename Register<float, N>::type F;
    __builtin_ia32_maskstoreps256((F*)p, first_lanes<T, N>(count, IndicesTo<N>{}), (F)v);
  } else if constexpr (bytes == 16 && sizeof(T) == 4) {
    typedef typename Register<float, N>::type F;
    __builtin_ia32_maskstoreps((F*)p, first_lanes<T, N>(count, IndicesTo<N>{}), (F)v);
  } else if constexpr (bytes == 32 && sizeof(T) == 8) {
    typedef typename Register<double, N>::type F;
    typedef typename Register<long long, N>::type M;
    __builtin_ia32_maskstorepd256((F*)p, (M)first_lanes<T, N>(count, IndicesTo<N>{}), (F)v);
  } else if constexpr (bytes == 16 && sizeof(T) == 8) {
    typedef typename Register<double, N>::type F;
    typedef typename Register<long long, N>::type M;
    __builtin_ia32_maskstorepd((F*)p, (M)first_lanes<T, N>(count, IndicesTo<N>{}), (F)v);
  }
#endif
  else {
    alignas(V) T lanes[N];
    *(V*)lanes = v;
    if (count == N) __builtin_memcpy(p, lanes, sizeof lanes);
    else copy_first<N / 2>(p, lanes, count);
  }
}

template <class V, int... I>
TOROID_INLINE auto even_lanes(V v, Indices<I...>) {
  return __builtin_shufflevector(v, v, (2 * I)...);
}

/// C's conversion of each lane. GCC 12 takes the lanes apart when the two types differ much in size, so these are spelled out.
template <class U, class T, int N>
TOROID_INLINE auto convert_register(typename Register<T, N>::type a) -> typename Register<U, N>::type {
  [[maybe_unused]] constexpr bool integers = !kIsFloating<T> && !kIsFloating<U>;
  [[maybe_unused]] constexpr bool floats = kIsFloating<T> && kIsFloating<U>;
  [[maybe_unused]] constexpr int from = sizeof(T) * N, to = sizeof(U) * N;
  if constexpr (from == 0) return typename Register<U, N>::type{};
#if defined(__AVX512F__) && !defined(__clang__)
  else if constexpr (integers && sizeof(T) == 8 && sizeof(U) == 4 && from == 64)
    return (typename Register<U, N>::type)__builtin_ia32_pmovqd512_mask((typename Register<long long, N>::type)a,
                                                                        typename Register<int32_t, N>::type{}, static_cast<uint8_t>(-1));
  else if constexpr (integers && sizeof(T) == 4 && sizeof(U) == 1 && from == 64)
    return (typename Register<U, N>::type)__builtin_ia32_pmovdb512_mask((typename Register<int32_t, N>::type)a,
                                                                        typename Register<char, N>::type{}, static_cast<uint16_t>(-1));
  else if constexpr (__is_same(T, int32_t) && sizeof(U) == 8 && integers && to == 64)
    return (typename Register<U, N>::type)__builtin_ia32_pmovsxdq512_mask(a, typename Register<long long, N>::type{}, static_cast<uint8_t>(-1));
  else if constexpr (floats && sizeof(T) == 8 && from == 64)
    return __builtin_ia32_cvtpd2ps512_mask(a, typename Register<float, N>::type{}, static_cast<uint8_t>(-1), 4);
  else if constexpr (floats && sizeof(T) == 4 && to == 64)
    return __builtin_ia32_cvtps2pd512_mask(a, typename Register<double, N>::type{}, static_cast<uint8_t>(-1), 4);
#endif
#if defined(__AVX512BW__) && !defined(__clang__)
  else if constexpr (__is_same(T, int16_t) && __is_same(U, int32_t) && to == 64)
    return __builtin_ia32_pmovsxwd512_mask(a, typename Register<int32_t, N>::type{}, static_cast<uint16_t>(-1));
#endif
#if defined(__AVX2__) && !defined(__clang__)
  else if constexpr (__is_same(T, int16_t) && __is_same(U, int32_t) && to == 32)
    return __builtin_ia32_pmovsxwd256(a);
  else if constexpr (__is_same(T, int32_t) && sizeof(U) == 8 && integers && to == 32)
    return (typename Register<U, N>::type)__builtin_ia32_pmovsxdq256(a);
#endif
  else if constexpr (integers && sizeof(T) == 2 * sizeof(U) && from >= 16)
    return even_lanes((typename Register<U, 2 * N>::type)a, IndicesTo<N>{});
  else return __builtin_convertvector(a, typename Register<U, N>::type);
}

}  // namespace target
}  // namespace toroid
