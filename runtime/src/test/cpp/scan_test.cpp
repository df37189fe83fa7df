// Scans against their definitions, one element after the other: several shapes, element types, threads, NaN and infinities.
#include <math.h>
#include <stdlib.h>

#include <initializer_list>

#include <toroid/scan.h>

#include "testing.h"

namespace {

using testing::expect;
using Shape = testing::Lines;

const Shape kShapes[] = {{1, 1, 1}, {1, 17, 1}, {5, 33, 1}, {40, 1000, 1}, {2, 0, 3}, {3, 5, 7}, {2, 9, 300}, {1, 40, 1030}, {300, 4, 2}};
constexpr int64_t kLargest = 40 * 1040;

double random_value() { return static_cast<double>(rand() % 2001 - 1000) / 500; }

template <class T>
bool same(T a, T b) {
  if constexpr (toroid::target::kIsFloating<T>) {
    if (isnan(a) || isnan(b)) return isnan(a) && isnan(b);
    if (isinf(a) || isinf(b)) return a == b;
    return fabs(static_cast<double>(a - b)) <= 1e-6 * (1 + fabs(static_cast<double>(b)));
  } else {
    return a == b;
  }
}

template <class T>
void fill(T* values, int64_t count, bool special) {
  for (int64_t i = 0; i < count; ++i) values[i] = static_cast<T>(__is_same(T, bool) ? rand() % 2 : random_value() * 3);
  if constexpr (toroid::target::kIsFloating<T>) {
    if (special && count > 3) {
      values[count / 2] = static_cast<T>(NAN);
      values[count / 3] = static_cast<T>(-INFINITY);
      values[count - 1] = static_cast<T>(INFINITY);
    }
  }
}

template <class F>
void each_line(const Shape& s, F f) {
  for (int64_t o = 0; o < s.outer; ++o)
    for (int64_t i = 0; i < s.inner; ++i) f(o * s.length * s.inner + i);
}

template <class T>
void sums(const ToroidPool* pool) {
  static T in[kLargest], out[kLargest], product[kLargest];
  for (const Shape& s : kShapes) {
    for (bool special : {false, true}) {
      fill(in, s.count(), special);
      toroid::cumulative_sum(pool, in, out, s.outer, s.length, s.inner);
      toroid::cumulative_product(pool, in, product, s.outer, s.length, s.inner);
      each_line(s, [&](int64_t at) {
        double sum = 0, all = 1;
        T wrapped = 0, multiplied = 1;
        for (int64_t j = 0; j < s.length; ++j) {
          const int64_t k = at + j * s.inner;
          sum += static_cast<double>(in[k]);
          all *= static_cast<double>(in[k]);
          if constexpr (toroid::target::kIsFloating<T>) {
            wrapped = static_cast<T>(sum);
            multiplied = static_cast<T>(all);
          } else {
            wrapped = static_cast<T>(static_cast<uint64_t>(wrapped) + static_cast<uint64_t>(in[k]));
            multiplied = static_cast<T>(static_cast<uint64_t>(multiplied) * static_cast<uint64_t>(in[k]));
          }
          expect(same(out[k], wrapped), "a sum is wrong", k);
          expect(same(product[k], multiplied), "a product is wrong", k);
        }
      });
    }
  }
}

template <class T>
void extremes(const ToroidPool* pool) {
  static T in[kLargest], most[kLargest], least[kLargest];
  static int64_t where_most[kLargest], where_least[kLargest];
  for (const Shape& s : kShapes) {
    for (bool special : {false, true}) {
      fill(in, s.count(), special);
      toroid::cumulative_maximum(pool, in, most, where_most, s.outer, s.length, s.inner);
      toroid::cumulative_minimum(pool, in, least, where_least, s.outer, s.length, s.inner);
      each_line(s, [&](int64_t at) {
        int64_t high = 0, low = 0;
        for (int64_t j = 0; j < s.length; ++j) {
          const int64_t k = at + j * s.inner;
          const T h = in[at + high * s.inner], l = in[at + low * s.inner];
          if (in[k] != in[k] || in[k] >= h) high = j;
          if (in[k] != in[k] || in[k] <= l) low = j;
          expect(where_most[k] == high && where_least[k] == low, "the place of an extreme is wrong", k);
          expect(same(most[k], in[at + high * s.inner]) && same(least[k], in[at + low * s.inner]), "an extreme is wrong", k);
        }
      });
    }
  }
}

template <class T>
void logarithms(const ToroidPool* pool) {
  static T in[kLargest], out[kLargest];
  for (const Shape& s : kShapes) {
    for (bool special : {false, true}) {
      fill(in, s.count(), special);
      if (special && s.count() > 3) in[0] = static_cast<T>(-INFINITY);
      toroid::cumulative_log_sum_exp(pool, in, out, s.outer, s.length, s.inner);
      each_line(s, [&](int64_t at) {
        double sum = 0;
        for (int64_t j = 0; j < s.length; ++j) {
          sum += exp(static_cast<double>(in[at + j * s.inner]));
          expect(same(out[at + j * s.inner], static_cast<T>(log(sum))), "a logarithm of a sum is wrong", at + j * s.inner);
        }
      });
    }
  }
  const T huge[3] = {1000, 1000, -1000};
  T result[3];
  toroid::cumulative_log_sum_exp(pool, huge, result, 1, 3, 1);
  expect(same(result[2], static_cast<T>(1000 + log(2.0))), "a large exponent overflows", 0);
}

void all(const ToroidPool* pool) {
  sums<float>(pool);
  sums<double>(pool);
  sums<int64_t>(pool);
  sums<int32_t>(pool);
  sums<int8_t>(pool);
  extremes<float>(pool);
  extremes<double>(pool);
  extremes<int64_t>(pool);
  extremes<int16_t>(pool);
  extremes<uint8_t>(pool);
  extremes<bool>(pool);
  logarithms<float>(pool);
  logarithms<double>(pool);
}

}  // namespace

int main() {
  testing::alone_and_on(3, all);
  return testing::finish();
}
