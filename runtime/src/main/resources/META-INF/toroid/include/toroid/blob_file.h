// The file of a model's constants, as the compiler wrote it, in memory.
//
// It is mapped, so that of a table of embeddings only the rows that are looked up are ever read. Constants that the compiler computed,
// which are packed weights in the main, are read in whole by every run; many of them are read into large pages instead, in which a
// processor goes through them up to twice as fast, and which a mapped file does not have.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <toroid/container.h>
#include <toroid/pool.h>
#include <toroid/tensor.h>
#include <unistd.h>

namespace toroid {

constexpr int64_t kReadGrain = 8 << 20;  // bytes that are worth another thread

struct BlobFile {
  void* mapping;
  int64_t bytes;
  char* copy;          // of [begin, end), or null
  int64_t begin, end;

  const void* at(int64_t offset) const {
    if (copy != nullptr && offset >= begin && offset < end) return copy + (offset - begin);
    return static_cast<const char*>(mapping) + offset;
  }

  void close() {
    if (mapping != nullptr) munmap(mapping, static_cast<size_t>(bytes));
    free(copy);
  }
};

// False with errno set, or 0 if the file is too short.
inline bool read_fully(int file, char* target, int64_t bytes, int64_t offset) {
  while (bytes > 0) {
    const ssize_t count = pread(file, target, static_cast<size_t>(bytes), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      if (count == 0) errno = 0;
      return false;
    }
    target += count;
    offset += count;
    bytes -= count;
  }
  return true;
}

// Where the constants lie that the compiler computed.
inline void find_prepared(const Model& model, BlobFile* blob) {
  blob->begin = blob->end = 0;
  for (int32_t i = 0; i < model.constant_count; i++) {
    const ConstantInfo& info = model.constants[i];
    if (info.type != kFolded || info.offset < 0) continue;
    if (blob->end == 0) blob->begin = info.offset;  // offsets rise
    blob->end = info.offset + info.bytes;
  }
}

inline bool read_prepared(int file, const ToroidPool* pool, BlobFile* blob) {
  const int64_t bytes = blob->end - blob->begin;
  if (bytes < kLargeFrom) return true;
  blob->copy = static_cast<char*>(allocate_large(bytes));
  if (blob->copy == nullptr) return true;  // the mapping has it too
  const int64_t pages = (bytes + kLargePage - 1) / kLargePage;
  int32_t failed = -1;
  parallel_for(pool, pages, kReadGrain / kLargePage, [&](int64_t first, int64_t last) {
    const int64_t from = first * kLargePage, to = last == pages ? bytes : last * kLargePage;
    if (!read_fully(file, blob->copy + from, to - from, blob->begin + from)) __atomic_store_n(&failed, errno, __ATOMIC_RELAXED);
  });
  errno = failed;
  return failed < 0;
}

inline bool open_blob(const Model& model, int file, const ToroidPool* pool, BlobFile* blob) {
  void* mapping = mmap(nullptr, static_cast<size_t>(blob->bytes), PROT_READ, MAP_PRIVATE, file, 0);
  if (mapping == MAP_FAILED) return false;
  blob->mapping = mapping;
  find_prepared(model, blob);
  return read_prepared(file, pool, blob);
}

// The message is set when the result is not TOROID_SUCCESS; then nothing is to be closed.
inline int32_t open_blob(const Model& model, const char* path, const ToroidPool* pool, BlobFile* blob) {
  *blob = {};
  if (path == nullptr) return failure("%s: the path of the constants is null", model.name);
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0) {
    const int reason = errno;
    if (file >= 0) close(file);
    return failure("%s: the constants cannot be read from %s: %s", model.name, path, strerror(reason));
  }
  blob->bytes = static_cast<int64_t>(status.st_size);
  int32_t result = TOROID_SUCCESS;
  if (blob->bytes != model.blob_bytes) {
    result = failure(
        "%s: %s has %lld bytes of constants instead of %lld", model.name, path, static_cast<long long>(blob->bytes),
        static_cast<long long>(model.blob_bytes));
  } else if (blob->bytes > 0 && !open_blob(model, file, pool, blob)) {
    result = failure(
        "%s: the constants cannot be read from %s: %s", model.name, path, errno == 0 ? "it became shorter" : strerror(errno));
    blob->close();
  }
  close(file);
  return result;
}

}  // namespace toroid
