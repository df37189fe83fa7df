// Sorting and choosing against an insertion sort of places: several shapes, element types, threads, ties, NaN, infinities and zeros.
#include <math.h>
#include <stdlib.h>

#include <initializer_list>

#include <toroid/sort.h>

#include "testing.h"

namespace {

using testing::expect;
using Shape = testing::Lines;

const Shape kShapes[] = {{1, 1, 1}, {2, 2, 1}, {50, 3, 2}, {3, 13, 1}, {20, 150, 1}, {2, 1000, 1}, {1, 2500, 1}, {3, 0, 2}, {3, 7, 5}, {2, 300, 3}};
constexpr int64_t kLargest = 4096;

template <class T>
bool before(T a, T b) {  // ascending
  if constexpr (toroid::target::kIsFloating<T>) return isnan(b) ? !isnan(a) : a < b;
  else return a < b;
}

template <class T>
void fill(T* values, int64_t count, int kind) {
  const double special[] = {NAN, INFINITY, -INFINITY, 0.0, -0.0, 1, -1, 3e38};
  for (int64_t i = 0; i < count; ++i) {
    const int64_t wide = (static_cast<int64_t>(rand()) << 33) ^ (static_cast<int64_t>(rand()) << 11) ^ rand();
    if (kind == 0) values[i] = static_cast<T>(__is_same(T, bool) ? rand() % 2 : rand() % 5);
    else if constexpr (toroid::target::kIsFloating<T>)
      values[i] = kind == 3 && rand() % 100 != 0 ? static_cast<T>(NAN) : kind == 1 || rand() % 2 == 0 ? static_cast<T>(rand() - RAND_MAX / 2) : static_cast<T>(special[rand() % 8]);
    else values[i] = static_cast<T>(wide);
  }
}

template <class T>
void check(const ToroidPool* pool, const Shape& s, int kind) {
  static T in[kLargest], values[kLargest];
  static int64_t places[kLargest], order[kLargest];
  const int64_t lines = s.outer * s.inner, entry = sizeof(T) > 4 ? 2 : 1;
  const testing::Buffer<int64_t> memory(2 * entry * s.length * (lines < toroid::sort::kParts ? lines : toroid::sort::kParts));
  int64_t* const scratch = memory.data;
  fill(in, s.count(), kind);
  auto each_line = [&](int64_t kept, bool descending, auto body) {
    for (int64_t o = 0; o < s.outer; ++o) {
      for (int64_t i = 0; i < s.inner; ++i) {
        const int64_t at = o * s.length * s.inner + i;
        for (int64_t j = 0; j < s.length; ++j) {
          int64_t to = j;
          auto earlier = [&](int64_t a, int64_t b) {
            const T x = in[at + a * s.inner], y = in[at + b * s.inner];
            return descending ? before(y, x) : before(x, y);
          };
          for (; to > 0 && earlier(j, order[to - 1]); --to) order[to] = order[to - 1];
          order[to] = j;
        }
        body(at, o * kept * s.inner + i);
      }
    }
  };
  for (bool descending : {false, true}) {
    toroid::sort_lines(pool, in, values, places, scratch, s.outer, s.length, s.inner, descending);
    each_line(s.length, descending, [&](int64_t at, int64_t to) {
      for (int64_t j = 0; j < s.length; ++j) {
        expect(places[to + j * s.inner] == order[j], "a sorted place is wrong", j);
        expect(testing::identical(values[to + j * s.inner], in[at + order[j] * s.inner]), "a sorted value is wrong", j);
      }
    });
    for (int64_t k : {int64_t{0}, int64_t{1}, int64_t{7}, s.length / 40, s.length / 3, s.length}) {
      if (k > s.length) continue;
      toroid::top_of_lines(pool, in, values, places, scratch, s.outer, s.length, s.inner, k, descending);
      each_line(k, descending, [&](int64_t at, int64_t to) {
        for (int64_t j = 0; j < k; ++j) {
          expect(places[to + j * s.inner] == order[j], "a place of the first k is wrong", k);
          expect(testing::identical(values[to + j * s.inner], in[at + order[j] * s.inner]), "a value of the first k is wrong", k);
        }
      });
    }
  }
  if (s.length == 0) return;
  for (int64_t k : {int64_t{0}, s.length / 2, s.length - 1}) {
    toroid::kth_of_lines(pool, in, values, places, scratch, s.outer, s.length, s.inner, k, /* nan_first= */ false);
    each_line(1, false, [&](int64_t at, int64_t to) {
      expect(places[to] == order[k] && testing::identical(values[to], in[at + order[k] * s.inner]), "a k-th element is wrong", k);
    });
  }
  toroid::kth_of_lines(pool, in, values, places, scratch, s.outer, s.length, s.inner, (s.length - 1) / 2, /* nan_first= */ true);
  each_line(1, false, [&](int64_t at, int64_t to) {
    int64_t place = order[(s.length - 1) / 2];
    for (int64_t j = s.length - 1; j >= 0; --j) place = in[at + j * s.inner] != in[at + j * s.inner] ? j : place;
    expect(places[to] == place && testing::identical(values[to], in[at + place * s.inner]), "a median is wrong", place);
  });
  toroid::mode_of_lines(pool, in, values, places, scratch, s.outer, s.length, s.inner);
  each_line(1, false, [&](int64_t at, int64_t to) {
    int64_t most = 0, place = 0;
    for (int64_t j = 0; j < s.length; ++j) {
      int64_t same = 0;
      int64_t last = order[j];
      for (int64_t i = j; i < s.length && in[at + order[i] * s.inner] == in[at + order[j] * s.inner]; ++i, ++same) last = order[i];
      same = same == 0 ? 1 : same;
      if (same > most) {
        most = same;
        place = last;
      }
    }
    expect(places[to] == place && testing::identical(values[to], in[at + place * s.inner]), "a mode is wrong", place);
  });
}

template <class T>
void all_of(const ToroidPool* pool) {
  for (const Shape& s : kShapes) {
    for (int kind = 0; kind < 4; ++kind) check<T>(pool, s, kind);
  }
}

void all(const ToroidPool* pool) {
  all_of<float>(pool);
  all_of<double>(pool);
  all_of<int64_t>(pool);
  all_of<int32_t>(pool);
  all_of<int16_t>(pool);
  all_of<int8_t>(pool);
  all_of<uint8_t>(pool);
  all_of<bool>(pool);
}

}  // namespace

int main() {
  testing::alone_and_on(3, all);
  return testing::finish();
}
