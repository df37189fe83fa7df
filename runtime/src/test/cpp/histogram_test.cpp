// Counts in bins and by value, and bags of rows, against their definitions: threads, borders, NaN, padding, and what must be refused.
#include <math.h>
#include <stdlib.h>

#include <initializer_list>

#include <toroid/embedding_bag.h>
#include <toroid/histogram.h>

#include "call_testing.h"
#include "testing.h"

namespace {

using toroid::BagMode;
using testing::expect;
using testing::Run;

constexpr int64_t kCount = 100000;
int64_t scratch[16 * 100];

template <class T>
void bins(const ToroidPool* pool) {
  static T in[kCount];
  for (int64_t i = 0; i < kCount; ++i) in[i] = static_cast<T>(rand() % 4001 - 2000) / T(1000);
  in[7] = static_cast<T>(NAN);
  for (int64_t n : {kCount, int64_t{9}, int64_t{0}}) {
    for (int64_t count : {1, 7, 100}) {
      T out[100];
      int64_t wanted[100] = {};
      Run run;
      toroid::count_in_bins(pool, run.call, "histc", in, out, scratch, n, count, T(-1), T(1.5));
      for (int64_t i = 0; i < n; ++i) {
        if (!(in[i] >= T(-1) && in[i] <= T(1.5))) continue;
        const int64_t bin = static_cast<int64_t>((in[i] + T(1)) * static_cast<T>(count) / T(2.5));
        ++wanted[bin < count ? bin : count - 1];
      }
      for (int64_t b = 0; b < count; ++b) expect(out[b] == static_cast<T>(wanted[b]), "a bin is wrong", b);
      expect(!run.call.failed(), run.text, n);
    }
  }
  T out[3];
  const T line[5] = {1, 2, 3, 4, 4}, same[2] = {5, 5}, endless[2] = {0, static_cast<T>(INFINITY)};
  Run range, one, wide, unknown;
  toroid::count_in_bins(pool, range.call, "histc", line, out, scratch, 5, 3, T(0), T(0));
  expect(out[0] == 1 && out[1] == 1 && out[2] == 3, "the range of the data is wrong", 0);
  toroid::count_in_bins(pool, one.call, "histc", same, out, scratch, 2, 3, T(0), T(0));
  expect(out[0] == 0 && out[1] == 2 && out[2] == 0, "the range of one value is wrong", 0);
  toroid::count_in_bins(pool, wide.call, "histc", endless, out, scratch, 2, 3, T(0), T(0));
  toroid::count_in_bins(pool, unknown.call, "histc", in + 7, out, scratch, 1, 3, T(0), T(0));
  expect(wide.says("histc: the range from 0 to inf is not finite"), wide.text, 0);
  expect(unknown.says("is not finite"), unknown.text, 0);
}

void values(const ToroidPool* pool) {
  const int64_t in[6] = {0, 3, 3, 1, 3, 0}, bad[2] = {0, -1};
  const double weights[6] = {1, 2, 4, 8, 16, 32};
  int64_t counts[5];
  double sums[5];
  Run run, negative, large;
  toroid::count_values(pool, run.call, "bincount", in, counts, 6, 5);
  toroid::sum_by_value(pool, run.call, "bincount", in, weights, sums, 6, 5);
  const int64_t wanted[5] = {2, 1, 0, 3, 0};
  const double wanted_sums[5] = {33, 8, 0, 22, 0};
  for (int64_t b = 0; b < 5; ++b) expect(counts[b] == wanted[b] && sums[b] == wanted_sums[b], "a count is wrong", b);
  expect(!run.call.failed(), run.text, 0);
  toroid::count_values(pool, negative.call, "bincount", bad, counts, 2, 5);
  toroid::count_values(pool, large.call, "bincount", in, counts, 6, 3);
  expect(negative.says("bincount: the value -1 is not from 0 to 4"), negative.text, 0);
  expect(large.says("bincount: the value 3 is not from 0 to 2"), large.text, 0);
}

void bags(const ToroidPool* pool) {
  constexpr int64_t kRows = 6, kWidth = 5, kIndices = 2000, kBags = 400;
  static float table[kRows * kWidth], weights[kIndices], out[kBags * kWidth];
  static int64_t indices[kIndices], offsets[kBags + 1], named[kIndices], lengths[kBags + 1], which[kBags * kWidth];
  for (float& x : table) x = static_cast<float>(rand() % 19 - 9);
  for (float& x : weights) x = static_cast<float>(rand() % 5 - 2);
  for (int64_t& i : indices) i = rand() % kRows;
  for (int64_t b = 1; b < kBags; ++b) offsets[b] = offsets[b - 1] + rand() % 6;
  offsets[kBags] = kIndices;
  for (int mode = 0; mode < 4; ++mode) {  // the last one is weighted
    for (int64_t padding : {-1, 2}) {
      for (int64_t listed : {kBags, kBags + 1}) {
        Run run;
        if (mode < 3) {
          toroid::embedding_bag(pool, run.call, "bag", table, indices, offsets, out, named, lengths, which, static_cast<BagMode>(mode), true, kRows,
                                kWidth, kIndices, kBags, listed, padding);
        } else {
          toroid::weighted_embedding_bag(pool, run.call, "bag", table, indices, offsets, weights, out, named, lengths, which, true, kRows, kWidth,
                                         kIndices, kBags, listed, padding);
        }
        expect(!run.call.failed(), run.text, mode);
        for (int64_t b = 0; b < kBags; ++b) {
          for (int64_t c = 0; c < kWidth; ++c) {
            float wanted = 0;
            int64_t used = 0, best = 0;
            for (int64_t i = offsets[b]; i < offsets[b + 1]; ++i) {
              expect(named[i] == b, "an index is in another bag", i);
              if (indices[i] == padding) continue;
              const float x = table[indices[i] * kWidth + c];
              if (mode != 2) wanted += mode == 3 ? weights[i] * x : x;
              else if (used == 0 || x > wanted) wanted = x, best = indices[i];
              ++used;
            }
            if (mode == 1 && used > 0) wanted /= static_cast<float>(used);
            expect(out[b * kWidth + c] == wanted, "a bag is wrong", mode);
            expect(lengths[b] == (mode == 1 || mode == 2 ? used : 0), "a length is wrong", mode);
            if (mode == 2) expect(which[b * kWidth + c] == best, "the row of a maximum is wrong", b);
          }
        }
      }
    }
  }
  const int64_t late[2] = {1, 2}, falling[2] = {0, 9}, beyond[1] = {kRows};
  Run first, second, third;
  auto refuse = [&](Run& run, const int64_t* at, const int64_t* from, int64_t count, int64_t bag_count) {
    toroid::embedding_bag(
        pool, run.call, "bag", table, at, from, out, named, lengths, which, BagMode::kSum, false, kRows, kWidth, count, bag_count, bag_count, -1);
  };
  refuse(first, indices, late, 4, 2);
  refuse(second, indices, falling, 4, 2);
  refuse(third, beyond, offsets, 1, 1);
  expect(first.says("bag: the first offset must be 0, not 1"), first.text, 0);
  expect(second.says("bag: the offset 0 is followed by 9"), second.text, 0);
  expect(third.says("bag: index 6 is out of range for an axis of 6 elements"), third.text, 0);
}

void all(const ToroidPool* pool) {
  bins<float>(pool);
  bins<double>(pool);
  values(pool);
  bags(pool);
}

}  // namespace

int main() {
  testing::alone_and_on(3, all);
  return testing::finish();
}
