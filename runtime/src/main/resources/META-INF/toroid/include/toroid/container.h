// What a generated model hands to the container, and what the container hands to a run.
//
// wrapper.cpp of a model defines one object `extern "C" const toroid::Model toroid_model`, made of constexpr tables and a few
// functions. All else (instances, constants, checks against the tables, errors, the exported functions) is the same for every model
// and stands in container_constants.h, container_run.h and container_exports.h, compiled once. A run passes through three functions of
// the entry, in this order:
//
//   check         the container has already compared every input with its TensorInfo (data, dtype, rank, sizes given as numbers,
//                 device, alignment); `check` adds what it alone knows: symbols that occur twice, ranges, divisibility
//   output_sizes  fills every element of call.outputs, all without data, by set_output; sizes that depend on data are -1
//   run           the kernels; call.outputs have data now, of the caller or of the container, but for those whose sizes depend on data:
//                 run gives these their sizes and memory by later_output, unless the caller has
//
// All three read sizes from call.inputs; nothing is kept between them.
#pragma once

#include <toroid/abi.h>

namespace toroid {

struct Instance;
struct EntryInfo;
struct Model;

struct DimensionInfo {
  const char* text;  // "batch", "2*batch", "64"
  int64_t size;      // -1 unless known when the model was compiled
};

struct TensorInfo {
  const char* name;
  int32_t dtype;
  int32_t rank;
  const DimensionInfo* dimensions;
  bool updated = false;  // an input that runs write
};

constexpr int32_t kParameter = 1;
constexpr int32_t kFolded = 4;

struct ConstantInfo {
  const char* name;
  const char* fqn;
  int32_t type;  // 0 unknown, 1 parameter, 2 buffer, 3 tensor constant, kFolded
  int32_t dtype;
  int32_t rank;
  const int64_t* sizes;
  const int64_t* strides;
  int64_t offset;    // in the blob, a multiple of 64; -1 if the blob does not have it
  int64_t bytes;
  const void* data;  // a small constant embedded in the library, else null
  int64_t folded;    // of type 4: in the folded area, a multiple of 64
  int32_t source_count = -1;         // of type 4: how many others it is computed from; -1: perhaps all
  const int32_t* sources = nullptr;  // their places in the table. Folded constants that are computed together have the same ones
};

// Memory that the container keeps between runs.
struct StateInfo {
  const char* name;
  int64_t offset;   // in the memory of all states, a multiple of 64
  int64_t bytes;
  int32_t initial;  // the constant that it begins with; -1: zeros
};

// The first failure of a call. Kernels may report it from any thread of the pool.
struct Failure {
  char* text;        // the calling thread's message buffer
  int64_t capacity;
  int32_t state;     // 0 none, 1 being written, 2 written; atomic
  int64_t reason;    // by which the host knows why its operator failed, or 0
};

constexpr int64_t kSizesLater = -1;  // as the number of elements of an output: sizes of -1 are known in mid-run only

// One run of an entry, or one computation of the folded constants.
struct Call {
  const AOTInductorArrayRefTensor* inputs;
  AOTInductorArrayRefTensor* outputs;
  const void* const* constants;  // by table index, the folded ones too
  void* const* folded;           // in Model::fold: by table index, the memory to fill; null for what is not to be computed
  const ToroidPool* pool;        // may be null
  const Model* model;
  const EntryInfo* entry;        // null in Model::fold
  Instance* instance;
  Failure* failure;
  char* states = nullptr;        // the memory of all states; null without any, and in Model::fold
  ToroidOperatorHost host = nullptr;  // computes operators that are not in the library

  // In Model::fold: whether this constant is to be computed. What is computed together is asked for together.
  bool folds(int32_t constant) const { return folded[constant] != nullptr; }

  // The instance's 64-byte aligned scratch memory, grown when needed and kept between calls; contents are undefined. One call of this
  // per run: a second one may move it. Null, with the failure recorded, when memory is out; INT64_MAX stands for any larger number.
  void* workspace(int64_t bytes);

  // More such memory, for what depends on a size that is known in mid-run only: one block for each number from 1 on, which a loop may ask
  // for again in each round. Null as above.
  void* workspace(int32_t number, int64_t bytes);

  // The data of an input as a contiguous block: the caller's own memory where that is contiguous, else a copy kept until the end of the
  // run. Null, with the failure recorded, when memory is out. Not for kernels: call it from `run` itself.
  const void* dense_input(int32_t index);

  // The same of an input that is updated: to be written as well, and brought back to where its elements lie before the run ends.
  void* updated_input(int32_t index);
  void write_back(int32_t index);

  // Records the first message of this call; thread-safe; always false, for `return call.fail(...)`.
  bool fail(const char* format, ...) __attribute__((format(printf, 2, 3)));
  bool failed() const { return __atomic_load_n(&failure->state, __ATOMIC_ACQUIRE) != 0; }

  // Checks of one axis of an input, each false with a message that names model, entry, input, axis, what was expected and what came.
  bool expect_size(int32_t input, int32_t axis, int64_t expected, const char* text);  // text: "batch", "2*batch"
  bool expect_range(int32_t input, int32_t axis, int64_t minimum, int64_t maximum);
  bool expect_multiple(int32_t input, int32_t axis, int64_t divisor, int64_t more);  // `more` than a multiple, or less if negative
  bool expect_contiguous(int32_t input);

  // An input that is a number, i64[]; and checks of it.
  int64_t value(int32_t input) const { return *static_cast<const int64_t*>(inputs[input].data); }
  bool expect_value(int32_t input, int64_t minimum, int64_t maximum, int64_t divisor);
  bool expect_same(int32_t input, int64_t expected, const char* text);  // text: "count"

  // Describes output `index` as a contiguous tensor of its declared dtype; sizes must not be negative. Fails if its bytes are more than
  // a number can say.
  void set_output(int32_t index, int32_t rank, const int64_t* sizes);
  template <class... Sizes>
  void set_output_sizes(int32_t index, Sizes... sizes) {
    const int64_t values[sizeof...(Sizes) + 1] = {static_cast<int64_t>(sizes)..., 0};
    set_output(index, static_cast<int32_t>(sizeof...(Sizes)), values);
  }

  // The memory of an output whose sizes depend on data: the caller's, which must have exactly these sizes, or new memory, which becomes
  // the caller's when the run succeeds. Null, with the failure recorded, if the sizes differ or memory is out.
  void* claim_output(int32_t index, int32_t rank, const int64_t* sizes);
  template <class... Sizes>
  void* later_output(int32_t index, Sizes... sizes) {
    const int64_t values[sizeof...(Sizes) + 1] = {static_cast<int64_t>(sizes)..., 0};
    return claim_output(index, static_cast<int32_t>(sizeof...(Sizes)), values);
  }
};

// For loops: what is carried and what the body has filled.
template <typename T>
void change_places(T*& first, T*& second) {
  T* const kept = first;
  first = second;
  second = kept;
}

struct EntryInfo {
  const char* name;
  const char* in_spec;
  const char* out_spec;
  int32_t input_count;
  const TensorInfo* inputs;
  int32_t output_count;
  const TensorInfo* outputs;
  bool (*check)(Call&);         // null: nothing to add to the tables
  bool (*output_sizes)(Call&);
  bool (*run)(Call&);
};

struct Model {
  const char* name;
  const char* version;      // of the compiler
  const char* isa;          // "x86-64-v3"
  const char* description;  // JSON
  int32_t abi;              // TOROID_ABI_VERSION
  int32_t entry_count;
  const EntryInfo* entries;
  int32_t constant_count;
  const ConstantInfo* constants;
  int64_t blob_bytes;
  const char* blob_hash;    // SHA-256 in hexadecimal; "" without a blob
  int64_t folded_bytes;
  bool (*fold)(Call&);      // computes folded constants from the others; null without any. Not called for a blob that has them all
  int32_t state_count = 0;
  const StateInfo* states = nullptr;
  int64_t state_bytes = 0;
};

}  // namespace toroid

extern "C" __attribute__((visibility("hidden"))) const toroid::Model toroid_model;
