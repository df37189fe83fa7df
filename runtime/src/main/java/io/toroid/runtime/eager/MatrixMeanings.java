package io.toroid.runtime.eager;

import io.toroid.op.TensorData;

/** Products of matrices: each element is one sum, in {@code double} for floats, in {@code long} for integers. */
final class MatrixMeanings {

    private MatrixMeanings() {
    }

    static void addTo(Meanings meanings) {
        meanings.add("mm", call -> product(call, call.data("self"), call.data("mat2"), Layout.ROWS));
        meanings.add("bmm", call -> product(call, call.data("self"), call.data("mat2"), Layout.ROWS));
        meanings.add("linear", MatrixMeanings::linear);
        meanings.add("addmm", call -> scaledSum(call, "mat1", "mat2"));
        meanings.add("baddbmm", call -> scaledSum(call, "batch1", "batch2"));
        meanings.add("mv", call -> product(call, call.data("self"), asMatrix(call.data("vec"), -1, 1), Layout.ROWS));
        meanings.add("dot", call -> product(call, asMatrix(call.data("self"), 1, -1), asMatrix(call.data("tensor"), -1, 1), Layout.ROWS));
        meanings.add("addr", MatrixMeanings::addr);
    }

    /** Whether the right matrix is given as {@code [k, m]} or, as the weight of a linear layer, {@code [m, k]}. */
    private enum Layout {
        ROWS, TRANSPOSED
    }

    /** The sizes of a batch of products {@code [n, k] x [k, m]}. */
    private record Extents(int batch, int n, int k, int m, Layout right) {

        static Extents of(TensorData left, TensorData right, Layout layout) {
            long[] a = left.sizes();
            long[] b = right.sizes();
            int k = (int) a[a.length - 1];
            int m = (int) b[layout == Layout.ROWS ? b.length - 1 : 0];
            if (layout == Layout.TRANSPOSED) {
                return new Extents(1, rows(a), k, m, layout);
            }
            return new Extents(a.length == 3 ? (int) a[0] : 1, (int) a[a.length - 2], k, m, layout);
        }

        private static int rows(long[] sizes) {
            long rows = 1;
            for (int axis = 0; axis < sizes.length - 1; axis++) {
                rows *= sizes[axis];
            }
            return Math.toIntExact(rows);
        }

        int leftAt(int b, int row, int inner) {
            return (b * n + row) * k + inner;
        }

        int rightAt(int b, int inner, int column) {
            return right == Layout.ROWS ? (b * k + inner) * m + column : column * k + inner;
        }

        int count() {
            return batch * n * m;
        }
    }

    private static TensorData product(Invocation call, TensorData left, TensorData right, Layout layout) {
        Extents extents = Extents.of(left, right, layout);
        return call.dtype().isFloating()
                ? call.result(product(extents, Elements.doubles(left), Elements.doubles(right)))
                : call.result(product(extents, Elements.longs(left), Elements.longs(right)));
    }

    private static double[] product(Extents extents, double[] left, double[] right) {
        double[] result = new double[extents.count()];
        for (int o = 0; o < result.length; o++) {
            int column = o % extents.m();
            int row = o / extents.m() % extents.n();
            int batch = o / extents.m() / extents.n();
            double sum = 0;
            for (int inner = 0; inner < extents.k(); inner++) {
                sum += left[extents.leftAt(batch, row, inner)] * right[extents.rightAt(batch, inner, column)];
            }
            result[o] = sum;
        }
        return result;
    }

    private static long[] product(Extents extents, long[] left, long[] right) {
        long[] result = new long[extents.count()];
        for (int o = 0; o < result.length; o++) {
            int column = o % extents.m();
            int row = o / extents.m() % extents.n();
            int batch = o / extents.m() / extents.n();
            long sum = 0;
            for (int inner = 0; inner < extents.k(); inner++) {
                sum += left[extents.leftAt(batch, row, inner)] * right[extents.rightAt(batch, inner, column)];
            }
            result[o] = sum;
        }
        return result;
    }

    private static TensorData linear(Invocation call) {
        TensorData input = call.data("input");
        TensorData weight = call.data("weight");
        return call.has("bias")
                ? affine(call, input, weight, Layout.TRANSPOSED, "bias", /* beta= */ 1, /* alpha= */ 1)
                : product(call, input, weight, Layout.TRANSPOSED);
    }

    private static TensorData scaledSum(Invocation call, String left, String right) {
        double beta = call.arguments().number("beta");
        double alpha = call.arguments().number("alpha");
        return affine(call, call.data(left), call.data(right), Layout.ROWS, "self", beta, alpha);
    }

    /** A vector as a matrix of one column or one row; -1 is its length. */
    private static TensorData asMatrix(TensorData vector, long rows, long columns) {
        return Elements.reshape(vector, new long[] {rows < 0 ? vector.count() : rows, columns < 0 ? vector.count() : columns});
    }

    private static TensorData addr(Invocation call) {
        TensorData left = asMatrix(Elements.convert(call.data("vec1"), call.dtype()), -1, 1);
        TensorData right = asMatrix(Elements.convert(call.data("vec2"), call.dtype()), 1, -1);
        return affine(call, left, right, Layout.ROWS, "self", call.arguments().number("beta"), call.arguments().number("alpha"));
    }

    /** {@code beta * added + alpha * product}, rounded once. With beta 0 what is added does not count, be it NaN. */
    private static TensorData affine(
            Invocation call, TensorData left, TensorData right, Layout layout, String added, double beta, double alpha) {
        Extents extents = Extents.of(left, right, layout);
        if (call.dtype().isFloating()) {
            double[] product = product(extents, Elements.doubles(left), Elements.doubles(right));
            double[] term = Elements.doubles(call.broadcast(added, call.dtype()));
            for (int i = 0; i < product.length; i++) {
                product[i] = alpha * product[i] + (beta == 0 ? 0 : beta * term[i]);
            }
            return call.result(product);
        }
        long[] product = product(extents, Elements.longs(left), Elements.longs(right));
        long[] term = Elements.longs(call.broadcast(added, call.dtype()));
        for (int i = 0; i < product.length; i++) {
            product[i] = (long) alpha * product[i] + (long) beta * term[i];
        }
        return call.result(product);
    }
}
