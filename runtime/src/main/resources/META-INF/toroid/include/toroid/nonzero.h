// Elements that are chosen by a mask, or repeated. How many there will be was counted before.
#pragma once

#include <toroid/checked.h>
#include <toroid/loops.h>

namespace toroid {
namespace nonzero {

// Calls found(i) for the places of true elements, in order, and no more than `most` times.
template <class Found>
inline void visit(const bool* mask, int64_t count, int64_t most, Found&& found) {
  int64_t seen = 0;
  for (int64_t i = 0; i < count && seen < most; ++i) {
    if (!mask[i]) continue;
    found(seen, i);
    ++seen;
  }
}

}  // namespace nonzero

// The places of the true elements of a mask with the given sizes: a row of as many indices as it has dimensions for each of `rows`.
template <class... Sizes>
inline void write_places(const ToroidPool*, const bool* mask, int64_t* out, int64_t rows, Sizes... sizes) {
  constexpr int64_t rank = sizeof...(Sizes);
  const int64_t extents[rank + 1] = {sizes..., 1};
  int64_t count = 1;
  for (int64_t d = 0; d < rank; ++d) count *= extents[d];
  nonzero::visit(mask, count, rows, [&](int64_t row, int64_t i) {
    int64_t rest = i;
    for (int64_t d = rank; d-- > 0;) {
      out[row * rank + d] = rest % extents[d];
      rest /= extents[d];
    }
  });
}

// The elements where the mask is true.
template <class T>
inline void select_masked(const ToroidPool*, const T* in, const bool* mask, T* out, int64_t count, int64_t selected) {
  nonzero::visit(mask, count, selected, [&](int64_t to, int64_t i) { out[to] = in[i]; });
}

// The number i repeats[i] times. `total` is the sum, as far as the repeats are such as they must be.
inline void repeat_places(const ToroidPool*, Call& call, const char* where, const int64_t* repeats, int64_t* out, int64_t count, int64_t total) {
  int64_t next = 0;
  for (int64_t i = 0; i < count; ++i) {
    if (repeats[i] < 0 || repeats[i] > total - next) {
      call.fail("%s: element %lld of the repeats is %lld; they must not be negative, and have the sum %lld", where, static_cast<long long>(i),
                static_cast<long long>(repeats[i]), static_cast<long long>(total));
      break;
    }
    for (int64_t k = 0; k < repeats[i]; ++k) out[next++] = i;
  }
  if (next < total) {
    call.fail("%s: the repeats have the sum %lld, not %lld", where, static_cast<long long>(next), static_cast<long long>(total));
    while (next < total) out[next++] = 0;
  }
}

}  // namespace toroid
