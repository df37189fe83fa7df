// Sums, means and maxima of the rows of a table that are named in bags: bag b has the indices from offsets[b] to offsets[b + 1].
#pragma once

#include <toroid/checked.h>
#include <toroid/loops.h>

namespace toroid {

enum class BagMode { kSum, kMean, kMax };

namespace bag {

struct Sizes {
  int64_t rows, width;       // of the table
  int64_t count;             // of indices
  int64_t bags, offsets;     // there may be one offset more than bags, the end of the last
  int64_t padding;           // an index that does not count; negative: none
};

inline Range range_of(const int64_t* offsets, const Sizes& s, int64_t b) {
  return {offsets[b], b + 1 < s.offsets ? offsets[b + 1] : s.count};
}

inline bool check_offsets(Call& call, const char* where, const int64_t* offsets, const Sizes& s) {
  if (s.offsets > 0 && offsets[0] != 0) return call.fail("%s: the first offset must be 0, not %lld", where, static_cast<long long>(offsets[0]));
  for (int64_t b = 0; b < s.offsets; ++b) {
    const int64_t end = b + 1 < s.offsets ? offsets[b + 1] : s.count;
    if (end < offsets[b] || end > s.count) {
      return call.fail("%s: the offset %lld is followed by %lld; they must not decrease, up to the %lld indices", where,
                       static_cast<long long>(offsets[b]), static_cast<long long>(end), static_cast<long long>(s.count));
    }
  }
  return true;
}

// One bag; gives how many indices count.
template <BagMode Mode, class T, class Weight>
inline int64_t combine(Call& call, const char* where, const T* table, const int64_t* indices, Weight&& weight, Range range, const Sizes& s, T* out, int64_t* which) {
  int64_t used = 0;
  for (int64_t c = 0; c < s.width; ++c) out[c] = T(0);
  for (int64_t i = range.begin; i < range.end; ++i) {
    const int64_t index = checked_index(call, indices[i], s.rows, where);
    if (index == s.padding) continue;
    const T* const row = table + index * s.width;
    if constexpr (Mode == BagMode::kMax) {
      for (int64_t c = 0; c < s.width; ++c) {
        if (used > 0 && !(row[c] > out[c])) continue;
        out[c] = row[c];
        which[c] = index;
      }
    } else {
      const T factor = weight(i);
      for (int64_t c = 0; c < s.width; ++c) out[c] += factor * row[c];
    }
    ++used;
  }
  if constexpr (Mode == BagMode::kMean) {
    for (int64_t c = 0; c < s.width; ++c) out[c] /= static_cast<T>(used > 0 ? used : 1);
  }
  return used;
}

template <BagMode Mode, class T, class Weight>
inline void run(
    const ToroidPool* pool, Call& call, const char* where, const T* table, const int64_t* indices, const int64_t* offsets, Weight&& weight, T* out,
    int64_t* bags, int64_t* lengths, int64_t* which, bool names_bags, const Sizes& s) {
  const int64_t listed = Mode == BagMode::kSum ? s.offsets : s.bags;
  for (int64_t b = 0; b < listed; ++b) lengths[b] = 0;
  for (int64_t b = 0; b < (Mode == BagMode::kMax ? s.bags * s.width : listed); ++b) which[b] = 0;
  for (int64_t i = 0; names_bags && i < s.count; ++i) bags[i] = 0;  // there may be indices behind the last bag
  if (!check_offsets(call, where, offsets, s)) return;
  const int64_t work = grain_of(s.width * (s.bags > 0 ? s.count / s.bags + 1 : 1));
  parallel_for(pool, s.bags, work, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) {
      const Range range = range_of(offsets, s, b);
      const int64_t used = combine<Mode>(call, where, table, indices, weight, range, s, out + b * s.width, which + (Mode == BagMode::kMax ? b * s.width : 0));
      if constexpr (Mode != BagMode::kSum) lengths[b] = used;
      if constexpr (Mode == BagMode::kMean) which[b] = used;
      for (int64_t i = range.begin; names_bags && i < range.end; ++i) bags[i] = b;
    }
  });
}

}  // namespace bag

template <class T>
inline void embedding_bag(
    const ToroidPool* pool, Call& call, const char* where, const T* table, const int64_t* indices, const int64_t* offsets, T* out, int64_t* bags,
    int64_t* lengths, int64_t* which, BagMode mode, bool names_bags, int64_t rows, int64_t width, int64_t count, int64_t bag_count,
    int64_t offset_count, int64_t padding) {
  const bag::Sizes s{rows, width, count, bag_count, offset_count, padding};
  const auto one = [](int64_t) { return T(1); };
  switch (mode) {
    case BagMode::kSum: return bag::run<BagMode::kSum>(pool, call, where, table, indices, offsets, one, out, bags, lengths, which, names_bags, s);
    case BagMode::kMean: return bag::run<BagMode::kMean>(pool, call, where, table, indices, offsets, one, out, bags, lengths, which, names_bags, s);
    case BagMode::kMax: return bag::run<BagMode::kMax>(pool, call, where, table, indices, offsets, one, out, bags, lengths, which, names_bags, s);
  }
}

// The sum of the rows, each times the weight of its index.
template <class T>
inline void weighted_embedding_bag(
    const ToroidPool* pool, Call& call, const char* where, const T* table, const int64_t* indices, const int64_t* offsets, const T* weights, T* out,
    int64_t* bags, int64_t* lengths, int64_t* which, bool names_bags, int64_t rows, int64_t width, int64_t count, int64_t bag_count,
    int64_t offset_count, int64_t padding) {
  const bag::Sizes s{rows, width, count, bag_count, offset_count, padding};
  const auto weight = [weights](int64_t i) { return weights[i]; };
  bag::run<BagMode::kSum>(pool, call, where, table, indices, offsets, weight, out, bags, lengths, which, names_bags, s);
}

}  // namespace toroid
