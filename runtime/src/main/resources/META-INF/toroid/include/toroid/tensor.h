// Tensors behind AtenTensorHandle, element types, layouts, and their texts for messages.
//
// A model library does not need libstdc++: no exceptions, no containers; memory comes from malloc, and running out of it is a return
// value.
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <toroid/abi.h>

namespace toroid {

constexpr int64_t kAlignment = 64;

constexpr int64_t round_up(int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

constexpr int64_t kLargePage = 2 << 20;
constexpr int64_t kLargeFrom = 4 << 20;

// Memory in large pages, if the system has some to give: half of the time that reading tens of megabytes takes goes into looking up
// small ones.
inline void* allocate_large(int64_t bytes) {
  const size_t size = static_cast<size_t>((bytes + kLargePage - 1) / kLargePage * kLargePage);
  void* memory = aligned_alloc(static_cast<size_t>(kLargePage), size);
#if defined(MADV_HUGEPAGE)
  if (memory != nullptr) madvise(memory, size, MADV_HUGEPAGE);
#endif
  return memory;
}

// 64-byte aligned memory to be given back with free, or null. Zero bytes are a valid size.
inline void* allocate_aligned(int64_t bytes) {
  if (bytes >= kLargeFrom) return allocate_large(bytes);
  return aligned_alloc(kAlignment, static_cast<size_t>(bytes < kAlignment ? kAlignment : round_up(bytes)));
}

// Bytes of one element; 0 for a number that is no element type.
constexpr int64_t dtype_bytes(int32_t dtype) {
  switch (dtype) {
    case TOROID_U8: case TOROID_I8: case TOROID_BOOL: return 1;
    case TOROID_I16: case TOROID_F16: case TOROID_BF16: return 2;
    case TOROID_I32: case TOROID_F32: return 4;
    case TOROID_I64: case TOROID_F64: return 8;
    default: return 0;
  }
}

constexpr const char* dtype_name(int32_t dtype) {
  switch (dtype) {
    case TOROID_U8: return "u8";
    case TOROID_I8: return "i8";
    case TOROID_I16: return "i16";
    case TOROID_I32: return "i32";
    case TOROID_I64: return "i64";
    case TOROID_F16: return "f16";
    case TOROID_F32: return "f32";
    case TOROID_F64: return "f64";
    case TOROID_BOOL: return "bool";
    case TOROID_BF16: return "bf16";
    default: return "unknown";
  }
}

// A message under construction in a buffer of its user; what does not fit is cut off.
struct Text {
  char* data;
  int64_t capacity;
  int64_t length = 0;

  void append_arguments(const char* format, va_list arguments) {
    if (length + 1 >= capacity) return;
    const int written = vsnprintf(data + length, static_cast<size_t>(capacity - length), format, arguments);
    if (written > 0) length = length + written < capacity ? length + written : capacity - 1;
  }

  __attribute__((format(printf, 2, 3))) void append(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    append_arguments(format, arguments);
    va_end(arguments);
  }

  void append_list(int64_t count, const int64_t* values) {  // "[3, 63]"
    append("[");
    for (int64_t i = 0; i < count; i++) append(i == 0 ? "%lld" : ", %lld", static_cast<long long>(values[i]));
    append("]");
  }

  void append_type(const AOTInductorArrayRefTensor& tensor) {  // "f32[3, 63]"
    append("%s", dtype_name(tensor.dtype));
    append_list(tensor.ndim, tensor.sizes);
  }
};

constexpr int64_t kMessageCapacity = 2048;

// The calling thread's last failure. Constant-initialized and trivially destroyed, so that the library can be unloaded at any time.
inline constinit thread_local char last_error[kMessageCapacity] = "";

__attribute__((format(printf, 1, 2))) inline int32_t failure(const char* format, ...) {
  Text text{last_error, kMessageCapacity};
  va_list arguments;
  va_start(arguments, format);
  text.append_arguments(format, arguments);
  va_end(arguments);
  return TOROID_FAILURE;
}

// The number of elements; -1 if a size is negative or the product is beyond 64 bits.
inline int64_t element_count(int64_t rank, const int64_t* sizes) {
  int64_t count = 1;
  bool overflow = false;
  bool empty = false;
  for (int64_t i = 0; i < rank; i++) {
    if (sizes[i] < 0) return -1;
    if (sizes[i] == 0) empty = true;
    else overflow |= __builtin_mul_overflow(count, sizes[i], &count);
  }
  return empty ? 0 : overflow ? -1 : count;
}

inline void contiguous_strides(int64_t rank, const int64_t* sizes, int64_t* strides) {
  int64_t step = 1;
  for (int64_t i = rank - 1; i >= 0; i--) {
    strides[i] = step;
    step *= sizes[i] > 0 ? sizes[i] : 1;
  }
}

// Two layouts of the same sizes put every element at the same place; strides of axes with fewer than two elements say nothing.
inline bool same_layout(int64_t rank, const int64_t* sizes, const int64_t* a, const int64_t* b) {
  for (int64_t i = 0; i < rank; i++)
    if (sizes[i] == 0) return true;
  for (int64_t i = 0; i < rank; i++)
    if (sizes[i] > 1 && a[i] != b[i]) return false;
  return true;
}

inline bool is_contiguous(int64_t rank, const int64_t* sizes, const int64_t* strides) {
  int64_t step = 1;
  bool dense = true;
  for (int64_t i = rank - 1; i >= 0; i--) {
    if (sizes[i] == 0) return true;
    if (sizes[i] > 1 && strides[i] != step) dense = false;
    step *= sizes[i];
  }
  return dense;
}

// The elements from the lowest to the highest address that a layout reaches, relative to its first element.
inline void extent(int64_t rank, const int64_t* sizes, const int64_t* strides, int64_t* lowest, int64_t* end) {
  *lowest = 0;
  *end = 1;
  for (int64_t i = 0; i < rank; i++) {
    if (sizes[i] == 0) {
      *lowest = *end = 0;
      return;
    }
    const int64_t reach = (sizes[i] - 1) * strides[i];
    *(reach < 0 ? lowest : end) += reach;
  }
}

// Copies a strided tensor into a contiguous block, innermost axis first.
inline void copy_dense(int64_t rank, const int64_t* sizes, const int64_t* strides, int64_t element, const char* from, char* to) {
  if (rank == 0) {
    memcpy(to, from, static_cast<size_t>(element));
    return;
  }
  const int64_t inner = element_count(rank - 1, sizes + 1);
  if (inner == 0) return;
  for (int64_t i = 0; i < sizes[0]; i++)
    copy_dense(rank - 1, sizes + 1, strides + 1, element, from + i * strides[0] * element, to + i * inner * element);
}

// Memory that several tensors may share. Handles are used by one thread at a time, but tensors that share memory may be on several.
struct Storage {
  void* data;
  int64_t bytes;
  int32_t references;
  bool owned;
};

// What an AtenTensorHandle points to.
struct Tensor {
  Storage* storage;
  int64_t offset;  // of the first element, in elements
  int64_t numel;
  int64_t sizes[TOROID_MAX_RANK];
  int64_t strides[TOROID_MAX_RANK];
  int32_t ndim;
  int32_t dtype;

  void* data() const { return static_cast<char*>(storage->data) + offset * dtype_bytes(dtype); }

  AOTInductorArrayRefTensor descriptor() const {
    AOTInductorArrayRefTensor result = {};
    result.data = data();
    result.numel = numel;
    memcpy(result.sizes, sizes, sizeof(sizes));
    memcpy(result.strides, strides, sizeof(strides));
    result.ndim = ndim;
    result.dtype = dtype;
    result.device_type = TOROID_DEVICE_CPU;
    result.device_idx = -1;
    return result;
  }
};

inline Tensor* tensor_of(AtenTensorHandle handle) { return reinterpret_cast<Tensor*>(handle); }
inline AtenTensorHandle handle_of(Tensor* tensor) { return reinterpret_cast<AtenTensorHandle>(tensor); }

inline void release_storage(Storage* storage) {
  if (__atomic_sub_fetch(&storage->references, 1, __ATOMIC_ACQ_REL) != 0) return;
  if (storage->owned) free(storage->data);
  free(storage);
}

// Borrowed memory if data is given, else memory of its own, undefined. Null, with the message set, when memory is out.
inline Storage* create_storage(void* data, int64_t bytes) {
  Storage* storage = static_cast<Storage*>(malloc(sizeof(Storage)));
  void* memory = data != nullptr ? data : allocate_aligned(bytes);
  if (storage == nullptr || memory == nullptr) {
    free(storage);
    if (data == nullptr) free(memory);
    failure("out of memory: a tensor needs %lld bytes", static_cast<long long>(bytes));
    return nullptr;
  }
  *storage = Storage{memory, bytes, 1, data == nullptr};
  return storage;
}

// A new tensor on a storage, of which it takes over one reference, also when it fails. strides null: contiguous.
inline Tensor* create_tensor(
    Storage* storage, int64_t offset, int32_t dtype, int64_t rank, const int64_t* sizes, const int64_t* strides) {
  Tensor* tensor = static_cast<Tensor*>(calloc(1, sizeof(Tensor)));
  if (tensor == nullptr) {
    failure("out of memory: a tensor handle");
    release_storage(storage);
    return nullptr;
  }
  tensor->storage = storage;
  tensor->offset = offset;
  tensor->numel = element_count(rank, sizes);
  tensor->ndim = static_cast<int32_t>(rank);
  tensor->dtype = dtype;
  for (int64_t i = 0; i < rank; i++) tensor->sizes[i] = sizes[i];
  if (strides == nullptr) contiguous_strides(rank, sizes, tensor->strides);
  else for (int64_t i = 0; i < rank; i++) tensor->strides[i] = strides[i];
  return tensor;
}

// A tensor's shape can be described: known dtype, rank up to 8, sizes whose product fits. Sets the message if not.
inline bool valid_shape(int32_t dtype, int64_t rank, const int64_t* sizes) {
  if (dtype_bytes(dtype) == 0) return failure("%d is not the number of an element type", dtype) == TOROID_SUCCESS;
  if (rank < 0 || rank > TOROID_MAX_RANK)
    return failure("a tensor's rank must be 0 to %d, not %lld", TOROID_MAX_RANK, static_cast<long long>(rank)) == TOROID_SUCCESS;
  if (rank > 0 && sizes == nullptr) return failure("the sizes of a tensor are null") == TOROID_SUCCESS;
  const int64_t count = element_count(rank, sizes);
  if (count >= 0 && count <= INT64_MAX / 16) return true;
  Text text{last_error, kMessageCapacity};
  text.append("a tensor cannot have the sizes ");
  text.append_list(rank, sizes);
  return false;
}

// A tensor on borrowed memory (data given, first element at `data + offset`) or with memory of its own.
inline Tensor* create_tensor_on(
    void* data, int64_t offset, int32_t dtype, int64_t rank, const int64_t* sizes, const int64_t* strides) {
  if (!valid_shape(dtype, rank, sizes)) return nullptr;
  int64_t dense[TOROID_MAX_RANK];
  contiguous_strides(rank, sizes, dense);
  int64_t lowest, end;
  extent(rank, sizes, strides == nullptr ? dense : strides, &lowest, &end);
  if (lowest < 0) {
    failure("a tensor with negative strides cannot be made");
    return nullptr;
  }
  Storage* storage = create_storage(data, (offset + end) * dtype_bytes(dtype));
  return storage == nullptr ? nullptr : create_tensor(storage, offset, dtype, rank, sizes, strides);
}

// A tensor on memory that it takes over, also when it fails.
inline Tensor* adopt_tensor(const AOTInductorArrayRefTensor& described) {
  Storage* storage = create_storage(described.data, described.numel * dtype_bytes(described.dtype));
  if (storage == nullptr) {
    free(described.data);
    return nullptr;
  }
  storage->owned = true;
  return create_tensor(storage, 0, described.dtype, described.ndim, described.sizes, described.strides);
}

inline void delete_tensor(Tensor* tensor) {
  release_storage(tensor->storage);
  free(tensor);
}

}  // namespace toroid
