// Indices that are data: checked where they are used, reported as PyTorch reports them.
#pragma once

#include <toroid/container.h>

namespace toroid {

// A valid index into an axis of `extent` elements; a negative one counts from the end. One out of range fails the call and gives 0, so
// that nothing outside the tensor is touched before the call returns.
inline int64_t checked_index(Call& call, int64_t index, int64_t extent, const char* where) {
  const int64_t wrapped = index < 0 ? index + extent : index;
  if (wrapped >= 0 && wrapped < extent) [[likely]] return wrapped;
  call.fail("%s: index %lld is out of range for an axis of %lld elements; it must be at least %lld and less than %lld", where,
            static_cast<long long>(index), static_cast<long long>(extent), static_cast<long long>(-extent), static_cast<long long>(extent));
  return 0;
}

}  // namespace toroid
