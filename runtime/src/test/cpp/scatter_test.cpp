// Writing at places that are data, against the definition by coordinates: shapes, element types, threads, and indices out of range.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <initializer_list>

#include <toroid/scatter.h>

#include "call_testing.h"
#include "testing.h"

namespace {

using testing::expect;
using testing::Run;

constexpr int64_t kLargest = 20000;

template <class T>
void fill(T* values, int64_t count) {
  for (int64_t i = 0; i < count; ++i) values[i] = static_cast<T>(__is_same(T, bool) ? rand() % 2 : rand() % 9 - (T(-1) < T(0) ? 4 : 0));
}

template <class T>
bool same(const T* a, const T* b, int64_t count) {
  return memcmp(a, b, static_cast<size_t>(count) * sizeof(T)) == 0;
}

// Sizes of the tensor, then of the index, of three dimensions; the source may be larger than the index by `more` in each.
struct Case {
  int64_t axis, self[3], index[3];
  int64_t more = 0;
};
const Case kCases[] = {
    {0, {4, 1, 1}, {7, 1, 1}},    {0, {4, 300, 1}, {9, 300, 1}}, {1, {5, 3, 70}, {5, 6, 70}},   {2, {6, 7, 8}, {6, 7, 11}},
    {1, {5, 3, 70}, {2, 6, 33}, 1},  {0, {4, 5, 6}, {3, 2, 6}, 2},     {2, {300, 4, 5}, {200, 3, 9}}, {1, {2, 3, 4}, {2, 0, 4}},
};

template <class T>
void elements(const ToroidPool* pool) {
  static T self[kLargest], source[kLargest], out[kLargest], wanted[kLargest];
  static int64_t index[kLargest], counts[kLargest];
  for (const Case& c : kCases) {
    const int64_t n = c.self[0] * c.self[1] * c.self[2], m = c.index[0] * c.index[1] * c.index[2];
    fill(self, n);
    const int64_t given[3] = {c.index[0] + c.more, c.index[1] + c.more, c.index[2] + c.more};
    fill(source, given[0] * given[1] * given[2]);
    for (int64_t i = 0; i < m; ++i) index[i] = rand() % c.self[c.axis];
    auto each = [&](auto body) {
      for (int64_t i = 0; i < m; ++i) {
        int64_t at[3] = {i / c.index[2] / c.index[1], i / c.index[2] % c.index[1], i % c.index[2]};
        const int64_t from = (at[0] * given[1] + at[1]) * given[2] + at[2];
        at[c.axis] = index[i];
        body((at[0] * c.self[1] + at[1]) * c.self[2] + at[2], from);
      }
    };
    auto sizes = [&](auto call) { return call(c.axis, c.self[0], c.self[1], c.self[2], c.index[0], c.index[1], c.index[2], given[0], given[1], given[2]); };
    Run run;
    sizes([&](auto... s) { toroid::scatter_elements(pool, run.call, "scatter", self, index, source, out, s...); });
    memcpy(wanted, self, sizeof self);
    each([&](int64_t to, int64_t from) { wanted[to] = source[from]; });
    expect(same(out, wanted, n), "scatter is wrong", c.axis);
    sizes([&](auto... s) { toroid::scatter_value(pool, run.call, "scatter", self, index, T(1), out, s...); });
    each([&](int64_t to, int64_t) { wanted[to] = T(1); });
    expect(same(out, wanted, n), "scatter of a value is wrong", c.axis);
    for (bool includes : {true, false}) {
      auto reduce = [&](T identity, auto combine) {
        memcpy(wanted, self, sizeof self);
        if (!includes) each([&](int64_t to, int64_t) { wanted[to] = identity; });
        each([&](int64_t to, int64_t from) { wanted[to] = combine(wanted[to], source[from]); });
      };
      sizes([&](auto... s) { toroid::scatter_sum(pool, run.call, "scatter", self, index, source, out, includes, s...); });
      reduce(T(0), [](T a, T b) { return static_cast<T>(a + b); });
      expect(same(out, wanted, n), "a sum is wrong", c.axis);
      if constexpr (!__is_same(T, bool)) {
        memset(counts, 0, sizeof counts);
        if (includes) for (int64_t i = 0; i < n; ++i) counts[i] = 1;
        each([&](int64_t to, int64_t) { ++counts[to]; });
        for (int64_t i = 0; i < n; ++i) {
          const double quotient = static_cast<double>(wanted[i]) / static_cast<double>(counts[i] < 1 ? 1 : counts[i]);
          if constexpr (toroid::target::kIsFloating<T>) wanted[i] = wanted[i] / static_cast<T>(counts[i] < 1 ? 1 : counts[i]);
          else wanted[i] = static_cast<T>(__builtin_floor(quotient));
        }
        sizes([&](auto... s) { toroid::scatter_mean(pool, run.call, "scatter", self, index, source, out, counts, includes, s...); });
        expect(same(out, wanted, n), "a mean is wrong", c.axis);
      }
      sizes([&](auto... s) { toroid::scatter_product(pool, run.call, "scatter", self, index, source, out, includes, s...); });
      reduce(T(1), [](T a, T b) { return static_cast<T>(a * b); });
      if constexpr (!toroid::target::kIsFloating<T>) expect(same(out, wanted, n), "a product is wrong", c.axis);
      sizes([&](auto... s) { toroid::scatter_largest(pool, run.call, "scatter", self, index, source, out, includes, s...); });
      reduce(toroid::scatter::identity_of_largest<T>(), [](T a, T b) { return a > b ? a : b; });
      expect(same(out, wanted, n), "a largest is wrong", c.axis);
      sizes([&](auto... s) { toroid::scatter_smallest(pool, run.call, "scatter", self, index, source, out, includes, s...); });
      reduce(toroid::scatter::identity_of_smallest<T>(), [](T a, T b) { return a < b ? a : b; });
      expect(same(out, wanted, n), "a smallest is wrong", c.axis);
    }
    expect(!run.call.failed(), "an index is refused", c.axis);
  }
}

template <class T>
void rows(const ToroidPool* pool) {
  static T self[kLargest], source[kLargest], out[kLargest], wanted[kLargest];
  struct {
    int64_t outer, extent, inner, length;
  } const all[] = {{1, 5, 1, 9}, {1, 6, 500, 4}, {40, 3, 1, 7}, {6, 4, 33, 5}, {2, 3, 4, 0}};
  for (const auto& r : all) {
    const int64_t n = r.outer * r.extent * r.inner;
    int64_t index[16], negative[16];
    fill(self, n);
    fill(source, r.outer * r.length * r.inner);
    for (int64_t j = 0; j < r.length; ++j) {
      index[j] = rand() % r.extent;
      negative[j] = rand() % 2 == 0 ? index[j] : index[j] - r.extent;
    }
    auto each = [&](auto body) {
      memcpy(wanted, self, sizeof self);
      for (int64_t o = 0; o < r.outer; ++o)
        for (int64_t j = 0; j < r.length; ++j)
          for (int64_t i = 0; i < r.inner; ++i) body(wanted[(o * r.extent + index[j]) * r.inner + i], source[(o * r.length + j) * r.inner + i]);
    };
    Run run;
    toroid::index_add_rows(pool, run.call, "index_add", self, index, source, out, r.outer, r.extent, r.inner, r.length);
    each([](T& a, T b) { a = static_cast<T>(a + b); });
    expect(same(out, wanted, n), "added rows are wrong", r.inner);
    toroid::index_copy_rows(pool, run.call, "index_copy", self, index, source, out, r.outer, r.extent, r.inner, r.length);
    each([](T& a, T b) { a = b; });
    expect(same(out, wanted, n), "copied rows are wrong", r.inner);
    toroid::index_fill_rows(pool, run.call, "index_fill", self, negative, T(1), out, r.outer, r.extent, r.inner, r.length);
    each([](T& a, T) { a = T(1); });
    expect(same(out, wanted, n), "filled rows are wrong", r.inner);
    expect(!run.call.failed(), "an index is refused", r.inner);
  }
}

template <class T>
void puts_and_masks(const ToroidPool* pool) {
  static T self[kLargest], values[kLargest], out[kLargest], wanted[kLargest];
  static bool mask[kLargest];
  for (int64_t inner : {1, 7, 600}) {
    int64_t first[8], second[8];
    fill(self, 12 * inner);
    fill(values, 8 * inner);
    for (int64_t k = 0; k < 8; ++k) {
      first[k] = rand() % 6 - 3;
      second[k] = rand() % 8 - 4;
    }
    for (bool accumulates : {false, true}) {
      Run run;
      toroid::index_put_rows(pool, run.call, "index_put", self, values, out, accumulates, 12 * inner, 8, inner, first, int64_t{3}, second, int64_t{4});
      memcpy(wanted, self, sizeof self);
      for (int64_t k = 0; k < 8; ++k) {
        T* const row = wanted + ((first[k] + 3) % 3 * 4 + (second[k] + 4) % 4) * inner;
        for (int64_t i = 0; i < inner; ++i) row[i] = accumulates ? static_cast<T>(row[i] + values[k * inner + i]) : values[k * inner + i];
      }
      expect(same(out, wanted, 12 * inner) && !run.call.failed(), "rows that are put are wrong", inner);
    }
  }
  for (int64_t n : {0, 1, 100, 20000}) {
    fill(self, n);
    fill(values, n);
    fill(mask, n);
    int64_t needed = 0;
    for (int64_t i = 0; i < n; ++i) wanted[i] = mask[i] ? values[needed++] : self[i];
    Run run;
    toroid::masked_rows(pool, run.call, "masked_scatter", self, mask, values, out, n, needed);
    expect(same(out, wanted, n) && !run.call.failed(), "what a mask lets in is wrong", n);
    if (needed == 0) continue;
    toroid::masked_rows(pool, run.call, "masked_scatter", self, mask, values, out, n, needed - 1);
    expect(run.call.failed() && strstr(run.text, "masked_scatter: the mask holds at") != nullptr, "too few elements are taken", n);
  }
}

void out_of_range(const ToroidPool* pool) {
  const float self[4] = {}, source[1] = {1};
  float out[4];
  for (int64_t index : {int64_t{4}, int64_t{-1}, int64_t{-5}}) {
    Run first, second, third;
    toroid::scatter_elements(pool, first.call, "scatter", self, &index, source, out, 0, 4, 1, 1);
    toroid::index_copy_rows(pool, second.call, "index_copy", self, &index, source, out, 1, 4, 1, 1);
    toroid::index_put_rows(pool, third.call, "index_put", self, source, out, false, 4, 1, 1, &index, int64_t{4});
    char wanted[100];
    snprintf(wanted, sizeof wanted, "index %d is out of range for an axis of 4 elements", static_cast<int>(index));
    expect(strstr(first.text, wanted) != nullptr, first.text, index);
    expect(strstr(second.text, wanted) != nullptr, second.text, index);
    expect((strstr(third.text, wanted) != nullptr) == (index != -1), third.text, index);
  }
}

void all(const ToroidPool* pool) {
  elements<float>(pool);
  elements<double>(pool);
  elements<int64_t>(pool);
  elements<int8_t>(pool);
  elements<bool>(pool);
  rows<float>(pool);
  rows<int32_t>(pool);
  rows<bool>(pool);
  puts_and_masks<float>(pool);
  puts_and_masks<int16_t>(pool);
  puts_and_masks<bool>(pool);
  out_of_range(pool);
}

}  // namespace

int main() {
  testing::alone_and_on(3, all);
  return testing::finish();
}
