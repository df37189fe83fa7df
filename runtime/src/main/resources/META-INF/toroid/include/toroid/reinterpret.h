// Elements whose bits are seen as those of another type.
#pragma once

#include <toroid/loops.h>

namespace toroid {

template <class From, class To>
inline void reinterpret_elements(const ToroidPool* pool, const From* from, To* to, int64_t count) {
  static_assert(sizeof(From) == sizeof(To));
  parallel_for(pool, count, grain_of(1), [&](int64_t begin, int64_t end) {
    __builtin_memcpy(to + begin, from + begin, static_cast<size_t>(end - begin) * sizeof(To));
  });
}

}  // namespace toroid
