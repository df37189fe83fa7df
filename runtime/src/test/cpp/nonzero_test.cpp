// What a mask chooses, what repeats say, and the order of rows, against their definitions; and what must be refused.
#include <stdint.h>
#include <stdlib.h>

#include <initializer_list>

#include <toroid/nonzero.h>
#include <toroid/rows.h>

#include "call_testing.h"
#include "testing.h"

namespace {

using testing::expect;
using testing::Run;

constexpr int64_t kRows = 7, kColumns = 5, kCount = kRows * kColumns;

void chosen(const ToroidPool* pool) {
  bool mask[kCount];
  float in[kCount], out[kCount];
  int64_t places[kCount * 2], count = 0;
  for (int64_t i = 0; i < kCount; ++i) {
    mask[i] = rand() % 3 == 0;
    in[i] = static_cast<float>(i);
    count += mask[i];
  }
  toroid::write_places(pool, mask, places, count, kRows, kColumns);
  toroid::select_masked(pool, in, mask, out, kCount, count);
  int64_t next = 0;
  for (int64_t i = 0; i < kCount; ++i) {
    if (!mask[i]) continue;
    expect(places[2 * next] == i / kColumns && places[2 * next + 1] == i % kColumns, "a place is wrong", i);
    expect(out[next] == in[i], "a chosen element is wrong", i);
    ++next;
  }
  expect(next == count, "the count is wrong", next);
  toroid::write_places(pool, mask, places, 0);  // a single value has no indices, and rows of none
}

void repeated(const ToroidPool* pool) {
  const int64_t repeats[4] = {2, 0, 3, 1}, wanted[6] = {0, 0, 2, 2, 2, 3}, bad[2] = {1, -1};
  int64_t out[6];
  Run run, negative, less, more;
  toroid::repeat_places(pool, run.call, "repeat", repeats, out, 4, 6);
  for (int64_t i = 0; i < 6; ++i) expect(out[i] == wanted[i], "a repeated number is wrong", i);
  expect(!run.call.failed(), run.text, 0);
  toroid::repeat_places(pool, negative.call, "repeat", bad, out, 2, 0);
  toroid::repeat_places(pool, less.call, "repeat", repeats, out, 2, 3);
  toroid::repeat_places(pool, more.call, "repeat", repeats, out, 4, 4);
  expect(negative.says("repeat: element 0 of the repeats is 1; they must not be negative, and have the sum 0"), negative.text, 0);
  expect(less.says("repeat: the repeats have the sum 2, not 3"), less.text, 0);
  expect(more.says("repeat: element 2 of the repeats is 3"), more.text, 0);
}

void ordered(const ToroidPool* pool) {
  constexpr int64_t kMany = 100;
  int32_t in[kMany * 3];
  int64_t order[kMany], scratch[kMany];
  for (int32_t& x : in) x = rand() % 3;
  for (int64_t count : {int64_t{0}, int64_t{1}, int64_t{6}, kMany}) {
    toroid::order_rows(pool, in, order, scratch, count, 3);
    for (int64_t i = 1; i < count; ++i) {
      const int32_t *a = in + 3 * order[i - 1], *b = in + 3 * order[i];
      const bool less = toroid::rows::is_less(a, b, 3), greater = toroid::rows::is_less(b, a, 3);
      expect(less || (!greater && order[i - 1] < order[i]), "rows are out of order", i);
    }
  }
}

void all(const ToroidPool* pool) {
  chosen(pool);
  repeated(pool);
  ordered(pool);
}

}  // namespace

int main() {
  testing::alone_and_on(3, all);
  return testing::finish();
}
