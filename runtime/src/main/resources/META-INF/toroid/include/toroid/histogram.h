// Counting elements by their values.
#pragma once

#include <toroid/checked.h>
#include <toroid/loops.h>

namespace toroid {
namespace histogram {

// Parts of a job, each of which counts for itself.
constexpr int64_t kParts = 16;

inline int64_t parts_of(const ToroidPool* pool, int64_t count, int64_t bins) {
  return size_min(kParts, useful_threads(pool, count, size_max(bins, grain_of(8))));
}

template <class T>
inline void fail_range(Call& call, const char* where, T low, T high) {
  call.fail("%s: the range from %g to %g is not finite", where, static_cast<double>(low), static_cast<double>(high));
}

}  // namespace histogram

// Counts of equal bins from `low` to `high`, both included; what is outside, or NaN, is not counted. If the two are equal the range is that
// of the data, and from 1 less to 1 more if that is one value. `counts` is scratch for 16 times the bins.
template <class T>
inline void count_in_bins(
    const ToroidPool* pool, Call& call, const char* where, const T* in, T* out, int64_t* counts, int64_t count, int64_t bins, target::Given<T> low,
    target::Given<T> high) {
  if (low == high && count > 0) {
    low = high = in[0];
    for (int64_t i = 0; i < count; ++i) {
      const T x = in[i];
      low = x < low || isnan(x) ? x : low;
      high = x > high || isnan(x) ? x : high;
    }
    if (!(high - low < accumulate::highest<T>())) histogram::fail_range(call, where, low, high);
  }
  if (low == high) {
    low -= T(1);
    high += T(1);
  }
  const int64_t parts = histogram::parts_of(pool, count, bins);
  const T scale = static_cast<T>(bins), width = high - low;
  parallel_parts(pool, parts, [&](int64_t part) {
    int64_t* const own = counts + part * bins;
    for (int64_t bin = 0; bin < bins; ++bin) own[bin] = 0;
    const Range range = split(count, parts, part);
    for (int64_t i = range.begin; i < range.end; ++i) {
      const T x = in[i];
      if (!(x >= low && x <= high)) continue;
      ++own[size_min(bins - 1, size_max(0, static_cast<int64_t>((x - low) * scale / width)))];
    }
  });
  for (int64_t bin = 0; bin < bins; ++bin) {
    int64_t all = 0;
    for (int64_t part = 0; part < parts; ++part) all += counts[part * bins + bin];
    out[bin] = static_cast<T>(all);
  }
}

// How often each of 0, 1, ... bins - 1 occurs, or the sum of weight(i) over where it does.
template <class T, class Weight>
inline void count_each(Call& call, const char* where, const int64_t* in, T* out, int64_t count, int64_t bins, Weight&& weight) {
  for (int64_t bin = 0; bin < bins; ++bin) out[bin] = T(0);
  for (int64_t i = 0; i < count; ++i) {
    const int64_t value = in[i];
    if (value < 0 || value >= bins) {
      call.fail("%s: the value %lld is not from 0 to %lld, for which there are counts", where, static_cast<long long>(value),
                static_cast<long long>(bins - 1));
      return;
    }
    out[value] += weight(i);
  }
}

inline void count_values(const ToroidPool*, Call& call, const char* where, const int64_t* in, int64_t* out, int64_t count, int64_t bins) {
  count_each(call, where, in, out, count, bins, [](int64_t) { return int64_t{1}; });
}

template <class T>
inline void sum_by_value(
    const ToroidPool*, Call& call, const char* where, const int64_t* in, const T* weights, T* out, int64_t count, int64_t bins) {
  count_each(call, where, in, out, count, bins, [weights](int64_t i) { return weights[i]; });
}

}  // namespace toroid
