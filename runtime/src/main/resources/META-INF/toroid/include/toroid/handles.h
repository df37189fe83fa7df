// Tensors behind handles as the container sees them: through the shim only, so that they may be ours or PyTorch's.
#pragma once

#include <toroid/shim.h>

namespace toroid {

// The memory and layout of a tensor. Fails, with the message set, if it has more axes than a descriptor.
inline int32_t describe(AtenTensorHandle handle, AOTInductorArrayRefTensor* result) {
  int64_t rank = 0;
  int64_t* sizes = nullptr;
  int64_t* strides = nullptr;
  *result = AOTInductorArrayRefTensor{};
  int32_t status = aoti_torch_get_dim(handle, &rank);
  if (status == TOROID_SUCCESS && rank > TOROID_MAX_RANK)
    return failure("a tensor has %lld axes, and can have %d at most", static_cast<long long>(rank), TOROID_MAX_RANK);
  if (status == TOROID_SUCCESS) status = aoti_torch_get_device_type(handle, &result->device_type);
  if (status == TOROID_SUCCESS) status = aoti_torch_get_device_index(handle, &result->device_idx);
  if (status == TOROID_SUCCESS) status = aoti_torch_get_dtype(handle, &result->dtype);
  if (status == TOROID_SUCCESS) status = aoti_torch_get_numel(handle, &result->numel);
  if (status == TOROID_SUCCESS) status = aoti_torch_get_sizes(handle, &sizes);
  if (status == TOROID_SUCCESS) status = aoti_torch_get_strides(handle, &strides);
  if (status == TOROID_SUCCESS) status = aoti_torch_get_data_ptr(handle, &result->data);
  if (status != TOROID_SUCCESS) return checked_shim(status, "describe a tensor");
  result->ndim = static_cast<int32_t>(rank);
  for (int64_t i = 0; i < rank; i++) {
    result->sizes[i] = sizes[i];
    result->strides[i] = strides[i];
  }
  return TOROID_SUCCESS;
}

// A new tensor with undefined elements; `described` gets its address.
inline int32_t make_handle(AOTInductorArrayRefTensor* described, AtenTensorHandle* result) {
  const AOTInductorArrayRefTensor& t = *described;
  int32_t status = aoti_torch_empty_strided(t.ndim, t.sizes, t.strides, t.dtype, TOROID_DEVICE_CPU, t.device_idx, result);
  if (status == TOROID_SUCCESS) status = aoti_torch_get_data_ptr(*result, &described->data);
  return checked_shim(status, "make a tensor");
}

// A tensor with the elements of memory from malloc, row-major, which is given back or kept, also on failure.
inline int32_t adopt_memory(const AOTInductorArrayRefTensor& described, AtenTensorHandle* result) {
#if defined(TOROID_LIBTORCH)
  AOTInductorArrayRefTensor made = described;
  const int32_t status = make_handle(&made, result);
  const int64_t bytes = described.numel * dtype_bytes(described.dtype);
  if (status == TOROID_SUCCESS && bytes > 0) memcpy(made.data, described.data, static_cast<size_t>(bytes));
  free(described.data);
  return status;
#else
  *result = handle_of(adopt_tensor(described));
  return *result == nullptr ? TOROID_FAILURE : TOROID_SUCCESS;
#endif
}

// A tensor on memory of the caller's, or with memory of its own, zeroed, if `data` is null. strides null: contiguous.
inline int32_t create_handle(
    int32_t dtype, int64_t rank, const int64_t* sizes, const int64_t* strides, void* data, AtenTensorHandle* result) {
  if (!valid_shape(dtype, rank, sizes)) return TOROID_FAILURE;
  int64_t dense[TOROID_MAX_RANK];
  contiguous_strides(rank, sizes, dense);
  const int64_t* layout = strides == nullptr ? dense : strides;
  if (data != nullptr)
    return checked_shim(aoti_torch_create_tensor_from_blob(data, rank, sizes, layout, 0, dtype, TOROID_DEVICE_CPU, -1, result), "make a tensor");
  int64_t bytes = 0;
  void* memory = nullptr;
  int32_t status = aoti_torch_empty_strided(rank, sizes, layout, dtype, TOROID_DEVICE_CPU, -1, result);
  if (status == TOROID_SUCCESS) status = aoti_torch_get_storage_size(*result, &bytes);
  if (status == TOROID_SUCCESS) status = aoti_torch_get_data_ptr(*result, &memory);
  if (status == TOROID_SUCCESS && bytes > 0) memset(memory, 0, static_cast<size_t>(bytes));
  return checked_shim(status, "make a tensor");
}

inline void delete_handles(AtenTensorHandle* handles, size_t count) {
  for (size_t i = 0; handles != nullptr && i < count; i++) {
    if (handles[i] != nullptr) aoti_torch_delete_tensor_object(handles[i]);
    handles[i] = nullptr;
  }
}

}  // namespace toroid
