// Operators that PyTorch computes: how their arguments come to its dispatcher, and its results into our memory.
#pragma once

#ifndef TOROID_LIBTORCH
#define TOROID_LIBTORCH 1
#endif

#include <toroid/custom.h>
#include <toroid/handles.h>

namespace toroid {

// One argument on the dispatcher's stack. `push` makes what the dispatcher takes over; `drop` gives it back where it does not come to that.
template <class T>
struct Stacked;

template <>
struct Stacked<int64_t> {
  static int32_t push(int64_t value, StableIValue* place) {
    *place = static_cast<StableIValue>(value);
    return TOROID_SUCCESS;
  }
  static void drop(StableIValue) {}
};

template <>
struct Stacked<double> : Stacked<int64_t> {
  static int32_t push(double value, StableIValue* place) {
    memcpy(place, &value, sizeof(value));
    return TOROID_SUCCESS;
  }
};

template <>
struct Stacked<bool> : Stacked<int64_t> {};

template <>
struct Stacked<Dtype> : Stacked<int64_t> {
  static int32_t push(Dtype dtype, StableIValue* place) { return Stacked<int64_t>::push(dtype.code, place); }
};

template <>
struct Stacked<const char*> {
  static int32_t push(const char* text, StableIValue* place) {
    StringHandle handle = nullptr;
    const int32_t status = torch_new_string_handle(text, strlen(text), &handle);
    *place = reinterpret_cast<StableIValue>(handle);
    return status;
  }
  static void drop(StableIValue value) { torch_delete_string(reinterpret_cast<StringHandle>(value)); }
};

template <size_t N>
struct Stacked<char[N]> : Stacked<const char*> {};

// The index in the lower half; an index of -1 is the current device.
template <>
struct Stacked<Device> : Stacked<int64_t> {
  static int32_t push(Device device, StableIValue* place) {
    *place = static_cast<StableIValue>(static_cast<uint32_t>(device.type)) << 32 | static_cast<uint32_t>(device.index);
    return TOROID_SUCCESS;
  }
};

template <>
struct Stacked<AOTInductorArrayRefTensor> {
  static int32_t push(const AOTInductorArrayRefTensor& t, StableIValue* place) {
    AtenTensorHandle handle = nullptr;
    const int32_t status =
        aoti_torch_create_tensor_from_blob(t.data, t.ndim, t.sizes, t.strides, 0, t.dtype, t.device_type, t.device_idx, &handle);
    *place = reinterpret_cast<StableIValue>(handle);
    return status;
  }
  static void drop(StableIValue value) { aoti_torch_delete_tensor_object(reinterpret_cast<AtenTensorHandle>(value)); }
};

template <class T>
struct Stacked<TensorView<T>> : Stacked<AOTInductorArrayRefTensor> {
  static int32_t push(const TensorView<T>& view, StableIValue* place) {
    return Stacked<AOTInductorArrayRefTensor>::push(described(view), place);
  }
};

template <class T>
struct Stacked<Optional<T>> {
  static int32_t push(const Optional<T>& optional, StableIValue* place) {
    StableIValue inner = 0;
    StableIValue* kept = nullptr;
    *place = 0;
    if (!optional.present) return TOROID_SUCCESS;
    if (Stacked<T>::push(optional.value, &inner) != TOROID_SUCCESS) return TOROID_FAILURE;
    if (torch_new_stable_ivalue(&kept) != TOROID_SUCCESS) {
      Stacked<T>::drop(inner);
      return TOROID_FAILURE;
    }
    *kept = inner;
    *place = reinterpret_cast<StableIValue>(kept);
    return TOROID_SUCCESS;
  }
  static void drop(StableIValue value) {
    StableIValue* const kept = reinterpret_cast<StableIValue*>(value);
    if (kept == nullptr) return;
    Stacked<T>::drop(*kept);
    torch_delete_stable_ivalue(kept);
  }
};

template <class T, int N>
struct Stacked<List<T, N>> {
  static int32_t push(const List<T, N>& list, StableIValue* place) {
    StableListHandle handle = nullptr;
    if (torch_new_list_reserve_size(N, &handle) != TOROID_SUCCESS) return TOROID_FAILURE;
    *place = reinterpret_cast<StableIValue>(handle);
    for (int i = 0; i < N; i++) {
      StableIValue element = 0;
      if (Stacked<T>::push(list[i], &element) == TOROID_SUCCESS) {
        if (torch_list_push_back(handle, element) == TOROID_SUCCESS) continue;
        Stacked<T>::drop(element);
      }
      drop(*place);
      return TOROID_FAILURE;
    }
    return TOROID_SUCCESS;
  }
  static void drop(StableIValue value) {
    StableListHandle const handle = reinterpret_cast<StableListHandle>(value);
    size_t size = 0;
    torch_list_size(handle, &size);
    for (size_t i = 0; i < size; i++) {
      StableIValue element = 0;
      if (torch_list_get_item(handle, i, &element) == TOROID_SUCCESS) Stacked<T>::drop(element);
    }
    torch_delete_list(handle);
  }
};

template <class... Values>
void drop_first(int count, const StableIValue* stack) {
  int i = 0;
  (..., (i < count ? Stacked<Values>::drop(stack[i]) : void(), i++));
}

// All of the values, or none of them.
template <class... Values>
bool push_all(StableIValue* stack, const Values&... values) {
  int pushed = 0;
  const bool done = (... && (Stacked<Values>::push(values, &stack[pushed]) == TOROID_SUCCESS && ++pushed > 0));
  if (!done) drop_first<Values...>(pushed, stack);
  return done;
}

// Whether the dispatcher says so of this very operator. It looks before it takes anything over, and what it says is all that there is to
// know it by: a failure of another operator inside this one has another name.
inline bool is_unknown(const char* reason, const char* name, const char* overload) {
  constexpr char kUnknown[] = "Could not find schema for ";
  const size_t length = strlen(name), end = sizeof(kUnknown) - 1 + length;
  const char* const found = strncmp(reason, kUnknown, sizeof(kUnknown) - 1) == 0 ? reason + sizeof(kUnknown) - 1 : nullptr;
  if (found == nullptr || strncmp(found, name, length) != 0 || reason[end] != '.') return false;
  const char* const rest = reason + end + 1;
  const size_t last = strlen(overload);
  return strncmp(rest, overload, last) == 0 && (rest[last] == '\0' || rest[last] == ' ' || rest[last] == '\n');
}

// Memory for the results of a call, in their order.
template <int N>
struct Results {
  AOTInductorArrayRefTensor tensors[N > 0 ? N : 1];
};

template <class... Views>
Results<sizeof...(Views)> results(const Views&... views) {
  return {{described(views)...}};
}

// Copies what PyTorch gives, if it is what the operator's rule said.
inline void take_result(OperatorCall call, int index, AtenTensorHandle handle, const AOTInductorArrayRefTensor& expected) {
  AOTInductorArrayRefTensor given;
  if (describe(handle, &given) != TOROID_SUCCESS) {
    call.fail("result %d cannot be read: %s", index, last_error);
    return;
  }
  bool same = given.dtype == expected.dtype && given.ndim == expected.ndim && given.device_type == TOROID_DEVICE_CPU;
  for (int32_t i = 0; same && i < given.ndim; i++) same = given.sizes[i] == expected.sizes[i];
  if (!same) {
    char text[256];
    Text types{text, sizeof(text)};
    types.append_type(given);
    types.append(", and infer says ");
    types.append_type(expected);
    call.fail("PyTorch gives %s for result %d", text, index);
  } else if (given.numel > 0) {
    copy_dense(
        given.ndim, given.sizes, given.strides, dtype_bytes(given.dtype), static_cast<const char*>(given.data),
        static_cast<char*>(expected.data));
  }
}

template <int N>
void take_results(OperatorCall call, const StableIValue* values, const Results<N>& results) {
  for (int i = 0; i < N; i++) {
    AtenTensorHandle handle = reinterpret_cast<AtenTensorHandle>(values[i]);
    if (handle == nullptr) {
      call.fail("PyTorch gives no tensor for result %d", i);
      continue;
    }
    take_result(call, i, handle, results.tensors[i]);
    delete_handles(&handle, 1);
  }
}

// False, with the run ended, if PyTorch refuses the call.
template <class... Values>
bool dispatch(OperatorCall call, StableIValue* stack, const char* name, const char* overload, const Values&... values) {
  if (!push_all(stack, values...)) {
    call.fail("its arguments cannot be handed to PyTorch: %s", shim_reason());
    return false;
  }
  if (aoti_torch_call_dispatcher(name, overload, stack) == TOROID_SUCCESS) return true;
  const char* const reason = shim_reason();
  if (is_unknown(reason, name, overload)) {
    call.fail("PyTorch has no such operator (%s): correct the schema, or load the library that registers it before the model runs", reason);
    drop_first<Values...>(sizeof...(Values), stack);
  } else {
    call.fail("%s", reason);
  }
  return false;
}

// An operator of the results Tensor, or several of them. The values are in the order of the schema.
template <int N, class... Values>
void call_pytorch(
    const ToroidPool*, OperatorCall call, const char* name, const char* overload, const Results<N>& results, const Values&... values) {
  constexpr size_t count = sizeof...(Values);
  StableIValue stack[(count > N ? count : N) + 1] = {};
  if (dispatch(call, stack, name, overload, values...)) take_results(call, stack, results);
}

// An operator of the result Tensor[].
template <int N, class... Values>
void call_pytorch_list(
    const ToroidPool*, OperatorCall call, const char* name, const char* overload, const Results<N>& results, const Values&... values) {
  StableIValue stack[sizeof...(Values) + 1] = {};
  if (!dispatch(call, stack, name, overload, values...)) return;
  const StableListHandle list = reinterpret_cast<StableListHandle>(stack[0]);
  StableIValue given[N + 1] = {};
  size_t size = 0;
  torch_list_size(list, &size);
  bool read = size == N;
  for (int i = 0; read && i < N; i++) read = torch_list_get_item(list, static_cast<size_t>(i), &given[i]) == TOROID_SUCCESS;
  if (read) {
    take_results(call, given, results);
    torch_delete_list(list);
  } else {
    call.fail("PyTorch gives a list of %zu tensors, and infer says %d", size, N);
    Stacked<List<TensorView<float>, 0>>::drop(stack[0]);
  }
}

}  // namespace toroid
