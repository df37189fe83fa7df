// What kernels read and write as it is printed, saved, and asserted.
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <toroid/kernel_values.h>

#include "call_testing.h"
#include "temporary.h"
#include "testing.h"

namespace {

using namespace toroid;
inline void expect(bool condition, const char* what) { testing::expect(condition, what, 0); }
using testing::Run;

constexpr ToroidKernel kLog = {"run", "cpp_fused_log_2", "log", "M.java:12"};
constexpr ToroidKernel kUnknown = {"run", "cpp_fused_copy_3", "", ""};

// What `print` writes to stderr.
template <class F>
const char* printed(F print) {
  static char text[8192];
  FILE* const file = tmpfile();
  const int before = dup(STDERR_FILENO);
  expect(file != nullptr && before >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0, "stderr goes into a file");
  print();
  fflush(stderr);
  dup2(before, STDERR_FILENO);
  close(before);
  rewind(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  return text;
}

void expect_text(const char* actual, const char* expected) {
  testing::count_check();
  if (strcmp(actual, expected) != 0) testing::complain("expected \"%s\" and got \"%s\"", expected, actual);
}

void printing() {
  expect_text(printed([] { print_kernel(kLog); }), "toroid: cpp_fused_log_2 (log at M.java:12)\n");
  expect_text(printed([] { print_kernel(kUnknown); }), "toroid: cpp_fused_copy_3\n");
  const float x[6] = {1, 2, 3, 4, 5, -6};
  expect_text(
      printed([&] { print_value(kLog, "before", kernel_value("x", x, 2, 3)); }),
      "toroid: before cpp_fused_log_2 (log at M.java:12): x f32[2, 3] from -6 to 5, mean 1.5: 1, 2, 3, 4, 5, -6\n");
  expect_text(
      printed([&] { print_value(kUnknown, "after", kernel_value("x", x, 3, 2).with_strides(1, 3)); }),
      "toroid: after cpp_fused_copy_3: x f32[3, 2] from -6 to 5, mean 1.5: 1, 4, 2, 5, 3, -6\n");
  const double y[3] = {__builtin_nan(""), -__builtin_inf(), 0.5};
  expect_text(
      printed([&] { print_value(kUnknown, "after", kernel_value("y", y, 3)); }),
      "toroid: after cpp_fused_copy_3: y f64[3] from 0.5 to 0.5, mean 0.5, 1 nan, 1 infinite: nan, -inf, 0.5\n");
  const int64_t z[9] = {9, 8, 7, 6, 5, 4, 3, 2, 1};
  expect_text(
      printed([&] { print_value(kUnknown, "after", kernel_value("z", z, 9)); }),
      "toroid: after cpp_fused_copy_3: z i64[9] from 1 to 9, mean 5: 9, 8, 7, 6, 5, 4, 3, 2, ...\n");
  expect_text(printed([&] { print_value(kUnknown, "after", kernel_value("z", z, 0, 4)); }), "toroid: after cpp_fused_copy_3: z i64[0, 4]\n");
  const Half half = convert<Half>(1.5f);
  expect_text(printed([&] { print_value(kUnknown, "after", kernel_value("h", &half)); }), "toroid: after cpp_fused_copy_3: h f16[] from 1.5 to 1.5, mean 1.5: 1.5\n");
}

void assertions() {
  const float x[6] = {1, 2, __builtin_nanf(""), 4, __builtin_inff(), 6};
  {
    Run run;
    expect(!expect_finite(run.call, &kLog, kernel_value("log_0", x, 2, 3), kNan), "nan is refused");
    expect_text(run.text, "cpp_fused_log_2 (log at M.java:12) has left log_0[0, 2] = nan, of f32");
  }
  {
    Run run;
    expect(!expect_finite(run.call, nullptr, kernel_value("x", x, 6), kInfinity), "an infinite element is refused");
    expect_text(run.text, "the input x[4] = inf, of f32");
  }
  Run run;
  expect(expect_finite(run.call, nullptr, kernel_value("x", x, 2), kNan | kInfinity) && !run.call.failed(), "finite ones pass");
  expect(expect_finite(run.call, nullptr, kernel_value("x", x + 3, 3), kNan), "infinite ones pass if only nan is refused");
  const BFloat16 bad = {0x7FC0};
  expect(!expect_finite(run.call, nullptr, kernel_value("b", &bad), kNan) && run.says("the input b[] = nan, of bf16"), "a bf16");
}

// The bytes of a file, whose length is what read gives.
int64_t contents(const char* path, char* bytes, int64_t capacity) {
  FILE* const file = fopen(path, "rb");
  expect(file != nullptr, path);
  const size_t count = fread(bytes, 1, static_cast<size_t>(capacity), file);
  fclose(file);
  return static_cast<int64_t>(count);
}

void saving() {
  const testing::TemporaryDirectory directory;
  char path[600], bytes[512];
  setenv("TOROID_VALUES", directory.path, 1);
  Run run;
  const float x[6] = {1, 2, 3, 4, 5, 6};
  expect(save_value(run.call, kLog, "before", kernel_value("x", x, 3, 2).with_strides(1, 3)), run.text);
  snprintf(path, sizeof path, "%s/000000-before-cpp_fused_log_2-x.npy", directory.path);
  expect(contents(path, bytes, sizeof bytes) == 128 + 24, "a header of 128 bytes and six floats");
  expect(memcmp(bytes, "\x93NUMPY\x01\x00\x76\x00", 10) == 0, "the magic number");
  expect(strncmp(bytes + 10, "{'descr': '<f4', 'fortran_order': False, 'shape': (3,2,), } ", 59) == 0 && bytes[127] == '\n', "the header");
  const float expected[6] = {1, 4, 2, 5, 3, 6};
  expect(memcmp(bytes + 128, expected, sizeof expected) == 0, "the elements in row-major order");
  unlink(path);
  const BFloat16 b[1] = {{0x3FC0}};
  expect(save_value(run.call, kUnknown, "after", kernel_value("b", b)), run.text);
  snprintf(path, sizeof path, "%s/000001-after-cpp_fused_copy_3-b.npy", directory.path);
  expect(contents(path, bytes, sizeof bytes) == 128 + 4 && strstr(bytes + 10, "'<f4'") != nullptr && strstr(bytes + 10, "'shape': (), }") != nullptr, "bf16 as f32");
  float wide;
  memcpy(&wide, bytes + 128, sizeof wide);
  expect(wide == 1.5f, "the value of a bf16");
  unlink(path);
  setenv("TOROID_VALUES", "/proc/none", 1);
  expect(!save_value(run.call, kUnknown, "after", kernel_value("b", b)), "no such directory");
  expect(run.says("/proc/none/000002-after-cpp_fused_copy_3-b.npy cannot be written: No such file or directory; name a directory by the"), run.text);
}

}  // namespace

int main() {
  printing();
  assertions();
  saving();
  return testing::finish();
}
