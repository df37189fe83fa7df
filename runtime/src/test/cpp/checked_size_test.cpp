// Sizes that are computed at run time: exact where they fit, and what is lost stays lost. The compiler checks all of it.
#include <toroid/checked_size.h>

namespace {

using toroid::CheckedSize;

constexpr CheckedSize kSmall = 7, kHalf = int64_t{1} << 62, kLost = 2 * kHalf;
constexpr int64_t kMost = INT64_MAX;

static_assert((2 * kSmall + 3 - 20).saturated() == -3 && (kHalf - 1 + kHalf).saturated() == kMost, "sizes that fit are exact");
static_assert(kLost.saturated() == kMost && (kHalf + kHalf).saturated() == kMost && (0 - kHalf - kHalf - 1).saturated() == kMost);
static_assert((kLost / 4).saturated() == kMost && (kLost * 0).saturated() == kMost && (kLost % 2).saturated() == kMost, "what is lost stays lost");
static_assert(size_min(kLost, 1).saturated() == kMost && size_max(kSmall, 9).saturated() == 9 && size_min(kSmall, 9).saturated() == 7);
static_assert(floor_div(0 - kSmall, 2) == -4 && floor_mod(-7, CheckedSize(2)) == 1 && kSmall / 2 == 3 && kSmall % 4 == 3);
static_assert(kSmall / 0 == 0 && kSmall % 0 == 7 && (CheckedSize(INT64_MIN) / -1).saturated() == kMost);
static_assert(kSmall < 8 && kSmall <= 7 && kSmall == 7 && kSmall != 8 && !(kSmall < 7));
static_assert(!(kLost < 8) && !(kLost <= 8) && !(kLost == kLost) && !(kLost != 8) && !(8 < kLost), "no relation holds of what is lost");

}  // namespace

int main() {}
