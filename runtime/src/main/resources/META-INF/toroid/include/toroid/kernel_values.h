// What kernels read and write, for whoever looks for a mistake: printed, saved, or refused if it is not a number or infinite. Only the
// wrapper of a model that was built with toroid.instrument includes this header.
#pragma once

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <toroid/container.h>
#include <toroid/custom.h>
#include <toroid/profile_abi.h>
#include <toroid/tensor.h>

namespace toroid {

constexpr int32_t kMostValueAxes = 16;

template <class T>
double element_as_double(const void* data, int64_t at) {
  const T element = static_cast<const T*>(data)[at];
  if constexpr (target::HalfFloat<T>) return static_cast<double>(convert<float>(element));
  else return static_cast<double>(element);
}

// A tensor with its name in the generated code.
struct KernelValue {
  const char* name;
  const void* data;
  double (*element)(const void* data, int64_t at);
  int32_t dtype;
  int32_t ndim;
  int64_t sizes[kMostValueAxes];
  int64_t strides[kMostValueAxes];

  int64_t count() const { return element_count(ndim, sizes); }

  // Of the element with this number in row-major order; `indices` are its places along the axes.
  double at(int64_t number, int64_t* indices) const {
    int64_t offset = 0;
    for (int32_t axis = ndim - 1; axis >= 0; axis--) {
      indices[axis] = number % sizes[axis];
      number /= sizes[axis];
      offset += indices[axis] * strides[axis];
    }
    return element(data, offset);
  }

  template <class... Strides>
  KernelValue with_strides(Strides... given) const {
    static_assert(sizeof...(Strides) <= kMostValueAxes);
    KernelValue result = *this;
    int32_t axis = 0;
    ((result.strides[axis++] = given), ...);
    return result;
  }
};

template <class T, class... Sizes>
KernelValue kernel_value(const char* name, const T* data, Sizes... sizes) {
  static_assert(sizeof...(Sizes) <= kMostValueAxes);
  KernelValue result{name, data, element_as_double<T>, kDtype<T>, sizeof...(Sizes), {static_cast<int64_t>(sizes)...}, {}};
  contiguous_strides(result.ndim, result.sizes, result.strides);
  return result;
}

// ---- printing -----------------------------------------------------------------------------------------------------------

// One line, so that lines of several threads do not mix.
inline void print_line(const Text& text) { fprintf(stderr, "toroid: %s\n", text.data); }

inline void append_kernel(Text& text, const ToroidKernel& kernel) {
  text.append("%s", kernel.name);
  if (kernel.operators[0] != '\0') text.append(" (%s%s%s)", kernel.operators, kernel.lines[0] == '\0' ? "" : " at ", kernel.lines);
}

inline void print_kernel(const ToroidKernel& kernel) {
  char line[1024];
  Text text{line, sizeof line};
  append_kernel(text, kernel);
  print_line(text);
}

// Type and sizes, the range and the mean of what is finite, how much is not, and the first elements.
inline void print_value(const ToroidKernel& kernel, const char* moment, const KernelValue& value) {
  constexpr int64_t kShown = 8;
  char line[2048];
  Text text{line, sizeof line};
  text.append("%s ", moment);
  append_kernel(text, kernel);
  text.append(": %s %s", value.name, dtype_name(value.dtype));
  text.append_list(value.ndim, value.sizes);
  int64_t finite = 0, nans = 0, infinities = 0, indices[kMostValueAxes];
  double least = 0, largest = 0, sum = 0;
  const int64_t count = value.count();
  for (int64_t i = 0; i < count; i++) {
    const double element = value.at(i, indices);
    if (__builtin_isnan(element)) nans++;
    else if (__builtin_isinf(element)) infinities++;
    else {
      least = finite == 0 || element < least ? element : least;
      largest = finite == 0 || element > largest ? element : largest;
      sum += element;
      finite++;
    }
  }
  if (finite > 0) text.append(" from %.7g to %.7g, mean %.7g", least, largest, sum / static_cast<double>(finite));
  if (nans > 0) text.append(", %lld nan", static_cast<long long>(nans));
  if (infinities > 0) text.append(", %lld infinite", static_cast<long long>(infinities));
  for (int64_t i = 0; i < count && i < kShown; i++) text.append("%s%.7g", i == 0 ? ": " : ", ", value.at(i, indices));
  if (count > kShown) text.append(", ...");
  print_line(text);
}

// ---- saving -------------------------------------------------------------------------------------------------------------

inline constinit int64_t saved_values = 0;

// NumPy's name of an element type; bf16 is not among them and is saved as f32.
constexpr const char* npy_type(int32_t dtype) {
  switch (dtype) {
    case TOROID_U8: return "|u1";
    case TOROID_I8: return "|i1";
    case TOROID_I16: return "<i2";
    case TOROID_I32: return "<i4";
    case TOROID_I64: return "<i8";
    case TOROID_F16: return "<f2";
    case TOROID_F64: return "<f8";
    case TOROID_BOOL: return "|b1";
    default: return "<f4";
  }
}

inline bool write_npy(FILE* file, const KernelValue& value) {
  char header[1024];
  Text text{header, sizeof header};
  text.append("{'descr': '%s', 'fortran_order': False, 'shape': (", npy_type(value.dtype));
  for (int32_t axis = 0; axis < value.ndim; axis++) text.append("%lld,", static_cast<long long>(value.sizes[axis]));
  text.append("), }");
  constexpr int64_t kPreamble = 10;
  while ((kPreamble + text.length + 1) % kAlignment != 0) text.append(" ");
  text.append("\n");
  const unsigned char preamble[kPreamble] = {
      0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, static_cast<unsigned char>(text.length & 255), static_cast<unsigned char>(text.length >> 8)};
  if (fwrite(preamble, 1, sizeof preamble, file) != sizeof preamble) return false;
  if (fwrite(header, 1, static_cast<size_t>(text.length), file) != static_cast<size_t>(text.length)) return false;
  const bool widens = value.dtype == TOROID_BF16;
  const int64_t element = dtype_bytes(value.dtype), count = value.count();
  int64_t indices[kMostValueAxes];
  for (int64_t i = 0; i < count; i++) {
    const float wide = static_cast<float>(value.at(i, indices));
    int64_t offset = 0;
    for (int32_t axis = 0; axis < value.ndim; axis++) offset += indices[axis] * value.strides[axis];
    const void* place = widens ? &wide : static_cast<const void*>(static_cast<const char*>(value.data) + offset * element);
    if (fwrite(place, widens ? sizeof wide : static_cast<size_t>(element), 1, file) != 1) return false;
  }
  return true;
}

// As 000012-before-cpp_fused_linear_2-pixels.npy in the directory that the variable TOROID_VALUES of the environment names, or else in
// toroid-values. False, with the failure recorded, if it cannot be written.
inline bool save_value(Call& call, const ToroidKernel& kernel, const char* moment, const KernelValue& value) {
  const char* chosen = getenv("TOROID_VALUES");
  const char* directory = chosen == nullptr || chosen[0] == '\0' ? "toroid-values" : chosen;
  mkdir(directory, 0777);
  char path[4096];
  Text text{path, sizeof path};
  text.append("%s/%06lld-%s-%s-%s.npy", directory, static_cast<long long>(__atomic_fetch_add(&saved_values, 1, __ATOMIC_RELAXED)), moment,
              kernel.name, value.name);
  FILE* file = fopen(path, "wb");
  const bool written = file != nullptr && write_npy(file, value);
  const bool closed = file != nullptr && fclose(file) == 0;
  return (written && closed) ||
         call.fail("%s cannot be written: %s; name a directory by the environment variable TOROID_VALUES", path, strerror(errno));
}

// ---- assertions ---------------------------------------------------------------------------------------------------------

enum NotFinite : int32_t { kNan = 1, kInfinity = 2 };

// The number of the first element of the kinds that are refused, or -1.
inline int64_t first_refused(const KernelValue& value, int32_t refused, int64_t* indices) {
  const int64_t count = value.count();
  for (int64_t i = 0; i < count; i++) {
    const double element = value.at(i, indices);
    if ((__builtin_isnan(element) && (refused & kNan) != 0) || (__builtin_isinf(element) && (refused & kInfinity) != 0)) return i;
  }
  return -1;
}

// False, with the failure recorded, if an element is nan or infinite and such are refused. `kernel` is null for an input of the entry.
inline bool expect_finite(Call& call, const ToroidKernel* kernel, const KernelValue& value, int32_t refused) {
  int64_t indices[kMostValueAxes];
  const int64_t found = first_refused(value, refused, indices);
  if (found < 0) return true;
  char what[2048];
  Text text{what, sizeof what};
  if (kernel == nullptr) {
    text.append("the input");
  } else {
    append_kernel(text, *kernel);
    text.append(" has left");
  }
  text.append(" %s[", value.name);
  for (int32_t axis = 0; axis < value.ndim; axis++) text.append("%s%lld", axis == 0 ? "" : ", ", static_cast<long long>(indices[axis]));
  text.append("] = %g", value.at(found, indices));
  return call.fail("%s, of %s", what, dtype_name(value.dtype));
}

}  // namespace toroid
