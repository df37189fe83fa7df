// Errors of math.h in units in the last place, against the C library in double precision (whose own error, 1e-16, does not show in a
// float). Without arguments a sample of some millions of floats, with --exhaustive all of them; fails above the stated bound.
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <toroid/math.h>

#include "testing.h"

namespace {

using testing::float_of;

constexpr int N = toroid::kLanes;
typedef toroid::Vec<float, N> V;

/// |got - exact| in ULPs of the float nearest to exact; infinite where one is NaN, infinite or signed otherwise than the other. Functions
/// that cross zero at other places than 0 are measured by the ULP of `unit` where they are smaller.
double ulps(float got, double exact, double unit = 0) {
  const float nearest = static_cast<float>(exact);
  if (isnan(got) || isnan(nearest)) return isnan(got) && isnan(nearest) ? 0 : INFINITY;
  if (isinf(got) || isinf(nearest)) {
    if (got == nearest) return 0;
    if (isinf(exact) || !isinf(got)) return got == 3.40282347e38f && isinf(nearest) ? 0.5 : INFINITY;
    return fabs(exact) > 3.4028234e38 && signbit(got) == signbit(exact) ? 1 : INFINITY;
  }
  if (signbit(got) != signbit(nearest) && unit == 0) return INFINITY;
  const double magnitude = fmax(fmax(fabs(static_cast<double>(nearest)), unit), 1.1754943508222875e-38);
  const double ulp = ldexp(1.0, ilogb(magnitude) - 23);
  return fabs(static_cast<double>(got) - exact) / ulp;
}

void stated(const char* name, double worst, double bound) {
  testing::count_check();
  if (!(worst <= bound)) testing::complain("%s is stated to be within %g ULP", name, bound);
}

template <class F, class G>
void check(const char* name, F vector, G reference, double bound, uint64_t stride, double unit = 0) {
  double worst = 0;
  float at = 0, got = 0;
  for (uint64_t start = 0; start < (uint64_t{1} << 32); start += stride * N) {
    float x[N], y[N];
    for (int l = 0; l < N; ++l) x[l] = float_of(static_cast<uint32_t>(start + static_cast<uint64_t>(l) * stride));
    vector(V::load(x)).store(y);
    for (int l = 0; l < N; ++l) {
      const double error = ulps(y[l], reference(static_cast<double>(x[l])), unit);
      if (error > worst) {
        worst = error;
        at = x[l];
        got = y[l];
      }
    }
  }
  printf("%-8s largest error %.4f ULP at %a (%.9g): %.9g instead of %.17g\n", name, worst, static_cast<double>(at), static_cast<double>(at),
         static_cast<double>(got), reference(static_cast<double>(at)));
  stated(name, worst, bound);
}

double double_of(uint64_t bits) { return __builtin_bit_cast(double, bits); }

double ulps(double got, long double exact, double unit = 0) {
  const double nearest = static_cast<double>(exact);
  if (isnan(got) || isnan(nearest)) return isnan(got) && isnan(nearest) ? 0 : INFINITY;
  if (isinf(got) || isinf(nearest)) return got == nearest ? 0 : INFINITY;
  if (signbit(got) != signbit(nearest) && unit == 0) return INFINITY;
  const double magnitude = fmax(fmax(fabs(nearest), unit), 2.2250738585072014e-308);
  return static_cast<double>(fabsl(static_cast<long double>(got) - exact) / ldexpl(1.0L, ilogb(magnitude) - 52));
}

/// Special values, then random ones of every exponent, then random ones of moderate size; against long double, which is wider by 11 bits.
template <class F, class G>
void check_double(const char* name, F function, G reference, double bound, bool exhaustive, double unit = 0) {
  constexpr int M = 8;
  const double special[] = {0.0, -0.0, 1.0, -1.0, 5e-324, -5e-324, 1e-310, 1.7e308, -1.7e308, INFINITY, -INFINITY, NAN, 709.7, 709.8, -745.1, -745.2, 0.55, 18.5, 20.0};
  double worst = 0, at = 0, got = 0;
  uint64_t state = 7, used = 0;
  for (int64_t i = 0; i < (exhaustive ? 100000000 : 300000); ++i) {
    double x[M], y[M];
    for (double& value : x) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      const double moderate = static_cast<double>(static_cast<int64_t>(state ^ state >> 32)) * (i % 3 == 1 ? 0x1p-60 : i % 9 == 2 ? 0x1p-53 : 0x1p-63);
      value = used < sizeof special / sizeof *special ? special[used++] : i % 3 == 0 ? double_of(state ^ state >> 32) : moderate;
    }
    function(toroid::Vec<double, M>::load(x)).store(y);
    for (int l = 0; l < M; ++l) {
      const double error = ulps(y[l], reference(static_cast<long double>(x[l])), unit);
      if (error > worst) {
        worst = error;
        at = x[l];
        got = y[l];
      }
    }
    if (i % 1000 == 0 && !(function(x[0]) == y[0] || isnan(y[0]))) worst = INFINITY;
  }
  printf("%-8s largest error %.4f ULP at %a (%.17g): %.17g instead of %.20Lg, doubles\n", name, worst, at, at, got, reference(static_cast<long double>(at)));
  stated(name, worst, bound);
}

/// Functions of two numbers: every pair of special and ordinary values, then random pairs; a scalar must equal a lane.
template <class F, class G>
void check_two(const char* name, F function, G reference, double bound, bool exhaustive) {
  const float values[] = {0.0f, -0.0f, 1.0f, -1.0f, 0.5f, -0.5f, 2.0f, -2.0f, 3.0f, -3.0f, 2.5f, -2.5f, 1e-45f, -1e-45f, 1e-38f, 3.4e38f, -3.4e38f,
                          0.99999994f, 1.0000001f, -1.0000001f, 16777215.0f, -16777215.0f, 16777216.0f, 16777218.0f, 1e30f, INFINITY, -INFINITY, NAN};
  double worst = 0;
  float at[3] = {};
  auto one = [&](float a, float b, float got) {
    const double error = ulps(got, reference(static_cast<double>(a), static_cast<double>(b)));
    if (error <= worst) return;
    worst = error;
    at[0] = a, at[1] = b, at[2] = got;
  };
  for (float a : values) {
    for (float b : values) {
      const float lane = function(V::broadcast(a), V::broadcast(b))[N - 1], scalar = function(a, b);
      one(a, b, lane);
      if (memcmp(&lane, &scalar, sizeof lane) != 0 && !(isnan(lane) && isnan(scalar))) one(a, b, NAN);
    }
  }
  uint64_t state = 1;
  for (int64_t i = 0; i < (exhaustive ? 100000000 : 300000); ++i) {
    float a[N], b[N], y[N];
    for (int l = 0; l < N; ++l) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      a[l] = float_of(static_cast<uint32_t>(state >> 32));
      state = state * 6364136223846793005u + 1442695040888963407u;
      b[l] = i % 2 == 0 ? float_of(static_cast<uint32_t>(state >> 32)) : static_cast<float>(static_cast<int32_t>(state >> 32)) * 0x1p-24f;
      if (i % 4 == 3) a[l] = fabsf(a[l]);
    }
    function(V::load(a), V::load(b)).store(y);
    for (int l = 0; l < N; ++l) one(a[l], b[l], y[l]);
  }
  printf("%-8s largest error %.4f ULP at (%.9g, %.9g): %.9g instead of %.17g\n", name, worst, static_cast<double>(at[0]), static_cast<double>(at[1]),
         static_cast<double>(at[2]), reference(static_cast<double>(at[0]), static_cast<double>(at[1])));
  stated(name, worst, bound);
}

/// By the recurrence and the series, as in any book; the poles and the reflection as digamma has them.
long double digamma(long double x) {
  if (x == 0) return copysignl(INFINITY, -x);
  if (x < 0) {
    const long double rest = x - nearbyintl(x), pi = 3.14159265358979323846264338327950288L;
    return rest == 0 || isinf(x) ? NAN : digamma(1 - x) - pi / tanl(pi * rest);
  }
  long double sum = 0;
  for (; x < 30; ++x) sum -= 1 / x;
  const long double s = 1 / (x * x);
  return sum + logl(x) - 0.5L / x - s * (1 / 12.0L - s * (1 / 120.0L - s * (1 / 252.0L - s * (1 / 240.0L - s * (1 / 132.0L - s * 691 / 32760.0L)))));
}

/// By bisection of erf and of erfc, whichever is exact there.
long double erfinv(long double y) {
  if (!(fabsl(y) < 1)) return fabsl(y) == 1 ? copysignl(INFINITY, y) : NAN;
  if (fabsl(y) < 1e-12L) return y * 0.886226925452758013649083741670572591L;
  long double low = 0, high = 10;
  for (int i = 0; i < 80; ++i) {
    const long double middle = (low + high) / 2;
    const bool above = fabsl(y) < 0.5L ? erfl(middle) > fabsl(y) : erfcl(middle) < 1 - fabsl(y);
    (above ? high : low) = middle;
  }
  return copysignl(low, y);
}

}  // namespace

int main(int argc, char** argv) {
  const bool exhaustive = argc > 1 && strcmp(argv[1], "--exhaustive") == 0;
  const uint64_t stride = exhaustive ? 1 : 2039;  // a prime: all low bits occur
#define CHECK(NAME, REFERENCE, BOUND) \
  if (argc < 3 || strcmp(argv[2], #NAME) == 0) check(#NAME, [](V x) { return toroid::NAME(x); }, [](double x) -> double { return REFERENCE; }, BOUND, stride)
  CHECK(exp, ::exp(x), 0.90);
  CHECK(exp2, ::exp2(x), 0.88);
  CHECK(expm1, ::expm1(x), 1.45);
  CHECK(log, ::log(x), 0.88);
  CHECK(tanh, ::tanh(x), 1.38);
  CHECK(sigmoid, 1 / (1 + ::exp(-x)), 2.41);
  CHECK(erf, ::erf(x), 1.05);
  CHECK(rsqrt, 1 / ::sqrt(x), 1.50);
  CHECK(log2, ::log2(x), 0.51);
  CHECK(log10, ::log10(x), 0.51);
  CHECK(log1p, ::log1p(x), 0.51);
  CHECK(sin, ::sin(x), 0.51);
  CHECK(cos, ::cos(x), 0.51);
  CHECK(tan, ::tan(x), 0.51);
  CHECK(atan, ::atan(x), 0.55);
  CHECK(asin, ::asin(x), 0.51);
  CHECK(acos, ::acos(x), 0.51);
  CHECK(sinh, ::sinh(x), 0.51);
  CHECK(cosh, ::cosh(x), 0.51);
  CHECK(asinh, ::asinh(x), 0.51);
  CHECK(acosh, ::acosh(x), 0.51);
  CHECK(atanh, ::atanh(x), 0.51);
  CHECK(erfc, ::erfc(x), 0.52);
#define CHECK_NEAR(NAME, REFERENCE, BOUND, STRIDE) \
  if (argc < 3 || strcmp(argv[2], #NAME) == 0) check(#NAME, [](V x) { return toroid::NAME(x); }, [](double x) -> double { return REFERENCE; }, BOUND, STRIDE, 0.5)
  CHECK_NEAR(erfinv, static_cast<double>(erfinv(static_cast<long double>(x))), 0.53, stride * 16 + 1);
  CHECK_NEAR(lgamma, ::lgamma(x), 0.51, stride * 4 + 1);
  CHECK_NEAR(digamma, static_cast<double>(digamma(static_cast<long double>(x))), 0.51, stride * 16 + 1);
#define CHECK_DOUBLE(NAME, REFERENCE, BOUND) \
  if (argc < 3 || strcmp(argv[2], "double") == 0) check_double(#NAME, [](auto x) { return toroid::NAME(x); }, [](long double x) -> long double { return REFERENCE; }, BOUND, exhaustive)
  CHECK_DOUBLE(exp, ::expl(x), 0.90);
  CHECK_DOUBLE(expm1, ::expm1l(x), 1.90);
  CHECK_DOUBLE(log, ::logl(x), 0.90);
  CHECK_DOUBLE(tanh, ::tanhl(x), 1.65);
  CHECK_DOUBLE(sigmoid, 1 / (1 + ::expl(-x)), 2.50);
  CHECK_DOUBLE(erf, ::erfl(x), 1.50);
  if (argc < 3 || strcmp(argv[2], "double") == 0) {
    check_double("erfinv", [](auto x) { return toroid::erfinv(x); }, [](long double x) { return erfinv(x); }, 2.50, false, 0.5);
    check_double("lgamma", [](auto x) { return toroid::lgamma(x); }, [](long double x) { return ::lgammal(x); }, 8, false, 8);
    check_double("digamma", [](auto x) { return toroid::digamma(x); }, [](long double x) { return digamma(x); }, 5, false, 32);
  }
  if (argc < 3 || strcmp(argv[2], "pow") == 0) check_two("pow", [](auto x, auto y) { return toroid::pow(x, y); }, [](double x, double y) { return ::pow(x, y); }, 0.51, exhaustive);
  if (argc < 3 || strcmp(argv[2], "atan2") == 0) check_two("atan2", [](auto x, auto y) { return toroid::atan2(x, y); }, [](double x, double y) { return ::atan2(x, y); }, 0.55, exhaustive);
  printf("%d lanes\n", N);
  return testing::finish();
}
