// f16 and bf16 against their definition: all 65536 bit patterns to float and back, the floats around each halfway between two neighbours,
// and random ones; vectors of all lane counts, partial and strided. With --exhaustive all 2^32 floats.
#include <math.h>
#include <string.h>
#include <toroid/vec.h>

#include "testing.h"

namespace {

using testing::bits_of;
using testing::float_of;
using testing::identical;
using toroid::BFloat16;
using toroid::Half;
using toroid::Vec;

/// Bits of precision, and the exponent of the smallest normal number.
template <class H>
struct Format;
template <>
struct Format<Half> {
  static constexpr int kDigits = 11, kLeast = -14;
  static constexpr double kLargest = 65504;
};
template <>
struct Format<BFloat16> {
  static constexpr int kDigits = 8, kLeast = -126;
  static constexpr double kLargest = 0x1.fep127;
};

/// The number that the bits stand for, from the definition of the format.
template <class H>
double value(uint16_t bits) {
  constexpr int kFraction = Format<H>::kDigits - 1, kExponents = 1 << (15 - kFraction);
  const int exponent = bits >> kFraction & (kExponents - 1), fraction = bits & ((1 << kFraction) - 1);
  double magnitude;
  if (exponent == kExponents - 1) magnitude = fraction == 0 ? static_cast<double>(INFINITY) : static_cast<double>(NAN);
  else if (exponent == 0) magnitude = ldexp(fraction, Format<H>::kLeast - kFraction);
  else magnitude = ldexp(fraction + (1 << kFraction), Format<H>::kLeast + exponent - 1 - kFraction);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

/// The nearest number of the format: all arithmetic here is exact but for the one rounding.
template <class H>
double rounded(float x) {
  if (isnan(x) || isinf(x) || x == 0.0f) return static_cast<double>(x);
  const double wide = static_cast<double>(x);
  int exponent = ilogb(wide);
  if (exponent < Format<H>::kLeast) exponent = Format<H>::kLeast;
  const double unit = ldexp(1, exponent - Format<H>::kDigits + 1);
  const double nearest = nearbyint(wide / unit) * unit;
  return fabs(nearest) > Format<H>::kLargest ? copysign(static_cast<double>(INFINITY), wide) : copysign(nearest, wide);
}

void expect(bool right, const char* what, double x, double got, double wanted) {
  testing::count_check();
  if (!right) testing::complain("%s of %a: expected %a, got %a", what, x, wanted, got);
}

template <class H, int N>
void narrow(const float (&x)[N]) {
  const Vec<H, N> results = toroid::convert<H>(Vec<float, N>::load(x));
  for (int l = 0; l < N; ++l) {
    const double got = value<H>(results[l].bits), wanted = rounded<H>(x[l]);
    expect(identical(got, wanted), "the nearest", static_cast<double>(x[l]), got, wanted);
    expect(toroid::convert<H>(x[l]).bits == results[l].bits, "the scalar", static_cast<double>(x[l]),
           value<H>(toroid::convert<H>(x[l]).bits), wanted);
  }
}

template <class H, int N>
void all_patterns() {
  for (uint32_t first = 0; first < 65536; first += N) {
    H stored[N];
    for (int l = 0; l < N; ++l) stored[l].bits = static_cast<uint16_t>(first + static_cast<uint32_t>(l));
    const Vec<float, N> wide = toroid::convert<float>(Vec<H, N>::load(stored));
    const Vec<H, N> back = toroid::convert<H>(wide);
    float around[3][N];
    for (int l = 0; l < N; ++l) {
      const uint16_t bits = stored[l].bits;
      const double wanted = value<H>(bits), got = static_cast<double>(wide[l]);
      expect(identical(got, wanted), "the float", wanted, got, wanted);
      expect(identical(static_cast<double>(toroid::convert<float>(stored[l])), wanted), "the scalar float", wanted, got, wanted);
      expect(back[l].bits == bits || isnan(wanted), "the way back", wanted, value<H>(back[l].bits), wanted);
      expect(isnan(value<H>(back[l].bits)) == isnan(wanted), "NaN", wanted, value<H>(back[l].bits), wanted);
      const float next = static_cast<float>(value<H>(static_cast<uint16_t>(bits + 1)));
      const float middle = wide[l] / 2 + next / 2;
      around[0][l] = middle;
      around[1][l] = nextafterf(middle, INFINITY);
      around[2][l] = nextafterf(middle, -INFINITY);
    }
    for (const auto& floats : around) narrow<H, N>(floats);
  }
}

template <class H, int N>
void partial_and_strided() {
  H from[3 * N], to[N + 1];
  for (int i = 0; i < 3 * N; ++i) from[i].bits = static_cast<uint16_t>(0x3c00 + i);
  for (int64_t count = 0; count <= N; ++count) {
    memset(to, 0x11, sizeof to);
    const Vec<H, N> part = Vec<H, N>::load(from, count);
    part.store(to, count);
    const Vec<H, N> spread = Vec<H, N>::strided(from, 3, count);
    const Vec<H, N> chosen = Vec<H, N>::lanes([&](int64_t l) { return from[2 * l + 1]; }, count);
    for (int l = 0; l < N; ++l) {
      const bool in = l < count;
      expect(part[l].bits == (in ? from[l].bits : 0), "a partial load", l, part[l].bits, from[l].bits);
      expect(to[l].bits == (in ? from[l].bits : 0x1111), "a partial store", l, to[l].bits, from[l].bits);
      expect(spread[l].bits == (in ? from[3 * l].bits : 0), "a strided load", l, spread[l].bits, from[3 * l].bits);
      expect(chosen[l].bits == (in ? from[2 * l + 1].bits : 0), "lanes", l, chosen[l].bits, from[2 * l + 1].bits);
    }
    expect(to[N].bits == 0x1111, "past the end", N, to[N].bits, 0x1111);
  }
  expect(Vec<H, N>::broadcast(from[1])[N - 1].bits == from[1].bits, "broadcast", 1, 0, 0);
}

template <class H, int N>
void random_floats(int64_t count) {
  for (int64_t i = 0; i < count; i += N) {
    float x[N];
    for (float& value : x) value = float_of(static_cast<uint32_t>(testing::random_bits()));
    narrow<H, N>(x);
  }
}

template <class H>
void exhaustive() {
  constexpr int N = 16;
  for (uint64_t first = 0; first < uint64_t{1} << 32; first += N) {
    float x[N];
    for (uint32_t l = 0; l < N; ++l) x[l] = float_of(static_cast<uint32_t>(first) + l);
    narrow<H, N>(x);
  }
}

template <class H, int N>
void lanes() {
  all_patterns<H, N>();
  partial_and_strided<H, N>();
  random_floats<H, N>(1 << 16);
}

template <class H>
void format() {
  lanes<H, 2>();
  lanes<H, 4>();
  lanes<H, 8>();
  lanes<H, 16>();
  lanes<H, 32>();
  lanes<H, 64>();
}

}  // namespace

int main(int argc, char** argv) {
  format<Half>();
  format<BFloat16>();
  expect(bits_of(toroid::convert<float>(Half{0x7c00})) == 0x7f800000, "infinity", 0, 0, 0);
  expect(toroid::convert<BFloat16>(float_of(0x7f800001)).bits == 0x7fc0, "a NaN of low bits only", 0, 0, 0);
  if (argc > 1 && strcmp(argv[1], "--exhaustive") == 0) {
    exhaustive<Half>();
    exhaustive<BFloat16>();
  }
  return testing::finish();
}
