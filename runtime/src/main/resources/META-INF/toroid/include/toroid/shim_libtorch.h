// The same functions where PyTorch has them: in a library of the linkage `libtorch` they are undefined, and bind to the libtorch_cpu.so
// of the process. Everything that such a library takes from there is declared here, in the layout of PyTorch's C ABI.
#pragma once

#include <toroid/tensor.h>

typedef int32_t AOTITorchError;

// A value for the dispatcher: the bits of a number or of a handle; for what is optional, the address of such a value, or null.
typedef uint64_t StableIValue;
typedef struct StableListOpaque* StableListHandle;
typedef struct StringOpaque* StringHandle;

extern "C" {

AOTITorchError aoti_torch_delete_tensor_object(AtenTensorHandle tensor);
AOTITorchError aoti_torch_get_data_ptr(AtenTensorHandle tensor, void** result);
AOTITorchError aoti_torch_get_storage_size(AtenTensorHandle tensor, int64_t* result);
AOTITorchError aoti_torch_get_dim(AtenTensorHandle tensor, int64_t* result);
AOTITorchError aoti_torch_get_numel(AtenTensorHandle tensor, int64_t* result);
AOTITorchError aoti_torch_get_sizes(AtenTensorHandle tensor, int64_t** result);
AOTITorchError aoti_torch_get_strides(AtenTensorHandle tensor, int64_t** result);
AOTITorchError aoti_torch_get_dtype(AtenTensorHandle tensor, int32_t* result);
AOTITorchError aoti_torch_get_device_type(AtenTensorHandle tensor, int32_t* result);
AOTITorchError aoti_torch_get_device_index(AtenTensorHandle tensor, int32_t* result);
AOTITorchError aoti_torch_get_storage_offset(AtenTensorHandle tensor, int64_t* result);
AOTITorchError aoti_torch_empty_strided(
    int64_t ndim, const int64_t* sizes, const int64_t* strides, int32_t dtype, int32_t device_type, int32_t device_index,
    AtenTensorHandle* result);
AOTITorchError aoti_torch_create_tensor_from_blob(
    void* data, int64_t ndim, const int64_t* sizes, const int64_t* strides, int64_t storage_offset, int32_t dtype, int32_t device_type,
    int32_t device_index, AtenTensorHandle* result);
AOTITorchError aoti_torch__reinterpret_tensor(
    AtenTensorHandle self, int64_t ndim, const int64_t* sizes, const int64_t* strides, int64_t storage_offset, AtenTensorHandle* result);
AOTITorchError aoti_torch_new_tensor_handle(AtenTensorHandle original, AtenTensorHandle* result);
AOTITorchError aoti_torch_clone(AtenTensorHandle self, AtenTensorHandle* result);

// Takes over the handles on the stack, and leaves new ones of the results there.
AOTITorchError aoti_torch_call_dispatcher(const char* name, const char* overload, StableIValue* stack);
AOTITorchError torch_new_list_reserve_size(size_t size, StableListHandle* result);
AOTITorchError torch_list_push_back(StableListHandle list, StableIValue value);
AOTITorchError torch_list_size(StableListHandle list, size_t* result);
AOTITorchError torch_list_get_item(StableListHandle list, size_t index, StableIValue* result);
AOTITorchError torch_delete_list(StableListHandle list);
AOTITorchError torch_new_string_handle(const char* data, size_t length, StringHandle* result);
AOTITorchError torch_delete_string(StringHandle text);
AOTITorchError torch_get_num_threads(uint32_t* result);
AOTITorchError torch_new_stable_ivalue(StableIValue** result);
AOTITorchError torch_delete_stable_ivalue(StableIValue* value);
const char* torch_exception_get_what_without_backtrace(void);

}  // extern "C"

namespace toroid {

// What PyTorch said last on this thread.
inline const char* shim_reason() {
  const char* reason = torch_exception_get_what_without_backtrace();
  return reason == nullptr || reason[0] == '\0' ? "it gives no reason" : reason;
}

}  // namespace toroid
