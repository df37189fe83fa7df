// A call allocates nothing once warm: the tiny model with malloc and its kin replaced by functions that count, or counted by AddressSanitizer.
// Strided inputs, which are copied, and intermediates are in memory that the instance keeps.
#include "tiny_testing.h"

#if defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SANITIZED 1
#endif
#endif

static int64_t allocations = 0;

#ifdef ADDRESS_SANITIZED
// It has an allocator of its own, which says what it does. (Not every compiler has the header that declares this.)
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*, size_t), void (*)(const volatile void*));

static void count_allocations() {
  const auto allocated = [](const volatile void*, size_t) { __atomic_add_fetch(&allocations, 1, __ATOMIC_RELAXED); };
  EXPECT(__sanitizer_install_malloc_and_free_hooks(allocated, [](const volatile void*) {}) > 0);
}
#else
static void count_allocations() {}

extern "C" {
void* __libc_malloc(size_t bytes);
void* __libc_calloc(size_t count, size_t bytes);
void* __libc_memalign(size_t alignment, size_t bytes);

void* malloc(size_t bytes) {
  __atomic_add_fetch(&allocations, 1, __ATOMIC_RELAXED);
  return __libc_malloc(bytes);
}
void* calloc(size_t count, size_t bytes) {
  __atomic_add_fetch(&allocations, 1, __ATOMIC_RELAXED);
  return __libc_calloc(count, bytes);
}
void* aligned_alloc(size_t alignment, size_t bytes) {
  __atomic_add_fetch(&allocations, 1, __ATOMIC_RELAXED);
  return __libc_memalign(alignment, bytes);
}
int posix_memalign(void** result, size_t alignment, size_t bytes) {
  *result = aligned_alloc(alignment, bytes);
  return *result == nullptr ? ENOMEM : 0;
}
}
#endif

namespace {

using testing::create;
using testing::Descriptor;
using testing::tensor;

int64_t count() { return __atomic_load_n(&allocations, __ATOMIC_RELAXED); }

// The number of allocations of a call on so many rows, which are `step` elements apart in the middle axis.
int64_t allocations_of(AOTInductorModelContainerHandle container, int64_t rows, int64_t step) {
  static float x[64 * 3 * 2], y[64 * 3];
  static double sums[64];
  Descriptor in = tensor(TOROID_F32, x, rows, 3), out[] = {tensor(TOROID_F32, y, rows, 3), tensor(TOROID_F64, sums, rows)};
  in.strides[0] = 3 * step;
  in.strides[1] = step;
  const int64_t before = count();
  EXPECT(toroid_container_run(container, 0, &in, 1, out, 2) == TOROID_SUCCESS);
  return count() - before;
}

// The same where the first `kept` of the rows are: for them there is memory of a size that is known in mid-call only.
int64_t allocations_of_kept(AOTInductorModelContainerHandle container, int64_t rows, int64_t kept) {
  static int64_t a[64], b[128], result[64];
  static bool mask[64];
  for (int64_t i = 0; i < 64; i++) mask[i] = i < kept;
  b[0] = 5;
  Descriptor in[] = {tensor(TOROID_I64, a, rows), tensor(TOROID_I64, b, 2 * rows), tensor(TOROID_BOOL, mask, rows)};
  Descriptor out = tensor(TOROID_I64, result, rows);
  const int64_t before = count();
  EXPECT(toroid_container_run(container, 1, in, 3, &out, 1) == TOROID_SUCCESS);
  EXPECT(result[0] == (kept > 0 ? 5 : 0));
  return count() - before;
}

void warm_calls_of_sizes_from_data_allocate_nothing() {
  AOTInductorModelContainerHandle container = create(1, nullptr);
  EXPECT(allocations_of_kept(container, 40, 30) > 0);
  for (int i = 0; i < 100; i++) EXPECT(allocations_of_kept(container, 30 + i % 10, i % 30) == 0);
  EXPECT(allocations_of_kept(container, 64, 64) > 0);  // more than ever before
  EXPECT(allocations_of_kept(container, 64, 64) == 0);
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

void warm_calls_allocate_nothing() {
  AOTInductorModelContainerHandle container = create(1, nullptr);
  EXPECT(allocations_of(container, 8, 1) > 0);  // the workspace
  EXPECT(allocations_of(container, 8, 2) > 0);  // the copy of a strided input
  for (int i = 0; i < 100; i++) {
    EXPECT(allocations_of(container, 1 + i % 8, 1) == 0);
    EXPECT(allocations_of(container, 1 + i % 8, 2) == 0);
  }
  EXPECT(allocations_of(container, 64, 1) > 0);  // more than ever before
  EXPECT(allocations_of(container, 64, 1) == 0);
  EXPECT(AOTInductorModelContainerDelete(container) == TOROID_SUCCESS);
}

}  // namespace

int main() {
  count_allocations();
  warm_calls_allocate_nothing();
  warm_calls_of_sizes_from_data_allocate_nothing();
  return testing::finish();
}
