// Convolution of volumes, and transposed convolution of volumes, images and lines (whose depth, or depth and height, are 1); channels last,
// with the caller's epilogue.
//
//   y[b, o, co] = sum over k, ci of x[b, o * S - P + k * D, ci] * weight[co, ci, k]                   o, k: depth, height and width
//   transposed: the sum over all i, k with i * S - P + k * D = o of x[b, i, ci] * weight[ci, co, k]
//
// Sums go to epilogue(b, od, oh, ow, co, Vec<T, Lanes> sums, count), as in gemm.h.
#pragma once

#include <toroid/convolution.h>
#include <toroid/volume_depthwise.h>
#include <toroid/volume_piece.h>

namespace toroid {

/// Elements of the packed weights: for each piece and group [ceil(cout / Lanes)][taps][cin][Lanes]; depthwise
/// [ceil(channels / Lanes)][KD][KH][KW][Lanes].
template <class Tile>
constexpr int64_t volume_packed_size(const VolumeKernel& kernel, int64_t cin, int64_t cout) {
  typedef typename Tile::OnVectorPanels V;
  if (kernel.is_depthwise(cin, cout)) return packed_size<V>(cout, kernel.size.product());
  return kernel.groups * packed_size<V>(cout / kernel.groups, kernel.size.product() * (cin / kernel.groups));
}

/// Packs weight[cout][cin / groups][KD][KH][KW], or transposed weight[cin][cout / groups][KD][KH][KW], contiguous.
template <class AnyTile>
void pack_volume(const ToroidPool* pool, const VolumeKernel& kernel, int64_t cin, int64_t cout, const typename AnyTile::Element* weight,
                 typename AnyTile::Element* packed) {
  typedef typename AnyTile::OnVectorPanels Tile;
  typedef typename Tile::Element T;
  constexpr int L = Tile::kLanes;
  const int64_t taps = kernel.size.product(), in = cin / kernel.groups, out = cout / kernel.groups, panels = tile::ceil_divide(out, L);
  if (kernel.is_depthwise(cin, cout)) {
    pack_panels<Tile>(pool, cout, taps, weight, taps, 1, packed);
    return;
  }
  const bool transposed = kernel.transposed;
  const Triple size = kernel.size;
  tile::for_pieces(kernel, size, [=, &kernel](const tile::Piece& piece) {
    const int64_t k = piece.taps() * in;
    T* const first = packed + piece.before * kernel.groups * panels * in * L;
    parallel_for(pool, kernel.groups * panels, 1 + (1 << 14) / (k * L + 1), [=](int64_t begin, int64_t end) {
      for (int64_t panel = begin; panel < end; ++panel) {
        const int64_t group = panel / panels, n = panel % panels * L, count = tile::smaller(out - n, L);
        T* target = first + panel * k * L;
        for (int64_t tap = 0; tap < piece.taps(); ++tap) {
          const int64_t w = tap % piece.axis[2].taps, h = tap / piece.axis[2].taps % piece.axis[1].taps, d = tap / piece.axis[2].taps / piece.axis[1].taps;
          const T* source = weight + (piece.axis[0].tap(d) * size.of[1] + piece.axis[1].tap(h)) * size.of[2] + piece.axis[2].tap(w);
          for (int64_t c = 0; c < in; ++c, target += L) {
            const int64_t filter = transposed ? (group * in + c) * out + n : (group * out + n) * in + c;
            Vec<T, L>::strided(source + filter * taps, transposed ? taps : in * taps, count).store(target);
          }
        }
      }
    });
  });
}

namespace tile {

/// The largest piece: the first.
inline int64_t most_cells(const VolumeKernel& kernel, const Triple& output) {
  int64_t most = 0;
  for_pieces(kernel, output, [&](const Piece& piece) { most = most < piece.cells() ? piece.cells() : most; });
  return most;
}

template <class Tile, class T, class C, class E>
void convolve_volume_depthwise(const ToroidPool* pool, const VolumeKernel& kernel, const Volume<T>& volume, int64_t batch, const Triple& output, C cout,
                               const T* packed, E& epilogue) {
  const int64_t rows = batch * most_cells(kernel, output), work = batch * output.product() * cout * ceil_divide(kernel.size.product(), kernel.transposed ? kernel.stride.product() : 1);
  const int64_t threads = smaller(useful_threads(pool, work, kGrain / 4), rows);  // bound by memory rather than by arithmetic
  parallel_parts(pool, threads, [&](int64_t part) {
    for_pieces(kernel, output, [&](const Piece& piece) {
      if (piece.cells() == 0) return;
      PieceDepthwise<Tile, C, E>{volume, kernel.size, piece, cout, packed, epilogue}.run(split(batch * piece.axis[0].count * piece.axis[1].count, threads, part));
    });
  });
}

template <class Tile, class T, class Cout, class E>
void convolve_volume_dense(const ToroidPool* pool, const VolumeKernel& kernel, const Volume<T>& volume, int64_t batch, const Triple& output, Cout cout,
                           const T* packed, E& epilogue) {
  constexpr int L = Tile::kLanes;
  const int64_t groups = kernel.groups, in = volume.cin, cells = batch * most_cells(kernel, output);
  auto run = [&](auto out) {
    const int64_t panels = ceil_divide(out, L), work = batch * output.product() * cout * in * ceil_divide(kernel.size.product(), kernel.transposed ? kernel.stride.product() : 1);
    const int64_t threads = useful_threads(pool, work, kGrain);
    const Grid grid = grid_of(threads, cells, groups == 1 ? panels : 1);
    parallel_parts(pool, grid.rows * grid.columns, [&](int64_t part) {
      const Range mine = split_vectors(panels, grid.columns, part % grid.columns);
      for_pieces(kernel, output, [&](const Piece& piece) {
        const Range rows = split(batch * piece.cells(), grid.rows, part / grid.columns);
        if (rows.begin == rows.end) return;
        const T* weights = packed + piece.before * groups * panels * in * L;
        for (int64_t group = 0; group < groups; ++group) {
          PieceConvolution<Tile, decltype(out), E>{volume, piece, out, volume.x + group * in, weights + group * panels * piece.taps() * in * L,
                                                   group * out, epilogue}
              .run(rows, mine);
        }
      });
    });
  };
  if (groups == 1) run(cout);
  else run(int64_t{cout} / groups);
}

}  // namespace tile

/// Convolves `batch` volumes x[b][d][h][w][cin] (channel stride 1) of `size` with packed weights.
template <class AnyTile, class Cout, class E>
void convolution3d(const ToroidPool* pool, const VolumeKernel& kernel, int64_t batch, const Triple& size, const Triple& output, int64_t cin, Cout cout,
                   const typename AnyTile::Element* x, int64_t stride_b, const Triple& stride, const typename AnyTile::Element* packed, E&& epilogue) {
  typedef typename AnyTile::OnVectorPanels Tile;
  if (batch <= 0 || output.product() <= 0 || cout <= 0) return;
  const tile::Volume<typename Tile::Element> volume = {x, stride_b, stride, size, cin / kernel.groups};
  if (kernel.is_depthwise(cin, cout)) tile::convolve_volume_depthwise<Tile>(pool, kernel, volume, batch, output, cout, packed, epilogue);
  else tile::convolve_volume_dense<Tile>(pool, kernel, volume, batch, output, cout, packed, epilogue);
}

}  // namespace toroid
