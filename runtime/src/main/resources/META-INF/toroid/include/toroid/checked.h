// What data can get wrong: indices and divisors, checked where they are used. The first failure of a call is its message; computation
// goes on with a harmless value, so that nothing outside a tensor is touched before the call returns.
#pragma once

#include <toroid/container.h>
#include <toroid/vec.h>

namespace toroid {

// Of which operator an index is, in which argument it stands (empty if in none of the author's), and of which axis.
struct Place {
  const char* op;
  const char* argument;
  int axis;
};

inline int64_t index_failure(Call& call, int64_t index, int64_t least, int64_t extent, Place place) {
  call.fail("%s: index %lld is out of range for axis %d, which has %lld elements; %s must be at least %lld and less than %lld", place.op,
            static_cast<long long>(index), place.axis, static_cast<long long>(extent), place.argument[0] == '\0' ? "it" : place.argument,
            static_cast<long long>(least), static_cast<long long>(extent));
  return 0;
}

// A valid index into an axis of `extent` elements; 0 if it is not.
inline int64_t checked_index(Call& call, int64_t index, int64_t extent, Place place) {
  if (index >= 0 && index < extent) [[likely]] return index;
  return index_failure(call, index, 0, extent, place);
}
// The same where the axis is not told.
inline int64_t checked_index(Call& call, int64_t index, int64_t extent, const char* where) {
  if (index >= 0 && index < extent) [[likely]] return index;
  call.fail("%s: index %lld is out of range for an axis of %lld elements; it must be at least 0 and less than %lld", where,
            static_cast<long long>(index), static_cast<long long>(extent), static_cast<long long>(extent));
  return 0;
}
// With a place, counted from the end if negative.
inline int64_t wrapped_index(Call& call, int64_t index, int64_t extent, Place place) {
  if (index >= -extent && index < extent) [[likely]] return index < 0 ? index + extent : index;
  return index_failure(call, index, -extent, extent, place);
}

// Integers cannot be divided by zero.
template <target::Integral T>
inline void check_divisor(Call& call, T divisor, const char* where) {
  if (divisor == T(0)) [[unlikely]]
    call.fail("%s: an integer is divided by zero; convert to a floating-point type first, or replace zeros with where", where);
}
template <class T, int N>
inline void check_divisor(Call& call, Vec<T, N> divisors, Full<N>, const char* where) {
  if (reduce_any(divisors == T(0))) [[unlikely]] check_divisor(call, T(0), where);
}
template <class T, int N>
inline void check_divisor(Call& call, Vec<T, N> divisors, int64_t count, const char* where) {
  if (reduce_any((divisors == T(0)) & Mask<N>::first(count))) [[unlikely]] check_divisor(call, T(0), where);
}

}  // namespace toroid
