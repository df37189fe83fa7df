// Writing at places that are themselves data. Each function first copies the tensor, then writes; or it finds its result where the tensor
// lies, and writes if all indices are valid: memory that others see is changed as a whole or not at all. What meets at one place is combined in
// the order of the source, so results do not depend on the number of threads. These share the work by places that cannot be the same.
#pragma once

#include <toroid/checked.h>
#include <toroid/loops.h>

namespace toroid {
namespace scatter {

// ---- combining what is there with what comes; integers wrap around, booleans are or, and

struct Replace {
  template <class T>
  static TOROID_INLINE T combine(T, T x) {
    return x;
  }
};
struct Sum {
  template <class T>
  static TOROID_INLINE T combine(T a, T x) {
    if constexpr (target::kIsFloating<T>) return a + x;
    else return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(x));
  }
};
struct Product {
  template <class T>
  static TOROID_INLINE T combine(T a, T x) {
    if constexpr (target::kIsFloating<T>) return a * x;
    else return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(x));
  }
};
struct Largest {
  template <class T>
  static TOROID_INLINE T combine(T a, T x) {
    return x > a || isnan(x) ? x : a;
  }
};
struct Smallest {
  template <class T>
  static TOROID_INLINE T combine(T a, T x) {
    return x < a || isnan(x) ? x : a;
  }
};

// What comes: elements of a tensor, or one value.
template <class T>
struct Elements {
  const T* values;
  TOROID_INLINE T operator[](int64_t i) const { return values[i]; }
};
template <class T>
struct Always {
  T value;
  TOROID_INLINE T operator[](int64_t) const { return value; }
};

template <class T>
inline void copy(const ToroidPool* pool, const T* from, T* to, int64_t count) {
  if (from == to) return;
  parallel_for(pool, count, grain_of(1), [&](int64_t begin, int64_t end) {
    __builtin_memcpy(to + begin, from + begin, static_cast<size_t>(end - begin) * sizeof(T));
  });
}

inline bool are_valid(Call& call, const char* where, bool wraps, const int64_t* index, int64_t count, int64_t extent) {
  for (int64_t i = 0; i < count; ++i)
    checked_index(call, wraps && index[i] < 0 && index[i] >= -extent ? index[i] + extent : index[i], extent, where);
  return !call.failed();
}

inline bool rows_are_valid(Call&, const char*, int64_t) { return true; }
template <class... Rest>
inline bool rows_are_valid(Call& call, const char* where, int64_t count, const int64_t* index, int64_t extent, Rest... rest) {
  return are_valid(call, where, /* wraps= */ true, index, count, extent) && rows_are_valid(call, where, count, rest...);
}

// ---- an index for each element: place (p, index[p, j, s], s) for p before the axis and s behind it

template <int Rank>
struct Grid {
  int64_t self[Rank], index[Rank], source[Rank];
  int64_t axis;
  int64_t before = 1, length = 1, behind = 1;  // of the index
  int64_t inner = 1;                           // of the tensor, behind the axis
  bool is_dense = true;                        // the sizes behind the axis are those of the tensor
  bool is_whole = true;                        // the sizes of the source are those of the index

  template <class... Sizes>
  explicit Grid(int64_t along, Sizes... sizes) : axis(along) {
    const int64_t all[] = {static_cast<int64_t>(sizes)...};
    for (int d = 0; d < Rank; ++d) {
      self[d] = all[d];
      index[d] = all[Rank + d];
      source[d] = all[2 * Rank + d];
      is_whole = is_whole && source[d] == index[d];
      if (d < axis) before *= index[d];
      if (d == axis) length = index[d];
      if (d <= axis) continue;
      behind *= index[d];
      inner *= self[d];
      is_dense = is_dense && self[d] == index[d];
    }
  }

  int64_t count() const {
    int64_t all = 1;
    for (int64_t size : self) all *= size;
    return all;
  }

  bool accepts(Call& call, const char* where, const int64_t* indices) const {
    return are_valid(call, where, /* wraps= */ false, indices, before * length * behind, self[axis]);
  }

  // Where a tensor of larger sizes has what is the i-th of the index, of its dimensions from `first` to `end`.
  int64_t place(const int64_t* sizes, int64_t i, int64_t first, int64_t end) const {
    int64_t at = 0, stride = 1;
    for (int64_t d = end - 1; d >= first; --d) {
      at += i % index[d] * stride;
      i /= index[d];
      stride *= sizes[d];
    }
    return at;
  }

  // visit(place in the tensor, place in the source), in the order of the index, for ranges before and behind the axis
  template <class F>
  TOROID_INLINE void visit(Call& call, const char* where, const int64_t* indices, Range p, Range s, F&& body) const {
    const int64_t extent = self[axis];
    for (int64_t i = p.begin; i < p.end; ++i) {
      const int64_t start = place(self, i, 0, axis) * extent * inner;
      for (int64_t j = 0; j < length; ++j) {
        const int64_t row = (i * length + j) * behind;
        for (int64_t k = s.begin; k < s.end; ++k) {
          const int64_t at = checked_index(call, indices[row + k], extent, where);
          const int64_t from = is_whole ? row + k : place(source, row + k, 0, Rank);
          body(start + at * inner + (is_dense ? k : place(self, k, axis + 1, Rank)), from);
        }
      }
    }
  }

  // part(range before the axis, range behind it): parts write to different places
  template <class F>
  void share(const ToroidPool* pool, F&& part) const {
    if (count() == 0) return;
    const bool by_rows = pool == nullptr || before >= pool->threads || before >= behind;
    const int64_t work = grain_of(8 * length * (by_rows ? behind : before));
    parallel_for(pool, by_rows ? before : behind, work, [&](int64_t begin, int64_t end) {
      part(by_rows ? Range{begin, end} : Range{0, before}, by_rows ? Range{0, behind} : Range{begin, end});
    });
  }
};

template <class Op, class T, class Source, int Rank>
inline void elements(
    const ToroidPool* pool, Call& call, const char* where, const T* self, const int64_t* index, Source source, T* out, const Grid<Rank>& grid) {
  if (self == out && !grid.accepts(call, where, index)) return;
  copy(pool, self, out, grid.count());
  grid.share(pool, [&](Range p, Range s) {
    grid.visit(call, where, index, p, s, [&](int64_t at, int64_t from) { out[at] = Op::combine(out[at], source[from]); });
  });
}

// ---- an index for each row: rows [outer, length, inner] of a source to rows of a tensor [outer, extent, inner]

struct Rows {
  int64_t outer, extent, inner;  // of the tensor
  int64_t length;                // of the source
};

template <class Op, class T, class Source>
inline void rows(
    const ToroidPool* pool, Call& call, const char* where, bool wraps, const T* self, const int64_t* index, Source source, T* out, Rows r) {
  if (self == out && !are_valid(call, where, wraps, index, r.length, r.extent)) return;
  copy(pool, self, out, r.outer * r.extent * r.inner);
  if (r.outer * r.extent * r.inner == 0) return;
  const bool by_outer = pool == nullptr || r.outer >= pool->threads || r.outer >= r.inner;
  const int64_t work = grain_of(2 * r.length * (by_outer ? r.inner : r.outer));
  parallel_for(pool, by_outer ? r.outer : r.inner, work, [&](int64_t begin, int64_t end) {
    const Range o = by_outer ? Range{begin, end} : Range{0, r.outer}, i = by_outer ? Range{0, r.inner} : Range{begin, end};
    for (int64_t a = o.begin; a < o.end; ++a) {
      for (int64_t j = 0; j < r.length; ++j) {
        const int64_t asked = index[j], at = wraps && asked < 0 && asked >= -r.extent ? asked + r.extent : asked;
        T* const to = out + (a * r.extent + checked_index(call, at, r.extent, where)) * r.inner;
        const int64_t from = (a * r.length + j) * r.inner;
        for (int64_t k = i.begin; k < i.end; ++k) to[k] = Op::combine(to[k], source[from + k]);
      }
    }
  });
}

// ---- an index for each of several leading dimensions

TOROID_INLINE int64_t row_of(Call&, const char*, int64_t, int64_t row) { return row; }
template <class... Rest>
TOROID_INLINE int64_t row_of(Call& call, const char* where, int64_t i, int64_t row, const int64_t* index, int64_t extent, Rest... rest) {
  const int64_t asked = index[i], at = asked < 0 && asked >= -extent ? asked + extent : asked;
  return row_of(call, where, i, row * extent + checked_index(call, at, extent, where), rest...);
}

template <class T>
constexpr T identity_of_largest() {
  if constexpr (__is_same(T, bool)) return false;
  else return accumulate::lowest<T>();
}
template <class T>
constexpr T identity_of_smallest() {
  if constexpr (__is_same(T, bool)) return true;
  else return accumulate::highest<T>();
}

// The mean of integers is rounded down.
template <class T>
TOROID_INLINE T mean(T sum, int64_t count) {
  if constexpr (target::kIsFloating<T>) return sum / static_cast<T>(count);
  else return static_cast<T>(floor_div(static_cast<int64_t>(sum), count));
}

// Without `self`, places that are written to begin with the identity.
template <class Op, class T, int Rank>
inline void reduced(
    const ToroidPool* pool, Call& call, const char* where, const T* self, const int64_t* index, const T* source, T* out, T identity,
    bool includes_self, const Grid<Rank>& grid) {
  if (self == out && !grid.accepts(call, where, index)) return;
  copy(pool, self, out, grid.count());
  grid.share(pool, [&](Range p, Range s) {
    if (!includes_self) grid.visit(call, where, index, p, s, [&](int64_t at, int64_t) { out[at] = identity; });
    grid.visit(call, where, index, p, s, [&](int64_t at, int64_t from) { out[at] = Op::combine(out[at], source[from]); });
  });
}

}  // namespace scatter

// ---- sizes: those of the tensor, then those of the index, then those of the source, which may be larger than the index

template <class T, class... Sizes>
inline void scatter_elements(
    const ToroidPool* pool, Call& call, const char* where, const T* self, const int64_t* index, const T* source, T* out, int64_t axis,
    Sizes... sizes) {
  const scatter::Grid<sizeof...(Sizes) / 3> grid(axis, sizes...);
  scatter::elements<scatter::Replace>(pool, call, where, self, index, scatter::Elements<T>{source}, out, grid);
}

template <class T, class... Sizes>
inline void scatter_value(
    const ToroidPool* pool, Call& call, const char* where, const T* self, const int64_t* index, target::Given<T> value, T* out, int64_t axis,
    Sizes... sizes) {
  const scatter::Grid<sizeof...(Sizes) / 3> grid(axis, sizes...);
  scatter::elements<scatter::Replace>(pool, call, where, self, index, scatter::Always<T>{value}, out, grid);
}

template <class T, class... Sizes>
inline void scatter_sum(
    const ToroidPool* pool, Call& call, const char* where, const T* self, const int64_t* index, const T* source, T* out, bool includes_self,
    int64_t axis, Sizes... sizes) {
  const scatter::Grid<sizeof...(Sizes) / 3> grid(axis, sizes...);
  scatter::reduced<scatter::Sum>(pool, call, where, self, index, source, out, T(0), includes_self, grid);
}

template <class T, class... Sizes>
inline void scatter_product(
    const ToroidPool* pool, Call& call, const char* where, const T* self, const int64_t* index, const T* source, T* out, bool includes_self,
    int64_t axis, Sizes... sizes) {
  const scatter::Grid<sizeof...(Sizes) / 3> grid(axis, sizes...);
  scatter::reduced<scatter::Product>(pool, call, where, self, index, source, out, T(1), includes_self, grid);
}

template <class T, class... Sizes>
inline void scatter_largest(
    const ToroidPool* pool, Call& call, const char* where, const T* self, const int64_t* index, const T* source, T* out, bool includes_self,
    int64_t axis, Sizes... sizes) {
  const scatter::Grid<sizeof...(Sizes) / 3> grid(axis, sizes...);
  scatter::reduced<scatter::Largest>(
      pool, call, where, self, index, source, out, scatter::identity_of_largest<T>(), includes_self, grid);
}

template <class T, class... Sizes>
inline void scatter_smallest(
    const ToroidPool* pool, Call& call, const char* where, const T* self, const int64_t* index, const T* source, T* out, bool includes_self,
    int64_t axis, Sizes... sizes) {
  const scatter::Grid<sizeof...(Sizes) / 3> grid(axis, sizes...);
  scatter::reduced<scatter::Smallest>(
      pool, call, where, self, index, source, out, scatter::identity_of_smallest<T>(), includes_self, grid);
}

// `counts` is scratch, one number for each element of the tensor.
template <class T, class... Sizes>
inline void scatter_mean(
    const ToroidPool* pool, Call& call, const char* where, const T* self, const int64_t* index, const T* source, T* out, int64_t* counts,
    bool includes_self, int64_t axis, Sizes... sizes) {
  const scatter::Grid<sizeof...(Sizes) / 3> grid(axis, sizes...);
  if (self == out && !grid.accepts(call, where, index)) return;
  scatter::copy(pool, self, out, grid.count());
  grid.share(pool, [&](Range p, Range s) {
    grid.visit(call, where, index, p, s, [&](int64_t at, int64_t) {
      counts[at] = includes_self ? 1 : 0;
      if (!includes_self) out[at] = T(0);
    });
    grid.visit(call, where, index, p, s, [&](int64_t at, int64_t from) {
      ++counts[at];
      out[at] = scatter::Sum::combine(out[at], source[from]);
    });
    grid.visit(call, where, index, p, s, [&](int64_t at, int64_t) {
      if (counts[at] > 0) out[at] = scatter::mean(out[at], counts[at]);
      counts[at] = 0;
    });
  });
}

// ---- rows: the tensor is [outer, extent, inner], the index has `length` elements, the source is [outer, length, inner]

template <class T>
inline void index_add_rows(
    const ToroidPool* pool, Call& call, const char* where, const T* self, const int64_t* index, const T* source, T* out, int64_t outer,
    int64_t extent, int64_t inner, int64_t length) {
  scatter::rows<scatter::Sum>(
      pool, call, where, /* wraps= */ false, self, index, scatter::Elements<T>{source}, out, {outer, extent, inner, length});
}

template <class T>
inline void index_copy_rows(
    const ToroidPool* pool, Call& call, const char* where, const T* self, const int64_t* index, const T* source, T* out, int64_t outer,
    int64_t extent, int64_t inner, int64_t length) {
  scatter::rows<scatter::Replace>(
      pool, call, where, /* wraps= */ false, self, index, scatter::Elements<T>{source}, out, {outer, extent, inner, length});
}

template <class T>
inline void index_fill_rows(
    const ToroidPool* pool, Call& call, const char* where, const T* self, const int64_t* index, target::Given<T> value, T* out, int64_t outer,
    int64_t extent, int64_t inner, int64_t length) {
  scatter::rows<scatter::Replace>(
      pool, call, where, /* wraps= */ true, self, index, scatter::Always<T>{value}, out, {outer, extent, inner, length});
}

// Row (i0[k], i1[k], ...) of a tensor [n0, n1, ..., inner] takes row k of the values; behind `inner` come i0, n0, i1, n1, ...
template <class T, class... Axes>
inline void index_put_rows(
    const ToroidPool* pool, Call& call, const char* where, const T* self, const T* values, T* out, bool accumulates, int64_t size,
    int64_t length, int64_t inner, Axes... axes) {
  if (self == out && !scatter::rows_are_valid(call, where, length, axes...)) return;
  scatter::copy(pool, self, out, size);
  if (size == 0) {
    for (int64_t k = 0; k < length; ++k) scatter::row_of(call, where, k, 0, axes...);
    return;
  }
  parallel_for(pool, inner, grain_of(4 * length), [&](int64_t begin, int64_t end) {
    for (int64_t k = 0; k < length; ++k) {
      T* const to = out + scatter::row_of(call, where, k, 0, axes...) * inner;
      const T* const from = values + k * inner;
      if (accumulates) {
        for (int64_t i = begin; i < end; ++i) to[i] = scatter::Sum::combine(to[i], from[i]);
      } else {
        __builtin_memcpy(to + begin, from + begin, static_cast<size_t>(end - begin) * sizeof(T));
      }
    }
  });
}

// Where the mask holds, the next of the source's elements.
template <class T>
inline void masked_rows(
    const ToroidPool* pool, Call& call, const char* where, const T* self, const bool* mask, const T* source, T* out, int64_t size,
    int64_t available) {
  constexpr int64_t kParts = 64;
  int64_t starts[kParts] = {};
  const int64_t parts = size_min(kParts, useful_threads(pool, size, grain_of(2)));
  parallel_parts(pool, parts, [&](int64_t part) {
    const Range range = split(size, parts, part);
    int64_t count = 0;
    for (int64_t i = range.begin; i < range.end; ++i) count += mask[i] ? 1 : 0;
    starts[part] = count;
  });
  int64_t needed = 0;
  for (int64_t part = 0; part < parts; ++part) {
    const int64_t count = starts[part];
    starts[part] = needed;
    needed += count;
  }
  if (needed > available) {
    call.fail("%s: the mask holds at %lld places, but the source has only %lld elements", where, static_cast<long long>(needed),
              static_cast<long long>(available));
    return;
  }
  parallel_parts(pool, parts, [&](int64_t part) {
    const Range range = split(size, parts, part);
    int64_t next = starts[part];
    for (int64_t i = range.begin; i < range.end; ++i) out[i] = mask[i] ? source[next++] : self[i];
  });
}

}  // namespace toroid
