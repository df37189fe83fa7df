// What data can get wrong: indices and divisors, checked where they are used. The first failure of a call is its message; computation
// goes on with a harmless value, so that nothing outside a tensor is touched before the call returns.
#pragma once

#include <toroid/container.h>
#include <toroid/vec.h>

namespace toroid {

// A valid index into an axis of `extent` elements; 0 if it is not.
inline int64_t checked_index(Call& call, int64_t index, int64_t extent, const char* where) {
  if (index >= 0 && index < extent) [[likely]] return index;
  call.fail("%s: index %lld is out of range for an axis of %lld elements; it must be at least 0 and less than %lld", where,
            static_cast<long long>(index), static_cast<long long>(extent), static_cast<long long>(extent));
  return 0;
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
