// The part of AOTInductor's C shim (aoti_torch_*) that the container needs, over our own Tensor.
//
// Signatures and meaning are those of PyTorch's shim, so that the same source binds to libtorch instead, with TOROID_LIBTORCH defined
// (shim_libtorch.h). The functions are inline and hidden: two libraries in a process, or a library and libtorch, never see each other's.
// Handles are never null in these functions; a failure sets toroid_last_error.
#pragma once

#include <toroid/tensor.h>

#if defined(TOROID_LIBTORCH)

#include <toroid/shim_libtorch.h>

namespace toroid {

// With how many threads PyTorch computes.
inline int32_t shim_threads() {
  uint32_t threads = 1;
  return torch_get_num_threads(&threads) == TOROID_SUCCESS ? static_cast<int32_t>(threads) : 1;
}

// The status of a shim function, its failure with a message.
inline int32_t checked_shim(int32_t status, const char* what) {
  return status == TOROID_SUCCESS ? TOROID_SUCCESS : failure("PyTorch could not %s: %s", what, shim_reason());
}

}  // namespace toroid

#else

typedef int32_t AOTITorchError;

#pragma GCC visibility push(hidden)
extern "C" {

inline int32_t aoti_torch_device_type_cpu() { return TOROID_DEVICE_CPU; }
inline int32_t aoti_torch_dtype_uint8() { return TOROID_U8; }
inline int32_t aoti_torch_dtype_int8() { return TOROID_I8; }
inline int32_t aoti_torch_dtype_int16() { return TOROID_I16; }
inline int32_t aoti_torch_dtype_int32() { return TOROID_I32; }
inline int32_t aoti_torch_dtype_int64() { return TOROID_I64; }
inline int32_t aoti_torch_dtype_float16() { return TOROID_F16; }
inline int32_t aoti_torch_dtype_bfloat16() { return TOROID_BF16; }
inline int32_t aoti_torch_dtype_float32() { return TOROID_F32; }
inline int32_t aoti_torch_dtype_float64() { return TOROID_F64; }
inline int32_t aoti_torch_dtype_bool() { return TOROID_BOOL; }

inline AOTITorchError aoti_torch_delete_tensor_object(AtenTensorHandle tensor) {
  toroid::delete_tensor(toroid::tensor_of(tensor));
  return TOROID_SUCCESS;
}

inline AOTITorchError aoti_torch_get_data_ptr(AtenTensorHandle tensor, void** result) {
  *result = toroid::tensor_of(tensor)->data();
  return TOROID_SUCCESS;
}

inline AOTITorchError aoti_torch_get_storage_size(AtenTensorHandle tensor, int64_t* result) {
  *result = toroid::tensor_of(tensor)->storage->bytes;
  return TOROID_SUCCESS;
}

inline AOTITorchError aoti_torch_get_dim(AtenTensorHandle tensor, int64_t* result) {
  *result = toroid::tensor_of(tensor)->ndim;
  return TOROID_SUCCESS;
}

inline AOTITorchError aoti_torch_get_numel(AtenTensorHandle tensor, int64_t* result) {
  *result = toroid::tensor_of(tensor)->numel;
  return TOROID_SUCCESS;
}

inline AOTITorchError aoti_torch_get_sizes(AtenTensorHandle tensor, int64_t** result) {
  *result = toroid::tensor_of(tensor)->sizes;
  return TOROID_SUCCESS;
}

inline AOTITorchError aoti_torch_get_strides(AtenTensorHandle tensor, int64_t** result) {
  *result = toroid::tensor_of(tensor)->strides;
  return TOROID_SUCCESS;
}

inline AOTITorchError aoti_torch_get_dtype(AtenTensorHandle tensor, int32_t* result) {
  *result = toroid::tensor_of(tensor)->dtype;
  return TOROID_SUCCESS;
}

inline AOTITorchError aoti_torch_get_device_type(AtenTensorHandle, int32_t* result) {
  *result = TOROID_DEVICE_CPU;
  return TOROID_SUCCESS;
}

inline AOTITorchError aoti_torch_get_device_index(AtenTensorHandle, int32_t* result) {
  *result = -1;
  return TOROID_SUCCESS;
}

inline AOTITorchError aoti_torch_get_storage_offset(AtenTensorHandle tensor, int64_t* result) {
  *result = toroid::tensor_of(tensor)->offset;
  return TOROID_SUCCESS;
}

inline AOTITorchError aoti_torch_empty_strided(
    int64_t ndim, const int64_t* sizes, const int64_t* strides, int32_t dtype, int32_t device_type, int32_t,
    AtenTensorHandle* result) {
  if (device_type != TOROID_DEVICE_CPU) return toroid::failure("device type %d is not the CPU", device_type);
  toroid::Tensor* tensor = toroid::create_tensor_on(nullptr, 0, dtype, ndim, sizes, strides);
  if (tensor == nullptr) return TOROID_FAILURE;
  *result = toroid::handle_of(tensor);
  return TOROID_SUCCESS;
}

// Borrows the memory.
inline AOTITorchError aoti_torch_create_tensor_from_blob(
    void* data, int64_t ndim, const int64_t* sizes, const int64_t* strides, int64_t storage_offset, int32_t dtype,
    int32_t device_type, int32_t, AtenTensorHandle* result) {
  if (device_type != TOROID_DEVICE_CPU) return toroid::failure("device type %d is not the CPU", device_type);
  toroid::Tensor* tensor = toroid::create_tensor_on(data, storage_offset, dtype, ndim, sizes, strides);
  if (tensor == nullptr) return TOROID_FAILURE;
  *result = toroid::handle_of(tensor);
  return TOROID_SUCCESS;
}

// A view on the same memory; the offset counts from the start of the storage.
inline AOTITorchError aoti_torch__reinterpret_tensor(
    AtenTensorHandle self, int64_t ndim, const int64_t* sizes, const int64_t* strides, int64_t storage_offset,
    AtenTensorHandle* result) {
  const toroid::Tensor* source = toroid::tensor_of(self);
  if (!toroid::valid_shape(source->dtype, ndim, sizes)) return TOROID_FAILURE;
  int64_t lowest, end;
  toroid::extent(ndim, sizes, strides, &lowest, &end);
  const int64_t capacity = source->storage->bytes / toroid::dtype_bytes(source->dtype);
  if (storage_offset + lowest < 0 || storage_offset + end > capacity)
    return toroid::failure(
        "a view of elements %lld to %lld leaves its storage of %lld elements", static_cast<long long>(storage_offset + lowest),
        static_cast<long long>(storage_offset + end), static_cast<long long>(capacity));
  __atomic_add_fetch(&source->storage->references, 1, __ATOMIC_RELAXED);
  toroid::Tensor* view = toroid::create_tensor(source->storage, storage_offset, source->dtype, ndim, sizes, strides);
  if (view == nullptr) return TOROID_FAILURE;
  *result = toroid::handle_of(view);
  return TOROID_SUCCESS;
}

// Another handle for the same tensor.
inline AOTITorchError aoti_torch_new_tensor_handle(AtenTensorHandle original, AtenTensorHandle* result) {
  const toroid::Tensor* source = toroid::tensor_of(original);
  return aoti_torch__reinterpret_tensor(original, source->ndim, source->sizes, source->strides, source->offset, result);
}

// A contiguous copy with memory of its own.
inline AOTITorchError aoti_torch_clone(AtenTensorHandle self, AtenTensorHandle* result) {
  const toroid::Tensor* source = toroid::tensor_of(self);
  toroid::Tensor* copy = toroid::create_tensor_on(nullptr, 0, source->dtype, source->ndim, source->sizes, nullptr);
  if (copy == nullptr) return TOROID_FAILURE;
  toroid::copy_dense(
      source->ndim, source->sizes, source->strides, toroid::dtype_bytes(source->dtype), static_cast<const char*>(source->data()),
      static_cast<char*>(copy->data()));
  *result = toroid::handle_of(copy);
  return TOROID_SUCCESS;
}

}  // extern "C"
#pragma GCC visibility pop

namespace toroid {

inline int32_t shim_threads() { return 1; }

inline int32_t checked_shim(int32_t status, const char*) { return status; }

}  // namespace toroid

#endif
