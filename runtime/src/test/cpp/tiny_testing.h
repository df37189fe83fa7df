// What the tests of tiny_model.h share: expectations of results and messages, its constants, tensors, a file.
#pragma once

#include <toroid/container_exports.h>

#include "testing.h"
#include "tiny_model.h"

namespace testing {

inline void expect_here(bool condition, const char* file, int line, const char* what) {
  count_check();
  if (!condition) complain("%s:%d: %s\n    last error: %s", file, line, what, toroid_last_error());
}

#define EXPECT(condition) testing::expect_here(condition, __FILE_NAME__, __LINE__, #condition)
#define EXPECT_FAILURE(call, message) \
  do { \
    EXPECT((call) == TOROID_FAILURE); \
    testing::expect_here(strcmp(toroid_last_error(), message) == 0, __FILE_NAME__, __LINE__, "message is not: " message); \
  } while (false)

alignas(64) inline float blob[32] = {1, 10, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3};
// folded = 2 * bias + shift = 2.5, 4.25, 6.125; bias * folded = 2.5, 8.5, 18.375
constexpr float kAdded[] = {2.5f, 8.5f, 18.375f};

using Descriptor = AOTInductorArrayRefTensor;

template <class... Sizes>
Descriptor tensor(int32_t dtype, void* data, Sizes... sizes) {
  Descriptor result = {};
  const int64_t list[] = {static_cast<int64_t>(sizes)..., 0};
  result.data = data;
  result.ndim = sizeof...(sizes);
  result.dtype = dtype;
  result.device_idx = -1;
  for (size_t i = 0; i < sizeof...(sizes); i++) result.sizes[i] = list[i];
  toroid::contiguous_strides(result.ndim, result.sizes, result.strides);
  result.numel = toroid::element_count(result.ndim, result.sizes);
  return result;
}

inline AOTInductorModelContainerHandle create(int32_t instances, const ToroidPool* pool) {
  AOTInductorModelContainerHandle container = nullptr;
  EXPECT(toroid_container_create(instances, pool, &container) == TOROID_SUCCESS);
  EXPECT(toroid_container_load_blob(container, blob, 128) == TOROID_SUCCESS);
  return container;
}

}  // namespace testing
