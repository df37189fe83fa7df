// Operators of a model author's own: how their arguments come to their C++, and to the host if they are written in its language.
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <toroid/checked.h>
#include <toroid/loops.h>

namespace toroid {

// Row-major elements of a tensor: `const T` for one that is only read. False if an optional one is absent.
template <class T>
struct TensorView {
  T* data;
  int64_t numel;
  int32_t ndim;
  int64_t sizes[TOROID_MAX_RANK];
  bool present;

  T& operator[](int64_t index) const { return data[index]; }
  explicit operator bool() const { return present; }
};

template <class T, class... Sizes>
TensorView<T> result(T* data, Sizes... sizes) {
  return {data, (int64_t{1} * ... * sizes), sizeof...(Sizes), {sizes...}, true};
}

template <class T, class... Sizes>
TensorView<const T> tensor(const T* data, Sizes... sizes) {
  return {data, (int64_t{1} * ... * sizes), sizeof...(Sizes), {sizes...}, true};
}

inline TensorView<const float> no_tensor() { return {nullptr, 0, 0, {}, false}; }

// A tensor that is written in place: a copy of it, which becomes a result.
template <class T, class... Sizes>
TensorView<T> mutated(const T* from, T* to, Sizes... sizes) {
  const TensorView<T> view = result(to, sizes...);
  if (view.numel > 0) memcpy(to, from, static_cast<size_t>(view.numel) * sizeof(T));
  return view;
}

template <class T, int N>
struct List {
  T values[N > 0 ? N : 1];
  static constexpr int64_t count = N;

  const T& operator[](int64_t index) const { return values[index]; }
  const T* begin() const { return values; }
  const T* end() const { return values + N; }
};

// A tensor that is left out of a list: it has the type of the others.
struct NoTensor {
  template <class T>
  operator TensorView<const T>() const {
    return {nullptr, 0, 0, {}, false};
  }
};

template <class First, class... More>
struct ListElement {
  using Type = First;
};
template <class Second, class... More>
struct ListElement<NoTensor, Second, More...> : ListElement<Second, More...> {};
template <>
struct ListElement<NoTensor> {
  using Type = TensorView<const float>;
};

template <class... Elements>
auto list(Elements... elements) {
  using T = typename ListElement<Elements...>::Type;
  static_assert(((__is_same(T, Elements) || __is_same(NoTensor, Elements)) && ...), "the tensors of a list must have one element type");
  return List<T, sizeof...(Elements)>{{elements...}};
}

template <class T>
List<T, 0> empty_list() {
  return {};
}

template <class T>
struct Optional {
  T value;
  bool present;

  const T& operator*() const { return value; }
  explicit operator bool() const { return present; }
};

template <class T>
Optional<T> some(T value) {
  return {value, true};
}

template <class T>
Optional<T> none() {
  return {{}, false};
}

// An element type, as the codes of abi.h.
struct Dtype {
  int32_t code;
};

// As in abi.h; there is one.
struct Device {
  int32_t type;
  int32_t index;
};
inline constexpr Device kCpu = {TOROID_DEVICE_CPU, -1};

template <class T>
constexpr int32_t kDtype = -1;
template <class T>
constexpr int32_t kDtype<const T> = kDtype<T>;
template <> inline constexpr int32_t kDtype<uint8_t> = TOROID_U8;
template <> inline constexpr int32_t kDtype<int8_t> = TOROID_I8;
template <> inline constexpr int32_t kDtype<int16_t> = TOROID_I16;
template <> inline constexpr int32_t kDtype<int32_t> = TOROID_I32;
template <> inline constexpr int32_t kDtype<int64_t> = TOROID_I64;
template <> inline constexpr int32_t kDtype<Half> = TOROID_F16;
template <> inline constexpr int32_t kDtype<BFloat16> = TOROID_BF16;
template <> inline constexpr int32_t kDtype<float> = TOROID_F32;
template <> inline constexpr int32_t kDtype<double> = TOROID_F64;
template <> inline constexpr int32_t kDtype<bool> = TOROID_BOOL;

// Who is calling: the operator, and the line of the model.
struct OperatorCall {
  Call& run;
  const char* name;
  const char* line;

  OperatorCall(Call& of, const char* operator_name, const char* position) : run(of), name(operator_name), line(position) {}

  // Ends the run with this message, unless it has failed before.
  __attribute__((format(printf, 2, 3))) void fail(const char* format, ...) const {
    char text[kMessage];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    run.fail("%s%s%s: %s", name, line[0] == '\0' ? "" : " at ", line, text);
  }

  static constexpr int kMessage = 1024;
};

// ---- operators that the host computes -----------------------------------------------------------------------------------

template <class T>
AOTInductorArrayRefTensor described(const TensorView<T>& view) {
  AOTInductorArrayRefTensor tensor = {};
  tensor.data = const_cast<void*>(static_cast<const void*>(view.data));
  tensor.numel = view.numel;
  tensor.ndim = view.ndim;
  tensor.dtype = kDtype<T>;
  tensor.device_idx = -1;
  int64_t stride = 1;
  for (int32_t i = view.ndim - 1; i >= 0; i--) {
    tensor.sizes[i] = view.sizes[i];
    tensor.strides[i] = stride;
    stride *= view.sizes[i];
  }
  return tensor;
}

// A tensor that is left out of a list.
inline AOTInductorArrayRefTensor no_descriptor() {
  AOTInductorArrayRefTensor tensor = {};
  tensor.ndim = -1;
  return tensor;
}

// One argument as the host reads it, with the memory that it points to.
template <class T>
struct HostValue;

template <>
struct HostValue<int64_t> {
  ToroidOperatorValue value = {TOROID_VALUE_INT, 1, {}};
  explicit HostValue(int64_t number) { value.integer = number; }
};

template <>
struct HostValue<double> {
  ToroidOperatorValue value = {TOROID_VALUE_FLOAT, 1, {}};
  explicit HostValue(double number) { value.number = number; }
};

template <>
struct HostValue<bool> {
  ToroidOperatorValue value = {TOROID_VALUE_BOOL, 1, {}};
  explicit HostValue(bool flag) { value.integer = flag ? 1 : 0; }
};

template <>
struct HostValue<const char*> {
  ToroidOperatorValue value = {TOROID_VALUE_TEXT, 1, {}};
  explicit HostValue(const char* text) { value.text = text; }
};

template <int N>
struct HostValue<char[N]> : HostValue<const char*> {
  using HostValue<const char*>::HostValue;
};

template <>
struct HostValue<Dtype> {
  ToroidOperatorValue value = {TOROID_VALUE_DTYPE, 1, {}};
  explicit HostValue(Dtype dtype) { value.integer = dtype.code; }
};

template <>
struct HostValue<Device> {
  ToroidOperatorValue value = {TOROID_VALUE_DEVICE, 1, {}};
  explicit HostValue(Device) { value.text = "cpu"; }
};

template <class T>
struct HostValue<TensorView<T>> {
  AOTInductorArrayRefTensor tensor;
  ToroidOperatorValue value = {TOROID_VALUE_RESULT, 1, {}};
  explicit HostValue(const TensorView<T>& view) : tensor(described(view)) { value.tensors = &tensor; }
};

template <class T>
struct HostValue<TensorView<const T>> {
  AOTInductorArrayRefTensor tensor;
  ToroidOperatorValue value = {TOROID_VALUE_TENSOR, 1, {}};
  explicit HostValue(const TensorView<const T>& view) : tensor(described(view)) {
    value.kind = view.present ? TOROID_VALUE_TENSOR : TOROID_VALUE_NONE;
    value.tensors = &tensor;
  }
};

template <class T>
struct HostValue<Optional<T>> {
  HostValue<T> inner;
  ToroidOperatorValue value;
  explicit HostValue(const Optional<T>& optional) : inner(optional.value), value(inner.value) {
    if (!optional.present) value.kind = TOROID_VALUE_NONE;
  }
};

template <int N>
struct HostValue<List<AOTInductorArrayRefTensor, N>> {
  ToroidOperatorValue value = {TOROID_VALUE_TENSORS, N, {}};
  explicit HostValue(const List<AOTInductorArrayRefTensor, N>& list) { value.tensors = list.values; }
};

template <class T, int N>
struct HostValue<List<T, N>> {
  int64_t numbers[N > 0 ? N : 1];
  ToroidOperatorValue value = {__is_same(T, bool) ? TOROID_VALUE_BOOLS : TOROID_VALUE_INTS, N, {}};
  explicit HostValue(const List<T, N>& list) {
    for (int i = 0; i < N; i++) numbers[i] = static_cast<int64_t>(list[i]);
    value.integers = numbers;
  }
};

template <int N>
struct HostValue<List<double, N>> {
  double numbers[N > 0 ? N : 1];
  ToroidOperatorValue value = {TOROID_VALUE_FLOATS, N, {}};
  explicit HostValue(const List<double, N>& list) {
    for (int i = 0; i < N; i++) numbers[i] = list[i];
    value.numbers = numbers;
  }
};

// Not for kernels that run on the pool: the host takes its time. In a run that has failed there is nothing to compute, and the host would
// keep reasons that nobody asks for.
inline void call_host(OperatorCall call, const ToroidOperatorValue* values, int32_t count) {
  if (call.run.failed()) return;
  if (call.run.host == nullptr) {
    call.fail("it is not written in C++, and no host computes it: call toroid_container_set_operators first");
    return;
  }
  char message[OperatorCall::kMessage] = "";
  const int64_t reason = call.run.host(call.name, values, count, message, sizeof(message));
  if (reason == 0) return;
  call.run.failure->reason = reason;
  call.fail("%s", message[0] == '\0' ? "it failed without a reason" : message);
}

// The arguments and the results in the order of the schema.
template <class... Values>
void call_operator(const ToroidPool*, OperatorCall call, const Values&... values) {
  [&](const auto&... hosted) {
    const ToroidOperatorValue all[] = {hosted.value...};
    call_host(call, all, sizeof...(Values));
  }(HostValue<Values>(values)...);
}

}  // namespace toroid
