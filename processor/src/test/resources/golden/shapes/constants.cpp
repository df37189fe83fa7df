// The constants of the model: stored ones, then those computed from them.
#include <toroid/container.h>
#include <toroid/convolution.h>
#include <toroid/gemm.h>

namespace toroid::generated {

extern const ConstantInfo* const constants;
extern const int64_t folded_bytes;

static constexpr int64_t aligned(int64_t bytes) { return (bytes + 63) / 64 * 64; }
static constexpr int64_t sizes_0[] = {40, 24};
static constexpr int64_t strides_0[] = {24, 1};
static constexpr int64_t sizes_1[] = {40};
static constexpr int64_t strides_1[] = {1};
static constexpr int64_t sizes_2[] = {16, 3, 3, 3};
static constexpr int64_t strides_2[] = {27, 9, 3, 1};
static constexpr int64_t sizes_3[] = {16};
static constexpr int64_t strides_3[] = {1};
static constexpr int64_t sizes_4[] = {1, 24, 48};
static constexpr int64_t strides_4[] = {1152, 48, 1};
static constexpr int64_t bytes_4 = (packed_size<DefaultTile<float>>(40, 24)) * 4;
static_assert(bytes_4 == 4608);  // as the blob has it
static constexpr int64_t folded_4 = 0;
static constexpr int32_t sources_4[] = {0};
static constexpr int64_t sizes_5[] = {27, 16};
static constexpr int64_t strides_5[] = {16, 1};
static constexpr int64_t bytes_5 = (convolution_packed_size<DefaultTile<float>, Convolution2dShape<3, 3, 1, 1, 1, 1, 1, 1, 1>>(3, 16)) * 4;
static constexpr int64_t folded_5 = folded_4 + aligned(bytes_4);
static constexpr int32_t sources_5[] = {2};
const int64_t folded_bytes = folded_5 + aligned(bytes_5);

static constexpr ConstantInfo table[] = {
  {"linear_weight", "linear.weight", 1, 6, 2, sizes_0, strides_0, -1, 3840, nullptr, 0},
  {"linear_bias", "linear.bias", 1, 6, 1, sizes_1, strides_1, 0, 160, nullptr, 0},
  {"convolution_weight", "convolution.weight", 1, 6, 4, sizes_2, strides_2, 192, 1728, nullptr, 0},
  {"convolution_bias", "convolution.bias", 1, 6, 1, sizes_3, strides_3, 1920, 64, nullptr, 0},
  {"linear_weight_packed", "_folded.linear_weight_packed", 4, 6, 3, sizes_4, strides_4, 1984, bytes_4, nullptr, folded_4, 1, sources_4},
  {"convolution_weight_packed", "_folded.convolution_weight_packed", 4, 6, 2, sizes_5, strides_5, -1, bytes_5, nullptr, folded_5, 1, sources_5},
};
const ConstantInfo* const constants = table;

}  // namespace toroid::generated
