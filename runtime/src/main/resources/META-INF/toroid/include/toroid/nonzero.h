// Elements that are chosen by a mask. How many there will be was counted before.
#pragma once

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

}  // namespace toroid
