// Where values would stand in sorted sequences.
#pragma once

#include <toroid/loops.h>

namespace toroid {
namespace search {

// By halving, with the steps of PyTorch: so the results are the same where NaN is among the elements, which compares as less.
template <bool Right, class T>
TOROID_INLINE int64_t place_of(const T* sequence, int64_t length, T value) {
  int64_t start = 0;
  while (length > 0) {
    const int64_t half = length >> 1;
    const bool reached = Right ? sequence[start + half] > value : sequence[start + half] >= value;
    // no branches, so that the searches of several values overlap
    start = reached ? start : start + half + 1;
    length = reached ? half : length - half - 1;
  }
  return start;
}

constexpr int64_t kShort = 64;  // up to so many elements, looking at all of them is faster

template <class T>
inline bool has_nan(const T* sequence, int64_t length) {
  bool found = false;
  for (int64_t i = 0; i < length; ++i) found |= sequence[i] != sequence[i];
  return found;
}

// How many elements of a short sequence are less (with Right: not greater).
template <bool Right, class T, class I>
inline void count_places(const T* sequence, int64_t length, const T* values, I* places, Range range) {
  constexpr int L = kLanes;
  typedef Vec<T, L> V;
  for_lanes<L, 1>(range.begin, range.end, [&](int64_t i, auto count, auto) TOROID_INLINE_LAMBDA {
    const V x = V::load(values + i, count);
    V before = V::broadcast(T(0));
    for (int64_t j = 0; j < length; ++j) {
      const V element = V::broadcast(sequence[j]);
      const Mask<L> reached = Right ? element > x : element >= x;
      before = before + convert<T>(~reached);
    }
    convert<I>(before).store(places + i, count);
  });
}

template <bool Right, class T, class I>
inline void places_of(const T* sequence, int64_t length, const T* values, I* places, Range range) {
  if constexpr (!__is_same(T, bool)) {
    if (length <= kShort && !has_nan(sequence, length)) {
      count_places<Right>(sequence, length, values, places, range);
      return;
    }
  }
  for (int64_t i = range.begin; i < range.end; ++i) places[i] = static_cast<I>(place_of<Right>(sequence, length, values[i]));
}

inline int64_t steps_of(int64_t length) { return 64 - __builtin_clzll(static_cast<unsigned long long>(length) | 1); }

}  // namespace search

// The first place of a sequence whose element is not less than the value (with `right`: is greater), its length if there is none. Sequences
// are [sequences, length], each for `count` of the values; NaN comes after all.
template <class T, class I>
inline void search_sorted(
    const ToroidPool* pool, const T* sequence, const T* values, I* places, int64_t sequences, int64_t length, int64_t count, bool right) {
  parallel_for(pool, sequences * count, grain_of(8 * search::steps_of(length)), [&](int64_t begin, int64_t end) {
    while (begin < end) {
      const int64_t line = begin / count;
      const Range range = {begin, size_min(end, (line + 1) * count)};
      const T* const elements = sequence + line * length;
      if (right) search::places_of<true>(elements, length, values, places, range);
      else search::places_of<false>(elements, length, values, places, range);
      begin = range.end;
    }
  });
}

}  // namespace toroid
