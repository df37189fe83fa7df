// Two-dimensional convolution, channels last, with the caller's epilogue.
//
//   y[b, oh, ow, co] = sum over kh, kw, ci of x[b, oh * SH - PH + kh * DH, ow * SW - PW + kw * DW, ci] * weight[co, ci, kh, kw]
//
// A product of matrices whose rows, one for each output pixel, are read in place: a row is the KH runs of KW * C elements below the
// window. Where padding makes windows leave the image there are two ways. Small images and thin ones (few channels) are copied with
// their border of zeros, band by band, into a patch on the stack, which costs next to nothing beside the products and keeps runs long.
// Large ones go tap by tap, a tap outside the image reading a row of zeros. Depthwise convolution is vectorized over channels, and 3x3
// windows with enough channels are transformed.
//
// Sums go to epilogue(b, oh, ow, co, Vec<T, Lanes> sums, count), as in gemm.h.
#pragma once

#include <toroid/convolution_patch.h>
#include <toroid/depthwise.h>
#include <toroid/thin_convolution.h>
#include <toroid/winograd.h>

namespace toroid {
namespace tile {

constexpr int64_t kPatchBytes = 48 << 10;
constexpr int64_t kIndirectChannels = 32;  // with so many, tap by tap costs little

/// One group on one thread.
template <class Tile, class Shape, class C, class E>
struct GroupConvolution {
  typedef typename Tile::Element T;
  static constexpr int L = Tile::kLanes;
  static constexpr int64_t kVectors = kKnown<C> < 0 ? -1 : ceil_divide(kKnown<C>, L);

  Image<T> image;
  C cout;  // of the group
  const T* packed;
  int64_t first_channel;  // of the group's output
  E& epilogue;

  int64_t k() const { return Shape::kTaps * image.cin; }

  /// Rows of all images, counted through, by panels of output channels.
  void run(Range rows, Range panels) {
    if (!Shape::kPadded) {
      direct({rows.begin * image.output_w, rows.end * image.output_w}, panels);
    } else if (!patched(rows, panels)) {
      indirect({rows.begin * image.output_w, rows.end * image.output_w}, panels);
    }
  }

 private:
  /// No window leaves its image.
  void direct(Range pixels, Range panels) {
    Runs runs = {Shape::kKernelH, Shape::kKernelW, image.cin, Shape::kDilationH * image.stride_h, Shape::kDilationW * image.stride_w, 0};
    if (Shape::kDilationW == 1 && image.stride_w == image.cin) runs = {runs.outer, 1, Shape::kKernelW * image.cin, runs.outer_stride, 0, 0};
    Pixel pixel = Pixel::at(image, pixels.begin);
    auto pointer = [&](int64_t) {
      const T* row = image.x + pixel.b * image.stride_b + pixel.oh * Shape::kStrideH * image.stride_h + pixel.ow * Shape::kStrideW * image.stride_w;
      pixel.next(image);
      return row;
    };
    auto finish = [&](int64_t index, int64_t count, int64_t vector, int width, const T* sums) {
      finish_pixels<Tile>(image, Pixel::at(image, index), count, vector * L, cout, first_channel, width, sums, epilogue);
    };
    run_tiles<Tile, kVectors, /* Split= */ false>(pixels, panels, Product<T>{runs, packed, k(), panels.end}, pointer, finish);
  }

  /// False if no sensible patch fits the stack.
  bool patched(Range rows, Range panels) {
    constexpr int64_t capacity = kPatchBytes / static_cast<int64_t>(sizeof(T));
    const WindowSize size = window_size<Shape>(image, capacity / image.cin);
    if (size.high < image.output_h && image.cin >= kIndirectChannels) return false;
    if (size.wide < smaller(Tile::kRows, image.output_w)) return false;
    alignas(64) T patch[capacity + L];
    for_patches<Tile, Shape>(image, rows, size, patch, [&](const Window& window) { in_patch(window, panels, patch); });
    return true;
  }

  void in_patch(const Window& window, Range panels, const T* patch) {
    const int64_t wide = window.ow.end - window.ow.begin, high = window.oh.end - window.oh.begin;
    const int64_t row_stride = patch_columns<Shape>(wide) * image.cin;
    Runs runs = {Shape::kKernelH, Shape::kKernelW, image.cin, Shape::kDilationH * row_stride, Shape::kDilationW * image.cin, 0};
    if (Shape::kDilationW == 1) runs = {runs.outer, 1, Shape::kKernelW * image.cin, runs.outer_stride, 0, 0};
    const T* row = patch;
    int64_t ow = 0;
    auto pointer = [&](int64_t) {
      const T* here = row + ow * Shape::kStrideW * image.cin;
      if (++ow == wide) {
        ow = 0;
        row += Shape::kStrideH * row_stride;
      }
      return here;
    };
    Image<T> part = image;  // pixels are counted within the window
    part.output_w = wide;
    part.output_h = high;
    auto element = [&](int64_t, int64_t oh, int64_t ow_in_window, int64_t co, Vec<T, L> sums, auto count) {
      epilogue(window.b, window.oh.begin + oh, window.ow.begin + ow_in_window, co, sums, count);
    };
    auto finish = [&](int64_t index, int64_t count, int64_t vector, int width, const T* sums) {
      finish_pixels<Tile>(part, Pixel::at(part, index), count, vector * L, cout, first_channel, width, sums, element);
    };
    run_tiles<Tile, kVectors, /* Split= */ false>({0, high * wide}, panels, Product<T>{runs, packed, k(), panels.end}, pointer, finish);
  }

  /// Where a window begins in its image, which may be outside.
  struct Corner {
    const T* x;  // of the image
    int64_t ih, iw;
  };

  void indirect(Range pixels, Range panels) {
    alignas(64) T sums[kBlockSums<Tile>];
    Corner corners[kBlockTiles * Tile::kRows];
    while (pixels.begin < pixels.end) {
      const int rows = next_rows(pixels.end - pixels.begin, highest_tile<Tile>(panels.end));
      const int tiles = tiles_in_block(pixels.end - pixels.begin, rows);
      const Pixel first = Pixel::at(image, pixels.begin);
      Pixel pixel = first;
      for (int r = 0; r < tiles * rows; ++r, pixel.next(image))
        corners[r] = {image.x + pixel.b * image.stride_b, pixel.oh * Shape::kStrideH - Shape::kPaddingH, pixel.ow * Shape::kStrideW - Shape::kPaddingW};
      for (int64_t v = panels.begin; v < panels.end;) {
        const int width = next_width<Tile>(panels.end - v, rows, /* known= */ kVectors >= 0);
        indirect_block(kernel_for<Tile, kVectors>(rows, width), corners, tiles, rows, packed + v * k() * L, width, sums);
        finish_pixels<Tile>(image, first, int64_t{tiles} * rows, v * L, cout, first_channel, width, sums, epilogue);
        v += width;
      }
      pixels.begin += tiles * rows;
    }
  }

  void indirect_block(MicroKernel<Tile> kernel, const Corner* corners, int tiles, int rows, const T* b, int width, T* sums) {
    bool resume = false;
    for (int kh = 0; kh < Shape::kKernelH; ++kh) {
      for (int kw = 0; kw < Shape::kKernelW; ++kw) {
        for (int64_t c = 0; c < image.cin; c += kZeroRow) {
          const Runs runs = {1, 1, smaller(kZeroRow, image.cin - c), 0, 0, 0};
          for (int t = 0; t < tiles; ++t) {
            const T* pointers[Tile::kRows];
            for (int r = 0; r < rows; ++r) pointers[r] = tap(corners[t * rows + r], kh, kw, c);
            kernel(pointers, runs, b, k() * L, sums + int64_t{t} * rows * width * L, resume, Ahead{reinterpret_cast<uintptr_t>(b), 0});
          }
          b += runs.length * L;
          resume = true;
        }
      }
    }
  }

  TOROID_INLINE const T* tap(const Corner& corner, int kh, int kw, int64_t channel) const {
    const int64_t ih = corner.ih + kh * Shape::kDilationH, iw = corner.iw + kw * Shape::kDilationW;
    const bool inside = static_cast<uint64_t>(ih) < static_cast<uint64_t>(image.h) && static_cast<uint64_t>(iw) < static_cast<uint64_t>(image.w);
    return inside ? corner.x + ih * image.stride_h + iw * image.stride_w + channel : kZeros<T>;
  }
};

}  // namespace tile

/// Convolution has panels one vector wide. Elements of the packed weights: for each group [ceil(cout / Lanes)][KH][KW][cin][Lanes]; depthwise [ceil(channels / Lanes)][KH][KW][Lanes];
/// transformed [16][ceil(cout / Lanes)][cin][Lanes].
template <class Tile, class Shape>
constexpr int64_t convolution_packed_size(int64_t cin, int64_t cout) {
  typedef typename Tile::OnVectorPanels V;
  if (tile::is_depthwise<Shape>(cin, cout)) return packed_size<V>(cout, Shape::kTaps);
  if (tile::is_winograd<V, Shape>(cin, cout)) return tile::kPlaces * packed_size<V>(cout, cin);
  return Shape::kGroups * packed_size<V>(cout / Shape::kGroups, Shape::kTaps * (cin / Shape::kGroups));
}

/// Packs weight[cout][cin / Groups][KH][KW], contiguous.
template <class AnyTile, class Shape>
void pack_convolution(const ToroidPool* pool, int64_t cin, int64_t cout, const typename AnyTile::Element* weight, typename AnyTile::Element* packed) {
  typedef typename AnyTile::OnVectorPanels Tile;
  constexpr int64_t taps = Shape::kTaps;
  if (tile::is_depthwise<Shape>(cin, cout)) {
    pack_panels<Tile>(pool, cout, taps, weight, taps, 1, packed);
    return;
  }
  if constexpr (tile::kWinogradShape<Tile, Shape>) {
    if (tile::is_winograd<Tile, Shape>(cin, cout)) {
      tile::pack_winograd<Tile>(pool, cin, cout, weight, packed);
      return;
    }
  }
  typedef typename Tile::Element T;
  constexpr int L = Tile::kLanes;
  const int64_t group_in = cin / Shape::kGroups, group_out = cout / Shape::kGroups, k = taps * group_in;
  const int64_t panels = tile::ceil_divide(group_out, L);
  parallel_for(pool, Shape::kGroups * panels, 1 + (1 << 14) / (k * L + 1), [=](int64_t begin, int64_t end) {
    for (int64_t panel = begin; panel < end; ++panel) {
      const int64_t n = panel % panels * L, count = tile::smaller(group_out - n, L);
      const T* source = weight + (panel / panels * group_out + n) * k;
      T* target = packed + panel * k * L;
      for (int64_t tap = 0; tap < taps; ++tap)
        for (int64_t c = 0; c < group_in; ++c, target += L) Vec<T, L>::strided(source + c * taps + tap, k, count).store(target);
    }
  });
}

namespace tile {

/// The ways of convolution2d.
enum class Way { kDense, kDepthwise, kWinograd };

template <class Tile, class Shape>
constexpr Way way_of(int64_t cin, int64_t cout) {
  return is_depthwise<Shape>(cin, cout) ? Way::kDepthwise : is_winograd<Tile, Shape>(cin, cout) ? Way::kWinograd : Way::kDense;
}
/// Whether channels may be such that this way is gone.
template <class Tile, class Shape, class Cin, class Cout>
constexpr bool may_go(Way way) {
  if (kKnown<Cin> >= 0 && kKnown<Cout> >= 0) return way_of<Tile, Shape>(kKnown<Cin>, kKnown<Cout>) == way;
  return way == Way::kDense || (way == Way::kDepthwise ? Shape::kGroups > 1 : kWinogradShape<Tile, Shape>);
}

template <class Tile, class Shape, class T, class Cin, class Cout, class E>
void convolve_depthwise(const ToroidPool* pool, const Image<T>& image, int64_t batch, Cin, Cout cout, const T* packed, E& epilogue) {
  const int64_t rows = batch * image.output_h, work = rows * image.output_w * cout * Shape::kTaps;
  const int64_t threads = smaller(useful_threads(pool, work, kGrain / 4), rows);  // bound by memory rather than by arithmetic
  parallel_parts(pool, threads, [&](int64_t part) {
    DepthwiseConvolution<Tile, Shape, Cout, T, E>{image, cout, packed, epilogue}.run(split(rows, threads, part));
  });
}

/// body(rows, panels) for the parts of rows and of panels of output channels that threads share.
template <class F>
inline void share_out(const ToroidPool* pool, int64_t threads, int64_t rows, int64_t vectors, bool split_panels, F&& body) {
  if (threads == 1) {
    body(Range{0, rows}, Range{0, vectors});
    return;
  }
  const Grid grid = grid_of(threads, rows, split_panels ? vectors : 1);
  parallel_parts(pool, grid.rows * grid.columns, [&](int64_t part) {
    body(split(rows, grid.rows, part / grid.columns), split_vectors(vectors, grid.columns, part % grid.columns));
  });
}

template <class Tile, class Shape, class T, class Cin, class Cout, class E>
void convolve_winograd(const ToroidPool* pool, const Image<T>& image, int64_t batch, Cin cin, Cout cout, const T* packed, E& epilogue) {
  Image<T> tiles = image;
  tiles.output_h = ceil_divide(image.output_h, 2);
  tiles.output_w = ceil_divide(image.output_w, 2);
  const WinogradConvolution<Tile, Cin, Cout, E> convolution = {image, tiles, Shape::kPaddingH, Shape::kPaddingW, cin, cout, packed, epilogue};
  const int64_t rows = batch * tiles.output_h * tiles.output_w;
  share_out(pool, useful_threads(pool, rows * kPlaces * cin * cout, kGrain), rows, ceil_divide(cout, Tile::kLanes), /* split_panels= */ true,
            [&](Range mine, Range panels) { convolution.run(mine, panels); });
}

template <class Tile, class Shape, class T, class Cin, class Cout, class E>
void convolve_dense(const ToroidPool* pool, const Image<T>& image, int64_t batch, Cin cin, Cout cout, const T* packed, E& epilogue) {
  constexpr int64_t groups = Shape::kGroups;
  auto group_out = [&] {
    if constexpr (kKnown<Cout> >= 0) return Constant<kKnown<Cout> / groups>{};
    else return int64_t{cout} / groups;
  }();
  const int64_t group_in = cin / groups, k = Shape::kTaps * group_in, rows = batch * image.output_h;
  auto run = [&](Range mine, Range panels) {
    if constexpr (is_thin<T, Shape>(kKnown<Cin>)) {
      ThinConvolution<Tile, Shape, kKnown<Cin>, Cout, E>{image, cout, packed, epilogue}.run(mine, panels);
    } else {
      for (int64_t group = 0; group < groups; ++group) {
        GroupConvolution<Tile, Shape, decltype(group_out), E> convolution = {image, group_out, packed + group * packed_size<Tile>(group_out, k),
                                                                             group * group_out, epilogue};
        convolution.image.x += group * group_in;
        convolution.image.cin = group_in;
        convolution.image.cout = group_out;
        convolution.run(mine, panels);
      }
    }
  };
  share_out(pool, useful_threads(pool, rows * image.output_w * cout * k, kGrain), rows, ceil_divide(group_out, Tile::kLanes),
            /* split_panels= */ groups == 1, run);
}

}  // namespace tile

/// Convolves `batch` images x[b][h][w][cin] (channel stride 1) with packed weights.
template <class AnyTile, class Shape, class Cin, class Cout, class E>
void convolution2d(const ToroidPool* pool, int64_t batch, int64_t h, int64_t w, Cin cin, Cout cout, const typename AnyTile::Element* x, int64_t stride_b,
                   int64_t stride_h, int64_t stride_w, const typename AnyTile::Element* packed, E&& epilogue) {
  typedef typename AnyTile::OnVectorPanels Tile;
  using tile::Way;
  const tile::Image<typename Tile::Element> image = {x, stride_b, stride_h, stride_w, h, w, Shape::output_h(h), Shape::output_w(w), cin, cout};
  if (batch <= 0 || image.output_h <= 0 || image.output_w <= 0 || cout <= 0) return;
  const Way way = tile::way_of<Tile, Shape>(cin, cout);
  if constexpr (tile::may_go<Tile, Shape, Cin, Cout>(Way::kDepthwise)) {
    if (way == Way::kDepthwise) return tile::convolve_depthwise<Tile, Shape>(pool, image, batch, cin, cout, packed, epilogue);
  }
  if constexpr (tile::may_go<Tile, Shape, Cin, Cout>(Way::kWinograd)) {
    if (way == Way::kWinograd) return tile::convolve_winograd<Tile, Shape>(pool, image, batch, cin, cout, packed, epilogue);
  }
  if constexpr (tile::may_go<Tile, Shape, Cin, Cout>(Way::kDense)) tile::convolve_dense<Tile, Shape>(pool, image, batch, cin, cout, packed, epilogue);
}

}  // namespace toroid
