// PyTorch's C ABI as far as Toroid uses it, over tensors of its own: what a library of the linkage libtorch is tested with where there is
// no PyTorch. It counts what is alive, can be told to refuse a call, and its dispatcher has these operators:
//
//   mock::scaled(Tensor x, float by, int more, bool negate, str mode, ScalarType? kind, Tensor? bias, int[] shift)
//       -> (Tensor, Tensor)   (+-x * by + more + sum of shift + bias), as columns; and the same as f64 if `mode` is "twice", else empty
//   mock::doubled(Tensor[] xs) -> Tensor[]
//   mock::increase_(Tensor(a!) x, float by) -> ()
//   mock::whole(Tensor x) -> Tensor      as i64
//   mock::counted(Tensor?[] xs, Device where, Device? other) -> Tensor    how many are there, their elements, how many devices are the CPU
//   mock::refused(Tensor x) -> Tensor    fails
#pragma once

#include <string.h>
#include <toroid/shim_libtorch.h>

#include <string>
#include <vector>

namespace mock {

struct Tensor {
  std::vector<char> own;
  void* data;
  std::vector<int64_t> sizes, strides;
  int32_t dtype;

  int64_t numel() const { return toroid::element_count(static_cast<int64_t>(sizes.size()), sizes.data()); }
  float* floats() const { return static_cast<float*>(data); }
};

using List = std::vector<StableIValue>;

inline int64_t alive = 0;      // tensors, lists, strings and boxes
inline int64_t refuse_in = 0;  // which of the coming calls that make something fails: 1 the next; 0 none
inline thread_local std::string reason;

inline AOTITorchError refuse(const std::string& why) {
  reason = why;
  return 1;
}

inline bool refused() { return refuse_in > 0 && --refuse_in == 0; }

inline Tensor& of(AtenTensorHandle handle) { return *reinterpret_cast<Tensor*>(handle); }
inline Tensor& of(StableIValue value) { return *reinterpret_cast<Tensor*>(value); }
template <class T>
StableIValue value(T* pointer) { return reinterpret_cast<StableIValue>(pointer); }

inline Tensor* make(void* data, int64_t rank, const int64_t* sizes, const int64_t* strides, int32_t dtype) {
  alive++;
  Tensor* tensor = new Tensor{{}, data, {sizes, sizes + rank}, {strides, strides + rank}, dtype};
  if (data != nullptr) return tensor;
  int64_t lowest, end;
  toroid::extent(rank, sizes, strides, &lowest, &end);
  tensor->own.resize(static_cast<size_t>(end * toroid::dtype_bytes(dtype)));
  tensor->data = tensor->own.empty() ? nullptr : tensor->own.data();
  return tensor;
}

inline Tensor* make_like(const Tensor& other, int32_t dtype) {
  int64_t strides[64];
  toroid::contiguous_strides(static_cast<int64_t>(other.sizes.size()), other.sizes.data(), strides);
  return make(nullptr, static_cast<int64_t>(other.sizes.size()), other.sizes.data(), strides, dtype);
}

inline void destroy(Tensor* tensor) {
  alive--;
  delete tensor;
}

// ---- operators: what is on the stack is theirs

inline void scaled(StableIValue* stack) {
  Tensor& x = of(stack[0]);
  double by;
  memcpy(&by, &stack[1], sizeof(by));
  auto* mode = reinterpret_cast<std::string*>(stack[4]);
  auto* kind = reinterpret_cast<StableIValue*>(stack[5]);
  auto* bias = reinterpret_cast<StableIValue*>(stack[6]);
  auto* shift = reinterpret_cast<List*>(stack[7]);
  int64_t sum = static_cast<int64_t>(stack[2]);
  for (StableIValue each : *shift) sum += static_cast<int64_t>(each);
  const int64_t rows = x.sizes[0], columns = x.sizes[1], turned[] = {1, rows};
  Tensor* result = make(nullptr, 2, x.sizes.data(), turned, TOROID_F32);
  const bool twice = *mode == "twice";
  const int64_t sizes[] = {twice ? rows : 0, columns}, dense[] = {columns, 1};
  Tensor* second = make(nullptr, 2, sizes, dense, kind == nullptr ? TOROID_F32 : static_cast<int32_t>(*kind));
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = 0; j < columns; j++) {
      const double y = (stack[3] != 0 ? -1 : 1) * x.floats()[i * columns + j] * by + static_cast<double>(sum) +
          (bias == nullptr ? 0 : of(*bias).floats()[j]);
      result->floats()[j * rows + i] = static_cast<float>(y);
      if (twice) static_cast<double*>(second->data)[i * columns + j] = y;
    }
  }
  destroy(&x);
  if (bias != nullptr) destroy(&of(*bias));
  alive -= 2 + (kind != nullptr) + (bias != nullptr);
  delete mode;
  delete kind;
  delete bias;
  delete shift;
  stack[0] = value(result);
  stack[1] = value(second);
}

inline void doubled(StableIValue* stack) {
  List& list = *reinterpret_cast<List*>(stack[0]);
  for (StableIValue& each : list) {
    Tensor* x = &of(each);
    Tensor* result = make_like(*x, TOROID_F32);
    for (int64_t i = 0; i < x->numel(); i++) result->floats()[i] = 2 * x->floats()[i];
    destroy(x);
    each = value(result);
  }
}

inline void increase(StableIValue* stack) {
  Tensor* x = &of(stack[0]);
  double by;
  memcpy(&by, &stack[1], sizeof(by));
  for (int64_t i = 0; i < x->numel(); i++) x->floats()[i] += static_cast<float>(by);
  destroy(x);
}

inline void whole(StableIValue* stack) {
  Tensor* x = &of(stack[0]);
  Tensor* result = make_like(*x, TOROID_I64);
  for (int64_t i = 0; i < x->numel(); i++) static_cast<int64_t*>(result->data)[i] = static_cast<int64_t>(x->floats()[i]);
  destroy(x);
  stack[0] = value(result);
}

inline bool is_cpu(StableIValue device) { return device >> 32 == TOROID_DEVICE_CPU && static_cast<int32_t>(device & 0xFFFFFFFF) == -1; }

inline void counted(StableIValue* stack) {
  List* list = reinterpret_cast<List*>(stack[0]);
  auto* other = reinterpret_cast<StableIValue*>(stack[2]);
  int64_t sums[3] = {0, 0, is_cpu(stack[1]) + (other != nullptr && is_cpu(*other))};
  for (StableIValue each : *list) {
    auto* box = reinterpret_cast<StableIValue*>(each);
    if (box == nullptr) continue;
    sums[0]++;
    sums[1] += of(*box).numel();
    destroy(&of(*box));
    alive--;
    delete box;
  }
  alive -= 1 + (other != nullptr);
  delete other;
  delete list;
  const int64_t size = 3, stride = 1;
  Tensor* result = make(nullptr, 1, &size, &stride, TOROID_F32);
  for (int i = 0; i < 3; i++) result->floats()[i] = static_cast<float>(sums[i]);
  stack[0] = value(result);
}

inline AOTITorchError call(const std::string& name, const std::string& overload, StableIValue* stack) {
  if (name == "mock::scaled") scaled(stack);
  else if (name == "mock::doubled") doubled(stack);
  else if (name == "mock::increase_") increase(stack);
  else if (name == "mock::whole") whole(stack);
  else if (name == "mock::counted") counted(stack);
  else if (name == "mock::refused") {
    destroy(&of(stack[0]));
    return refuse("mock::refused never works");
  } else return refuse("Could not find schema for " + name + "." + overload);
  return 0;
}

}  // namespace mock

extern "C" {

AOTITorchError aoti_torch_delete_tensor_object(AtenTensorHandle tensor) {
  mock::destroy(&mock::of(tensor));
  return 0;
}

AOTITorchError aoti_torch_get_data_ptr(AtenTensorHandle tensor, void** result) {
  *result = mock::of(tensor).data;
  return 0;
}

AOTITorchError aoti_torch_get_storage_size(AtenTensorHandle tensor, int64_t* result) {
  *result = static_cast<int64_t>(mock::of(tensor).own.size());
  return 0;
}

AOTITorchError aoti_torch_get_dim(AtenTensorHandle tensor, int64_t* result) {
  *result = static_cast<int64_t>(mock::of(tensor).sizes.size());
  return 0;
}

AOTITorchError aoti_torch_get_numel(AtenTensorHandle tensor, int64_t* result) {
  *result = mock::of(tensor).numel();
  return 0;
}

AOTITorchError aoti_torch_get_sizes(AtenTensorHandle tensor, int64_t** result) {
  *result = mock::of(tensor).sizes.data();
  return 0;
}

AOTITorchError aoti_torch_get_strides(AtenTensorHandle tensor, int64_t** result) {
  *result = mock::of(tensor).strides.data();
  return 0;
}

AOTITorchError aoti_torch_get_dtype(AtenTensorHandle tensor, int32_t* result) {
  *result = mock::of(tensor).dtype;
  return mock::of(tensor).dtype < 0 ? mock::refuse("the tensor is undefined") : 0;
}

AOTITorchError aoti_torch_get_device_type(AtenTensorHandle, int32_t* result) {
  *result = TOROID_DEVICE_CPU;
  return 0;
}

AOTITorchError aoti_torch_get_device_index(AtenTensorHandle, int32_t* result) {
  *result = -1;
  return 0;
}

AOTITorchError aoti_torch_empty_strided(
    int64_t ndim, const int64_t* sizes, const int64_t* strides, int32_t dtype, int32_t, int32_t, AtenTensorHandle* result) {
  if (mock::refused()) return mock::refuse("no memory");
  *result = reinterpret_cast<AtenTensorHandle>(mock::make(nullptr, ndim, sizes, strides, dtype));
  return 0;
}

AOTITorchError aoti_torch_create_tensor_from_blob(
    void* data, int64_t ndim, const int64_t* sizes, const int64_t* strides, int64_t, int32_t dtype, int32_t, int32_t,
    AtenTensorHandle* result) {
  if (mock::refused()) return mock::refuse("no handle");
  *result = reinterpret_cast<AtenTensorHandle>(mock::make(data, ndim, sizes, strides, dtype));
  return 0;
}

// Contiguous, as the tests' tensors are.
AOTITorchError aoti_torch_clone(AtenTensorHandle self, AtenTensorHandle* result) {
  if (mock::refused()) return mock::refuse("no memory");
  const mock::Tensor& other = mock::of(self);
  mock::Tensor* copy = mock::make_like(other, other.dtype);
  if (!copy->own.empty()) memcpy(copy->data, other.data, copy->own.size());
  *result = reinterpret_cast<AtenTensorHandle>(copy);
  return 0;
}

// The elements stay the other tensor's.
AOTITorchError aoti_torch_new_tensor_handle(AtenTensorHandle original, AtenTensorHandle* result) {
  if (mock::refused()) return mock::refuse("no handle");
  const mock::Tensor& other = mock::of(original);
  *result = reinterpret_cast<AtenTensorHandle>(
      mock::make(other.data, static_cast<int64_t>(other.sizes.size()), other.sizes.data(), other.strides.data(), other.dtype));
  return 0;
}

AOTITorchError aoti_torch_call_dispatcher(const char* name, const char* overload, StableIValue* stack) { return mock::call(name, overload, stack); }

AOTITorchError torch_new_list_reserve_size(size_t, StableListHandle* result) {
  if (mock::refused()) return mock::refuse("no list");
  mock::alive++;
  *result = reinterpret_cast<StableListHandle>(new mock::List());
  return 0;
}

AOTITorchError torch_list_push_back(StableListHandle list, StableIValue value) {
  if (mock::refused()) return mock::refuse("no place in the list");
  reinterpret_cast<mock::List*>(list)->push_back(value);
  return 0;
}

AOTITorchError torch_list_size(StableListHandle list, size_t* result) {
  *result = reinterpret_cast<mock::List*>(list)->size();
  return 0;
}

AOTITorchError torch_list_get_item(StableListHandle list, size_t index, StableIValue* result) {
  *result = (*reinterpret_cast<mock::List*>(list))[index];
  return 0;
}

AOTITorchError torch_delete_list(StableListHandle list) {
  mock::alive--;
  delete reinterpret_cast<mock::List*>(list);
  return 0;
}

AOTITorchError torch_new_string_handle(const char* data, size_t length, StringHandle* result) {
  if (mock::refused()) return mock::refuse("no string");
  mock::alive++;
  *result = reinterpret_cast<StringHandle>(new std::string(data, length));
  return 0;
}

AOTITorchError torch_delete_string(StringHandle text) {
  mock::alive--;
  delete reinterpret_cast<std::string*>(text);
  return 0;
}

AOTITorchError torch_get_num_threads(uint32_t* result) {
  *result = 2;
  return 0;
}

AOTITorchError torch_new_stable_ivalue(StableIValue** result) {
  if (mock::refused()) return mock::refuse("no box");
  mock::alive++;
  *result = new StableIValue{};
  return 0;
}

AOTITorchError torch_delete_stable_ivalue(StableIValue* value) {
  mock::alive--;
  delete value;
  return 0;
}

const char* torch_exception_get_what_without_backtrace(void) { return mock::reason.c_str(); }

}  // extern "C"
