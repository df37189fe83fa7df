// Places in sorted sequences against looking at one element after the other: lengths, ties, NaN, infinities, element types, threads.
#include <math.h>

#include <initializer_list>

#include <toroid/search.h>

#include "testing.h"

namespace {

using testing::expect;
using testing::random_below;

constexpr int64_t kMost = 5000;

template <class T>
int64_t place(const T* sequence, int64_t length, T value, bool right) {
  int64_t at = 0;
  while (at < length && !(right ? sequence[at] > value : sequence[at] >= value)) ++at;
  return at;
}

// Rising by nothing or by one.
template <class T>
void rise(T* sequence, int64_t length) {
  T next = T(0);
  for (int64_t i = 0; i < length; ++i) {
    sequence[i] = next;
    if (random_below(2) == 0 && next < T(100)) next = static_cast<T>(next + T(1));
  }
}

template <class T, class I>
void places(const ToroidPool* pool) {
  static T sequence[3 * kMost], values[kMost];
  static I found[kMost];
  for (int64_t sequences : {1, 3}) {
    for (int64_t length : {0, 1, 2, 3, 7, 8, 31, 100, 5000}) {
      for (int64_t count : {0, 1, 5, 1500}) {
        for (int64_t s = 0; s < sequences; ++s) rise(sequence + s * length, length);
        for (int64_t i = 0; i < sequences * count; ++i) values[i] = static_cast<T>(random_below(102));
        for (bool right : {false, true}) {
          toroid::search_sorted(pool, sequence, values, found, sequences, length, count, right);
          for (int64_t i = 0; i < sequences * count; ++i)
            expect(found[i] == place(sequence + i / count * length, length, values[i], right), "a place is wrong", length);
        }
      }
    }
  }
}

// Recorded from torch.searchsorted of PyTorch 2.13: right=False, right=True.
template <class T>
void special(const ToroidPool* pool) {
  const T inf = static_cast<T>(INFINITY), nan = static_cast<T>(NAN);
  const T sequence[6] = {-inf, T(-0.0), T(0), T(1), inf, inf}, ended[5] = {1, 2, nan, nan, nan}, values[7] = {nan, -inf, T(-0.0), 0, T(0.5), inf, 2};
  const int64_t left[7] = {6, 0, 1, 1, 3, 4, 4}, right[7] = {6, 1, 3, 3, 3, 6, 4};
  const int64_t ended_left[7] = {5, 5, 5, 5, 5, 5, 5};
  int64_t found[7];
  toroid::search_sorted(pool, sequence, values, found, 1, 6, 7, false);
  for (int i = 0; i < 7; ++i) expect(found[i] == left[i], "the place of a special value is wrong", i);
  toroid::search_sorted(pool, sequence, values, found, 1, 6, 7, true);
  for (int i = 0; i < 7; ++i) expect(found[i] == right[i], "the place right of a special value is wrong", i);
  toroid::search_sorted(pool, ended, values, found, 1, 5, 7, false);
  for (int i = 0; i < 7; ++i) expect(found[i] == ended_left[i], "a place before NaN is wrong", i);
}

void all(const ToroidPool* pool) {
  places<float, int64_t>(pool);
  places<double, int64_t>(pool);
  places<int64_t, int32_t>(pool);
  places<int32_t, int64_t>(pool);
  places<int16_t, int64_t>(pool);
  places<int8_t, int64_t>(pool);
  places<uint8_t, int32_t>(pool);
  special<float>(pool);
  special<double>(pool);
}

}  // namespace

int main() {
  testing::alone_and_on(3, all);
  return testing::finish();
}
