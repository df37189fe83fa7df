// Checks of a call's tensors against the model's tables, with one form of message for all:
//
//   DigitsMlp.classify: input 0 'pixels' must be f32[batch, 64] but is f32[3, 63]: axis 1 is 63 instead of 64
//
// Everything is checked before memory is touched. The cost is a few nanoseconds per tensor; the text is only made on failure.
#pragma once

#include <toroid/container.h>
#include <toroid/tensor.h>

namespace toroid {

// Begins the one message of a call. Only the first failure of a call is recorded, whichever thread it comes from.
inline bool begin_failure(Failure* failure) {
  int32_t none = 0;
  return __atomic_compare_exchange_n(&failure->state, &none, 1, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

inline void end_failure(Failure* failure) { __atomic_store_n(&failure->state, 2, __ATOMIC_RELEASE); }

inline void append_call(Text& text, const Call& call) {
  text.append("%s.%s: ", call.model->name, call.entry != nullptr ? call.entry->name : "constants");
}

// A tensor of a call, as messages speak of it.
struct Argument {
  const char* kind;  // "input", "output"
  int32_t index;
  const TensorInfo& info;
  const AOTInductorArrayRefTensor& tensor;

  // Records "<call>: input 0 'x' must be f32[batch, 64] but is f32[3, 63]: <reason>"; false.
  __attribute__((format(printf, 3, 4))) bool refuse(const Call& call, const char* format, ...) const {
    if (!begin_failure(call.failure)) return false;
    Text text{call.failure->text, call.failure->capacity};
    append_call(text, call);
    text.append("%s %d '%s' must be %s[", kind, index, info.name, dtype_name(info.dtype));
    for (int32_t i = 0; i < info.rank; i++) text.append(i == 0 ? "%s" : ", %s", info.dimensions[i].text);
    text.append("]");
    if (tensor.ndim >= 0 && tensor.ndim <= TOROID_MAX_RANK) {
      text.append(" but is ");
      text.append_type(tensor);
    }
    text.append(": ");
    va_list arguments;
    va_start(arguments, format);
    text.append_arguments(format, arguments);
    va_end(arguments);
    end_failure(call.failure);
    return false;
  }

  // "axis 0 (batch)"; an axis that is declared as a number has no name.
  bool refuse_axis(const Call& call, int32_t axis, const char* reason) const {
    const DimensionInfo& dimension = info.dimensions[axis];
    if (dimension.size >= 0) return refuse(call, "axis %d %s", axis, reason);
    return refuse(call, "axis %d (%s) %s", axis, dimension.text, reason);
  }
};

// Everything about a tensor that the table declares: dtype, rank, fixed sizes; and that its memory can be read.
inline bool check_declared(const Call& call, const Argument& argument) {
  const AOTInductorArrayRefTensor& tensor = argument.tensor;
  const TensorInfo& info = argument.info;
  if (tensor.ndim != info.rank) return argument.refuse(call, "its rank is %d instead of %d", tensor.ndim, info.rank);
  if (tensor.dtype != info.dtype)
    return argument.refuse(call, "its dtype is %s instead of %s", dtype_name(tensor.dtype), dtype_name(info.dtype));
  if (tensor.device_type != TOROID_DEVICE_CPU)
    return argument.refuse(call, "it is on device type %d, and this model runs on the CPU (0)", tensor.device_type);
  for (int32_t i = 0; i < info.rank; i++) {
    const int64_t expected = info.dimensions[i].size;
    const long long size = tensor.sizes[i];
    if (size < 0) return argument.refuse(call, "axis %d has the negative size %lld", i, size);
    if (expected >= 0 && size != expected)
      return argument.refuse(call, "axis %d is %lld instead of %lld", i, size, static_cast<long long>(expected));
  }
  const int64_t count = element_count(tensor.ndim, tensor.sizes);
  if (tensor.numel != count)
    return argument.refuse(
        call, "it states %lld elements, but its sizes give %lld", static_cast<long long>(tensor.numel), static_cast<long long>(count));
  return true;
}

inline bool check_memory(const Call& call, const Argument& argument) {
  const AOTInductorArrayRefTensor& tensor = argument.tensor;
  const int64_t element = dtype_bytes(tensor.dtype);
  if (tensor.data == nullptr && tensor.numel > 0) return argument.refuse(call, "its data is null");
  if (reinterpret_cast<uintptr_t>(tensor.data) % static_cast<uintptr_t>(element) != 0)
    return argument.refuse(call, "its data is not aligned to %lld bytes", static_cast<long long>(element));
  return true;
}

inline bool check_inputs(const Call& call) {
  for (int32_t i = 0; i < call.entry->input_count; i++) {
    const Argument argument{"input", i, call.entry->inputs[i], call.inputs[i]};
    if (!check_declared(call, argument) || !check_memory(call, argument)) return false;
  }
  return true;
}

// An output that the caller provides is exactly what the inputs imply.
inline bool check_output(const Call& call, int32_t index, const AOTInductorArrayRefTensor& given, const AOTInductorArrayRefTensor& implied) {
  const Argument argument{"output", index, call.entry->outputs[index], given};
  if (!check_declared(call, argument) || !check_memory(call, argument)) return false;
  for (int32_t i = 0; i < given.ndim; i++) {
    if (given.sizes[i] == implied.sizes[i]) continue;
    char reason[96];
    snprintf(
        reason, sizeof(reason), "is %lld instead of %lld", static_cast<long long>(given.sizes[i]), static_cast<long long>(implied.sizes[i]));
    return argument.refuse_axis(call, i, reason);
  }
  if (same_layout(given.ndim, given.sizes, given.strides, implied.strides)) return true;
  char reason[512];
  Text text{reason, sizeof(reason)};
  text.append("its strides are ");
  text.append_list(given.ndim, given.strides);
  text.append(" instead of ");
  text.append_list(given.ndim, implied.strides);
  return argument.refuse(call, "%s", reason);
}

// The addresses [begin, end) that a tensor with data reaches.
struct Span {
  const char* begin;
  const char* end;

  explicit Span(const AOTInductorArrayRefTensor& tensor) {
    int64_t lowest, past;
    extent(tensor.ndim, tensor.sizes, tensor.strides, &lowest, &past);
    const char* data = static_cast<const char*>(tensor.data);
    begin = data + lowest * dtype_bytes(tensor.dtype);
    end = data + past * dtype_bytes(tensor.dtype);
  }

  bool overlaps(const Span& other) const { return begin < other.end && other.begin < end; }
};

// Kernels may write an output before they have read every input, so outputs share no memory with inputs or with one another.
inline bool check_overlap(const Call& call, const AOTInductorArrayRefTensor* outputs) {
  for (int32_t i = 0; i < call.entry->output_count; i++) {
    const Argument argument{"output", i, call.entry->outputs[i], outputs[i]};
    const Span span(outputs[i]);
    for (int32_t j = 0; j < call.entry->input_count; j++)
      if (span.overlaps(Span(call.inputs[j])))
        return argument.refuse(call, "its memory overlaps that of input %d '%s'", j, call.entry->inputs[j].name);
    for (int32_t j = 0; j < i; j++)
      if (span.overlaps(Span(outputs[j])))
        return argument.refuse(call, "its memory overlaps that of output %d '%s'", j, call.entry->outputs[j].name);
  }
  return true;
}

}  // namespace toroid
