// Files and directories of a test, in the directory of temporary files, gone with their objects.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "testing.h"

namespace testing {

// A path of the process's own.
struct TemporaryPath {
  char path[512];
  TemporaryPath() {
    static int made = 0;
    const char* const given = getenv("TMPDIR");
    const char* const directory = given == nullptr || *given == 0 ? "/tmp" : given;
    const int length = snprintf(path, sizeof path, "%s/toroid-test-%d-%d", directory, static_cast<int>(getpid()), made++);
    if (length >= static_cast<int>(sizeof path)) fail("the directory of temporary files, TMPDIR, has too long a name: %s", directory);
  }
  TemporaryPath(const TemporaryPath&) = delete;
  TemporaryPath& operator=(const TemporaryPath&) = delete;

  void require(bool made) const {
    if (!made) fail("%s cannot be made: %s; set TMPDIR to a directory that can be written to", path, strerror(errno));
  }
};

struct TemporaryFile : TemporaryPath {
  TemporaryFile(const void* content, int64_t bytes) {
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    require(file >= 0);
    for (int64_t written = 0; written < bytes;) {
      const ssize_t more = write(file, static_cast<const char*>(content) + written, static_cast<size_t>(bytes - written));
      if (more < 0) fail("%lld bytes cannot be written to %s: %s", static_cast<long long>(bytes), path, strerror(errno));
      written += more;
    }
    close(file);
  }
  ~TemporaryFile() { unlink(path); }
};

// Empty, and to be empty again in the end.
struct TemporaryDirectory : TemporaryPath {
  TemporaryDirectory() { require(mkdir(path, 0700) == 0); }
  ~TemporaryDirectory() { rmdir(path); }
};

}  // namespace testing
