// What outlives a call: inputs that an entry writes, and the states of a model.
//
// A state is memory of the container, which a run may use because it holds the container's only instance: a model with states has one.
#pragma once

#include <toroid/call.h>

namespace toroid {

// Copies a contiguous block into a strided tensor, innermost axis first: the reverse of copy_dense.
inline void copy_strided(int64_t rank, const int64_t* sizes, const int64_t* strides, int64_t element, const char* from, char* to) {
  if (rank == 0) {
    memcpy(to, from, static_cast<size_t>(element));
    return;
  }
  const int64_t inner = element_count(rank - 1, sizes + 1);
  for (int64_t i = 0; i < sizes[0]; i++)
    copy_strided(rank - 1, sizes + 1, strides + 1, element, from + i * inner * element, to + i * strides[0] * element);
}

// An address for the input's elements in row-major order, to be read and written; `write_back` brings a copy back.
void* Call::updated_input(int32_t index) { return const_cast<void*>(dense_input(index)); }

void Call::write_back(int32_t index) {
  const AOTInductorArrayRefTensor& input = inputs[index];
  if (is_contiguous(input.ndim, input.sizes, input.strides)) return;
  copy_strided(
      input.ndim, input.sizes, input.strides, dtype_bytes(input.dtype), static_cast<const char*>(instance->dense[index].data),
      static_cast<char*>(input.data));
}

// Zeros, or the constants that they begin with. The caller holds the instance.
inline void reset_states(char* states, const void* const* constants) {
  for (int32_t i = 0; i < toroid_model.state_count; i++) {
    const StateInfo& state = toroid_model.states[i];
    char* const to = states + state.offset;
    if (state.initial >= 0 && constants != nullptr)
      memcpy(to, constants[state.initial], static_cast<size_t>(state.bytes));
    else
      memset(to, 0, static_cast<size_t>(state.bytes));
  }
}

}  // namespace toroid
