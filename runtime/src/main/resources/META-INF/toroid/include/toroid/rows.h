// The order of a matrix's rows.
#pragma once

#include <toroid/loops.h>

namespace toroid {
namespace rows {

template <class T>
inline bool is_less(const T* a, const T* b, int64_t width) {
  for (int64_t i = 0; i < width; ++i)
    if (a[i] != b[i]) return a[i] < b[i];
  return false;
}

}  // namespace rows

// Numbers of the rows, ordered by their elements in turn; equal rows stay as they come. Merges runs of 1, 2, 4, ... rows; `scratch` has
// room for the numbers once more.
template <class T>
inline void order_rows(const ToroidPool*, const T* in, int64_t* out, int64_t* scratch, int64_t count, int64_t width) {
  for (int64_t i = 0; i < count; ++i) out[i] = i;
  for (int64_t run = 1; run < count; run *= 2) {
    for (int64_t begin = 0; begin < count; begin += 2 * run) {
      const int64_t middle = size_min(begin + run, count), end = size_min(begin + 2 * run, count);
      int64_t left = begin, right = middle;
      for (int64_t to = begin; to < end; ++to) {
        const bool takes_right = left == middle || (right < end && rows::is_less(in + out[right] * width, in + out[left] * width, width));
        scratch[to] = out[takes_right ? right++ : left++];
      }
    }
    for (int64_t i = 0; i < count; ++i) out[i] = scratch[i];
  }
}

}  // namespace toroid
