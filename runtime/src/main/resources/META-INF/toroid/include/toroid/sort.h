// Sorting along an axis, and what is chosen by order: the largest k, the k-th, the median, the most frequent. Tensors are
// [outer, length, inner]; lines are shared among threads. NaN is larger than all numbers, all NaN are equal, and so are the two zeros.
//
// An element becomes an entry of key and place: keys are unsigned integers in the order of the elements, and the place makes all entries
// different. So any way of sorting entries is a stable sort of elements. Of elements of up to four bytes an entry is one uint64_t, which
// holds for lines of up to 2^32 elements. Scratch memory has room for two lines of entries for each line of the tensor, but at most for 32 lines.
#pragma once

#include <toroid/loops.h>

namespace toroid {
namespace sort {

// ---- entries

struct Wide {
  uint64_t key;
  int64_t index;
  bool operator<(const Wide& other) const { return key != other.key ? key < other.key : index < other.index; }
  int64_t place() const { return index; }
  uint64_t ordered() const { return key; }
  static Wide of(uint64_t key, int64_t place) { return {key, place}; }
  static constexpr int kDigits = 8;
};

struct Packed {
  uint64_t bits;
  bool operator<(const Packed& other) const { return bits < other.bits; }
  int64_t place() const { return static_cast<int64_t>(bits & 0xffffffff); }
  uint64_t ordered() const { return bits >> 32; }
  static Packed of(uint64_t key, int64_t place) { return {key << 32 | static_cast<uint64_t>(place)}; }
  static constexpr int kDigits = 4;
};

template <class T, bool IsWide>
struct EntryOf {
  typedef Packed type;
};
template <class T>
struct EntryOf<T, true> {
  typedef Wide type;
};
template <class T>
using Entry = typename EntryOf<T, (sizeof(T) > 4)>::type;

// In the order of the elements, of as many bits as an entry has for it.
template <class T>
TOROID_INLINE uint64_t key_of(T x) {
  if constexpr (__is_same(T, float)) {
    if (isnan(x)) return UINT32_MAX;
    const uint32_t bits = __builtin_bit_cast(uint32_t, x + 0.0f);
    return bits >> 31 != 0 ? static_cast<uint32_t>(~bits) : bits | 0x80000000u;
  } else if constexpr (__is_same(T, double)) {
    if (isnan(x)) return UINT64_MAX;
    const uint64_t bits = __builtin_bit_cast(uint64_t, x + 0.0);
    return bits >> 63 != 0 ? ~bits : bits | uint64_t{1} << 63;
  } else if constexpr (sizeof(T) == 8) {
    return static_cast<uint64_t>(x) ^ uint64_t{1} << 63;
  } else {
    return static_cast<uint64_t>(static_cast<int64_t>(x) + (int64_t{1} << 31));
  }
}

// Turned round for the largest first.
template <class T>
TOROID_INLINE Entry<T> entry_of(T x, int64_t place, bool descending) {
  const uint64_t key = key_of(x);
  const uint64_t flipped = sizeof(T) > 4 ? ~key : key ^ UINT32_MAX;
  return Entry<T>::of(descending ? flipped : key, place);
}

template <class T>
inline void read_line(const T* in, int64_t length, int64_t stride, bool descending, Entry<T>* entries) {
  for (int64_t i = 0; i < length; ++i) entries[i] = entry_of(in[i * stride], i, descending);
}

template <class T>
inline void write_line(const T* in, int64_t stride, const Entry<T>* entries, int64_t count, T* values, int64_t* places) {
  for (int64_t i = 0; i < count; ++i) {
    const int64_t place = entries[i].place();
    values[i * stride] = in[place * stride];
    places[i * stride] = place;
  }
}

// ---- sorting: small lines by merging, long ones digit by digit

constexpr int64_t kRun = 12;
constexpr int64_t kFewest = 200;  // from here on, digits

template <class E>
inline void insert_sort(E* a, int64_t n) {
  for (int64_t i = 1; i < n; ++i) {
    const E x = a[i];
    int64_t j = i;
    for (; j > 0 && x < a[j - 1]; --j) a[j] = a[j - 1];
    a[j] = x;
  }
}

template <class E>
inline void merge(const E* left, const E* middle, const E* right, E* to) {
  const E* second = middle;
  while (left < middle && second < right) *to++ = *second < *left ? *second++ : *left++;
  while (left < middle) *to++ = *left++;
  while (second < right) *to++ = *second++;
}

template <class E>
inline E* merge_sort(E* a, E* b, int64_t n) {
  for (int64_t i = 0; i < n; i += kRun) insert_sort(a + i, size_min(kRun, n - i));
  for (int64_t run = kRun; run < n; run *= 2) {
    for (int64_t i = 0; i < n; i += 2 * run) merge(a + i, a + size_min(i + run, n), a + size_min(i + 2 * run, n), b + i);
    E* const other = a;
    a = b;
    b = other;
  }
  return a;
}

template <class E>
TOROID_INLINE int digit_of(E entry, int digit) {
  return static_cast<int>(entry.ordered() >> (8 * digit) & 255);
}

// From the last digit to the first, each time keeping the order; a digit that all keys share is left out.
template <class E>
inline E* digit_sort(E* a, E* b, int64_t n) {
  int64_t counts[E::kDigits][256] = {};
  for (int64_t i = 0; i < n; ++i) {
    for (int digit = 0; digit < E::kDigits; ++digit) ++counts[digit][digit_of(a[i], digit)];
  }
  for (int digit = 0; digit < E::kDigits; ++digit) {
    int64_t* const next = counts[digit];
    if (next[digit_of(a[0], digit)] == n) continue;
    int64_t start = 0;
    for (int value = 0; value < 256; ++value) {
      const int64_t count = next[value];
      next[value] = start;
      start += count;
    }
    for (int64_t i = 0; i < n; ++i) b[next[digit_of(a[i], digit)]++] = a[i];
    E* const other = a;
    a = b;
    b = other;
  }
  return a;
}

// Sorts a with the help of b; the result is in one of the two.
template <class E>
inline E* sort_entries(E* a, E* b, int64_t n) {
  return n < kFewest ? merge_sort(a, b, n) : digit_sort(a, b, n);
}

// The entry that would be at place k of the sorted ones; a stays as it is.
template <class E>
inline E nth(const E* a, E* b, int64_t n, int64_t k) {
  const E* from = a;
  for (int digit = E::kDigits - 1; digit >= 0 && n > 1; --digit) {
    int64_t counts[256] = {};
    for (int64_t i = 0; i < n; ++i) ++counts[digit_of(from[i], digit)];
    int wanted = 0;
    for (; k >= counts[wanted]; ++wanted) k -= counts[wanted];
    int64_t kept = 0;
    for (int64_t i = 0; i < n; ++i) {
      const E x = from[i];
      if (digit_of(x, digit) == wanted) b[kept++] = x;
    }
    from = b;
    n = kept;
  }
  return from[k];
}

// ---- the first k, by a heap of the best so far, whose root is the worst of them

template <class E>
inline void sift_down(E* heap, int64_t count, int64_t at, E x) {
  for (int64_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
    if (child + 1 < count && heap[child] < heap[child + 1]) ++child;
    if (!(x < heap[child])) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = x;
}

// Whether any of many neighbours may come before the element `worst`: the heap is seldom touched.
template <class T>
TOROID_INLINE bool any_beyond(const T* in, T worst, bool largest) {
  constexpr int L = kLanes;
  typedef Vec<T, L> V;
  const V limit = V::broadcast(worst);
  auto found = Mask<L>::broadcast(false);
  for (int part = 0; part < 4; ++part) {
    const V x = V::load(in + part * L);
    found = found | (largest ? (x > limit) | isnan(x) : (x < limit) | (isnan(limit) & ~isnan(x)));
  }
  return reduce_any(found);
}

template <class T>
inline void first_of_line(const T* in, int64_t length, int64_t stride, int64_t k, bool largest, Entry<T>* heap) {
  read_line(in, k, stride, largest, heap);
  for (int64_t i = k / 2 - 1; i >= 0; --i) sift_down(heap, k, i, heap[i]);
  constexpr int64_t kStep = 4 * kLanes;
  int64_t i = k;
  while (i < length) {
    if constexpr (!__is_same(T, bool)) {
      if (stride == 1 && i + kStep <= length && !any_beyond(in + i, in[heap[0].place()], largest)) {
        i += kStep;
        continue;
      }
    }
    for (const int64_t end = size_min(length, i + kStep); i < end; ++i) {
      const Entry<T> x = entry_of(in[i * stride], i, largest);
      if (x < heap[0]) sift_down(heap, k, 0, x);
    }
  }
}

// ---- the first few of many neighbours: each lane of four vectors has its best, and k of these bound the others

constexpr int64_t kContenders = 4 * kLanes;

template <class V>
TOROID_INLINE V better(V x, V y, bool largest) {
  return largest ? maximum(x, y) : minimum(x, y);
}

// An element before which at most k - 1 of the line's contenders come; false if there is none but NaN.
template <class T>
inline bool bound_of_line(const T* in, int64_t length, int64_t k, bool largest, Entry<T>* heap, T& bound) {
  constexpr int L = kLanes;
  typedef Vec<T, L> V;
  V best[4];
  for (int part = 0; part < 4; ++part) best[part] = V::load(in + part * L);
  for (int64_t i = kContenders; i + kContenders <= length; i += kContenders) {
    for (int part = 0; part < 4; ++part) best[part] = better(best[part], V::load(in + i + part * L), largest);
  }
  T contenders[kContenders];
  for (int part = 0; part < 4; ++part) best[part].store(contenders + part * L);
  first_of_line(contenders, kContenders, 1, k, largest, heap);
  bound = contenders[heap[0].place()];
  return largest || !isnan(bound);
}

// The entries of all elements that are not behind the bound, in the order of their places; how many these are.
template <class T>
inline int64_t select_entries(const T* in, int64_t length, T bound, bool largest, Entry<T>* entries) {
  constexpr int L = kLanes;
  typedef Vec<T, L> V;
  const V limit = V::broadcast(bound);
  int64_t count = 0, i = 0;
  for (; i + kContenders <= length; i += kContenders) {
    Mask<L> taken[4];
    for (int part = 0; part < 4; ++part) {
      const V x = V::load(in + i + part * L);
      taken[part] = largest ? (x >= limit) | isnan(x) : x <= limit;
    }
    if (!reduce_any((taken[0] | taken[1]) | (taken[2] | taken[3]))) continue;
    for (int64_t part = 0; part < 4; ++part) {
      if (!reduce_any(taken[part])) continue;
      for (int64_t at = i + part * L; at < i + (part + 1) * L; ++at) {
        const bool is_taken = largest ? !(in[at] < bound) : in[at] <= bound;
        if (is_taken) entries[count++] = entry_of(in[at], at, largest);
      }
    }
  }
  for (; i < length; ++i) entries[count++] = entry_of(in[i], i, largest);
  return count;
}

// Entries of which the first k are those of the line; how many these are.
template <class T>
inline int64_t read_best(const T* in, int64_t length, int64_t stride, int64_t k, bool largest, Entry<T>* entries) {
  if constexpr (!__is_same(T, bool)) {
    T bound;
    if (stride == 1 && 2 * k <= kContenders && length >= 8 * kContenders && bound_of_line(in, length, k, largest, entries, bound))
      return select_entries(in, length, bound, largest, entries);
  }
  if (k <= 512 && k * 128 <= length) {  // few elements get into the heap
    first_of_line(in, length, stride, k, largest, entries);
    return k;
  }
  read_line(in, length, stride, largest, entries);
  return length;
}

// The first k entries, sorted.
template <class T>
inline Entry<T>* best_of_line(const T* in, int64_t length, int64_t stride, int64_t k, bool largest, Entry<T>* a, Entry<T>* b) {
  const int64_t count = read_best(in, length, stride, k, largest, a);
  if (2 * k > count || count < kFewest) return sort_entries(a, b, count);
  const Entry<T> last = nth(a, b, count, k - 1);
  int64_t kept = 0;
  for (int64_t i = 0; i < count; ++i) {
    if (!(last < a[i])) b[kept++] = a[i];
  }
  return sort_entries(b, a, k);
}

// ---- lines

constexpr int64_t kParts = 32;  // of a job, each of which has memory for one line

// body(where the line starts in the operand, which line, memory for its entries, memory for as many again)
template <class T, class F>
inline void over_lines(const ToroidPool* pool, int64_t* scratch, int64_t outer, int64_t length, int64_t inner, int64_t work, F&& body) {
  typedef Entry<T> E;
  E* const entries = reinterpret_cast<E*>(scratch);
  const int64_t lines = outer * inner;
  const int64_t parts = size_min(kParts, useful_threads(pool, lines, grain_of(work * length)));
  parallel_parts(pool, lines == 0 ? 0 : parts, [&](int64_t part) {
    E* const own = entries + part * 2 * length;
    const Range range = split(lines, parts, part);
    for (int64_t line = range.begin; line < range.end; ++line) {
      body(line / inner * length * inner + line % inner, line, own, own + length);
    }
  });
}

template <class T>
inline int64_t first_nan(const T* in, int64_t length, int64_t stride) {
  if constexpr (target::kIsFloating<T>) {
    for (int64_t i = 0; i < length; ++i) {
      if (isnan(in[i * stride])) return i;
    }
  }
  return -1;
}

// The most frequent of sorted entries: the smallest of several, at its last place. No NaN is like another.
template <class T>
inline int64_t mode_of(const T* in, int64_t stride, const Entry<T>* entries, int64_t length) {
  int64_t best = 0, most = 0, run = 0;
  for (int64_t i = 0; i < length; ++i) {
    ++run;
    const bool goes_on = i + 1 < length && entries[i].ordered() == entries[i + 1].ordered() && !isnan(in[entries[i].place() * stride]);
    if (goes_on) continue;
    if (run > most) {
      most = run;
      best = entries[i].place();
    }
    run = 0;
  }
  return best;
}

}  // namespace sort

template <class T>
inline void sort_lines(
    const ToroidPool* pool, const T* in, T* values, int64_t* places, int64_t* scratch, int64_t outer, int64_t length, int64_t inner,
    bool descending) {
  sort::over_lines<T>(pool, scratch, outer, length, inner, 40, [&](int64_t at, int64_t, sort::Entry<T>* a, sort::Entry<T>* b) {
    sort::read_line(in + at, length, inner, descending, a);
    sort::write_line(in + at, inner, sort::sort_entries(a, b, length), length, values + at, places + at);
  });
}

// values and places are [outer, k, inner]
template <class T>
inline void top_of_lines(
    const ToroidPool* pool, const T* in, T* values, int64_t* places, int64_t* scratch, int64_t outer, int64_t length, int64_t inner,
    int64_t k, bool largest) {
  if (k == 0) return;
  sort::over_lines<T>(pool, scratch, outer, length, inner, 4, [&](int64_t at, int64_t line, sort::Entry<T>* a, sort::Entry<T>* b) {
    const int64_t to = line / inner * k * inner + line % inner;
    sort::write_line(in + at, inner, sort::best_of_line(in + at, length, inner, k, largest, a, b), k, values + to, places + to);
  });
}

// The k-th smallest, counted from 0, of each line; the first of equal ones. values and places are [outer, inner]. With `nan_first`, the
// first NaN of a line that has one.
template <class T>
inline void kth_of_lines(
    const ToroidPool* pool, const T* in, T* values, int64_t* places, int64_t* scratch, int64_t outer, int64_t length, int64_t inner,
    int64_t k, bool nan_first) {
  sort::over_lines<T>(pool, scratch, outer, length, inner, 8, [&](int64_t at, int64_t line, sort::Entry<T>* a, sort::Entry<T>* b) {
    int64_t place = nan_first ? sort::first_nan(in + at, length, inner) : -1;
    if (place < 0) {
      sort::read_line(in + at, length, inner, /* descending= */ false, a);
      place = sort::nth(a, b, length, k).place();
    }
    values[line] = in[at + place * inner];
    places[line] = place;
  });
}

// values and places are [outer, inner]
template <class T>
inline void mode_of_lines(
    const ToroidPool* pool, const T* in, T* values, int64_t* places, int64_t* scratch, int64_t outer, int64_t length, int64_t inner) {
  sort::over_lines<T>(pool, scratch, outer, length, inner, 40, [&](int64_t at, int64_t line, sort::Entry<T>* a, sort::Entry<T>* b) {
    sort::read_line(in + at, length, inner, /* descending= */ false, a);
    const int64_t place = sort::mode_of(in + at, inner, sort::sort_entries(a, b, length), length);
    values[line] = in[at + place * inner];
    places[line] = place;
  });
}

}  // namespace toroid
