// Every operation of vec.h against plain scalar C++, for all element types and lane counts from less than a register to several, and
// partial loads and stores next to a page that must not be touched. With --exhaustive also all floats through the rounding functions.
#include <math.h>
#include <string.h>
#include <toroid/vec.h>

#include "testing.h"

namespace {

using testing::random_bits;
using toroid::Full;
using toroid::Mask;
using toroid::Vec;

template <class T>
[[gnu::noinline]] void expect(T got, T expected, const char* what, int line) {
  testing::count_check();
  if (testing::identical(got, expected)) return;
  testing::complain("line %d: %s: expected %.17g, got %.17g", line, what, static_cast<double>(expected), static_cast<double>(got));
}
#define EXPECT(GOT, EXPECTED) expect((GOT), (EXPECTED), __PRETTY_FUNCTION__, __LINE__)

/// Lane by lane: VECTOR equals SCALAR, an expression in x, y, z and the lane l.
#define LANES(VECTOR, SCALAR)                                                   \
  do {                                                                          \
    const auto result = (VECTOR);                                               \
    for (int l = 0; l < N; ++l) {                                               \
      [[maybe_unused]] const T x = xs[l], y = ys[l], z = zs[l];                 \
      EXPECT(result[l], static_cast<decltype(result[l])>(SCALAR));          \
    }                                                                           \
  } while (false)
/// The same for masks.
#define TRUTHS(VECTOR, SCALAR)                                                  \
  do {                                                                          \
    const auto result = (VECTOR);                                               \
    for (int l = 0; l < N; ++l) {                                               \
      [[maybe_unused]] const T x = xs[l], y = ys[l], z = zs[l];                 \
      EXPECT(static_cast<int>(result[l]), static_cast<int>(SCALAR));            \
    }                                                                           \
  } while (false)

template <class T>
T random_value() {
  const uint64_t bits = random_bits();
  if constexpr (toroid::target::kIsFloating<T>) {
    const T special[] = {T(0), T(-0.0), T(1), T(-1), T(0.5), T(2.5), T(-2.5), T(1e-40), T(INFINITY), T(-INFINITY), T(NAN), T(8388609), T(3.7)};
    if (bits % 4 == 0) return special[(bits >> 8) % 13];
    return static_cast<T>(static_cast<int32_t>(bits >> 32)) * static_cast<T>(bits % 3 == 0 ? 1e-8 : 1e-5);
  } else {
    constexpr uint64_t sign = uint64_t{1} << (sizeof(T) * 8 - 1);
    const T special[] = {static_cast<T>(sign), static_cast<T>(sign - 1), T(0), static_cast<T>(-1), T(1)};
    if (bits % 5 == 0) return special[(bits >> 8) % 5];
    return bits % 3 == 0 ? static_cast<T>(static_cast<int64_t>((bits >> 16) % 21) - 10) : static_cast<T>(bits >> 8);
  }
}

/// The end of a page behind which lies one that must not be touched.
unsigned char* guarded_end() {
  static testing::Buffer<unsigned char> page(4096);
  return page.data + page.size;
}

template <class T, int N>
void memory() {
  typedef Vec<T, N> V;
  T xs[N], all[N + 2];
  for (T& x : xs) x = random_value<T>();
  const V v = V::load(xs), full = V::load(xs, Full<N>{});
  v.store(all + 1, Full<N>{});
  for (int l = 0; l < N; ++l) {
    EXPECT(v[l], xs[l]);
    EXPECT(full[l], xs[l]);
    EXPECT(all[l + 1], xs[l]);
  }
  for (int64_t count = 0; count <= N; ++count) {
    T* data = reinterpret_cast<T*>(guarded_end()) - count;
    for (int64_t l = 0; l < count; ++l) data[l] = xs[l];
    const V part = V::load(data, count), twice = V::strided(xs, 1, count), called = V::lanes([&](int64_t l) { return data[l]; }, count);
    for (int l = 0; l < N; ++l) {
      const T expected = l < count ? xs[l] : T(0);
      EXPECT(part[l], expected);
      EXPECT(twice[l], expected);
      EXPECT(called[l], expected);
    }
    for (int64_t l = 0; l < count; ++l) data[l] = T(1);
    T before = data[-1];
    v.store(data, count);
    EXPECT(data[-1], before);
    for (int64_t l = 0; l < count; ++l) EXPECT(data[l], xs[l]);
  }
  const V iota = V::iota(T(3), T(2)), reversed = V::strided(xs + N - 1, -1, Full<N>{}), seven = V::broadcast(T(7));
  const V squares = V::lanes([](int64_t l) { return static_cast<T>(l * l); }, Full<N>{});
  for (int l = 0; l < N; ++l) {
    EXPECT(iota[l], static_cast<T>(3 + 2 * l));
    EXPECT(reversed[l], xs[N - 1 - l]);
    EXPECT(seven[l], T(7));
    EXPECT(squares[l], static_cast<T>(l * l));
    EXPECT(lower(v)[l % (N / 2)], xs[l % (N / 2)]);
    EXPECT(upper(v)[l % (N / 2)], xs[l % (N / 2) + N / 2]);
    EXPECT(join(upper(v), lower(v))[l], xs[(l + N / 2) % N]);
  }
}

template <class T>
T wrap(uint64_t x) {
  return static_cast<T>(x);
}

template <class T, int N>
void common(const T* xs, const T* ys, const T* zs) {
  typedef Vec<T, N> V;
  const V a = V::load(xs), b = V::load(ys), c = V::load(zs);
  TRUTHS(a == b, x == y);
  TRUTHS(a != b, x != y);
  TRUTHS(a < b, x < y);
  TRUTHS(a <= b, x <= y);
  TRUTHS(a > b, x > y);
  TRUTHS(a >= b, x >= y);
  TRUTHS(a < T(1), x < T(1));
  TRUTHS(T(1) < a, T(1) < x);
  TRUTHS((a < b) & (b < c), x < y && y < z);
  TRUTHS((a < b) | (b < c), x < y || y < z);
  TRUTHS((a < b) ^ (b < c), (x < y) != (y < z));
  TRUTHS(~(a < b), !(x < y));
  TRUTHS(select(a < b, b < c, a < c), x < y ? y < z : x < z);
  TRUTHS(toroid::isnan(a), x != x);
  TRUTHS(toroid::convert<bool>(a), x != T(0));
  TRUTHS(Mask<N>::first(3), l < 3);
  LANES(select(a < b, a, c), x < y ? x : z);
  LANES(select((a < b) & (b < c), a, c), x < y && y < z ? x : z);
  LANES(toroid::convert<T>(a < b), x < y ? T(1) : T(0));
  LANES(toroid::minimum(a, b), x != x ? x : y != y ? y : y < x ? y : x);
  LANES(toroid::maximum(a, b), x != x ? x : y != y ? y : y > x ? y : x);
  LANES(a / b, toroid::target::divide(x, y));
  LANES(toroid::fmod(a, b), toroid::fmod(x, y));
  LANES(toroid::remainder(a, b), toroid::remainder(x, y));
  LANES(toroid::floor_divide(a, b), toroid::floor_divide(x, y));
  LANES(toroid::floor(a), toroid::floor(x));
  LANES(toroid::abs(a), toroid::abs(x));
  // scalars mean the same
  EXPECT(toroid::minimum(xs[0], ys[0]), toroid::minimum(a, b)[0]);
  EXPECT(toroid::maximum(xs[0], ys[0]), toroid::maximum(a, b)[0]);
  EXPECT(toroid::select(xs[0] < ys[0], xs[0], zs[0]), select(a < b, a, c)[0]);
  EXPECT(static_cast<int>(toroid::isnan(xs[0])), static_cast<int>(isnan(a)[0]));

  bool any = false, all = true;
  T least = xs[0], largest = xs[0];
  for (int l = 0; l < N; ++l) {
    any = any || xs[l] < ys[l];
    all = all && xs[l] < ys[l];
    least = toroid::minimum(least, xs[l]);
    largest = toroid::maximum(largest, xs[l]);
  }
  EXPECT(static_cast<int>((a < b).any()), static_cast<int>(any));
  EXPECT(static_cast<int>((a < b).all()), static_cast<int>(all));
  EXPECT(static_cast<int>(toroid::reduce_any(a < a)), 0);
  EXPECT(static_cast<int>(toroid::reduce_all(~(a < a))), 1);
  if (least != T(0)) EXPECT(toroid::reduce_min(a), least);  // the sign of a zero is left open
  if (largest != T(0)) EXPECT(toroid::reduce_max(a), largest);
}

template <class T, int N>
void floats(const T* xs, const T* ys, const T* zs) {
  typedef Vec<T, N> V;
  const V a = V::load(xs), b = V::load(ys), c = V::load(zs);
  LANES(a + b, x + y);
  LANES(a - b, x - y);
  LANES(a * b, x * y);
  LANES(-a, -x);
  LANES(a + T(2), x + T(2));
  LANES(T(2) - a, T(2) - x);
  LANES(a / T(3), x / T(3));
  LANES(T(1) / a, T(1) / x);
  LANES(toroid::fma(a, b, c), toroid::target::fma(x, y, z));
  LANES(toroid::sqrt(a), toroid::target::sqrt(x));
  LANES(toroid::ceil(a), static_cast<T>(ceil(static_cast<double>(x))));
  LANES(toroid::trunc(a), static_cast<T>(trunc(static_cast<double>(x))));
  LANES(toroid::floor(a), static_cast<T>(floor(static_cast<double>(x))));
  LANES(toroid::round_half_even(a), static_cast<T>(nearbyint(static_cast<double>(x))));
  LANES(toroid::copysign(a, b), static_cast<T>(copysign(static_cast<double>(x), static_cast<double>(y))));
  LANES(toroid::convert<float>(a), static_cast<float>(x));
  LANES(toroid::convert<double>(a), static_cast<double>(x));
  T small[N], sum = 0, product = 1;
  for (int l = 0; l < N; ++l) {
    small[l] = static_cast<T>(l % 3 + 1);
    sum += small[l];
    product *= small[l];
  }
  EXPECT(toroid::reduce_add(V::load(small)), sum);
  EXPECT(toroid::reduce_mul(V::load(small)), product);
  for (int l = 0; l < N; ++l) small[l] = fabs(static_cast<double>(xs[l])) < 2e9 ? xs[l] : T(-7.9);
  xs = small;
  const V d = V::load(small);
  LANES(toroid::convert<int32_t>(d), static_cast<int32_t>(x));
  LANES(toroid::convert<int64_t>(d), static_cast<int64_t>(x));
  for (int l = 0; l < N; ++l) small[l] = fabs(static_cast<double>(small[l])) < 100 ? small[l] : T(-7.9);
  LANES(toroid::convert<int8_t>(V::load(small)), static_cast<int8_t>(x));
  LANES(toroid::convert<int16_t>(V::load(small)), static_cast<int16_t>(x));
}

template <class T, int N>
void integers(const T* xs, const T* ys, const T* zs) {
  typedef Vec<T, N> V;
  typedef typename toroid::target::Wrapping<T>::type U;
  const V a = V::load(xs), b = V::load(ys);
  constexpr int bits = sizeof(T) * 8;
  auto unsign = [](T x) { return static_cast<uint64_t>(static_cast<U>(x)); };
  LANES(a + b, wrap<T>(unsign(x) + unsign(y)));
  LANES(a - b, wrap<T>(unsign(x) - unsign(y)));
  LANES(a * b, wrap<T>(unsign(x) * unsign(y)));
  LANES(-a, wrap<T>(0 - unsign(x)));
  LANES(~a, static_cast<T>(~x));
  LANES(a & b, static_cast<T>(x & y));
  LANES(a | b, static_cast<T>(x | y));
  LANES(a ^ b, static_cast<T>(x ^ y));
  LANES(a % b, toroid::target::modulo(x, y));
  LANES(a << b, static_cast<int64_t>(y) < 0 || static_cast<int64_t>(y) >= bits ? T(0) : wrap<T>(unsign(x) << y));
  LANES(a >> b, static_cast<T>(x >> (static_cast<int64_t>(y) < 0 || static_cast<int64_t>(y) >= bits ? bits - 1 : static_cast<int>(y))));
  LANES(a << 1, wrap<T>(unsign(x) << 1));
  LANES(a >> 1, static_cast<T>(x >> 1));
  LANES(toroid::convert<int64_t>(a), static_cast<int64_t>(x));
  LANES(toroid::convert<int32_t>(a), static_cast<int32_t>(x));
  LANES(toroid::convert<int16_t>(a), static_cast<int16_t>(x));
  LANES(toroid::convert<int8_t>(a), static_cast<int8_t>(x));
  LANES(toroid::convert<uint8_t>(a), static_cast<uint8_t>(x));
  LANES(toroid::convert<float>(a), static_cast<float>(x));
  LANES(toroid::convert<double>(a), static_cast<double>(x));
  uint64_t sum = 0, product = 1;
  for (int l = 0; l < N; ++l) {
    sum += unsign(xs[l]);
    product *= unsign(xs[l]);
  }
  EXPECT(toroid::reduce_add(a), wrap<T>(sum));
  EXPECT(toroid::reduce_mul(a), wrap<T>(product));
}

template <int N>
void booleans() {
  bool bits[N + 1], back[N + 1];
  for (bool& bit : bits) bit = random_bits() % 2 == 0;
  const Mask<N> m = Mask<N>::load(bits), backwards = Mask<N>::strided(bits + N - 1, -1, Full<N>{});
  for (int l = 0; l < N; ++l) {
    EXPECT(static_cast<int>(m[l]), static_cast<int>(bits[l]));
    EXPECT(static_cast<int>(backwards[l]), static_cast<int>(bits[N - 1 - l]));
  }
  for (int64_t count = 0; count <= N; ++count) {
    bool* data = reinterpret_cast<bool*>(guarded_end()) - count;
    for (int64_t l = 0; l < count; ++l) data[l] = bits[l];
    const Mask<N> part = Mask<N>::load(data, count), called = Mask<N>::lanes([&](int64_t l) { return data[l]; }, count);
    for (int l = 0; l < N; ++l) EXPECT(static_cast<int>(part[l]), l < count ? static_cast<int>(bits[l]) : 0);
    for (int l = 0; l < N; ++l) EXPECT(static_cast<int>(called[l]), l < count ? static_cast<int>(bits[l]) : 0);
    (~m).store(data, count);
    for (int64_t l = 0; l < count; ++l) EXPECT(static_cast<int>(data[l]), static_cast<int>(!bits[l]));
  }
  m.store(back, Full<N>{});
  EXPECT(memcmp(bits, back, N), 0);
  EXPECT(static_cast<int>(Mask<N>::broadcast(true).all()), 1);
  EXPECT(static_cast<int>(Mask<N>::broadcast(false).any()), 0);
  EXPECT(static_cast<int>(Mask<N>::first(1).any() && !Mask<N>::first(N - 1).all() && Mask<N>::first(N).all()), 1);
  EXPECT(toroid::reduce_add(toroid::convert<int64_t>(Mask<N>::first(3))), int64_t{3});
}

template <class T, int N>
void type() {
  memory<T, N>();
  for (int round = 0; round < 50; ++round) {
    T xs[N], ys[N], zs[N];
    for (int l = 0; l < N; ++l) {
      xs[l] = random_value<T>();
      ys[l] = random_value<T>();
      zs[l] = random_value<T>();
    }
    common<T, N>(xs, ys, zs);
    if constexpr (toroid::target::kIsFloating<T>) floats<T, N>(xs, ys, zs);
    else integers<T, N>(xs, ys, zs);
  }
}

template <int N>
void all_types() {
  type<float, N>();
  type<double, N>();
  type<int64_t, N>();
  type<int32_t, N>();
  booleans<N>();
}
template <int N>
void memory_only() {
  memory<float, N>();
  memory<double, N>();
  memory<int64_t, N>();
  memory<int32_t, N>();
  booleans<N>();
}

/// The meaning of division is PyTorch's, recorded here as numbers.
void division() {
  EXPECT(toroid::floor_divide(int64_t{-7}, int64_t{2}), int64_t{-4});
  EXPECT(toroid::floor_divide(7, -2), -4);
  EXPECT(toroid::remainder(int64_t{-7}, int64_t{2}), int64_t{1});
  EXPECT(toroid::remainder(7, -2), -1);
  EXPECT(toroid::fmod(-7, 2), -1);
  EXPECT(toroid::floor_divide(7, 0), 0);
  EXPECT(toroid::remainder(7, 0), 0);
  EXPECT(toroid::floor_divide(INT32_MIN, -1), INT32_MIN);
  EXPECT(toroid::remainder(INT64_MIN, int64_t{-1}), int64_t{0});
  EXPECT(toroid::floor_divide(-7.0f, 2.0f), -4.0f);
  EXPECT(toroid::floor_divide(1.0f, 0.1f), 9.0f);  // the float next to 0.1 is larger than 0.1
  EXPECT(toroid::floor_divide(1.0f, 0.0f), INFINITY);
  EXPECT(toroid::floor_divide(-0.0f, 3.0f), -0.0f);
  EXPECT(toroid::floor_divide(1.0, -static_cast<double>(INFINITY)), -1.0);
  EXPECT(toroid::remainder(-7.0f, 2.0f), 1.0f);
  EXPECT(toroid::remainder(7.5, -2.0), -0.5);
  EXPECT(toroid::remainder(1.0f, 0.0f), NAN);
  EXPECT(toroid::maximum(NAN, 1.0f), NAN);
  EXPECT(toroid::maximum(1.0f, NAN), NAN);
  EXPECT(toroid::round_half_even(2.5f), 2.0f);
  EXPECT(toroid::round_half_even(-3.5), -4.0);
  EXPECT(toroid::abs(INT32_MIN), INT32_MIN);
  EXPECT(toroid::convert<int32_t>(-2.9f), -2);
}

void every_float() {
  constexpr int N = toroid::kLanes;
  typedef Vec<float, N> V;
  for (uint64_t start = 0; start < (uint64_t{1} << 32); start += N) {
    uint32_t bits[N];
    float x[N], down[N], up[N], even[N], zero[N];
    for (int l = 0; l < N; ++l) bits[l] = static_cast<uint32_t>(start) + static_cast<uint32_t>(l);
    memcpy(x, bits, sizeof x);
    const V v = V::load(x);
    floor(v).store(down);
    ceil(v).store(up);
    round_half_even(v).store(even);
    trunc(v).store(zero);
    for (int l = 0; l < N; ++l) {
      EXPECT(down[l], floorf(x[l]));
      EXPECT(up[l], ceilf(x[l]));
      EXPECT(even[l], nearbyintf(x[l]));
      EXPECT(zero[l], truncf(x[l]));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  all_types<4>();
  all_types<16>();
  memory_only<8>();
  memory_only<32>();
  type<int16_t, 16>();
  type<int8_t, 32>();
  type<uint8_t, 16>();
  type<double, 2>();
  division();
  if (argc > 1 && strcmp(argv[1], "--exhaustive") == 0) every_float();
  printf("registers of %d bytes\n", toroid::kVectorBytes);
  return testing::finish();
}
