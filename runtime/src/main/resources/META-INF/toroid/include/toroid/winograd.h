// Convolution with a 3x3 window by Winograd's minimal filtering F(2x2, 3x3): 16 products for each 2x2 outputs instead of 36.
//
//   Y = A' [ (G g G') * (B' d B) ] A      d: a 4x4 tile of the image, g: the 3x3 weights, Y: 2x2 outputs
//
// B' d B is a vector of channels for each of 16 places; so are the sums over channels; for each place the step between is a product of
// matrices [tiles, cin] * [cin, cout]. G g G' is computed when weights are packed. Tiles are taken in blocks whose transformed inputs and
// sums stay in the first two caches, on the stack.
//
// Rounding: sums are shorter, so the error is smaller than that of direct convolution. Measured by convolution_test for sums of unit
// variance, root of the mean square and largest: 1.4e-7 and 8e-7 for 16 input channels (directly 1.9e-7, 1.1e-6), 6.3e-7 and 3.3e-6 for
// 512 (directly 1.1e-6, 6.3e-6).
//
// NaN reaches the outputs whose window it is in and no others, as directly. Infinities may become NaN there, and what is near the
// largest float may overflow, because inputs and products are added that direct convolution does not add. A shape with
// /* Winograd= */ false does without.
#pragma once

#include <toroid/convolution_image.h>

namespace toroid {
namespace tile {

constexpr int kWinogradInputs = 8, kWinogradOutputs = 16;  // channels from which transformation is worth its while
constexpr int kPlaces = 16;                                // of a transformed tile
constexpr int64_t kWinogradTiles = 12;                     // in a block
constexpr int64_t kWinogradChannels = 64;                  // of the input, in a block
constexpr int64_t kWinogradVectors = kColumnUnit;          // of output channels, in a block
constexpr int64_t kWinogradAhead = 2048;                   // how far ahead weights are fetched that leave the second-level cache
constexpr int64_t kWinogradCached = 256 << 10;             // bytes of weights that do not

template <class Tile, class Shape>
constexpr bool kWinogradShape = Shape::kWinograd && __is_same(typename Tile::Element, float) && Tile::kRows % 6 == 0 && Shape::kKernelH == 3 &&
                                Shape::kKernelW == 3 && Shape::kStrideH == 1 && Shape::kStrideW == 1 && Shape::kDilationH == 1 &&
                                Shape::kDilationW == 1 && Shape::kGroups == 1;
template <class Tile, class Shape>
constexpr bool is_winograd(int64_t cin, int64_t cout) {
  return kWinogradShape<Tile, Shape> && cin >= kWinogradInputs && cout >= kWinogradOutputs;
}

/// Where weights lie: in the order in which they are used, [blocks of vectors][blocks of cin][16][pairs of vectors][cin][2][Lanes].
template <int L>
struct WinogradPanels {
  int64_t cin, vectors;

  /// Of the first weights for input channels from c on, a multiple of kWinogradChannels, for a place and for vectors from v on, v being even.
  int64_t offset(int64_t c, int place, int64_t v) const {
    const int64_t first = v / kWinogradVectors * kWinogradVectors, width = smaller(kWinogradVectors, vectors - first);
    const int64_t channels = smaller(kWinogradChannels, cin - c);
    return ((first * cin + width * c) * kPlaces + (place * width + v - first) * channels) * L;
  }
};

/// Packs G g G'.
template <class Tile>
void pack_winograd(const ToroidPool* pool, int64_t cin, int64_t cout, const typename Tile::Element* weight, typename Tile::Element* packed) {
  constexpr int L = Tile::kLanes;
  typedef typename Tile::Element T;
  typedef Vec<double, L> V;
  const WinogradPanels<L> panels = {cin, ceil_divide(cout, L)};
  parallel_for(pool, panels.vectors * cin, 256, [=](int64_t begin, int64_t end) {
    for (int64_t index = begin; index < end; ++index) {
      const int64_t v = index / cin, co = v * L, ci = index % cin;
      V rows[4][3];
      for (int w = 0; w < 3; ++w) {
        V g[3];
        for (int h = 0; h < 3; ++h)
          g[h] = convert<double>(Vec<T, L>::strided(weight + (co * cin + ci) * 9 + h * 3 + w, cin * 9, smaller(cout - co, L)));
        rows[0][w] = g[0];
        rows[1][w] = (g[0] + g[1] + g[2]) * 0.5;
        rows[2][w] = (g[0] - g[1] + g[2]) * 0.5;
        rows[3][w] = g[2];
      }
      const int64_t pair = v / 2 * 2, c = ci / kWinogradChannels * kWinogradChannels;
      T* target = packed + ((ci - c) * smaller(2, panels.vectors - pair) + v - pair) * L;
      for (int h = 0; h < 4; ++h) {
        const V(&g)[3] = rows[h];
        convert<T>(g[0]).store(target + panels.offset(c, h * 4, pair));
        convert<T>((g[0] + g[1] + g[2]) * 0.5).store(target + panels.offset(c, h * 4 + 1, pair));
        convert<T>((g[0] - g[1] + g[2]) * 0.5).store(target + panels.offset(c, h * 4 + 2, pair));
        convert<T>(g[2]).store(target + panels.offset(c, h * 4 + 3, pair));
      }
    }
  });
}

/// sums[R][W * Lanes] = (resume ? sums : 0) + inputs[R][k] times b[k][W * Lanes]; rows of inputs lie Pitch apart, those of sums Step.
/// Far: the weights are not near.
template <class Tile, int R, int W, int64_t Pitch, int64_t Step, bool Far>
TOROID_NOINLINE void winograd_product(const typename Tile::Element* inputs, int64_t k, const typename Tile::Element* b, typename Tile::Element* sums,
                                      bool resume) {
  typedef typename Tile::Element T;
  constexpr int L = Tile::kLanes;
  typedef Vec<T, L> V;
  V c[R][W];
  TOROID_UNROLL for (int r = 0; r < R; ++r)
    TOROID_UNROLL for (int w = 0; w < W; ++w) c[r][w] = V::broadcast(T(0));
  if (resume) {
    TOROID_UNROLL for (int r = 0; r < R; ++r)
      TOROID_UNROLL for (int w = 0; w < W; ++w) c[r][w] = V::load(sums + r * Step + w * L);
  }
  for (const T* end = inputs + k; inputs < end; ++inputs, b += W * L) {
    if constexpr (Far) {
      TOROID_UNROLL for (int w = 0; w < W; ++w) __builtin_prefetch(b + kWinogradAhead + w * L);
    }
    V v[W];
    TOROID_UNROLL for (int w = 0; w < W; ++w) v[w] = V::load(b + w * L);
    TOROID_UNROLL for (int r = 0; r < R; ++r) {
      const V a = V::broadcast(inputs[r * Pitch]);
      TOROID_UNROLL for (int w = 0; w < W; ++w) c[r][w] = fma(a, v[w], c[r][w]);
    }
  }
  TOROID_UNROLL for (int r = 0; r < R; ++r)
    TOROID_UNROLL for (int w = 0; w < W; ++w) c[r][w].store(sums + r * Step + w * L);
}

/// All 2x2 tiles of outputs on one thread.
template <class Tile, class Cin, class Cout, class E>
struct WinogradConvolution {
  typedef typename Tile::Element T;
  static constexpr int L = Tile::kLanes;
  typedef Vec<T, L> V;
  static constexpr int64_t kRows = Tile::kRows;
  static constexpr int64_t kPitch = kKnown<Cin> >= 0 && kKnown<Cin> < kWinogradChannels ? ceil_divide(kKnown<Cin>, L) * L : kWinogradChannels;
  static constexpr int64_t kVectors = kKnown<Cout> >= 0 ? smaller(ceil_divide(kKnown<Cout>, L), kWinogradVectors) : kWinogradVectors;
  static constexpr int64_t kStep = kVectors * L;
  static constexpr int64_t kWeightBytes = kPlaces * kKnown<Cin> * kKnown<Cout> * static_cast<int64_t>(sizeof(T));
  static constexpr bool kFar = kKnown<Cin> < 0 || kKnown<Cout> < 0 || kWeightBytes > kWinogradCached;

  const Image<T>& image;
  const Image<T>& tiles;  // the same, output_h and output_w being counted in tiles
  int64_t padding_h, padding_w;
  Cin cin;
  Cout cout;
  const T* packed;
  E& epilogue;

  /// Tiles of all images, counted through, by panels of output channels.
  void run(Range mine, Range panels) const {
    alignas(64) T inputs[kPlaces * kWinogradTiles * kPitch];
    alignas(64) T sums[kPlaces * kWinogradTiles * kStep];
    const int64_t all = mine.end - mine.begin, blocks = ceil_divide(all, kWinogradTiles);
    Pixel places[kWinogradTiles], place = Pixel::at(tiles, mine.begin);
    for (int64_t block = 0; block < blocks; ++block) {
      const Range part = split(ceil_divide(all, kHeight), blocks, block);
      const int64_t count = smaller(part.end * kHeight, all) - part.begin * kHeight;
      for (int64_t t = 0; t < count; ++t, place.next(tiles)) places[t] = place;
      for (int64_t v = panels.begin; v < panels.end; v += kVectors) {
        const int64_t width = smaller(kVectors, panels.end - v);
        for (int64_t c = 0; c < cin; c += kPitch) {
          const int64_t channels = smaller(kPitch, cin - c);
          if (cin > kPitch || v == panels.begin) transform_inputs(places, count, c, channels, inputs);
          multiply(inputs, count, c, channels, v, width, sums);
        }
        for (int64_t t = 0; t < count; ++t) transform_outputs(places[t], sums + t * kStep, v, width);
      }
    }
  }

 private:
  static constexpr int kHeights = 6, kHeight = Tile::kRows / kHeights;  // register tiles may be this high, twice, … six times
  /// Tiles, and those that fill the last register tile.
  static constexpr int64_t padded(int64_t count) { return ceil_divide(count, kHeight) * kHeight; }

  /// Rows that fill the last register tile are zero.
  void transform_inputs(const Pixel* places, int64_t count, int64_t c, int64_t channels, T* inputs) const {
    for (int64_t t = 0; t < count; ++t) transform_input(places[t], c, channels, inputs + t * kPitch);
    for (int64_t t = count; t < padded(count); ++t)
      for (int place = 0; place < kPlaces; ++place)
        for (int64_t i = 0; i < channels; i += L) V::broadcast(T(0)).store(inputs + (place * kWinogradTiles + t) * kPitch + i);
  }

  void transform_input(const Pixel& place, int64_t c, int64_t channels, T* to) const {
    const int64_t ih = 2 * place.oh - padding_h, iw = 2 * place.ow - padding_w;
    const T* x = image.x + place.b * image.stride_b + c;
    const T* from[kPlaces];
    TOROID_UNROLL for (int h = 0; h < 4; ++h) {
      const bool row_inside = static_cast<uint64_t>(ih + h) < static_cast<uint64_t>(image.h);
      const T* row = x + (ih + h) * image.stride_h;
      TOROID_UNROLL for (int w = 0; w < 4; ++w) {
        const bool inside = row_inside & (static_cast<uint64_t>(iw + w) < static_cast<uint64_t>(image.w));
        from[h * 4 + w] = inside ? row + (iw + w) * image.stride_w : kZeros<T>;
      }
    }
    if constexpr (kKnown<Cin> >= 0 && kKnown<Cin> % L == 0) {
      for (int64_t i = 0; i < channels; i += L) transform_vector(from, i, Full<L>{}, to + i);
    } else {
      int64_t i = 0;
      for (; i + L <= channels; i += L) transform_vector(from, i, Full<L>{}, to + i);
      if (i < channels) transform_vector(from, i, channels - i, to + i);
    }
  }

  /// B' d, for one column or, transposed, for one row.
  static TOROID_INLINE void transform_four(V a, V b, V c, V d, V (&to)[4]) {
    to[0] = a - c;
    to[1] = b + c;
    to[2] = c - b;
    to[3] = b - d;
  }

  template <class Count>
  static TOROID_INLINE void transform_vector(const T* const (&from)[kPlaces], int64_t i, Count count, T* to) {
    V columns[4][4];
    TOROID_UNROLL for (int w = 0; w < 4; ++w)
      transform_four(V::load(from[w] + i, count), V::load(from[4 + w] + i, count), V::load(from[8 + w] + i, count), V::load(from[12 + w] + i, count),
                     columns[w]);
    TOROID_UNROLL for (int h = 0; h < 4; ++h) {
      V row[4];
      transform_four(columns[0][h], columns[1][h], columns[2][h], columns[3][h], row);
      TOROID_UNROLL for (int w = 0; w < 4; ++w) row[w].store(to + (h * 4 + w) * kWinogradTiles * kPitch);
    }
  }

  void multiply(const T* inputs, int64_t count, int64_t c, int64_t channels, int64_t vector, int64_t width, T* sums) const {
    const T* b = packed + WinogradPanels<L>{cin, ceil_divide(cout, L)}.offset(c, 0, vector);
    for (int place = 0; place < kPlaces; ++place) {
      const T* from = inputs + place * kWinogradTiles * kPitch;
      T* to = sums + place * kWinogradTiles * kStep;
      int64_t w = 0;
      if constexpr (kVectors >= 2) {
        for (; w + 2 <= width; w += 2, b += 2 * channels * L) product<2>(from, count, channels, b, to + w * L, c > 0);
      }
      if constexpr (kVectors % 2 != 0 || kKnown<Cout> < 0 || kKnown<Cout> > kStep) {
        if (w < width) {
          product<1>(from, count, channels, b, to + w * L, c > 0);
          b += channels * L;
        }
      }
    }
  }

  template <int W>
  TOROID_INLINE void product(const T* from, int64_t count, int64_t channels, const T* b, T* to, bool resume) const {
    for (int64_t t = 0; t < count; t += kRows, from += kRows * kPitch, to += kRows * kStep) {
      switch (smaller(kRows, padded(count) - t) / kHeight) {
        case 1: tile<1, W>(from, channels, b, to, resume); break;
        case 2: tile<2, W>(from, channels, b, to, resume); break;
        case 3: tile<3, W>(from, channels, b, to, resume); break;
        case 4: tile<4, W>(from, channels, b, to, resume); break;
        case 5: tile<5, W>(from, channels, b, to, resume); break;
        default: tile<kHeights, W>(from, channels, b, to, resume);
      }
    }
  }

  template <int Height, int W>
  static TOROID_INLINE void tile(const T* from, int64_t channels, const T* b, T* to, bool resume) {
    winograd_product<Tile, Height * kHeight, W, kPitch, kStep, kFar>(from, channels, b, to, resume);
  }

  void transform_outputs(const Pixel& place, const T* sums, int64_t vector, int64_t width) const {
    alignas(64) T outputs[4 * kStep];
    for (int64_t w = 0; w < width; ++w) transform_output(sums + w * L, outputs + w * L);
    for (int64_t h = 0; h < 2; ++h) {
      for (int64_t column = 0; column < 2; ++column) {
        const int64_t oh = 2 * place.oh + h, ow = 2 * place.ow + column;
        if (oh < image.output_h && ow < image.output_w)
          finish_pixel<Tile>(Pixel{place.b, oh, ow}, vector * L, cout, 0, static_cast<int>(width), outputs + (h * 2 + column) * kStep, epilogue);
      }
    }
  }

  static TOROID_INLINE void transform_output(const T* sums, T* outputs) {
    V rows[2][4];
    TOROID_UNROLL for (int w = 0; w < 4; ++w) {
      V column[4];
      TOROID_UNROLL for (int h = 0; h < 4; ++h) column[h] = V::load(sums + (h * 4 + w) * kWinogradTiles * kStep);
      rows[0][w] = column[0] + column[1] + column[2];
      rows[1][w] = column[1] - column[2] - column[3];
    }
    TOROID_UNROLL for (int h = 0; h < 2; ++h) {
      (rows[h][0] + rows[h][1] + rows[h][2]).store(outputs + 2 * h * kStep);
      (rows[h][1] - rows[h][2] - rows[h][3]).store(outputs + (2 * h + 1) * kStep);
    }
  }
};

}  // namespace tile
}  // namespace toroid
