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

  // Records "<call>: input 1 'count' <reason>"; false.
  __attribute__((format(printf, 3, 4))) bool refuse_value(const Call& call, const char* format, ...) const {
    if (!begin_failure(call.failure)) return false;
    Text text{call.failure->text, call.failure->capacity};
    append_call(text, call);
    text.append("%s %d '%s' ", kind, index, info.name);
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

// No two elements share memory: sorted by stride, each axis steps over all that the ones before it reach.
inline bool has_distinct_elements(const AOTInductorArrayRefTensor& tensor) {
  if (tensor.numel <= 1) return true;
  bool seen[TOROID_MAX_RANK] = {};
  int64_t reach = 0;
  for (int32_t k = 0; k < tensor.ndim; k++) {
    int32_t next = -1;
    for (int32_t i = 0; i < tensor.ndim; i++)
      if (!seen[i] && (next < 0 || tensor.strides[i] < tensor.strides[next])) next = i;
    seen[next] = true;
    if (tensor.sizes[next] == 1) continue;
    if (tensor.strides[next] <= reach) return false;
    reach += (tensor.sizes[next] - 1) * tensor.strides[next];
  }
  return true;
}

inline bool check_inputs(const Call& call) {
  for (int32_t i = 0; i < call.entry->input_count; i++) {
    const Argument argument{"input", i, call.entry->inputs[i], call.inputs[i]};
    if (!check_declared(call, argument) || !check_memory(call, argument)) return false;
    if (argument.info.updated && !has_distinct_elements(argument.tensor))
      return argument.refuse(call, "it is written, and its strides put several elements at one place: give it memory of its own");
  }
  return true;
}

// An output that the caller provides is exactly what the inputs imply.
inline bool check_output(const Call& call, int32_t index, const AOTInductorArrayRefTensor& given, const AOTInductorArrayRefTensor& implied) {
  const Argument argument{"output", index, call.entry->outputs[index], given};
  if (!check_declared(call, argument) || !check_memory(call, argument)) return false;
  for (int32_t i = 0; i < given.ndim; i++) {
    if (given.sizes[i] == implied.sizes[i] || implied.sizes[i] < 0) continue;
    char reason[96];
    snprintf(
        reason, sizeof(reason), "is %lld instead of %lld", static_cast<long long>(given.sizes[i]), static_cast<long long>(implied.sizes[i]));
    return argument.refuse_axis(call, i, reason);
  }
  int64_t strides[TOROID_MAX_RANK];
  contiguous_strides(given.ndim, given.sizes, strides);
  if (same_layout(given.ndim, given.sizes, given.strides, strides)) return true;
  char reason[512];
  Text text{reason, sizeof(reason)};
  text.append("its strides are ");
  text.append_list(given.ndim, given.strides);
  text.append(" instead of ");
  text.append_list(given.ndim, strides);
  return argument.refuse(call, "%s", reason);
}

// The addresses [begin, end) that a tensor with data reaches.
struct Span {
  const char* begin;
  const char* end;

  explicit Span(const AOTInductorArrayRefTensor& tensor) {
    int64_t lowest = 0, past = 0;
    if (tensor.data != nullptr) extent(tensor.ndim, tensor.sizes, tensor.strides, &lowest, &past);
    const char* data = static_cast<const char*>(tensor.data);
    begin = data + lowest * dtype_bytes(tensor.dtype);
    end = data + past * dtype_bytes(tensor.dtype);
  }

  bool is_empty() const { return begin == end; }
  bool overlaps(const Span& other) const { return begin < other.end && other.begin < end && !is_empty() && !other.is_empty(); }
};

// A tensor that a run writes shares memory with none that it reads or writes besides. Empty tensors overlap nothing.
inline bool check_apart(const Call& call, const Argument& written, const char* kind, const TensorInfo* infos,
                        const AOTInductorArrayRefTensor* tensors, int32_t first, int32_t end) {
  const Span span(written.tensor);
  for (int32_t i = first; i < end; i++)
    if (span.overlaps(Span(tensors[i])))
      return written.refuse(call, "its memory overlaps that of %s %d '%s'", kind, i, infos[i].name);
  return true;
}

// Kernels may write an output before they have read every input, so outputs share no memory with inputs or with one another; nor do
// inputs that are updated with other inputs.
inline bool check_overlap(const Call& call, const AOTInductorArrayRefTensor* outputs) {
  const EntryInfo& entry = *call.entry;
  for (int32_t i = 0; i < entry.output_count; i++) {
    const Argument argument{"output", i, entry.outputs[i], outputs[i]};
    if (!check_apart(call, argument, "input", entry.inputs, call.inputs, 0, entry.input_count)) return false;
    if (!check_apart(call, argument, "output", entry.outputs, outputs, 0, i)) return false;
  }
  for (int32_t i = 0; i < entry.input_count; i++) {
    if (!entry.inputs[i].updated) continue;
    const Argument argument{"input", i, entry.inputs[i], call.inputs[i]};
    if (!check_apart(call, argument, "input", entry.inputs, call.inputs, 0, i)) return false;
    if (!check_apart(call, argument, "input", entry.inputs, call.inputs, i + 1, entry.input_count)) return false;
  }
  return true;
}

}  // namespace toroid
