// A call without a container, for kernels that may refuse what they read.
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <toroid/container.h>

// As the container's, but for the name of the model before the message.
inline bool toroid::Call::fail(const char* format, ...) {
  if (__atomic_exchange_n(&failure->state, 2, __ATOMIC_ACQ_REL) != 0) return false;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(failure->text, static_cast<size_t>(failure->capacity), format, arguments);
  va_end(arguments);
  return false;
}

namespace testing {

struct Run {
  char text[200] = "";
  toroid::Failure failure{text, sizeof text, 0, 0};
  toroid::Call call{};
  Run() { call.failure = &failure; }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  bool says(const char* part) const { return strstr(text, part) != nullptr; }
};

}  // namespace testing
