// What a library exports besides the functions of abi.h if it was built with the option toroid.instrument=profile. Plain C, and
// Toroid's own: AOTInductor's profiles are PyTorch's.
#pragma once

#include <toroid/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

// A place in a model's entry that runs a kernel. Texts live as long as the library.
typedef struct ToroidKernel {
  const char* entry;      // "constants": it folds constants
  const char* name;       // of the C++ function, which several places may run
  const char* operators;  // that the author called: "linear, gelu"
  const char* lines;      // of the model's source: "DigitsMlp.java:22"; "" if none is known
} ToroidKernel;

// A kernel that ran, or a call of an entry as a whole. Folding constants is such a call, with the number after the last entry's.
typedef struct ToroidKernelRun {
  int64_t kernel;       // its place in the table; -1 - e for a call of entry e
  int64_t call;         // the number of the call that it was a part of, from 1 on
  int64_t thread;       // of the operating system; a kernel may be helped by others
  int64_t start;        // CLOCK_MONOTONIC, in nanoseconds
  int64_t nanoseconds;
  int64_t bytes;        // of the tensors that it reads and writes, each counted once
  int64_t operations;   // arithmetic ones on floating-point numbers
} ToroidKernelRun;

TOROID_EXPORT int32_t toroid_profile_kernels(const ToroidKernel** kernels, int64_t* count);

// Copies what was recorded from number *next on, at most `capacity` runs, in the order in which they ended, and moves *next behind
// them; the result is how many. *next < 0 moves it behind all that has been recorded. The last 65,536 runs are kept; *lost is how many of
// those asked for were not there any more. Any thread may read, each with a `next` of its own.
TOROID_EXPORT int64_t toroid_profile_read(int64_t* next, ToroidKernelRun* runs, int64_t capacity, int64_t* lost);

#ifdef __cplusplus
}
#endif
