// The largest and the smallest value with their places, against looking at one element after the other: lengths, ties, NaN, infinities,
// element types, over lanes in several slots, across lanes, and in parts.
#include <math.h>

#include <initializer_list>

#include <toroid/loops.h>

#include "testing.h"

namespace {

using testing::expect;
using testing::random_below;
using toroid::ArgumentOf;
using toroid::Full;
using toroid::Vec;

constexpr int L = toroid::kLanes;
constexpr int64_t kMost = (1 << 15) + 100;  // beyond it slots read apart

template <class T>
bool is_nan(T x) {
  return x != x;
}

template <class T, bool IsMaximum>
int64_t first_of(const T* x, int64_t length, int64_t stride) {
  int64_t best = 0;
  for (int64_t i = 1; i < length; ++i) {
    const T value = x[i * stride], other = x[best * stride];
    if (!is_nan(other) && (is_nan(value) || (IsMaximum ? value > other : value < other))) best = i;
  }
  return best;
}

// 0: few values, 1: the identity alone, 2: special ones, rarely
template <class T, bool IsMaximum>
void fill(T* x, int64_t length, int kind) {
  const T identity = IsMaximum ? toroid::accumulate::lowest<T>() : toroid::accumulate::highest<T>();
  for (int64_t i = 0; i < length; ++i) x[i] = kind == 1 ? identity : static_cast<T>(random_below(50));
  if constexpr (toroid::target::kIsFloating<T>) {
    const T special[4] = {static_cast<T>(NAN), static_cast<T>(INFINITY), static_cast<T>(-INFINITY), static_cast<T>(-0.0)};
    for (int64_t n = 0; kind == 2 && n < 1 + length / 20; ++n) x[random_below(length)] = special[random_below(4)];
  }
}

template <class T>
void same(T value, const T* x, int64_t stride, int64_t place, int64_t expected, int64_t length) {
  expect(place == expected, "a place is wrong", length);
  expect(value == x[place * stride] || (is_nan(value) && is_nan(x[place * stride])), "a value is not that of its place", length);
}

template <int Slots, class A, class T>
A over_lanes(const T* x, int64_t begin, int64_t end) {
  typedef typename A::Places Places;
  A accumulators[Slots];
  toroid::for_lanes<L, Slots>(begin, end, [&](int64_t i, auto count, auto slot) {
    accumulators[slot.index].add(Vec<T, L>::load(x + i, count), Places::iota(static_cast<decltype(A::kNone)>(i), 1), count);
  });
  return toroid::merged(accumulators);
}

template <class T, class P, bool IsMaximum>
void extremes(int64_t length, int kind) {
  typedef ArgumentOf<Vec<T, L>, IsMaximum, P> A;
  static T x[kMost * L];
  fill<T, IsMaximum>(x, length, kind);
  const int64_t expected = first_of<T, IsMaximum>(x, length, 1);
  for (const auto& total : {over_lanes<1, A>(x, 0, length).total(), over_lanes<4, A>(x, 0, length).total()})
    same(total.value, x, 1, total.place, expected, length);

  A parts[3];
  for (int64_t part = 0; part < 3; ++part) parts[part] = over_lanes<4, A>(x, length * part / 3, length * (part + 1) / 3);
  const auto total = toroid::merged(parts, 3).total();
  same(total.value, x, 1, total.place, expected, length);

  if (length > 100) return;
  fill<T, IsMaximum>(x, length * L, kind);
  A columns;
  for (int64_t i = 0; i < length; ++i) columns.add(Vec<T, L>::load(x + i * L), A::Places::broadcast(static_cast<P>(i)), Full<L>{});
  const auto lanes = columns.lanes();
  for (int l = 0; l < L; ++l) same(T(lanes.value[l]), x + l, L, lanes.place[l], first_of<T, IsMaximum>(x + l, length, L), length);
}

template <class T, class P>
void all_of() {
  for (int64_t length : {1, 2, 15, 16, 17, 63, 64, 65, 100, 1000, 32768, 32867}) {
    for (int kind = 0; kind < 3; ++kind) {
      extremes<T, P, true>(length, kind);
      extremes<T, P, false>(length, kind);
    }
  }
}

}  // namespace

int main() {
  all_of<float, int32_t>();
  all_of<float, int64_t>();
  all_of<double, int32_t>();
  all_of<double, int64_t>();
  all_of<int64_t, int32_t>();
  all_of<int32_t, int32_t>();
  all_of<int8_t, int32_t>();
  all_of<uint8_t, int64_t>();
  return testing::finish();
}
