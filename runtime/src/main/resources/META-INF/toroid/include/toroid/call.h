// What a run asks of its Call: memory, copies of strided inputs, checks of sizes, descriptions of outputs.
#pragma once

#include <toroid/checks.h>
#include <toroid/instances.h>

namespace toroid {

bool Call::fail(const char* format, ...) {
  if (!begin_failure(failure)) return false;
  Text text{failure->text, failure->capacity};
  append_call(text, *this);
  va_list arguments;
  va_start(arguments, format);
  text.append_arguments(format, arguments);
  va_end(arguments);
  end_failure(failure);
  return false;
}

// With room for one element more than asked for: what a wrong index reads instead of an element, also where there is none.
inline void* reserve(Call& call, Block* block, int64_t bytes) {
  const bool fits = bytes < INT64_MAX - kAlignment;
  void* memory = fits && block != nullptr ? block->reserve(bytes + kAlignment) : nullptr;
  if (memory == nullptr)
    call.fail("out of memory: intermediate results need %s%lld bytes", fits ? "" : "more than ", static_cast<long long>(bytes));
  return memory;
}

void* Call::workspace(int64_t bytes) { return reserve(*this, &instance->workspace, bytes); }

void* Call::workspace(int32_t number, int64_t bytes) {
  if (number > instance->later_count) {
    void* grown = realloc(instance->later, static_cast<size_t>(number) * sizeof(Block));
    if (grown == nullptr) return reserve(*this, nullptr, bytes);
    instance->later = static_cast<Block*>(grown);
    while (instance->later_count < number) instance->later[instance->later_count++] = Block{nullptr, 0};
  }
  return reserve(*this, &instance->later[number - 1], bytes);
}

const void* Call::dense_input(int32_t index) {
  const AOTInductorArrayRefTensor& input = inputs[index];
  if (input.numel == 0) return instance;  // an address, but nothing to read
  if (is_contiguous(input.ndim, input.sizes, input.strides)) return input.data;
  const int64_t element = dtype_bytes(input.dtype);
  void* memory = input.numel < INT64_MAX / element ? instance->dense[index].reserve(input.numel * element) : nullptr;
  if (memory == nullptr) {
    fail("out of memory: a contiguous copy of input %d needs %lld elements of %lld bytes", index, static_cast<long long>(input.numel),
         static_cast<long long>(element));
    return nullptr;
  }
  copy_dense(input.ndim, input.sizes, input.strides, element, static_cast<const char*>(input.data), static_cast<char*>(memory));
  return memory;
}

bool Call::expect_size(int32_t input, int32_t axis, int64_t expected, const char* text) {
  const int64_t size = inputs[input].sizes[axis];
  if (size == expected) return true;
  const Argument argument{"input", input, entry->inputs[input], inputs[input]};
  return argument.refuse(
      *this, "axis %d is %lld instead of %s %s %lld", axis, static_cast<long long>(size), text, expected < INT64_MAX ? "=" : "of at least",
      static_cast<long long>(expected));
}

bool Call::expect_range(int32_t input, int32_t axis, int64_t minimum, int64_t maximum) {
  const int64_t size = inputs[input].sizes[axis];
  if (size >= minimum && size <= maximum) return true;
  char reason[128];
  const long long value = size;
  if (maximum == INT64_MAX)
    snprintf(reason, sizeof(reason), "is %lld and must be at least %lld", value, static_cast<long long>(minimum));
  else
    snprintf(
        reason, sizeof(reason), "is %lld and must be %lld to %lld", value, static_cast<long long>(minimum), static_cast<long long>(maximum));
  return Argument{"input", input, entry->inputs[input], inputs[input]}.refuse_axis(*this, axis, reason);
}

bool Call::expect_multiple(int32_t input, int32_t axis, int64_t divisor, int64_t more) {
  const int64_t size = inputs[input].sizes[axis];
  if ((size - more) % divisor == 0) return true;
  char difference[32] = "";
  const long long distance = more < 0 ? -more : more;
  if (more != 0) snprintf(difference, sizeof(difference), "%lld %s than ", distance, more < 0 ? "less" : "more");
  char reason[160];
  snprintf(
      reason, sizeof(reason), "is %lld and must be %sa multiple of %lld", static_cast<long long>(size), difference,
      static_cast<long long>(divisor));
  return Argument{"input", input, entry->inputs[input], inputs[input]}.refuse_axis(*this, axis, reason);
}

bool Call::expect_value(int32_t input, int64_t minimum, int64_t maximum, int64_t divisor) {
  const int64_t given = value(input);
  const Argument argument{"input", input, entry->inputs[input], inputs[input]};
  const long long number = given, low = minimum, high = maximum;
  if (given < minimum && maximum == INT64_MAX) return argument.refuse_value(*this, "is %lld and must be at least %lld", number, low);
  if (given < minimum || given > maximum) return argument.refuse_value(*this, "is %lld and must be %lld to %lld", number, low, high);
  if (given % divisor == 0) return true;
  return argument.refuse_value(*this, "is %lld and must be a multiple of %lld", number, static_cast<long long>(divisor));
}

bool Call::expect_same(int32_t input, int64_t expected, const char* text) {
  if (value(input) == expected) return true;
  return Argument{"input", input, entry->inputs[input], inputs[input]}.refuse_value(
      *this, "is %lld, but another input says that %s is %lld", static_cast<long long>(value(input)), text,
      static_cast<long long>(expected));
}

bool Call::expect_contiguous(int32_t input) {
  const AOTInductorArrayRefTensor& tensor = inputs[input];
  if (is_contiguous(tensor.ndim, tensor.sizes, tensor.strides)) return true;
  char reason[256];
  Text text{reason, sizeof(reason)};
  text.append("it must be contiguous, and its strides are ");
  text.append_list(tensor.ndim, tensor.strides);
  return Argument{"input", input, entry->inputs[input], tensor}.refuse(*this, "%s", reason);
}

void Call::set_output(int32_t index, int32_t rank, const int64_t* sizes) {
  AOTInductorArrayRefTensor& output = outputs[index];
  output.data = nullptr;
  output.ndim = rank;
  output.dtype = entry->outputs[index].dtype;
  output.device_type = TOROID_DEVICE_CPU;
  output.device_idx = -1;
  output.numel = element_count(rank, sizes);
  bool later = false;
  for (int32_t i = 0; i < rank; i++) later |= (output.sizes[i] = sizes[i]) < 0;
  if (later) {
    output.numel = kSizesLater;
    return;
  }
  contiguous_strides(rank, sizes, output.strides);
  if (output.numel >= 0 && output.numel < INT64_MAX / dtype_bytes(output.dtype)) return;
  char text[256];
  Text shape{text, sizeof(text)};
  shape.append_list(rank, sizes);
  fail("output %d '%s' would have the sizes %s, which is more than can be counted", index, entry->outputs[index].name, text);
}

void* Call::claim_output(int32_t index, int32_t rank, const int64_t* sizes) {
  AOTInductorArrayRefTensor& output = outputs[index];
  if (output.data != nullptr) {
    const Argument argument{"output", index, entry->outputs[index], output};
    for (int32_t i = 0; i < rank; i++) {
      if (output.sizes[i] == sizes[i]) continue;
      char reason[128];
      snprintf(
          reason, sizeof(reason), "is %lld instead of %lld, which the data decide", static_cast<long long>(output.sizes[i]),
          static_cast<long long>(sizes[i]));
      argument.refuse_axis(*this, i, reason);
      return nullptr;
    }
    return output.data;
  }
  set_output(index, rank, sizes);
  if (failed()) return nullptr;
  const int64_t bytes = output.numel * dtype_bytes(output.dtype);
  output.data = instance->implied[index].data = allocate_aligned(bytes);
  if (output.data == nullptr) fail("out of memory: output %d '%s' needs %lld bytes", index, entry->outputs[index].name, static_cast<long long>(bytes));
  return output.data;
}

}  // namespace toroid
