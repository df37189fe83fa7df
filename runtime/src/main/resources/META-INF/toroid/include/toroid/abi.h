// The C ABI of a compiled model: AOTInductor's container functions, and Toroid's own.
//
// This header is plain C. A model library exports exactly the functions declared here (exports.map lists them) and
// nothing else, so that two models, or a model and libtorch, can live in one process without touching each other.
//
// Every function that can fail returns 0 for success and another code for failure, and a failure always has a message:
// AOTInductorGetLastError / toroid_last_error give the text of the calling thread's last failure. Nothing aborts, nothing prints.
#pragma once

#ifndef __cplusplus
#include <stdbool.h>
#endif
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define TOROID_EXPORT __attribute__((visibility("default"), used))
#else
#define TOROID_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef int32_t AOTIRuntimeError;
typedef struct AOTInductorModelContainerOpaque* AOTInductorModelContainerHandle;
typedef struct AOTInductorStreamOpaque* AOTInductorStreamHandle;
typedef struct AOTIProxyExecutorOpaque* AOTIProxyExecutorHandle;
typedef struct AtenTensorOpaque* AtenTensorHandle;
typedef struct AOTInductorModelOpaque* AOTInductorModelHandle;
typedef struct AOTInductorConstantMap* AOTInductorConstantMapHandle;  // a std::unordered_map<std::string, AtenTensorHandle>
typedef struct AOTInductorConstantMapEntry {
  const char* name;
  AtenTensorHandle handle;
} AOTInductorConstantMapEntry;
struct ToroidPool;  // pool.h

enum {
  TOROID_SUCCESS = 0,
  TOROID_FAILURE = 1,
  TOROID_SIZES_FILLED = 2,  // toroid_container_run: some output has no memory yet; its sizes are filled in, nothing was run
};

enum { TOROID_ABI_VERSION = 1 };

// Element types carry the numbers of ATen's ScalarType.
enum {
  TOROID_U8 = 0,
  TOROID_I8 = 1,
  TOROID_I16 = 2,
  TOROID_I32 = 3,
  TOROID_I64 = 4,
  TOROID_F16 = 5,
  TOROID_F32 = 6,
  TOROID_F64 = 7,
  TOROID_BOOL = 11,
  TOROID_BF16 = 15,
};

enum { TOROID_DEVICE_CPU = 0 };
enum { TOROID_MAX_RANK = 8 };

// A tensor at the fast boundary: borrowed memory with its layout. Strides count elements. Identical to AOTInductor's own struct.
typedef struct AOTInductorArrayRefTensor {
  void* data;
  int64_t numel;
  int64_t sizes[TOROID_MAX_RANK];
  int64_t strides[TOROID_MAX_RANK];
  int32_t ndim;
  int32_t dtype;
  int32_t device_type;
  int32_t device_idx;
  int64_t reserved[4];
} AOTInductorArrayRefTensor;

// ---- AOTInductor's container --------------------------------------------------------------------------------------------
// The functions work on the first entry of the model, or on the one that the library was built for. Names and texts that they give out live as long as the library.

TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerCreate(
    AOTInductorModelContainerHandle* container, size_t num_models, bool is_cpu, const char* cubin_dir);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerCreateWithDevice(
    AOTInductorModelContainerHandle* container, size_t num_models, const char* device, const char* cubin_dir);
// Must not be called while the container is used; returns after freeing all that the container owns.
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerDelete(AOTInductorModelContainerHandle container);

// Ownership: the call consumes every one of the num_inputs handles and nulls its slot, whatever it returns; the arrays stay the
// caller's. On success each output slot holds a new handle for the caller to delete; on failure every output slot is null.
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerRun(
    AOTInductorModelContainerHandle container, AtenTensorHandle* inputs, size_t num_inputs, AtenTensorHandle* outputs,
    size_t num_outputs, AOTInductorStreamHandle stream, AOTIProxyExecutorHandle proxy);
// The same on the calling thread alone: the container's pool is not used.
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerRunSingleThreaded(
    AOTInductorModelContainerHandle container, AtenTensorHandle* inputs, size_t num_inputs, AtenTensorHandle* outputs,
    size_t num_outputs, AOTInductorStreamHandle stream, AOTIProxyExecutorHandle proxy);

TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerGetNumConstants(AOTInductorModelContainerHandle container, size_t* count);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerGetConstantName(
    AOTInductorModelContainerHandle container, size_t index, const char** name);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerGetConstantOriginalFQN(
    AOTInductorModelContainerHandle container, size_t index, const char** fqn);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerGetConstantFromFolded(
    AOTInductorModelContainerHandle container, size_t index, bool* from_folded);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerGetConstantType(
    AOTInductorModelContainerHandle container, size_t index, int32_t* type);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerGetConstantDtype(
    AOTInductorModelContainerHandle container, size_t index, int32_t* dtype);
// Rounded up to a multiple of 64, as AOTInductor does.
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerGetConstantDataSize(
    AOTInductorModelContainerHandle container, size_t index, size_t* bytes);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerGetNumInputs(AOTInductorModelContainerHandle container, size_t* count);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerGetInputName(
    AOTInductorModelContainerHandle container, size_t index, const char** name);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerGetNumOutputs(AOTInductorModelContainerHandle container, size_t* count);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerGetOutputName(
    AOTInductorModelContainerHandle container, size_t index, const char** name);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerGetCallSpec(
    AOTInductorModelContainerHandle container, const char** in_spec, const char** out_spec);
TOROID_EXPORT AOTIRuntimeError AOTInductorGetLastError(const char** message);

// ---- constants
// A container has two sets of constants: the active one, which runs read, and the inactive one, which is there once it is updated, and
// then begins as the active one was. Runs keep to the set that they began with. An update validates all that it is given, by the names
// of the table or the qualified ones, before it changes anything, and leaves what it is not given as it is; a whole one must give every
// parameter. What is computed from constants is computed anew: of the active set before the update ends, of the inactive one before it
// is swapped in. Strides and offsets of the given tensors are followed. Handles stay the caller's, and may be deleted afterwards.

// Entries for all constants that are there, by qualified names: not for computed ones, nor for those of which the compiler stored only
// what is computed from them. The array, and the memory that its handles show, are the container's, and valid until its constants change
// or are extracted again.
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerExtractConstantsMapEntries(
    AOTInductorModelContainerHandle container, const AOTInductorConstantMapEntry** entries, size_t* count, bool use_inactive);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerUpdateConstantBufferPairs(
    AOTInductorModelContainerHandle container, const AOTInductorConstantMapEntry* pairs, size_t count, bool use_inactive,
    bool validate_full_update);
// The same, as all tensors are of the CPU.
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerUpdateConstantBufferFromCpuPairs(
    AOTInductorModelContainerHandle container, const AOTInductorConstantMapEntry* pairs, size_t count, bool use_inactive,
    bool validate_full_update);
// A whole update of the inactive set.
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerUpdateInactiveConstantBufferPairs(
    AOTInductorModelContainerHandle container, const AOTInductorConstantMapEntry* pairs, size_t count);
// Copies nothing: the memory is borrowed until other constants take its place, and must be contiguous. If it is written to,
// AOTInductorModelContainerRunConstantFolding computes what depends on it anew.
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerUpdateUserManagedConstantBufferPairs(
    AOTInductorModelContainerHandle container, const AOTInductorConstantMapEntry* pairs, size_t count, bool use_inactive,
    bool validate_full_update);
// The same five with a map of C++'s library. Names cannot be added to such a map without that library, which a standalone library does
// not need: there extracting fails, and says so. In linkage `libtorch`, the map gets copies, which are the container's until its constants
// change or are extracted again; tensors that share their memory stay valid.
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerExtractConstantsMap(
    AOTInductorModelContainerHandle container, AOTInductorConstantMapHandle map, bool use_inactive);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerUpdateConstantBuffer(
    AOTInductorModelContainerHandle container, AOTInductorConstantMapHandle map, bool use_inactive, bool validate_full_update);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerUpdateConstantBufferFromCpu(
    AOTInductorModelContainerHandle container, AOTInductorConstantMapHandle map, bool use_inactive, bool validate_full_update);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerUpdateInactiveConstantBuffer(
    AOTInductorModelContainerHandle container, AOTInductorConstantMapHandle map);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerUpdateUserManagedConstantBuffer(
    AOTInductorModelContainerHandle container, AOTInductorConstantMapHandle map, bool use_inactive, bool validate_full_update);
// Computes anew what is computed from constants that are there.
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerRunConstantFolding(
    AOTInductorModelContainerHandle container, bool use_inactive, AOTInductorStreamHandle stream, AOTIProxyExecutorHandle proxy);
// The two sets change places, when what the inactive one lacks is computed; then waits for the runs that see the other one. Fails if
// there is no inactive set.
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerSwapConstantBuffer(AOTInductorModelContainerHandle container);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerFreeInactiveConstantBuffer(AOTInductorModelContainerHandle container);
// Of the block of memory for toroid_container_load_blob.
TOROID_EXPORT AOTIRuntimeError AOTInductorModelContainerGetConstantsBlobSize(AOTInductorModelContainerHandle container, uint64_t* bytes);
// The same with a copy of the block, which may lie anywhere and be freed afterwards, as PyTorch does.
TOROID_EXPORT AOTIRuntimeError AOTInductorModelUpdateConstantsFromBlob(AOTInductorModelContainerHandle container, const uint8_t* blob);

// ---- a single model: a container of one instance, without a pool
// Handles of constants are consumed, whatever the call returns; memory that is contiguous is kept, and not copied.
TOROID_EXPORT AOTIRuntimeError AOTInductorModelCreate(AOTInductorModelHandle* model, AOTInductorConstantMapHandle map);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelCreateV2(
    AOTInductorModelHandle* model, const AOTInductorConstantMapEntry* pairs, size_t count);
// As many inputs and outputs as this entry has. Ownership is that of AOTInductorModelContainerRun.
TOROID_EXPORT AOTIRuntimeError AOTInductorModelRun(AOTInductorModelHandle model, AtenTensorHandle* inputs, AtenTensorHandle* outputs);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelRunMinimalArrayrefInterfaceV2(
    AOTInductorModelHandle model, int32_t num_inputs, const AOTInductorArrayRefTensor* inputs, int32_t num_outputs,
    AOTInductorArrayRefTensor* outputs);  // as toroid_container_run
TOROID_EXPORT AOTIRuntimeError AOTInductorModelUpdateConstantsMap(AOTInductorModelHandle model, AOTInductorConstantMapHandle map);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelUpdateConstantsMapV2(
    AOTInductorModelHandle model, const AOTInductorConstantMapEntry* pairs, int32_t count);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelGetNumOutputs(AOTInductorModelHandle model, size_t* count);
TOROID_EXPORT AOTIRuntimeError AOTInductorModelDelete(AOTInductorModelHandle model);

// ---- Toroid's own functions ---------------------------------------------------------------------------------------------

TOROID_EXPORT int32_t toroid_abi_version(void);
TOROID_EXPORT const char* toroid_model_name(void);
TOROID_EXPORT const char* toroid_model_isa(void);
TOROID_EXPORT const char* toroid_model_description(void);  // JSON: entries, inputs, outputs, constants
// What an entry's input or output calls its size along an axis: "batch", "2*batch", "64". Lives as long as the library.
TOROID_EXPORT int32_t toroid_input_dimension(int32_t entry, int32_t input, int32_t axis, const char** text);
TOROID_EXPORT int32_t toroid_output_dimension(int32_t entry, int32_t output, int32_t axis, const char** text);
// The text of this thread's last failure, "" before the first. Valid until the thread's next call into the library.
TOROID_EXPORT const char* toroid_last_error(void);

// Tensor handles for C callers. strides null: contiguous. data null: memory of the tensor's own, zeroed; otherwise borrowed.
TOROID_EXPORT int32_t toroid_tensor_create(
    int32_t dtype, int64_t ndim, const int64_t* sizes, const int64_t* strides, void* data, AtenTensorHandle* tensor);
TOROID_EXPORT void* toroid_tensor_data(AtenTensorHandle tensor);
TOROID_EXPORT int64_t toroid_tensor_ndim(AtenTensorHandle tensor);
TOROID_EXPORT const int64_t* toroid_tensor_sizes(AtenTensorHandle tensor);
TOROID_EXPORT const int64_t* toroid_tensor_strides(AtenTensorHandle tensor);
TOROID_EXPORT int32_t toroid_tensor_dtype(AtenTensorHandle tensor);
TOROID_EXPORT int32_t toroid_tensor_delete(AtenTensorHandle tensor);

// pool null: every call runs on its caller. The pool stays the caller's and must outlive the container.
TOROID_EXPORT int32_t toroid_container_create(
    int32_t instances, const struct ToroidPool* pool, AOTInductorModelContainerHandle* container);
// One address for each constant that is not folded, in table order (null: the data embedded in the library). The memory is borrowed
// and must stay as it is until the container is deleted or other constants are set. Computes the folded constants. Runs that are
// under way finish with the constants they began with; on failure the container keeps the constants that it had.
TOROID_EXPORT int32_t toroid_container_set_constants(
    AOTInductorModelContainerHandle container, const void* const* data, int64_t count);
// The same with one block of memory, 64-byte aligned, as the compiler wrote it: constants that runs read, each at its offset, the folded
// ones computed already as far as that does not depend on the instruction set. Nothing is copied.
TOROID_EXPORT int32_t toroid_container_load_blob(AOTInductorModelContainerHandle container, const void* blob, int64_t bytes);
// The same with the file of that block, which is mapped and stays so until the container is deleted or other constants are set. Large
// computed constants are read into memory in large pages.
TOROID_EXPORT int32_t toroid_container_load_file(AOTInductorModelContainerHandle container, const char* path);
// An update as AOTInductorModelContainerUpdateConstantBufferPairs does it, with descriptors in place of handles. A name that is the
// qualified one of a constant and in the table that of another means the former; to AOTInductor's functions, the latter. `mode` is a sum.
enum {
  TOROID_UPDATE_INACTIVE = 1,  // the inactive set and not the active one
  TOROID_UPDATE_WHOLE = 2,     // every parameter must be given
  TOROID_UPDATE_BORROWED = 4,  // the memory is borrowed, and not copied
};
TOROID_EXPORT int32_t toroid_container_update_constants(
    AOTInductorModelContainerHandle container, const char* const* names, const AOTInductorArrayRefTensor* tensors, int64_t count, int32_t mode);
// Copies the value of a constant, by its place in the table, to memory of exactly its size.
TOROID_EXPORT int32_t toroid_container_read_constant(
    AOTInductorModelContainerHandle container, int32_t constant, void* target, int64_t bytes, bool use_inactive);
// Runs one entry; thread-safe; allocates nothing once warm. Outputs with data must have exactly the dtype, sizes and strides that the
// inputs imply. If an output's data is null, its dtype, sizes and strides are filled in, nothing is run and the result is
// TOROID_SIZES_FILLED: give it memory (an address even if it has no elements) and call again. What is
// written, outputs and inputs that the entry updates, shares memory with nothing else of the call.
// An output with sizes that depend on data (they are filled in as -1) needs no memory: if its data is null when the run succeeds, it has
// new memory, to be freed by free(). With memory of the caller's, which must have the sizes that come out, the call fails if it has others.
TOROID_EXPORT int32_t toroid_container_run(
    AOTInductorModelContainerHandle container, int32_t entry, const AOTInductorArrayRefTensor* inputs, int64_t num_inputs,
    AOTInductorArrayRefTensor* outputs, int64_t num_outputs);

// Gives the states of the model their first values, when runs that are under way have ended. A model with states has one instance,
// whatever number was asked for: its runs follow one another. For several independent states make several containers.
TOROID_EXPORT int32_t toroid_container_reset_states(AOTInductorModelContainerHandle container);

// Operators of the model's author that the host computes: the host is called with the operator's name, its arguments in the order of its
// schema, then the memory for its results. It gives 0, or another number by which it will know the reason again (TOROID_HOST_LAST_REASON),
// and a message in `message`. It is called by the thread that runs the model, which need not be the caller's.
enum {
  TOROID_VALUE_NONE = 0,
  TOROID_VALUE_TENSOR = 1,
  TOROID_VALUE_TENSORS = 2,  // of Tensor[] or Tensor?[]: one that is left out has ndim -1
  TOROID_VALUE_INT = 3,
  TOROID_VALUE_INTS = 4,
  TOROID_VALUE_FLOAT = 5,
  TOROID_VALUE_FLOATS = 6,
  TOROID_VALUE_BOOL = 7,
  TOROID_VALUE_BOOLS = 8,
  TOROID_VALUE_TEXT = 9,
  TOROID_VALUE_DTYPE = 10,
  TOROID_VALUE_RESULT = 11,  // a tensor to fill
  TOROID_VALUE_DEVICE = 12,
};
typedef struct ToroidOperatorValue {
  int32_t kind;
  int32_t count;  // of a list
  union {
    int64_t integer;  // of a dtype, its code
    double number;
    const char* text;  // of a device, its name
    const int64_t* integers;
    const double* numbers;
    const AOTInductorArrayRefTensor* tensors;
  };
} ToroidOperatorValue;
typedef int64_t (*ToroidOperatorHost)(const char* name, const ToroidOperatorValue* values, int32_t count, char* message, int64_t capacity);
TOROID_EXPORT int32_t toroid_container_set_operators(AOTInductorModelContainerHandle container, ToroidOperatorHost host);

// The functions above and below by number, all through one type of function, which is that of toroid_container_run: to some hosts each
// type costs time when they start. `object` is the container or pool; what is not used is 0.
enum {
  TOROID_HOST_ABI_VERSION = 0,       // gives the version
  TOROID_HOST_MODEL_NAME = 1,        // b: const char**, here and in the next three
  TOROID_HOST_MODEL_ISA = 2,
  TOROID_HOST_MODEL_DESCRIPTION = 3,
  TOROID_HOST_LAST_ERROR = 4,
  TOROID_HOST_CONTAINER_CREATE = 5,  // object: the pool; a: instances, b: AOTInductorModelContainerHandle*
  TOROID_HOST_CONTAINER_DELETE = 6,
  TOROID_HOST_LOAD_FILE = 7,         // a: the path
  TOROID_HOST_SET_CONSTANTS = 8,     // a: the addresses, b: their number
  TOROID_HOST_POOL_CREATE = 9,       // a: threads, b: ToroidPool**
  TOROID_HOST_POOL_DELETE = 10,
  TOROID_HOST_RESET_STATES = 11,
  TOROID_HOST_SET_OPERATORS = 12,    // object: the container; a: ToroidOperatorHost
  TOROID_HOST_LAST_REASON = 13,      // b: int64_t*: what the host gave when an operator of its own ended this thread's last run, or 0
  // object: the container
  TOROID_HOST_UPDATE_CONSTANTS = 14,  // a: names, b: tensors, c: their number, d: mode
  TOROID_HOST_READ_CONSTANT = 15,     // a: its place, b: the target, c: bytes, d: whether of the inactive set
  TOROID_HOST_SWAP_CONSTANTS = 16,
  TOROID_HOST_FREE_INACTIVE = 17,
  TOROID_HOST_FOLD_CONSTANTS = 18,    // a: whether of the inactive set
  TOROID_HOST_INSTANCES = 19,         // gives their number
};
TOROID_EXPORT int32_t toroid_host_call(int64_t object, int32_t function, int64_t a, int64_t b, int64_t c, int64_t d);

TOROID_EXPORT int32_t toroid_pool_create(int32_t threads, struct ToroidPool** pool);
TOROID_EXPORT int32_t toroid_pool_delete(struct ToroidPool* pool);

#ifdef __cplusplus
}
#endif
