// Sizes whose arithmetic notices when a number no longer fits.
//
// Sizes that a model's dimensions give are plain int64_t where their declared ranges bound them. Products of others, such as the bytes
// of f32[n, m] for any n and m, may exceed every integer, and a call must be refused then rather than given memory for what is left
// of the number. Generated wrappers compute such sizes with this type, once a call.
#pragma once

#include <stdint.h>

namespace toroid {

class CheckedSize {
 public:
  // Not explicit: in an expression of several sizes, one that is checked makes all of it so.
  constexpr CheckedSize(int64_t value) : value_(value), fits_(true) {}

  // The number, or the largest one if it does not fit.
  constexpr int64_t saturated() const { return fits_ ? value_ : INT64_MAX; }

  friend constexpr CheckedSize operator+(CheckedSize a, CheckedSize b) {
    int64_t sum = 0;
    const bool overflows = __builtin_add_overflow(a.value_, b.value_, &sum);
    return {sum, a.fits_ && b.fits_ && !overflows};
  }
  friend constexpr CheckedSize operator-(CheckedSize a, CheckedSize b) {
    int64_t difference = 0;
    const bool overflows = __builtin_sub_overflow(a.value_, b.value_, &difference);
    return {difference, a.fits_ && b.fits_ && !overflows};
  }
  friend constexpr CheckedSize operator*(CheckedSize a, CheckedSize b) {
    int64_t product = 0;
    const bool overflows = __builtin_mul_overflow(a.value_, b.value_, &product);
    return {product, a.fits_ && b.fits_ && !overflows};
  }

  // As in loops.h: floor semantics, and dividing by 0 gives 0.
  friend constexpr CheckedSize floor_div(CheckedSize a, CheckedSize b) {
    if (b.value_ == 0) return {0, a.fits_ && b.fits_};
    if (b.value_ == -1) return 0 - a;
    const int64_t quotient = a.value_ / b.value_;
    const bool is_above = quotient * b.value_ != a.value_ && (a.value_ < 0) != (b.value_ < 0);
    return {is_above ? quotient - 1 : quotient, a.fits_ && b.fits_};
  }
  friend constexpr CheckedSize floor_mod(CheckedSize a, CheckedSize b) { return a - floor_div(a, b) * b; }
  friend constexpr CheckedSize operator/(CheckedSize a, CheckedSize b) { return floor_div(a, b); }
  friend constexpr CheckedSize operator%(CheckedSize a, CheckedSize b) { return floor_mod(a, b); }

  friend constexpr CheckedSize size_min(CheckedSize a, CheckedSize b) { return {a.value_ < b.value_ ? a.value_ : b.value_, a.fits_ && b.fits_}; }
  friend constexpr CheckedSize size_max(CheckedSize a, CheckedSize b) { return {a.value_ > b.value_ ? a.value_ : b.value_, a.fits_ && b.fits_}; }

  // No relation holds between numbers that are not known.
  friend constexpr bool operator==(CheckedSize a, CheckedSize b) { return a.fits_ && b.fits_ && a.value_ == b.value_; }
  friend constexpr bool operator!=(CheckedSize a, CheckedSize b) { return a.fits_ && b.fits_ && a.value_ != b.value_; }
  friend constexpr bool operator<(CheckedSize a, CheckedSize b) { return a.fits_ && b.fits_ && a.value_ < b.value_; }
  friend constexpr bool operator<=(CheckedSize a, CheckedSize b) { return a.fits_ && b.fits_ && a.value_ <= b.value_; }

 private:
  constexpr CheckedSize(int64_t value, bool fits) : value_(value), fits_(fits) {}

  int64_t value_;
  bool fits_;
};

}  // namespace toroid
